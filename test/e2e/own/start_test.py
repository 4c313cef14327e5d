"""A start that is better than haproxy's where the surroundings are poor."""
import os
import signal
import subprocess
import unittest

from proxy import DEFAULTS, PROGRAM, DEADLINE_S, free_port, scratch_directory
from traffic import Server, exchange


class StartTest(unittest.TestCase):
    def setUp(self):
        self.directory = scratch_directory()
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port = free_port()
        self.file = os.path.join(self.directory, "haproxy.cfg")
        self.pid_file = os.path.join(self.directory, "haproxy.pid")

    def write(self, extra=""):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(f"global\n{extra}\n{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{self.port}\n"
                       f"    server one 127.0.0.1:{self.server.port}\n")

    def daemon(self):
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        self.addCleanup(os.kill, pid, signal.SIGKILL)
        return pid

    def test_without_standard_descriptors_no_socket_takes_their_place(self):
        self.write()
        subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", PROGRAM, "-D", "-f", self.file, "-p", self.pid_file],
                       timeout=DEADLINE_S, check=True)
        pid = self.daemon()
        self.assertEqual({os.readlink(f"/proc/{pid}/fd/{number}") for number in range(3)}, {"/dev/null"})
        self.assertEqual(exchange(self.port), b"ping\n")


if __name__ == "__main__":
    unittest.main()
