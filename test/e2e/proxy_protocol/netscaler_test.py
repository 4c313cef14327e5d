"""accept-netscaler-cip and expect-netscaler-cip: the header in which a NetScaler tells of its client, and what becomes of a bad one."""
import socket
import struct
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import listening, read_all

MAGIC = 1413
TRUNCATED = "Truncated NetScaler Client IP header received"
BAD_MAGIC = "Received an invalid NetScaler Client IP magic number"
UNHANDLED = "Received an unhandled protocol in the NetScaler Client IP header"
ERROR = "Connection error while waiting for NetScaler Client IP header"
CLOSED = "Connection closed while waiting for NetScaler Client IP header"
TIMEOUT = "Timeout while waiting for a NetScaler Client IP header"
PROXY_V1 = b"PROXY TCP4 9.9.9.9 8.8.8.8 77 88\r\n"


def ipv4(words=5, protocol=6):
    return struct.pack(">BBHHHBBH", 0x40 | words, 0, 40, 0, 0, 64, protocol, 0) + \
        socket.inet_aton("1.2.3.4") + socket.inet_aton("5.6.7.8") + b"o" * (4 * words - 20)


def ipv6(protocol=6):
    return struct.pack(">IHBB", 6 << 28, 20, protocol, 64) + \
        socket.inet_pton(socket.AF_INET6, "2001:db8::1") + socket.inet_pton(socket.AF_INET6, "2001:db8::2")


TCP = struct.pack(">HHIIBBHHH", 1111, 2222, 0, 0, 5 << 4, 2, 0, 0, 0)


def legacy(packet, length=None, magic=MAGIC):
    return struct.pack(">II", magic, len(packet) if length is None else length) + packet


def standard(packet, length=None, second=0, magic=MAGIC):
    return struct.pack(">IIBBH", magic, len(packet), 0, second, len(packet) if length is None else length) + packet


FOUR, SIX = "1.2.3.4:1111 5.6.7.8:2222", "2001:db8::1:1111 2001:db8::2:2222"
# What is sent, whom the log names, and what the server gets.
GOOD = {
    "legacy, IPv4": (legacy(ipv4() + TCP), FOUR, b""),
    "legacy, IPv6": (legacy(ipv6() + TCP), SIX, b""),
    "standard, IPv4": (standard(ipv4() + TCP), FOUR, b""),
    "standard, IPv6": (standard(ipv6() + TCP), SIX, b""),
    "its second byte does not matter": (standard(ipv4() + TCP, second=1), FOUR, b""),
    "IP options": (legacy(ipv4(words=15) + TCP), FOUR, b""),
    "no words of an IP header": (legacy(b"\x40" + (ipv4() + TCP)[1:]), "1.2.3.4:16384 5.6.7.8:40", b""),
    "a length that says less": (legacy(ipv4() + TCP, length=24), FOUR, TCP[4:]),
    "a length of nothing": (standard(ipv4() + TCP, length=0), FOUR, ipv4() + TCP),
    "a length that takes data": (legacy(ipv4() + TCP, length=43), FOUR, b"", b"a"),
}
# What is sent at once, and the log's words; the client's own address stands before them unless another is given.
BAD = {
    "one byte": (b"\0", TRUNCATED),
    "too short to be judged": (legacy(ipv4() + TCP)[:11], TRUNCATED),
    "the packet is cut": (legacy(ipv4() + TCP)[:39], TRUNCATED),
    "longer than what came": (legacy(ipv4() + TCP, length=0xffffffff), TRUNCATED),
    "ends told, but cut": (legacy(ipv4() + TCP)[:47], ERROR, "1.2.3.4:1111"),
    "ends told, but cut, IPv6": (standard(ipv6() + TCP)[:60], ERROR, "2001:db8::1:1111"),
    "another number": (legacy(ipv4() + TCP, magic=7), BAD_MAGIC),
    "no header": (b"GET / HTTP/1.0\r\n\r\n", BAD_MAGIC),
    "UDP": (legacy(ipv4(protocol=17) + TCP), UNHANDLED),
    "UDP over IPv6": (standard(ipv6(protocol=17) + TCP), UNHANDLED),
    "version 5": (legacy(b"\x55" + (ipv4() + TCP)[1:]), UNHANDLED),
    "neither form": (standard(ipv4() + TCP)[:8] + b"\1\0\0\0" + ipv4() + TCP, UNHANDLED),
    "standard, version 1": (standard(b"\x15" + (ipv4() + TCP)[1:]), UNHANDLED),
}


class NetscalerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        cls.listener = listening(cls.addClassCleanup)
        cls.ports = [free_port() for _ in range(6)]
        bind, impatient, both, rule, quiet, session = cls.ports
        cls.proxy = Proxy(f"""
  log {cls.log.address} local0
defaults
  mode tcp
  log global
  log-format "%ci:%cp %fi:%fp done %ts"
  timeout connect 5s
  timeout client 10s
  timeout server 10s
  default_backend b
frontend bind
  bind 127.0.0.1:{bind} accept-netscaler-cip {MAGIC}
frontend impatient
  timeout client 100ms
  bind 127.0.0.1:{impatient} accept-netscaler-cip {MAGIC}
frontend both
  bind 127.0.0.1:{both} accept-proxy accept-netscaler-cip {MAGIC}
# A rule alone has no number to expect but 0.
frontend rule
  bind 127.0.0.1:{rule}
  tcp-request connection expect-netscaler-cip layer4 if {{ src 127.0.0.1 }}
frontend quiet
  option dontlognull
  timeout client 100ms
  bind 127.0.0.1:{quiet} accept-netscaler-cip {MAGIC}
frontend session
  bind 127.0.0.1:{session} accept-netscaler-cip {MAGIC}
  tcp-request session reject if {{ src 1.2.3.4 }}
backend b
  server s 127.0.0.1:{cls.listener.getsockname()[1]}
""")
        cls.addClassCleanup(cls.proxy.close)

    def setUp(self):
        self.log.forget()
        self.bind, self.impatient, self.both, self.rule, self.quiet, self.session = self.ports

    def connect(self, port, data=b"", source="127.0.0.1"):
        client = socket.create_connection(("127.0.0.1", port), 15, (source, 0))
        self.addCleanup(client.close)
        if data:
            client.sendall(data)
        return client

    def served(self, port, data, source="127.0.0.1"):
        """What the server gets of this client."""
        client = self.connect(port, data, source)
        client.shutdown(socket.SHUT_WR)
        server = self.listener.accept()[0]
        with server:
            got = read_all(server)
        return got

    def logged(self, ends):
        return self.log.wait_for(f"]: {ends} done --$")

    def own(self, client):
        return "%s:%d" % client.getsockname()

    def test_good_headers(self):
        for name, (header, ends, more, *data) in GOOD.items():
            with self.subTest(name):
                self.log.forget()
                self.assertEqual(self.served(self.bind, header + b"data"), more + (data[0] if data else b"data"))
                self.logged(ends)

    def test_bad_headers(self):
        for name, (header, words, *who) in BAD.items():
            with self.subTest(name):
                client = self.connect(self.bind, header)
                whom = who[0] if who else self.own(client)
                self.log.wait_for(rf"]: {whom} \[[^]]*\] bind/1: {words}$")
                try:
                    self.assertEqual(client.recv(10), b"")
                except ConnectionResetError:
                    pass

    def test_it_is_not_put_together_from_pieces(self):
        client = self.connect(self.bind)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for byte in GOOD["legacy, IPv4"][0]:
                client.sendall(bytes([byte]))
        except OSError:
            pass
        self.log.wait_for(rf"bind/1: ({TRUNCATED}|{ERROR})$")

    def test_a_client_that_ends(self):
        client = self.connect(self.bind)
        client.shutdown(socket.SHUT_WR)
        self.log.wait_for(rf"{self.own(client)} \S+ bind/1: {CLOSED}$")

    def test_a_client_that_breaks_off(self):
        client = self.connect(self.bind)
        own = self.own(client)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        self.log.wait_for(rf"{own} \S+ bind/1: {ERROR}$")

    def test_a_silent_client(self):
        client = self.connect(self.impatient)
        self.log.wait_for(rf"{self.own(client)} \S+ impatient/1: {TIMEOUT}$")
        self.assertEqual(client.recv(10), b"")

    def test_a_proxy_header_comes_behind_it(self):
        self.assertEqual(self.served(self.both, GOOD["legacy, IPv4"][0] + PROXY_V1 + b"data"), b"data")
        self.logged("9.9.9.9:77 8.8.8.8:88")
        client = self.connect(self.both, PROXY_V1 + GOOD["legacy, IPv4"][0] + b"data")
        self.log.wait_for(rf"{self.own(client)} \S+ both/1: {BAD_MAGIC}$")
        client = self.connect(self.both, GOOD["legacy, IPv4"][0] + b"this is no PROXY header")
        self.log.wait_for(r"1\.2\.3\.4:1111 \S+ both/1: Received something which does not look like a PROXY protocol header$")

    def test_a_rule_may_expect_it(self):
        self.assertEqual(self.served(self.rule, legacy(ipv4() + TCP, magic=0) + b"data"), b"data")
        self.logged(FOUR)
        client = self.connect(self.rule, GOOD["legacy, IPv4"][0])
        self.log.wait_for(rf"{self.own(client)} \S+ rule/1: {BAD_MAGIC}$")
        data = GOOD["legacy, IPv4"][0] + b"data"
        self.assertEqual(self.served(self.rule, data, "127.0.0.2"), data)

    def test_what_said_nothing_is_not_logged(self):
        self.connect(self.quiet)
        self.connect(self.quiet).shutdown(socket.SHUT_WR)
        self.connect(self.quiet, GOOD["legacy, IPv4"][0][:41])
        self.connect(self.quiet, b"bad bad bad bad")
        self.log.wait_for(f"quiet/1: {BAD_MAGIC}$")
        self.proxy.wait_for("show stat", "^quiet,FRONTEND,,,0,")
        self.assertEqual([line for line in self.log.lines if "quiet" in line and BAD_MAGIC not in line], [])

    def test_rules_on_the_session_see_the_client_that_it_tells_of(self):
        client = self.connect(self.session, GOOD["legacy, IPv4"][0] + b"data")
        try:
            self.assertEqual(client.recv(10), b"")
        except ConnectionResetError:
            pass
        self.assertEqual(self.proxy.columns("session", "FRONTEND", "dses", "dcon", "stot"), ("1", "0", "0"))


if __name__ == "__main__":
    unittest.main()
