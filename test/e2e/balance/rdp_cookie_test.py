"""balance rdp-cookie and persist rdp-cookie: clients of remote desktops are led by the cookie of their first request."""
import socket
import struct
import unittest

from proxy import DEFAULTS, Proxy, free_port
from traffic import Server, connect, read_exactly

USERS = ["alice", "bob", "carol", "DOMAIN\\dave", "eve", "x", "a-very-long-user-name", "Ünal", "7"]
# What haproxy 2.6 gives these users, by hash-type.
CHOICES = {
    "map-based": "bccaaacbc",
    "map-based sdbm avalanche": "cbabcbcbb",
    "map-based djb2": "cbbcccbcb",
    "map-based wt6": "ccbcccccc",
    "map-based crc32 avalanche": "bcbbacabb",
    "consistent": "bbcbbbbbb",
    "consistent crc32": "cccaccbbc",
    "consistent wt6 avalanche": "cccaccbca",
}


def request(cookie):
    """A connection request as a client of RDP sends it."""
    words = cookie.encode() + b"\r\n"
    cotp = bytes([6 + len(words), 0xe0, 0, 0, 0, 0, 0]) + words
    return struct.pack(">BBH", 3, 0, 4 + len(cotp)) + cotp


class RdpCookie(unittest.TestCase):
    def setUp(self):
        self.servers = [Server(self.serve(name)) for name in "abc"]
        for server in self.servers:
            self.addCleanup(server.close)

    @staticmethod
    def serve(name):
        def say(connection):
            connection.sendall(name.encode())
            while connection.recv(1000):
                pass
        return say

    def proxy(self, *backends):
        """A frontend for each backend; three servers with weights behind each."""
        self.ports = [free_port() for _ in backends]
        servers = "".join(f"    server {name} 127.0.0.1:{server.port} weight {weight}\n"
                          for name, server, weight in zip("abc", self.servers, (10, 20, 30)))
        text = "".join(f"""
listen l{port}
    bind 127.0.0.1:{port}
    tcp-request inspect-delay 5s
    tcp-request content accept if {{ req.len ge 5 }}
{words}
{servers}
""" for port, words in zip(self.ports, backends))
        proxy = Proxy(DEFAULTS + text)
        self.addCleanup(proxy.close)
        return proxy

    def who(self, port, data):
        with connect(port) as client:
            client.sendall(data)
            return read_exactly(client, 1).decode()

    def cookie_of(self, server, name="msts"):
        address, = struct.unpack("=I", socket.inet_aton("127.0.0.1"))
        return f"Cookie: {name}={address}.{socket.htons(server.port)}.0000"

    maxDiff = None

    def test_a_user_comes_to_the_server_of_the_hash(self):
        self.proxy(*(f"    balance rdp-cookie\n    hash-type {words}" for words in CHOICES))
        found = {words: "".join(self.who(port, request(f"Cookie: mstshash={user}")) for user in USERS)
                 for port, words in zip(self.ports, CHOICES)}
        self.assertEqual(found, CHOICES)

    def test_the_cookie_may_have_another_name(self):
        self.proxy("    balance rdp-cookie(token)", "    balance rdp-cookie")
        answers = {self.who(self.ports[0], request(f"Cookie: Token={user}")) for user in USERS}
        self.assertGreater(len(answers), 1)
        for user in USERS:
            self.assertEqual(self.who(self.ports[0], request(f"Cookie: token={user}")),
                             self.who(self.ports[1], request(f"Cookie: mstshash={user}")))

    def test_without_a_cookie_they_take_turns(self):
        self.proxy("    balance rdp-cookie")
        other = "".join(self.who(self.ports[0], request("Cookie: other=x")) for _ in range(6))
        self.assertEqual(sorted(other), list("abbccc"))
        self.assertEqual(sorted(self.who(self.ports[0], b"no RDP at all\r\n") for _ in range(6)), list("abbccc"))

    def test_a_cookie_that_names_a_server_leads_there(self):
        self.proxy("    persist rdp-cookie", "    balance rdp-cookie\n    persist rdp-cookie(Here)")
        for name, server in zip("abc", self.servers):
            for _ in range(3):
                self.assertEqual(self.who(self.ports[0], request(self.cookie_of(server))), name)
                self.assertEqual(self.who(self.ports[1], request(self.cookie_of(server, "here"))), name)

    def test_a_cookie_that_names_none_is_balanced(self):
        proxy = self.proxy("    persist rdp-cookie")
        port, server = self.ports[0], self.servers[1]
        whole = self.cookie_of(server)
        wrong = [whole.rsplit(".", 1)[0], whole.replace(".0000", "x.0000"), whole.replace("msts=", "msts=x"), "Cookie: msts=",
                 "Cookie: msts=1.2.0000", self.cookie_of(server, "mstshash")]
        for cookie in wrong:
            self.assertGreater(len({self.who(port, request(cookie)) for _ in range(6)}), 1, cookie)
        proxy.ask(f"set server l{port}/b state maint")
        self.assertNotIn("b", {self.who(port, request(whole)) for _ in range(6)})
        proxy.ask(f"set server l{port}/b state ready")
        self.assertEqual({self.who(port, request(whole)) for _ in range(6)}, {"b"})
        proxy.ask(f"set server l{port}/b state drain")
        self.assertEqual({self.who(port, request(whole)) for _ in range(6)}, {"b"})


if __name__ == "__main__":
    unittest.main()
