"""A package is replaced under a running master: the program that a reload executes is the other one, and back again."""
import os
import shutil
import unittest

from master import Master
from programs import DDBPROXY, HAPROXY
from proxy import DEFAULTS, free_port, scratch_directory, wait_until
from traffic import Server, connect, exchange


class MasterReloadTest(unittest.TestCase):
    def test_each_goes_on_where_the_other_has_stopped(self):
        server = Server()
        self.addCleanup(server.close)
        program = f"{scratch_directory()}/program"

        def install(path):
            shutil.copy(path, program + ".new")
            os.rename(program + ".new", program)
        install(HAPROXY)
        port = free_port()
        master = Master(f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{port}\n    server one 127.0.0.1:{server.port}\n"
                        "program one\n    command /bin/sleep 1000\n", program=program)
        self.addCleanup(master.close)
        first = master.worker()
        client = connect(port)
        self.addCleanup(client.close)
        client.sendall(b"x")
        self.assertEqual(client.recv(1), b"x")
        for count, path in enumerate((DDBPROXY, DDBPROXY, HAPROXY, DDBPROXY), 1):
            with self.subTest(count=count, path=path):
                install(path)
                former = master.processes("programs")
                master.reload()
                self.assertEqual(master.reloads(), (count, 0))
                self.assertEqual(exchange(port, b"ping"), b"ping")
                self.assertEqual(len(master.processes()), 1)
                wait_until(lambda: master.processes("old workers") == [first], "only the one with a session is left")
                wait_until(lambda: not master.processes("old programs"), "its program is told to end")
                self.assertNotEqual(master.processes("programs"), former)
        client.sendall(b"y")
        self.assertEqual(client.recv(1), b"y")
        client.close()
        wait_until(lambda: not master.processes("old workers"), "the first worker ends with its session")


if __name__ == "__main__":
    unittest.main()
