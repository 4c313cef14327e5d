"""Rules on connections, sessions and contents, and the choice of backends and servers by conditions: what the client gets, what the
log says, what is counted."""
import re
import socket
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port, wait_until
from traffic import Server, connect

# A frontend's lines: (what it is told by, its rules, lines of its backend).
HELLO = b"hello"
FRONTENDS = {
    "reject": ("tcp-request content reject", ""),
    "reject_long": ("tcp-request inspect-delay 10s\n  tcp-request content reject if { req.len gt 3 }", ""),
    "wait_out": ("tcp-request inspect-delay 300ms\n  tcp-request content accept if { req.len gt 99 }\n"
                 "  tcp-request content reject", ""),
    "wait_end": ("tcp-request inspect-delay 300ms\n  tcp-request content accept if WAIT_END", ""),
    "pieces": ("tcp-request inspect-delay 10s\n  tcp-request content accept if { req.len gt 12 }\n"
               "  tcp-request content reject if WAIT_END", ""),
    "client_timeout": ("timeout client 300ms\n  tcp-request inspect-delay 10s\n"
                       "  tcp-request content accept if { req.len gt 99 }", ""),
    "connection_reject": ("tcp-request connection reject if { src 127.0.0.0/8 }", ""),
    "connection_accept": ("tcp-request connection accept if LOCALHOST\n  tcp-request connection reject", ""),
    "session_reject": ("tcp-request session reject unless { src 10.0.0.0/8 192.168.0.0/16 }", ""),
    "connection_drop": ("tcp-request connection silent-drop", ""),
    "by_payload": ("tcp-request inspect-delay 10s\n  tcp-request content accept if { req.len gt 0 }\n"
                   "  use_backend other if { req.payload(0,2) -m bin 6865 }", ""),
    "by_named": ("acl local src 127.0.0.1\n  acl far src 10.0.0.0/8\n  use_backend other if local !far", ""),
    "by_or": ("use_backend other if { src 10.1.1.1 } or { dst_port 1 } || { src -m str 127.0.0.1 }", ""),
    "by_format": ("use_backend oth%[str(ER),lower]", ""),
    "by_no_name": ("use_backend nobody%[int(1)]", ""),
    "backend_reject": ("", "tcp-request content reject"),
    "response_reject": ("", "tcp-response inspect-delay 10s\n  tcp-response content reject if { res.len gt 2 }"),
    "response_wait": ("", "tcp-response inspect-delay 300ms\n  tcp-response content accept if { res.len gt 99 }"),
    "response_close": ("", "tcp-response content close"),
    "use_server": ("", "use-server t if { src 127.0.0.1 }"),
    "use_server_down": ("", "use-server gone if { src 127.0.0.1 }"),
    "variables": ("tcp-request connection set-var(sess.a) int(3)\n  tcp-request session set-var(txn.b) str(x)\n"
                  "  tcp-request content set-var(txn.c) var(sess.a),add(1)\n"
                  "  tcp-request content set-var(txn.c,ifexists) var(txn.c),mul(10)\n"
                  "  tcp-request content set-var(txn.d,ifnotexists) str(y)\n"
                  "  tcp-request content set-var(txn.d,ifnotexists) str(z)\n"
                  "  tcp-request content set-var-fmt(txn.e) \"a  %[var(txn.c)]b\"\n"
                  "  tcp-request content set-var(txn.f) str(gone)\n  tcp-request content unset-var(txn.f)\n"
                  "  log-format \"%[var(sess.a)] %[var(txn.b)] %[var(txn.c)] %[var(txn.d)] %[var(txn.e)] %[var(txn.f)] "
                  "%[var(proc.q)] %{+Q}[var(txn.none)]\"", ""),
    "addresses": ("tcp-request connection set-dst-port int(99)\n  tcp-request content set-src ipv4(9.8.7.6)\n"
                  "  log-format \"%ci %[src] %[fc_src] %fp %[dst_port]\"", ""),
    "formats": ("tcp-request connection set-var-fmt(sess.a) \"%ci %f %b %s %ts %ac\"\n"
                "  tcp-request session set-var-fmt(sess.b) \"%fi %f\"\n  tcp-request content set-var-fmt(txn.c) \"%ci %f %b %s\"\n"
                "  log-format \"%[var(sess.a)], %[var(sess.b)], %[var(txn.c)]\"", ""),
    "captures": ("tcp-request content capture src len 5\n  tcp-request content capture dst_port,mul(0) len 5\n"
                 "  log-format \"%hr %hrl %[capture.req.hdr(0)] %[capture.req.hdr(2)]\"", ""),
    "level": ("tcp-request content set-log-level alert", ""),
    "silent": ("tcp-request content set-log-level silent", ""),
}
# What is sent (pieces), the answer, and the log line behind the date (or the whole line of a format).
EXPECTED = {
    "reject": ([HELLO], b"", "reject reject/<NOSRV> -1/-1/T 0 PR"),
    "reject_long": ([HELLO], b"", "reject_long reject_long/<NOSRV> -1/-1/T 0 PR"),
    "wait_out": ([b""], b"", "wait_out wait_out/<NOSRV> -1/-1/T 0 PR"),
    "wait_end": ([HELLO], HELLO, "wait_end wait_end_b/s T/T/T 5 --"),
    "pieces": ([HELLO, HELLO, HELLO], HELLO * 3, "pieces pieces_b/s T/T/T 15 --"),
    "client_timeout": ([HELLO], b"", "client_timeout client_timeout_b/<NOSRV> -1/-1/T 0 cR"),
    "connection_accept": ([HELLO], HELLO, "connection_accept connection_accept_b/s T/T/T 5 --"),
    "by_payload": ([HELLO], HELLO, "by_payload other/o T/T/T 5 --"),
    "by_named": ([HELLO], HELLO, "by_named other/o T/T/T 5 --"),
    "by_or": ([HELLO], HELLO, "by_or other/o T/T/T 5 --"),
    "by_format": ([HELLO], HELLO, "by_format other/o T/T/T 5 --"),
    "by_no_name": ([HELLO], HELLO, "by_no_name by_no_name_b/s T/T/T 5 --"),
    "backend_reject": ([HELLO], b"", "backend_reject backend_reject_b/<NOSRV> -1/-1/T 0 PR"),
    "response_wait": ([HELLO], HELLO, "response_wait response_wait_b/s T/T/T 5 --"),
    "use_server": ([HELLO], HELLO, "use_server use_server_b/t T/T/T 5 --"),
    "use_server_down": ([HELLO], HELLO, "use_server_down use_server_down_b/s T/T/T 5 --"),
    "variables": ([HELLO], HELLO, "3 - 40 y a  40b - hi \"\""),
    "addresses": ([HELLO], HELLO, "9.8.7.6 9.8.7.6 127.0.0.1 99 99"),
    "formats": ([HELLO], HELLO, "127.0.0.1 formats formats <NOSRV> PR 1, 127.0.0.1 formats, 127.0.0.1 formats formats <NOSRV>"),
    "captures": ([HELLO], HELLO, "{127.0|0} 127.0 0 127.0 -"),
}
REFUSED = {"connection_reject": "dcon", "session_reject": "dses"}


