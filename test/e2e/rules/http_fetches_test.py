"""What rules of mode tcp find in HTTP requests: every fetch on many requests, what ACLs make of several values, and how long they wait.

http_fetches.expected is what haproxy 2.6 says; "http_fetches_test.py --write" writes it anew with the PROXY_PROGRAM that is set."""
import os
import sys
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import connect

EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "http_fetches.expected")
FETCHES = """
req.proto_http method,lower path pathq url url_ip url_port query base baseq base32 base32+src,hex url32 url32+src,hex req.ver
req.hdr(host) hdr(X) req.hdr(x,0) req.hdr(x,1) req.hdr(x,2) req.hdr(x,9) req.hdr(x,-1) req.hdr(x,-2) req.hdr(x,-9) req.hdr req.hdr()
req.fhdr(x) req.fhdr(x,1) req.fhdr(x,-2) req.hdr_cnt(x) req.hdr_cnt req.fhdr_cnt(x) req.fhdr_cnt() req.hdr_ip(x) req.hdr_ip(x,1)
req.hdr_val(x) req.hdr_val(x,1) req.hdr_names req.hdr_names(+) req.hdrs,hex req.hdrs_bin,hex
req.cook(a) req.cook req.cook_cnt(a) req.cook_cnt req.cook_val(a) cookie(a) cook(A)
urlp(a) urlp urlp(a,;) urlp(,;) urlp(a,/) urlp_val(a) url_param(a)
http_auth_type http_auth_user http_auth_pass http_auth_bearer http_auth_bearer(x) http_first_req
capture.req.method capture.req.uri capture.req.ver req.body req.body_len req.body_size req.body_param(a)
""".split()
BASIC = "Authorization: Basic "
# Requests as they are written; what is no line of its own is behind GET / HTTP/1.1.
REQUESTS = [
    "hello\n", "\x16\x03\x01", "GET /\r\n", "GET / \r\nA: b\r\n\r\n", "GET / HTTX/1.1\r\n\r\n", "GET / A/B/C\r\n\r\n", "GET / X\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\r\n\nGET  /  HTTP/1.1\n\n", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", "GET h?a=1 HTTP/1.1\r\n\r\n",
    "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", "CONNECT h:81 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /#a HTTP/1.1\r\n\r\n",
    "PUT http://1.2.3.4:81/p/q?a=1&b=x;b=y HTTP/1.0\r\nHost: 1.2.3.4:81\r\ncontent-length: 3\r\n\r\na=2",
    "GET https://u:p@[::1]/ HTTP/1.1\r\nHost: [::1]:443\r\n\r\n", "GET HTTPS://1.2.3.4x/ HTTP/1.1\r\n\r\n", "GET http://1.2.3.4:99999 HTTP/1.1\r\n\r\n",
    "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", "GET //a/%41?? HTTP/1.1\r\nHost: a,b\r\n\r\n", "GET http:/a HTTP/1.1\r\n\r\n",
    *(f"GET {target} HTTP/1.1\r\n\r\n" for target in (
        "/?a", "/?a=", "/?a&b=2", "/?ab=1;a=+5", "/?A=1&a=2&a=3", "/;a=1?a=2", "/?&;a=1?b", "/x?y?a=1/b", "/?=x&a=3", "/?a==3", "/?a=%31", "/a;b;c=1;a=5")),
    *(f"GET / HTTP/1.1\r\n{headers}\r\n\r\n" for headers in (
        "Host: a\r\nhost: A\r\nX: b", "Host: a\r\nHost: b", "Content-length: 01 , 1\r\nx: y", "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip", "X: a, b ,c\r\nx:d", "x: ,a,", "x:", 'x: "a,b",c\\,d', 'x: "a\\",b",c"d', "X: \r\n a\r\n  b,c\r\n \r\nY: z",
        "x: 1.2.3.4:80, 01.2.3.4", "x: ::ffff:1.2.3.4", "x: [::1]:80, 1.2.3.4:", "x: 1.2.3.4.5, +5", "x: -5x, 7 7", "x: 99999999999999999999, \x80",
        "Cookie: a=1; b=2, a=3\r\ncookie: a= 4 ;$a=9", "Cookie: a=", "Cookie: =", "Cookie: b; a =", 'Cookie: b="a=1;a=2"; a="x";', "Cookie: $Version=1; b a=2; a==",
        BASIC + "dTpwOnE=", BASIC + " Og==", BASIC + "dTpw=", BASIC + "dQ==", BASIC + "dTpw, x\r\nx: bearer  t k", "Authorization: BEARER t,k\r\nx: Token q",
        "x: y\r\n" * 96 + "A-b: c\r\nD: e", "x: y\r\n" * 98 + "z: y")),
]
# A request for ACLs, and the conditions of which each holds or not.
SEVERAL = (b"GET /p/q?a=1&a=2&b=3 HTTP/1.1\r\nHost: a.b.com\r\nx: a,b\r\nx: c\r\nv: 1, 2\r\ni: 1.1.1.1, zz\r\ni: 2.2.2.2, 3.3.3.3, q\r\n"
           b"Cookie: b=9; a=1; a=2\r\nCookie: a=3\r\nAuthorization: Basic dTpw\r\n\r\n")
