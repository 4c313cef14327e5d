"""The PROXY header of version 2 that a check sends: LOCAL, or with pp2-never-send-local its own addresses."""
import socket
import unittest

from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, read_exactly

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


class HeadersOfChecks(unittest.TestCase):
    def header(self, words):
        """What comes first of a check: the fixed part, and the rest with its port left out."""
        heads = []

        def serve(connection):
            fixed = read_exactly(connection, 16)
            rest = read_exactly(connection, int.from_bytes(fixed[14:], "big"))
            heads.append((fixed, rest, connection.getpeername()[1]))

        server = Server(serve)
        self.addCleanup(server.close)
        proxy = Proxy(f"{words}{DEFAULTS}\nlisten l\n    bind 127.0.0.1:{free_port()}\n"
                      f"    server s 127.0.0.1:{server.port} send-proxy-v2 check inter 50ms\n")
        self.addCleanup(proxy.close)
        wait_until(lambda: heads, "a check says who it is")
        self.port = server.port
        return heads[0]

    def test_it_says_local(self):
        fixed, rest, _ = self.header("")
        self.assertEqual((fixed, rest), (SIGNATURE + b"\x20\0\0\0", b""))

    def test_it_says_who_it_is(self):
        fixed, rest, port = self.header("    pp2-never-send-local\n")
        local = socket.inet_aton("127.0.0.1")
        self.assertEqual((fixed, rest), (SIGNATURE + b"\x21\x11\0\x0c",
                                         local + local + port.to_bytes(2, "big") + self.port.to_bytes(2, "big")))


if __name__ == "__main__":
    unittest.main()