def without_times(line):
    line = re.sub(r" (-?\d+)/(-?\d+)/\+?\d+ ", lambda m: " " + "/".join("-1" if t == "-1" else "T" for t in m.groups()) + "/T ", line)
    return line


class TcpRulesTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.node, cls.log = Server(), LogCollector()
        cls.addClassCleanup(cls.node.close)
        cls.addClassCleanup(cls.log.close)
        cls.ports = {name: free_port() for name in FRONTENDS}
        servers = f"server s 127.0.0.1:{cls.node.port}"
        sections = "".join(f"""
frontend {name}
  bind 127.0.0.1:{cls.ports[name]}
  default_backend {name}_b
  {rules}
backend {name}_b
  {backend}
  {servers}
  {"server t 127.0.0.1:%d weight 0" % cls.node.port if "use-server t" in backend else ""}
  {"server gone 127.0.0.1:1 disabled" if "use-server gone" in backend else ""}
""" for name, (rules, backend) in FRONTENDS.items())
        cls.proxy = Proxy(f"""
  log {cls.log.address} local0
  set-var proc.q str(hi)
defaults
  mode tcp
  log global
  option tcplog
  timeout connect 5s
  timeout client 10s
  timeout server 10s
{sections}
backend other
  server o 127.0.0.1:{cls.node.port}
""")
        cls.addClassCleanup(cls.proxy.close)

    def exchange(self, name, pieces):
        """What a client gets who sends the pieces, and then its end when it has its answer. A reset may come at any time."""
        answer = b""
        wanted = len(EXPECTED[name][1] if name in EXPECTED else pieces[0])
        try:
            with connect(self.ports[name]) as client:
                client.settimeout(15)
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for piece in pieces:
                    client.sendall(piece)
                while part := client.recv(65536):
                    answer += part
                    if wanted and len(answer) >= wanted:
                        client.shutdown(socket.SHUT_WR)
        except ConnectionError:
            pass
        return answer

    def test_every_frontend(self):
        for name, (pieces, answer, line) in EXPECTED.items():
            with self.subTest(name):
                self.assertEqual(self.exchange(name, pieces), answer)
                if "/" in line:
                    self.assertIn(line, without_times(self.log.wait_for(rf"\] {name} ")[0]))
                else:
                    self.log.wait_for(re.escape("]: " + line) + "$")

    def test_refused_before_there_is_a_stream(self):
        for name, column in REFUSED.items():
            with self.subTest(name):
                self.assertEqual(self.exchange(name, [b""]), b"")
                self.assertEqual(self.proxy.columns(name, "FRONTEND", column, "stot", "conn_tot"), ("1", "0", "1"))

    def test_a_dropped_client_waits(self):
        with connect(self.ports["connection_drop"]) as client:
            wait_until(lambda: self.proxy.column("connection_drop", "FRONTEND", "dreq") == "1", "it is counted")
            client.settimeout(0.3)
            with self.assertRaises(TimeoutError):
                client.recv(1)

    def test_responses(self):
        self.exchange("response_reject", [HELLO])
        self.assertEqual(self.proxy.columns("response_reject", "FRONTEND", "dresp"), ("1",))
        self.assertEqual(self.exchange("response_close", [HELLO]), b"")

    def test_levels(self):
        self.assertEqual(self.exchange("silent", [b"x"]), b"x")
        self.assertEqual(self.exchange("level", [b"x"]), b"x")
        self.log.wait_for("^<129>.*\\] level ")
        self.assertFalse(any("] silent " in line for line in self.log.lines))


if __name__ == "__main__":
    unittest.main()
