"""monitor-uri: the proxy itself says whether it is well, by monitor fail, and logs nothing of it."""
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port, scratch_directory
from traffic import connect, read_all

HEAD = b"cache-control: no-cache\r\ncontent-type: text/html\r\n"
WELL = b"HTTP/1.1 200 OK\r\ncontent-length: 58\r\n" + HEAD
WELL_BODY = b"<html><body><h1>200 OK</h1>\nService ready.\n</body></html>\n"
ILL = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 107\r\n" + HEAD
ILL_BODY = (b"<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n"
            b"</body></html>\n")
CLOSE = b"connection: close\r\n"
OWN = b"HTTP/1.0 200 Fine\r\nContent-Length: 5\r\n\r\nfine\n"


def well(more=b""):
    return WELL + more + b"\r\n" + WELL_BODY


def ill(more=b""):
    return ILL + more + b"\r\n" + ILL_BODY


class Monitor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        ports = cls.plain, cls.failing, cls.paged, cls.own, cls.empty = [free_port() for _ in range(5)]
        own = scratch_directory() + "/200.http"
        with open(own, "wb") as file:
            file.write(OWN)
        binds = [f"bind 127.0.0.1:{port}" for port in ports]
        cls.proxy = Proxy(f"""
defaults
    mode http
    log {cls.log.address} local0
    option httplog
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    monitor-uri /health
frontend plain
    {binds[0]}
    stats enable
    stats uri /
frontend failing
    {binds[1]}
    monitor-uri /ready?now
    acl few nbsrv(nodes) lt 2
    monitor fail if {{ src 10.0.0.0/8 }} || {{ req.hdr(ill) -m found }}
    monitor fail if {{ dst_port {cls.failing} }} few
    monitor fail unless {{ src 127.0.0.0/8 }} || few
listen paged
    {binds[2]}
    monitor-uri /
    stats enable
    stats uri /
frontend own
    {binds[3]}
    errorfile 200 {own}
frontend empty
    {binds[4]}
    monitor fail if
backend nodes
    mode tcp
    server one 127.0.0.1:1
    server two 127.0.0.1:1
""")
        cls.addClassCleanup(cls.proxy.close)

    def ask(self, port, *requests):
        with connect(port) as client:
            client.sendall(b"".join(requests))
            return read_all(client)

    def get(self, port, target=b"/health", method=b"GET", head=b"Host: x\r\nConnection: close\r\n", version=b"1.1", body=b""):
        return self.ask(port, method + b" " + target + b" HTTP/" + version + b"\r\n" + head + b"\r\n" + body)

    def counters(self, name):
        lines = [line.split(",") for line in self.proxy.ask("show stat").strip().splitlines()]
        row = dict(zip(lines[0], next(line for line in lines if line[0] == name)))
        return {field: int(row[field]) for field in ("hrsp_2xx", "hrsp_5xx", "req_tot", "intercepted", "bin", "bout", "ereq", "dreq")}

    def test_every_method_and_version_is_answered(self):
        for method in (b"GET", b"POST", b"OPTIONS", b"DELETE", b"FOO"):
            self.assertEqual(self.get(self.plain, method=method), well(CLOSE), method)
        self.assertEqual(self.get(self.plain, method=b"HEAD"), WELL + CLOSE + b"\r\n")
        self.assertEqual(self.get(self.plain, head=b"", version=b"1.0"), well(CLOSE))
        self.assertEqual(self.get(self.plain, method=b"POST", head=b"Host: x\r\nContent-Length: 3\r\nConnection: close\r\n",
                                  body=b"abc"), well(CLOSE))

    def test_the_whole_address_must_be_equal(self):
        for same in (b"http://x/health", b"https://x/health", b"http://x:80/health"):
            self.assertEqual(self.get(self.plain, same), well(CLOSE), same)
        for other in (b"/health?", b"/health?x", b"/health/", b"/Health", b"/healt", b"//health", b"/%68ealth",
                      b"http://x/health?x", b"x/health", b"http://x//health"):
            self.assertNotIn(b"Service ready", self.get(self.plain, other), other)
        self.assertEqual(self.get(self.failing, b"/ready?now"), well(CLOSE))
        self.assertNotIn(b"Service ready", self.get(self.failing, b"/ready"))
        self.assertNotIn(b"Service ready", self.get(self.failing))

    def test_the_connection_is_kept(self):
        kept = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        body = b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nGET / HTT"
        last = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        self.assertEqual(self.ask(self.plain, kept, body, last), well() + well() + well(CLOSE))
        old = b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        self.assertEqual(self.ask(self.plain, old, last), well(b"connection: keep-alive\r\n") + well(CLOSE))

    def test_it_goes_before_the_page(self):
        self.assertEqual(self.get(self.paged, b"/"), well(CLOSE))
        self.assertIn(b"# pxname", self.get(self.paged, b"/;csv"))

    def test_it_fails_by_its_conditions(self):
        kept = b"GET /ready?now HTTP/1.1\r\nHost: x\r\n\r\n"
        last = b"GET /ready?now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        self.assertEqual(self.ask(self.failing, kept, last), well() + well(CLOSE))
        self.assertEqual(self.get(self.failing, b"/ready?now", head=b"Host: x\r\nIll: 1\r\nConnection: close\r\n"), ill(CLOSE))
        self.proxy.ask("disable server nodes/two")
        self.assertEqual(self.ask(self.failing, kept, last), ill() + ill(CLOSE))
        self.assertEqual(self.get(self.failing, b"/ready?now", b"HEAD"), ILL + CLOSE + b"\r\n")
        self.proxy.ask("enable server nodes/two")
        self.assertEqual(self.ask(self.failing, last), well(CLOSE))

    def test_a_condition_without_words_never_holds(self):
        self.assertEqual(self.get(self.empty), well(CLOSE))

    def test_its_words_may_be_ones_own(self):
        self.assertIn(b"fine\n", self.get(self.own))

    def test_it_is_counted_and_not_logged(self):
        before = self.counters("empty")
        self.get(self.empty)
        self.get(self.empty, b"/other")
        after = self.counters("empty")
        self.assertEqual({field: after[field] - before[field] for field in after},
                         {"hrsp_2xx": 1, "hrsp_5xx": 1, "req_tot": 2,
                          "intercepted": 1, "bin": 87, "bout": 367, "ereq": 0, "dreq": 0})
        self.log.wait_for('"GET /other HTTP/1.1"')
        self.assertEqual([line for line in self.log.lines if "GET /health HTTP" in line or "/ready?now HTTP" in line], [])


if __name__ == "__main__":
    unittest.main()
