"""A start that is better than haproxy's where the surroundings are poor."""
import contextlib
import os
import signal
import socket
import struct
import subprocess
import unittest

import background
import wait_cli
from proxy import DEFAULTS, PROGRAM, DEADLINE_S, free_port, run, scratch_directory, wait_until
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
        self.addCleanup(self.end, pid)
        return pid

    def end(self, pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def test_without_standard_descriptors_no_socket_takes_their_place(self):
        self.write()
        subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", PROGRAM, "-D", "-f", self.file, "-p", self.pid_file],
                       timeout=DEADLINE_S, check=True)
        pid = self.daemon()
        self.assertEqual({os.readlink(f"/proc/{pid}/fd/{number}") for number in range(3)}, {"/dev/null"})
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_a_start_that_fails_leaves_everything_to_the_old_process(self):
        """haproxy takes the path of its socket and the pid file away, and where chroot fails tells it to go."""
        api = f"{self.directory}/api.sock"
        listen = f"    stats socket {api} level admin\n"
        self.write(listen)
        subprocess.run([PROGRAM, "-D", "-f", self.file, "-p", self.pid_file], timeout=DEADLINE_S, check=True)
        old = self.daemon()
        for reason, extra, pid_file in (
                ("Cannot chroot(/nonexistent).", "    chroot /nonexistent\n", self.pid_file),
                ("Cannot create pidfile /nonexistent/p", "", "/nonexistent/p"),
                ("cannot bind UNIX socket", "    stats socket /nonexistent/api.sock\n", self.pid_file)):
            with self.subTest(reason):
                self.write(listen + extra)
                done = run("-D", "-f", self.file, "-p", pid_file, "-sf", str(old))
                self.assertEqual(done.returncode, 1)
                self.assertIn(reason, done.stderr)
                wait_until(lambda: f"Pid: {old}\n" in wait_cli.ask(api, "show info"), "the old one answers")
                with open(self.pid_file, encoding="ascii") as file:
                    self.assertEqual(file.read(), f"{old}\n")
                self.assertEqual(exchange(self.port), b"ping\n")
                self.assertEqual([name for name in os.listdir(self.directory) if name.endswith(".tmp")], [])
        self.write(listen)
        self.assertEqual(run("-D", "-f", self.file, "-p", self.pid_file, "-sf", str(old)).returncode, 0)
        self.assertIn(f"Pid: {self.daemon()}\n", wait_cli.ask(api, "show info"))

    def lying_peer(self, count, and_then):
        """A path at which somebody claims to have so many sockets; stops when its client leaves."""
        path = f"{scratch_directory()}/liar.sock"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        self.addCleanup(listener.close)

        def serve():
            client, _ = listener.accept()
            with client, contextlib.suppress(OSError):
                client.recv(100)
                client.sendall(struct.pack("=i", count))
                while and_then:
                    client.sendall(and_then)
        background.start(serve)
        return path

    def test_a_peer_that_lies_about_its_sockets_is_an_error(self):
        """haproxy reads on, or crashes."""
        self.write()
        for count, and_then in (3, b""), (3, b"x" * 4096), (2**31 - 1, b"x" * 4096), (-1, b""), (2**31 - 1, b""):
            with self.subTest(count=count, then=len(and_then)):
                done = run("-db", "-x", self.lying_peer(count, and_then), "-f", self.file)
                self.assertEqual(done.returncode, 1)
                self.assertIn("Failed to get the sockets from the old process!", done.stderr)


if __name__ == "__main__":
    unittest.main()
