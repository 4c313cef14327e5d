"""What fc_err and fc_err_str say of a connection whose header never came, or was none; and who is refused behind one."""
import socket
import struct
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import reset

PROXY_V1 = b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"
NETSCALER = struct.pack(">II", 1413, 40) + bytes.fromhex("4500002800000000401100000102030405060708") + bytes(20)
SILENT, ENDS, BREAKS_OFF = "silent", "ends", "breaks off"
CASES = {
    "accept-proxy": {
        ENDS: "11 Connection closed while waiting for PROXY protocol header",
        BREAKS_OFF: "12 Connection error while waiting for PROXY protocol header",
        SILENT: "13 Timeout while waiting for PROXY protocol header",
        b"P": "14 Truncated PROXY protocol header received",
        b"GET / HTTP/1.0\r\n\r\n": "15 Received something which does not look like a PROXY protocol header",
        b"PROXY TCP4 x y 1 2\r\n": "16 Received an invalid PROXY protocol header",
        b"PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n": "17 Received an unhandled protocol in the PROXY protocol header",
    },
    "accept-netscaler-cip 1413": {
        ENDS: "18 Connection closed while waiting for NetScaler Client IP header",
        BREAKS_OFF: "19 Connection error while waiting for NetScaler Client IP header",
        SILENT: "20 Timeout while waiting for a NetScaler Client IP header",
        b"P": "21 Truncated NetScaler Client IP header received",
        b"GET / HTTP/1.0\r\n\r\n": "22 Received an invalid NetScaler Client IP magic number",
        NETSCALER: "23 Received an unhandled protocol in the NetScaler Client IP header",
    },
}


class ErrorsTest(unittest.TestCase):
    def setUp(self):
        self.log = LogCollector()
        self.addCleanup(self.log.close)

    def run_with(self, sections):
        proxy = Proxy(f"""
  log {self.log.address} local0
defaults
  mode tcp
  log global
  timeout connect 5s
  timeout client 200ms
  timeout server 10s
{sections}""")
        self.addCleanup(proxy.close)

    def test_numbers_and_words(self):
        ports = {option: free_port() for option in CASES}
        self.run_with("".join(f"""
listen l{i}
  bind 127.0.0.1:{port} {option}
  error-log-format "<%[fc_err] %[fc_err_str]>"
  server s 127.0.0.1:1
""" for i, (option, port) in enumerate(ports.items())))
        for option, cases in CASES.items():
            for data, logged in cases.items():
                with self.subTest(f"{option} {data}"), socket.create_connection(("127.0.0.1", ports[option])) as client:
                    if data == ENDS:
                        client.shutdown(socket.SHUT_WR)
                    elif data == BREAKS_OFF:
                        reset(client)
                    elif data != SILENT:
                        client.sendall(data)
                    self.log.wait_for(f": <{logged}>$")

    def test_who_is_refused_behind_a_header(self):
        ports = [free_port() for _ in range(3)]
        self.run_with("".join(f"""
frontend f{i}
  bind 127.0.0.1:{port} accept-proxy
  {"option dontlognull" if i == 2 else "option tcplog"}
  tcp-request session {"silent-drop" if i == 1 else "reject"}
""" for i, port in enumerate(ports)))
        for port in reversed(ports):
            client = socket.create_connection(("127.0.0.1", port))
            self.addCleanup(client.close)
            client.sendall(PROXY_V1 + b"x")
        for i in range(2):
            self.log.wait_for(rf": 1\.2\.3\.4:1 \[\S+\] f{i}/1: Success$")
        self.assertEqual([line for line in self.log.lines if "f2" in line], [])


if __name__ == "__main__":
    unittest.main()
