"""`source ... usesrc`: whose address servers see. Only root may take another's."""
import socket
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import listening

IP_TRANSPARENT = 19
CLIENT, CLIENT_PORT = "127.0.0.77", 5005
FOUR = f"PROXY TCP4 {CLIENT} 127.0.0.9 {CLIENT_PORT} 80\r\n".encode()
SIX = b"PROXY TCP6 ::1 ::1 5005 80\r\n"
UNKNOWN = b"PROXY UNKNOWN\r\n"
# Lines of a backend, options of its server, the PROXY header, and whom the server sees; a port of None may be any.
CASES = {
    "client": ("source 127.0.0.1 usesrc client", "", FOUR, (CLIENT, CLIENT_PORT)),
    "clientip": ("source 127.0.0.1 usesrc clientip", "", FOUR, (CLIENT, None)),
    "address": ("source 127.0.0.1 usesrc 127.0.0.66", "", FOUR, ("127.0.0.66", None)),
    "any": ("source 127.0.0.2 usesrc *", "", FOUR, ("127.0.0.2", None)),
    "any_with_port": ("source 127.0.0.2 usesrc *:6001", "", FOUR, ("127.0.0.2", None)),
    "source_is_any": ("source * usesrc clientip", "", FOUR, (CLIENT, None)),
    "port_of_the_source": ("source 127.0.0.1:7 usesrc clientip", "", FOUR, (CLIENT, None)),
    "of_the_server": ("", "source 127.0.0.1 usesrc clientip", FOUR, (CLIENT, None)),
    "server_before_backend": ("source 127.0.0.1 usesrc clientip", "source 127.0.0.5", FOUR, ("127.0.0.5", None)),
    "range_of_the_source": ("", "source 127.0.0.1:7-9 usesrc clientip", FOUR, (CLIENT, None)),
    "interface": ("source 127.0.0.1 usesrc clientip interface lo", "", FOUR, (CLIENT, None)),
    "last": ("source 127.0.0.1 usesrc 127.0.0.66 usesrc clientip", "", FOUR, (CLIENT, None)),
    "not_told": ("source 127.0.0.1 usesrc clientip", "", UNKNOWN, ("127.0.0.1", None)),
}


def may_be_transparent():
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
            return True
        except PermissionError:
            return False


@unittest.skipUnless(may_be_transparent(), "needs the right to take foreign addresses")
class UseSourceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        cls.listener = listening(cls.addClassCleanup)
        cls.server = f"127.0.0.1:{cls.listener.getsockname()[1]}"
        cls.ports = {name: free_port() for name in (*CASES, "another_family", "header", "inherits")}

        def sections(name, lines, options=""):
            return f"""
frontend f_{name}
  bind 127.0.0.1:{cls.ports[name]} accept-proxy
  default_backend {name}
backend {name}
  {lines}
  server s {cls.server} {options}
"""
        cls.proxy = Proxy(f"""
  log {cls.log.address} local0
defaults
  mode tcp
  log global
  option tcplog
  retries 1
  timeout connect 50ms
  timeout client 10s
  timeout server 10s
""" + "".join(sections(name, *case[:2]) for name, case in CASES.items()) +
                          sections("another_family", "source 127.0.0.1 usesrc clientip") +
                          sections("header", "source 127.0.0.1 usesrc hdr_ip(x-forwarded-for)") + """
defaults
  mode tcp
  timeout connect 50ms
  timeout client 10s
  timeout server 10s
  source 127.0.0.1 usesrc clientip
""" + sections("inherits", ""))
        cls.addClassCleanup(cls.proxy.close)

    def send(self, name, header):
        client = socket.create_connection(("127.0.0.1", self.ports[name]), 15)
        self.addCleanup(client.close)
        client.sendall(header)
        return client

    def seen(self, name, header):
        self.send(name, header)
        server, address = self.listener.accept()
        server.close()
        return address

    def test_whom_the_server_sees(self):
        for name, (_, _, header, (host, port)) in CASES.items():
            with self.subTest(name):
                found = self.seen(name, header)
                self.assertEqual(found[0], host)
                if port:
                    self.assertEqual(found[1], port)
                else:
                    self.assertNotIn(found[1], (CLIENT_PORT, 6001, 7, 8, 9))

    def test_it_is_inherited(self):
        self.assertEqual(self.seen("inherits", FOUR)[0], CLIENT)

    def test_an_address_of_another_family(self):
        self.assertEqual(self.send("another_family", SIX).recv(9), b"")
        words = "Cannot bind to tproxy source address before connect() for backend another_family."
        self.log.wait_for(rf" another_family/s 1?\d/-1/\d+ 0 SC \S+/1 0/0$")
        self.assertEqual(len(self.log.wait_for("<128>.*Cannot bind to tproxy", 2)), 2)
        self.assertIn(f"{words} Aborting.", self.proxy.stderr())

    def test_a_header_of_http(self):
        self.assertIn("backend 'header' : ignoring use of header x-forwarded-for as source IP in non-HTTP mode.",
                      self.proxy.stderr())
        self.assertEqual(self.send("header", FOUR).recv(9), b"")
        self.log.wait_for(r" header/s \d+/-1/\d+ 0 IC \S+/0 0/0$")

    def test_checks_come_from_the_source(self):
        for lines, host in (("source 127.0.0.2 usesrc clientip", "127.0.0.2"),
                            ("source 127.0.0.2 usesrc 127.0.0.66", "127.0.0.2")):
            with self.subTest(lines), socket.create_server(("127.0.0.1", 0)) as listener:
                listener.settimeout(15)
                with Proxy(f"""
backend b
  {lines}
  option redis-check
  server s 127.0.0.1:{listener.getsockname()[1]} check inter 10ms
"""):
                    connection, address = listener.accept()
                    connection.close()
                    self.assertEqual(address[0], host)

    def test_who_gives_up_root_is_refused(self):
        proxy = Proxy(f"  user nobody\nbackend b\n  source 127.0.0.1 usesrc clientip\n  server s {self.server}\n", wait=False)
        self.addCleanup(proxy.close)
        self.assertEqual(proxy.wait_exit(), 1)
        self.assertIn(".main()] Some configuration options require full privileges, so global.uid cannot be changed.",
                      proxy.stderr())


if __name__ == "__main__":
    unittest.main()
