"""tune.http.logurilen: how much of a request line gets into the log, and what is made of the rest."""
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import connect

TARGET = "/" + "a" * 3000
# A line of global, and the request line, target, method and version that are logged.
CASES = {
    "unset": ("", f"GET {TARGET[:1019]}", TARGET[:1019], "GET", "HTTP/0.9"),
    "shorter": ("tune.http.logurilen 100", f"GET {TARGET[:96]}", TARGET[:96], "GET", "HTTP/0.9"),
    "one_byte_of_target": ("tune.http.logurilen 5", "GET /", "/", "GET", "HTTP/0.9"),
    "in_version": ("tune.http.logurilen 3009", f"GET {TARGET} HTT", TARGET, "GET", "HTT"),
    "longer": ("tune.http.logurilen 5000", f"GET {TARGET} HTTP/1.1", TARGET, "GET", "HTTP/1.1"),
}


class LongRequestLineTest(unittest.TestCase):
    def test_every_length(self):
        log = LogCollector()
        self.addCleanup(log.close)
        for name, (word, *logged) in CASES.items():
            port = free_port()
            with self.subTest(name), Proxy(f"""
    {word}
    log {log.address} len 16000 local0
defaults
    mode http
    timeout connect 10s
    timeout client 30s
    timeout server 30s
listen l
    bind 127.0.0.1:{port}
    log global
    log-format "{name} %r|%HU|%HM|%HV"
    stats uri /
"""):
                with connect(port) as client:
                    client.sendall(f"GET {TARGET} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                    while client.recv(4096):
                        pass
                line = log.wait_for(f": {name} ", 1)[0]
                self.assertEqual(line.split(f": {name} ", 1)[1].rstrip("\n").split("|"), logged)


if __name__ == "__main__":
    unittest.main()
