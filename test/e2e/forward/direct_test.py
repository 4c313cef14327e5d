"""Sessions that go to no server: `dispatch` and `option transparent`; and servers of no particular address."""
import socket
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port, unheld_port
from traffic import Server

# Lines of a backend, whom the client's PROXY header says that it wanted, who answers, and the end of the log line.
# {0}, {1}: ports of servers; {closed}: one where nobody listens.
CASES = {
    "dispatch": ("dispatch 127.0.0.1:{0}", None, b"0", "<NOSRV> -- 0 127.0.0.1:{0}"),
    "dispatch_last": ("dispatch 127.0.0.1:{closed}|dispatch 127.0.0.1:{0}", None, b"0", "<NOSRV> -- 0 127.0.0.1:{0}"),
    "dispatch_beside_server": ("dispatch 127.0.0.1:{0}|server s 127.0.0.1:{1}", None, b"0", "<NOSRV> -- 0 127.0.0.1:{0}"),
    "used": ("dispatch 127.0.0.1:{0}|server s 127.0.0.1:{1}|use-server s if TRUE", None, b"1", "s -- 0 127.0.0.1:{1}"),
    "balanced": ("balance roundrobin|dispatch 127.0.0.1:{0}|server s 127.0.0.1:{1}", None, b"1", "s -- 0 127.0.0.1:{1}"),
    "refused": ("dispatch 127.0.0.1:{closed}", None, b"", "<NOSRV> SC 2 127.0.0.1:{closed}"),
    "refused_redispatch": ("dispatch 127.0.0.1:{closed}|option redispatch 1", None, b"",
                           "<NOSRV> SC 2 127.0.0.1:{closed}"),
    "transparent": ("option transparent", "{0}", b"0", "<NOSRV> -- 0 127.0.0.1:{0}"),
    "old_word": ("transparent", "{0}", b"0", "<NOSRV> -- 0 127.0.0.1:{0}"),
    "negated": ("transparent|no option transparent|server s 127.0.0.1:{1}", "{0}", b"1", "s -- 0 127.0.0.1:{1}"),
    "transparent_beside_server": ("option transparent|server s 127.0.0.1:{1}", "{0}", b"0", "<NOSRV> -- 0 127.0.0.1:{0}"),
    "transparent_used": ("option transparent|server s 127.0.0.1:{1}|use-server s if TRUE", "{0}", b"1",
                         "s -- 0 127.0.0.1:{1}"),
    "transparent_refused": ("option transparent", "{closed}", b"", "<NOSRV> SC 2 127.0.0.1:{closed}"),
    "dispatch_first": ("option transparent|dispatch 127.0.0.1:{1}", "{0}", b"1", "<NOSRV> -- 0 127.0.0.1:{1}"),
    "any_server": ("server s 0.0.0.0:{0}", "{1}", b"0", "s -- 0 127.0.0.1:{0}"),
}
# What `show stat` says of each backend, after one session.
COLUMNS = ("stot", "econ", "wretr", "lbtot", "connect")
COUNTED = {
    "dispatch": ("1", "0", "0", "0", "1"),
    "refused": ("1", "1", "2", "0", "3"),
    "transparent": ("1", "0", "0", "0", "1"),
    "used": ("1", "0", "0", "0", "1"),
}


class DirectTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        cls.servers = [Server(lambda client, name=name: (client.recv(9), client.sendall(name))) for name in (b"0", b"1")]
        for server in cls.servers:
            cls.addClassCleanup(server.close)
        cls.ports = {name: free_port() for name in CASES}
        cls.closed = unheld_port()
        cls.dst = free_port()
        sections = "".join(f"""
frontend f_{name}
    bind 127.0.0.1:{cls.ports[name]}{" accept-proxy" if wanted else ""}
    default_backend {name}
backend {name}
    {cls.filled(lines).replace("|", chr(10) + "    ")}
""" for name, (lines, wanted, _, _) in CASES.items())
        cls.proxy = Proxy(f"""
    log {cls.log.address} local0
defaults
    mode tcp
    log global
    log-format "%b/%s %ts %rc %si:%sp"
    retries 2
    timeout connect 50ms
    timeout client 10s
    timeout server 10s
{sections}
# Rules may say where to.
listen told
    bind 127.0.0.1:{cls.dst}
    tcp-request content set-dst-port int({cls.servers[0].port})
    option transparent
""")
        cls.addClassCleanup(cls.proxy.close)

    @classmethod
    def filled(cls, text):
        return text.format(*(server.port for server in cls.servers), closed=cls.closed)

    def answer(self, port, wanted=None):
        with socket.create_connection(("127.0.0.1", port), 15) as client:
            if wanted:
                client.sendall(f"PROXY TCP4 127.0.0.1 127.0.0.1 5 {self.filled(wanted)}\r\n".encode())
            client.sendall(b"a")
            try:
                return client.recv(9)
            except ConnectionResetError:
                return b""

    def test_where_sessions_go(self):
        for name, (_, wanted, answer, logged) in CASES.items():
            with self.subTest(name):
                self.assertEqual(self.answer(self.ports[name], wanted), answer)
                self.log.wait_for(f": {name}/{self.filled(logged)}$")
                if name in COUNTED:
                    self.assertEqual(self.proxy.columns(name, "BACKEND", *COLUMNS), COUNTED[name])

    def test_rules_say_where_to(self):
        self.assertEqual(self.answer(self.dst), b"0")

    def test_servers_that_are_not_balanced_do_not_count(self):
        for name, status, weight in (("dispatch", "UP", "0"), ("dispatch_beside_server", "DOWN", "0"),
                                     ("transparent_used", "DOWN", "0"), ("balanced", "UP", "1"), ("negated", "UP", "1")):
            with self.subTest(name):
                self.assertEqual(self.proxy.columns(name, "BACKEND", "status", "weight"), (status, weight))


if __name__ == "__main__":
    unittest.main()
