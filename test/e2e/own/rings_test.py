"""A reload in place keeps what rings hold, and the connections of their servers that stay the same."""
import unittest

import background
from proxy import Proxy, free_port, wait_until
from traffic import Server, connect, read_all


class RingsReloadTest(unittest.TestCase):
    def setUp(self):
        self.kept, self.moved, self.new_place = self.listener(), self.listener(), self.listener()
        self.port = free_port()
        self.proxy = Proxy(self.text(16384, self.moved))
        self.addCleanup(self.proxy.close)

    def listener(self):
        heard = []

        def hear(connection):
            background.watch(connection)
            mine = bytearray()
            heard.append(mine)
            while part := connection.recv(4096):
                mine += part
        server = Server(hear)
        server.heard = heard
        self.addCleanup(server.close)
        return server

    def text(self, size, moved, more=""):
        return f"""
defaults
  mode tcp
  timeout client 5s
  timeout connect 5s
  timeout server 5s
ring kept
  size {size}
  timeout connect 5s
  timeout server 5s
  server kept 127.0.0.1:{self.kept.port}
  server moved 127.0.0.1:{moved.port}
{more}
frontend f
  bind 127.0.0.1:{self.port}
  log ring@kept local0
  log-format "hello %cp"
"""

    def visit(self):
        with connect(self.port) as client:
            client.sendall(b"x")
            mine = f"hello {client.getsockname()[1]}"
            try:
                read_all(client)
            except ConnectionError:
                pass
        wait_until(lambda: mine in self.proxy.ask("show events kept").splitlines(), "the line")
        return mine

    def test_rings_and_their_servers_over_a_reload(self):
        first = self.visit()
        for server in self.kept, self.moved:
            wait_until(lambda server=server: server.heard and server.heard[0] == f"{first}\n".encode(), "the first line")
        self.assertNotIn("rror", self.proxy.reload_from("defaults", self.text(32768, self.new_place, "ring more\n  format iso\n")))
        self.assertIn("more ", self.proxy.ask("show events"))
        self.assertEqual(self.proxy.ask("show events more").strip(), "")
        second = self.visit()
        self.assertEqual(self.proxy.ask("show events kept").split("\n")[:2], [first, second])
        wait_until(lambda: self.kept.heard[0] == f"{first}\n{second}\n".encode(), "the second line")
        wait_until(lambda: self.new_place.heard and self.new_place.heard[0] == f"{second}\n".encode(), "the second line elsewhere")
        self.assertEqual((len(self.kept.heard), len(self.moved.heard), self.moved.heard[0]), (1, 1, f"{first}\n".encode()))

    def test_an_unknown_ring_changes_nothing(self):
        answer = self.proxy.reload_from("defaults", self.text(16384, self.moved).replace("ring@kept", "ring@nope"))
        self.assertIn("uses unknown ring named 'nope'", answer)
        self.assertIn("hello", self.visit())


if __name__ == "__main__":
    unittest.main()
