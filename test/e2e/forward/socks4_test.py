"""server ... socks4: what is said to the proxy before anything else, what becomes of its answers, and checks through it."""
import socket
import struct
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port, unheld_port, wait_until
from traffic import Server, connect, read_exactly, reset

GRANTED = b"\0\x5a\0\0\0\0\0\0"
REJECTED = b"\0\x5b\0\0\0\0\0\0"
USER = b"HAProxy\0"
LENGTH = 16


def request(port, host="127.0.0.1"):
    return struct.pack(">BBH", 4, 1, port) + socket.inet_aton(host) + USER


class FakeProxy(Server):
    """Reads a request, says its answer, and goes on as `then` has it; `asked` is what it was asked."""

    def __init__(self, answer, then=None):
        self.asked, self.answer, self.then = [], answer, then
        super().__init__(self.serve_one)

    def serve_one(self, connection):
        self.asked.append(read_exactly(connection, LENGTH))
        for part in self.answer if isinstance(self.answer, list) else [self.answer]:
            connection.sendall(part)
            if isinstance(self.answer, list):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.then:
            self.then(connection)


def answers(connection):
    connection.sendall(connection.recv(100).upper())


def waits(connection):
    connection.recv(100)


def ends(connection):
    connection.shutdown(socket.SHUT_WR)
    connection.recv(100)


def speaks(connection):
    connection.sendall(b"welcome")
    connection.recv(100)


# The proxy's part, options of the server, what the client gets, and the end of the log line.
CASES = {
    "granted": (GRANTED, answers, "", b"HELLO", "--", 0),
    "in_pieces": ([GRANTED[i:i + 1] for i in range(8)], answers, "", b"HELLO", "--", 0),
    "only_the_code_counts": (b"\4" + GRANTED[1:], answers, "", b"HELLO", "--", 0),
    "speaks_at_once": (GRANTED + b"wel", lambda c: (c.sendall(b"come"), c.recv(100)), "", b"welcome", "--", 0),
    "rejected": (REJECTED, waits, "", b"", "SC", 2),
    "silent": (b"", waits, "", b"", "sC", 2),
    "cut_short": (GRANTED[:7], ends, "", b"", "sC", 2),
    "ends": (b"", ends, "", b"", "SC", 2),
    "breaks_off": (b"", reset, "", b"", "SC", 2),
}


class Socks4Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        cls.fakes = {name: FakeProxy(case[0], case[1]) for name, case in CASES.items()}
        for fake in cls.fakes.values():
            cls.addClassCleanup(fake.close)
        cls.others = ("header", "any", "relative", "wrong_family", "absent", "ipv6")
        cls.ports = {name: free_port() for name in (*CASES, *cls.others)}
        cls.granting = f"127.0.0.1:{cls.fakes['granted'].port}"

        def section(name, server):
            return f"""
listen {name}
  bind 127.0.0.1:{cls.ports[name]}
  server s {server}
"""
        cls.proxy = Proxy(f"""
  log {cls.log.address} local0
defaults
  mode tcp
  log global
  log-format "%b/%s %ts %rc %si:%sp"
  retries 2
  timeout connect 100ms
  timeout client 10s
  timeout server 10s
""" + "".join(section(name, f"127.0.0.1:7 socks4 127.0.0.1:{fake.port}") for name, fake in cls.fakes.items()) +
                          section("header", f"127.0.0.1:8 send-proxy socks4 {cls.granting}") +
                          section("any", f"0.0.0.0:9 socks4 {cls.granting}") +
                          section("relative", f"127.0.0.3:+1 socks4 {cls.granting}") +
                          section("wrong_family", f"[::1]:7 socks4 {cls.granting}") +
                          section("absent", f"127.0.0.1:7 socks4 127.0.0.1:{unheld_port()}"))
        cls.addClassCleanup(cls.proxy.close)

    def setUp(self):
        for fake in self.fakes.values():
            fake.asked.clear()

    def talk(self, name):
        with connect(self.ports[name], 15) as client:
            client.sendall(b"hello")
            got = b""
            try:
                while part := client.recv(100):
                    got += part
                    if got in (b"HELLO", b"welcome"):
                        break
            except ConnectionResetError:
                pass
            return got

    def test_answers(self):
        for name, (_, _, _, got, state, retries) in CASES.items():
            with self.subTest(name):
                self.assertEqual(self.talk(name), got)
                self.log.wait_for(rf": {name}/s {state} {retries} ")
                self.assertEqual(set(self.fakes[name].asked), {request(7)})
                self.assertEqual(len(self.fakes[name].asked), retries + 1)

    def test_a_proxy_header_comes_behind_it(self):
        with connect(self.ports["header"]) as client:
            client.sendall(b"hello")
            mine = "%s %%s %s %%s" % (client.getsockname()[1], client.getpeername()[1])
            self.assertTrue(client.recv(100).startswith(b"PROXY TCP4 127.0.0.1 127.0.0.1 "), mine)
        self.assertEqual(self.fakes["granted"].asked, [request(8)])

    def test_which_server_is_asked_for(self):
        self.talk("any")
        self.talk("relative")
        self.assertEqual(self.fakes["granted"].asked,
                         [request(9), request(self.ports["relative"] + 1, "127.0.0.3")])

    def test_a_proxy_of_another_family_cannot_be_reached(self):
        self.assertEqual(self.talk("wrong_family"), b"")
        self.log.wait_for(": wrong_family/s SC 2 ")

    def test_a_proxy_that_is_not_there(self):
        self.assertEqual(self.talk("absent"), b"")
        self.log.wait_for(": absent/s SC 2 ")


