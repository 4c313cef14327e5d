"""A new process takes over the listening sockets of the one before: -x and `expose-fd listeners`."""
import socket
import unittest

from proxy import DEFAULTS, PROGRAM, Proxy, run, scratch_directory, unheld_port
from reloading import Reloading
from traffic import Server, exchange, read_exactly


class ReloadTest(unittest.TestCase):
    def setUp(self):
        self.directory = scratch_directory()
        self.socket = f"{self.directory}/reload.sock"

    def configuration(self, binds, options="expose-fd listeners"):
        return f"""
    noreuseport
    stats socket {self.socket} level admin {options}
{DEFAULTS}
listen fe
{binds}
    server one 127.0.0.1:{self.server.port}
"""

    def start(self, configuration, *arguments):
        proxy = Proxy(configuration, *arguments)
        self.addCleanup(proxy.close)
        return proxy

    def serve(self):
        self.server = Server()
        self.addCleanup(self.server.close)

    def test_nobody_notices(self):
        reloading = Reloading(self.directory)
        reloading.run([PROGRAM] * 4)
        self.assertEqual(reloading.failures, [])

    def test_both_processes_listen_on_the_same_sockets(self):
        self.serve()
        port = unheld_port()
        configuration = self.configuration(f"    bind 127.0.0.1:{port}\n    bind [::1]:{port} v6only interface lo")
        old = self.start(configuration)
        new = self.start(configuration, "-x", self.socket)  # Without the sockets it could not bind beside the old one.
        old.close()
        self.assertEqual(exchange(port, b"new"), b"new")
        self.assertIsNone(new.process.poll())

    def test_there_may_be_more_sockets_than_fit_in_a_message(self):
        self.serve()
        paths = [f"{self.directory}/{number}.sock" for number in range(300)]
        configuration = self.configuration("\n".join(f"    bind {path}" for path in paths))
        old = self.start(configuration)
        new = self.start(configuration, "-x", self.socket)
        old.close()
        for path in paths[0], paths[-1]:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(5)
                client.connect(path)
                client.sendall(b"new")
                self.assertEqual(read_exactly(client, 3), b"new")
        self.assertIsNone(new.process.poll())

    def test_what_the_new_configuration_lacks_is_closed(self):
        self.serve()
        kept, dropped = unheld_port(), unheld_port()
        old = self.start(self.configuration(f"    bind 127.0.0.1:{kept}\n    bind 127.0.0.1:{dropped}"))
        self.start(self.configuration(f"    bind 127.0.0.1:{kept}"), "-x", self.socket)
        old.close()
        self.assertEqual(exchange(kept, b"new"), b"new")
        with self.assertRaises(ConnectionRefusedError):
            exchange(dropped)

    def fails(self, path):
        port = unheld_port()
        file = f"{self.directory}/x.cfg"
        with open(file, "w", encoding="ascii") as out:
            out.write(f"{DEFAULTS}\nlisten l\n    bind 127.0.0.1:{port}\n")
        result = run("-db", "-x", path, "-f", file)
        self.assertEqual(result.returncode, 1)
        self.assertIn("Failed to get the sockets from the old process!", result.stderr)
        return result.stderr

    def test_nobody_to_ask_is_an_error(self):
        path = f"{self.directory}/nobody.sock"
        self.assertIn(f"Failed to connect to the old process socket '{path}'", self.fails(path))

    def test_only_a_socket_that_exposes_them_gives_them_away(self):
        self.serve()
        self.start(self.configuration(f"    bind 127.0.0.1:{unheld_port()}", ""))
        self.assertIn("Failed to get the number of sockets to be transferred !", self.fails(self.socket))


if __name__ == "__main__":
    unittest.main()