HOLDS = ["HTTP", "HTTP_1.1", "METH_GET", "HTTP_URL_SLASH", *(f"{{ {test} }}" for test in (
    "req.hdr(x) a", "hdr(x) b", "req.hdr(x) c", "req.fhdr(x) a,b", "req.hdr(x,-1) c", "req.hdr(x,0) a", "req.hdr(x),upper B", "hdr_val(v) 1", "hdr_val(v) gt 1",
    "hdr_ip(i) 1.1.1.1", "req.hdr_ip(i) 3.3.3.3", "req.hdr_ip(i) -m found", "cook(a) 1", "cook(a) 3", "cook() 9", "cook_val(a) 2", "cook_beg(a) 2", "urlp(a) 1",
    "urlp(a) 2", "urlp() 3", "urlp_val(a) 2", "urlp_beg(a) 2", "req.hdr() GET", "hdr_dom(host) b.com", "hdr_end(host) com", "path_beg /p", "path_sub p/",
    "path_len 4", "base_end q", "base_dom a", "url_dir p", "url_reg a=1", "method GET", "method -m str GET", "method,lower get", "http_auth_user u", "hdr_cnt(x) 3",
    "req.fhdr_cnt(x) 2", "req.ver 1.1", "http_first_req", "req.body_len 0"))]
HOLDS_NOT = ["HTTP_1.0", "HTTP_CONTENT", "METH_POST", *(f"{{ {test} }}" for test in (
    "req.hdr(x,1) b", "req.hdr(x,-1) a", "hdr(nope) -m found", "req.hdr_ip(i) 4.4.4.4", "cook(a) 9", "urlp(a) 3", "method POST", "url_ip 1.2.3.4", "hdr_cnt(x) 2",
    "capture.req.method GET", "req.hdr a", "req.body_param(a) -m found"))]
# What is sent, and whether "HTTP" is decided at once; the others wait for the end of inspect-delay.
DECIDED = ["GE@", "hello\n", "\x16", "GET /#", "GET / h", "GET / HTTP/1.1 ", "GET / HTTP/1.1\r\nA ", "GET / HTTP/1.1\r\nA: b\rc", "GET /\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nC", "GET / HTTP/1.1\r\nA: " + "x" * 16000, "GET / HTTP/1.1\r\n" + "a: b\r\n" * 101, "GET / HTTP/1.1\n\n"]
WAITED_FOR = ["hello", "\r\n", "GET / HTTX", "GET / HTTP/1.1\r\nA: b\r\n\r", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", "GET / HTTP/1.1\r\nA: " + "x" * 15300,
              "GET / HTTP/1.1\r\n" + "a: b\r\n" * 100]
DELAY_MS = 400


def name_of(request):
    """A line that tells it."""
    name = request.encode("unicode_escape").decode()
    return name if len(name) < 200 else f"{name[:100]}...{name[-40:]} ({len(request)})"


class HttpFetchesTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        cls.fetches, cls.acls, cls.waits, cls.pieces, cls.method = (free_port() for _ in range(5))
        conditions = HOLDS + HOLDS_NOT
        lines = "\n  ".join
        cls.proxy = Proxy(f"""
  log {cls.log.address} len 65000 local0
defaults
  mode tcp
  log global
  timeout connect 5s
  timeout client 10s
  timeout server 10s
frontend fetches
  bind 127.0.0.1:{cls.fetches}
  tcp-request inspect-delay 10s
  tcp-request content set-var(txn.go) int(1) if {{ req.len gt 2 }}
  {lines(f"tcp-request content set-var(txn.v{i}) {fetch}" for i, fetch in enumerate(FETCHES))}
  tcp-request content reject
  log-format "%cp{"".join(f"|%[var(txn.v{i}),length]:%[var(txn.v{i})]" for i in range(len(FETCHES)))}"
frontend acls
  bind 127.0.0.1:{cls.acls}
  tcp-request inspect-delay 10s
  {lines(f"tcp-request content set-var(txn.c{i}) bool(1) if {each}" for i, each in enumerate(conditions))}
  tcp-request content reject
  log-format "%cp {" ".join(f"%[var(txn.c{i})]" for i in range(len(conditions)))}"
frontend waits
  bind 127.0.0.1:{cls.waits}
  tcp-request inspect-delay {DELAY_MS}ms
  tcp-request content accept if HTTP
  tcp-request content reject
  log-format "%cp %Tt"
  default_backend nowhere
frontend pieces
  bind 127.0.0.1:{cls.pieces}
  tcp-request inspect-delay 10s
  tcp-request content capture req.hdr(host) len 20 if HTTP
  use_backend %[req.hdr(host),lower] if {{ path_beg /to }}
  default_backend nowhere
  log-format "%cp %b %hrl"
frontend method
  bind 127.0.0.1:{cls.method}
  tcp-request inspect-delay 10s
  tcp-request content reject if HTTP
  log-format "%cp %[method] %[http_first_req] %[capture.req.method] %[status] %[res.comp] %[req.proto_http]"
backend nowhere
backend named
""")
        cls.addClassCleanup(cls.proxy.close)

    def logged(self, port, *pieces):
        """What is logged of a client who sends these pieces."""
        self.log.forget()
        with connect(port) as client:
            mine = client.getsockname()[1]
            for piece in pieces:
                client.sendall(piece)
            return self.log.wait_for(rf": {mine}\b")[0].split(f": {mine}", 1)[1]

    def told(self):
        for request in REQUESTS:
            yield "> " + name_of(request)
            values = self.logged(self.fetches, request.encode("latin-1")).split("|")[1:]
            for fetch, value in zip(FETCHES, values, strict=True):
                if not value.startswith("-:"):
                    yield f"{fetch} = {value[:300].encode('unicode_escape').decode()}"

    def test_every_fetch_on_every_request(self):
        with open(EXPECTED, encoding="ascii") as expected:
            self.assertEqual("\n".join(self.told()), expected.read().rstrip("\n"))

    def test_acls_try_every_value(self):
        results = self.logged(self.acls, SEVERAL).split()
        holds = {each for each, result in zip(HOLDS + HOLDS_NOT, results, strict=True) if result == "1"}
        self.assertEqual(sorted(set(HOLDS) ^ holds), [])

    def test_rules_wait_as_long_as_it_may_be_http(self):
        for request in DECIDED + WAITED_FOR:
            with self.subTest(name_of(request)):
                waited = int(self.logged(self.waits, request.encode("latin-1")).split()[0]) >= DELAY_MS
                self.assertEqual(waited, request in WAITED_FOR)

    def test_a_head_may_come_byte_by_byte(self):
        head = b"GET /to HTTP/1.1\r\nHost: NAMED\r\n\r\n"
        self.assertEqual(self.logged(self.pieces, *(head[i:i + 1] for i in range(len(head)))).split(), ["named", "NAMED"])
        self.assertEqual(self.logged(self.pieces, head.replace(b"/to", b"/x")).split(), ["nowhere", "NAMED"])

    def test_a_usual_method_is_known_when_the_request_is_gone(self):
        for method, logged in (("GET", "GET"), ("CONNECT", "CONNECT"), ("PATCH", "-"), ("get", "-")):
            line = self.logged(self.method, f"{method} h:1 HTTP/1.1\r\n\r\n".encode())
            self.assertEqual(line.split(), [logged, "1", "-", "-", "0", "-"])


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        HttpFetchesTest.setUpClass()
        with open(EXPECTED, "w", encoding="ascii") as file:
            file.writelines(line + "\n" for line in HttpFetchesTest().told())
        HttpFetchesTest.doClassCleanups()
    else:
        unittest.main()