# Lines of a backend, options of the server, whether there is a proxy, its part; what show stat says.
VIA = "option tcp-check|tcp-check connect via-socks4"
STEP = " at step 1 of tcp-check (connect)"
CHECKS = {
    "check": ("", "check-via-socks4", GRANTED, waits, "L4OK", ""),
    "pieces": ("", "check-via-socks4", [GRANTED[i:i + 1] for i in range(8)], waits, "L4OK", ""),
    "without": ("", "", GRANTED, waits, "L4CON", "Connection refused"),
    "denied": ("", "check-via-socks4", REJECTED, waits, "SOCKERR", "SOCKS4 Proxy deny the request"),
    "silent": ("", "check-via-socks4", b"", waits, "L7TOUT", ""),
    "cut_short": ("", "check-via-socks4", GRANTED[:7], ends, "L7TOUT", ""),
    "ends": ("", "check-via-socks4", b"", ends, "SOCKERR", "SOCKS4 Proxy read error during handshake"),
    "breaks_off": ("", "check-via-socks4", b"", reset, "SOCKERR",
                   "SOCKS4 Proxy handshake aborted by server (Connection reset by peer)"),
    "wrong_family": ("", "check-via-socks4 [::1]", GRANTED, waits, "L4CON", "General socket error (Invalid argument)"),
    "step": (VIA, "", GRANTED, waits, "L4OK", "(tcp-check)"),
    "plain_step": ("option tcp-check|tcp-check connect", "check-via-socks4", GRANTED, waits, "L4CON",
                   "Connection refused" + STEP),
    "default_step": ("option tcp-check|tcp-check connect default", "check-via-socks4", GRANTED, waits, "L4OK",
                     "(tcp-check)"),
    "denied_step": (VIA, "", REJECTED, waits, "SOCKERR", "SOCKS4 Proxy deny the request" + STEP),
    "silent_step": (VIA, "", b"", waits, "L7TOUT", STEP),
    "http": ("option httpchk|http-check connect via-socks4|http-check send meth GET", "", GRANTED,
             lambda c: (c.recv(100), c.sendall(b"HTTP/1.0 200 fine\r\n\r\n")), "L7OK", ""),
}


class ChecksTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fakes = {name: FakeProxy(case[2], case[3]) for name, case in CHECKS.items()}
        for fake in cls.fakes.values():
            cls.addClassCleanup(fake.close)
        cls.closed = unheld_port()
        text = "  max-spread-checks 50\ndefaults\n  mode tcp\n  timeout connect 200ms\n  timeout check 300ms\n"
        for name, (lines, options, _, _, _, _) in CHECKS.items():
            host = "[::1]" if "[::1]" in options else "127.0.0.1"
            text += f"backend {name}\n  " + lines.replace("|", "\n  ") + "\n" + \
                f"  server s {host}:{cls.closed} check inter 1h fall 1 socks4 127.0.0.1:{cls.fakes[name].port} " + \
                options.replace(" [::1]", "") + "\n"
        cls.proxy = Proxy(text + f"""
backend elsewhere
  server s 127.0.0.1:{cls.closed} check inter 1h port 99 addr 127.0.0.4 check-via-socks4 socks4 127.0.0.1:{cls.fakes['check'].port} check-send-proxy
""")
        cls.addClassCleanup(cls.proxy.close)

    def test_results(self):
        for name, (_, _, _, _, status, words) in CHECKS.items():
            with self.subTest(name):
                def shown():
                    return self.proxy.columns(name, "s", "check_status", "last_chk")
                wait_until(lambda: shown()[0].lstrip("* ") in ("L4OK", "L4CON", "L7OK", "SOCKERR", "L7TOUT", "L7RSP"), name)
                self.assertEqual((shown()[0].lstrip("* "), shown()[1]), (status, words))

    def test_where_to(self):
        wait_until(lambda: len(self.fakes["check"].asked) >= 2, "both have been checked")
        self.assertEqual(sorted(self.fakes["check"].asked), sorted([request(self.closed), request(99, "127.0.0.4")]))


if __name__ == "__main__":
    unittest.main()
