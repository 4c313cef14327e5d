"""The HTTP listener of the statistics page: its addresses, its form, and what it does with those who do not behave."""
import socket
import time
import unittest

from proxy import Proxy, free_port, wait_until
from traffic import connect, read_all

LOGIN = b"Authorization: Basic YWRtaW46YWRtaW4=\r\n"


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.port = free_port()
        cls.proxy = Proxy(f"""
defaults
    mode http
    timeout connect 1s
    timeout client 2s
    timeout server 2s
    timeout http-request 300ms
    timeout http-keep-alive 300ms
frontend fe
    mode tcp
    bind 127.0.0.1:{free_port()}
    default_backend be
backend be
    mode tcp
    server one 127.0.0.1:1
    server two 127.0.0.1:1
listen stats
    bind 127.0.0.1:{cls.port}
    stats enable
    stats hide-version
    stats uri /haproxyamdin
    stats realm Haproxy
    stats auth admin:admin
    stats admin if TRUE
""")

    @classmethod
    def tearDownClass(cls):
        cls.proxy.close()

    def send(self, data):
        """The status line, the head and the body of the answer to exactly these bytes."""
        with connect(self.port) as client:
            client.sendall(data)
            head, _, body = read_all(client).partition(b"\r\n\r\n")
        return head.split(b"\r\n")[0].decode(), head.decode().lower(), body

    def get(self, target, login=LOGIN, method=b"GET"):
        return self.send(method + b" " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + login + b"\r\n")

    def post(self, form, target=b"/haproxyamdin"):
        status, head, _ = self.send(b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + LOGIN
                                    + b"Content-Length: %d\r\n\r\n" % len(form) + form)
        self.assertEqual(status, "HTTP/1.1 303 See Other")
        return next(line.split(": ")[1] for line in head.split("\r\n") if line.startswith("location: "))

    def test_each_suffix_has_its_content_type(self):
        for suffix, kind in ((b"", "text/html"), (b";csv", "text/plain"), (b"/;csv", "text/plain"),
                             (b";csv;norefresh", "text/plain"), (b";json", "application/json"),
                             (b";typed", "text/plain"), (b";up", "text/html"), (b"?stats", "text/html"),
                             (b";foo", "text/html"), (b";json-schema", "application/json"),
                             (b";info", "text/html"), (b";typed;csv", "text/plain"), (b";csv;json", "application/json"),
                             (b";json;json-schema", "application/json"), (b";CSV", "text/html"),
                             (b";foo;csv", "text/plain"), (b"?;csv", "text/plain"), (b"x;csv", "text/plain")):
            with self.subTest(suffix):
                status, head, body = self.get(b"/haproxyamdin" + suffix)
                self.assertEqual(status, "HTTP/1.1 200 OK")
                self.assertIn(f"content-type: {kind}", head)
                self.assertIn("cache-control: no-cache", head)
                self.assertTrue(body)

    def test_of_several_formats_one_wins(self):
        for suffix, begins in ((b";csv;json", b"[["), (b";typed;csv", b"F."), (b";typed;json", b"[["), (b";json;json-schema", b"{"),
                               (b";info;csv", b"# pxname")):
            self.assertTrue(self.get(b"/haproxyamdin" + suffix)[2].partition(b"\r\n")[2].startswith(begins), suffix)

    def proxies(self, suffix):
        body = self.get(b"/haproxyamdin" + suffix)[2].decode()
        return sorted({line.split(",")[0] for line in body.splitlines() if line.count(",") > 10 and not line.startswith("#")})

    def test_the_scope_may_stand_anywhere(self):
        everything = ["be", "fe", "stats"]
        for suffix in (b";csv?scope=be", b"?;csv;scope=be", b"?scope=be;csv", b";csv;scope=be", b";csvscope=be", b";csv&scope=be&x",
                       b";csv?scope=be;scope=fe", b";csv?xscope=be", b"scope=be;csv"):
            self.assertEqual(self.proxies(suffix), ["be"], suffix)
        for suffix in (b";csv?SCOPE=be", b";csv?scope=be?scope=fe", b";csv?scope=", b";csv?scope=b%65", b";csv?scope=x"):
            self.assertEqual(self.proxies(suffix), everything, suffix)
        self.assertEqual(self.post(b"", b"/haproxyamdin;json;scope=be;norefresh"), "/haproxyamdin;st=none?scope=be")

    def test_head_has_no_body(self):
        status, _, body = self.get(b"/haproxyamdin", method=b"HEAD")
        self.assertEqual((status, body), ("HTTP/1.1 200 OK", b""))

    def test_without_a_password_there_is_no_page(self):
        for login in (b"", b"Authorization: Basic YWRtaW46d3Jvbmc=\r\n", b"Authorization: Basic !\r\n",
                      b"Authorization: Digest x\r\n"):
            with self.subTest(login):
                status, head, body = self.get(b"/haproxyamdin", login)
                self.assertEqual(status, "HTTP/1.1 401 Unauthorized")
                self.assertIn('www-authenticate: basic realm="haproxy"', head)
                self.assertEqual(len(body), 112)

    def test_a_refusal_counts_as_two_aborts_in_the_backend(self):
        before = int(self.proxy.column("stats", "BACKEND", "cli_abrt"))
        self.get(b"/haproxyamdin", b"")
        wait_until(lambda: int(self.proxy.column("stats", "BACKEND", "cli_abrt")) == before + 2, "it is counted")
        self.get(b"/haproxyamdin;csv")
        self.assertEqual(int(self.proxy.column("stats", "BACKEND", "cli_abrt")), before + 2)

    def test_without_a_password_no_body_is_waited_for(self):
        for rest in (b"Content-Length: 100\r\n\r\ns=one", b"Transfer-Encoding: chunked\r\n\r\n5\r\ns",
                     b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"):
            status, head, _ = self.send(b"POST /haproxyamdin HTTP/1.1\r\nHost: x\r\n" + rest)
            self.assertEqual(status, "HTTP/1.1 401 Unauthorized")
            self.assertIn("connection: close", head)
            status, head, _ = self.send(b"POST /other HTTP/1.1\r\nHost: x\r\n" + rest)
            self.assertEqual(status, "HTTP/1.1 503 Service Unavailable")
            self.assertIn("connection: close", head)

    def test_other_addresses_and_methods_find_no_server(self):
        self.assertEqual(self.get(b"/other")[0], "HTTP/1.1 503 Service Unavailable")
        self.assertEqual(self.get(b"/haproxyamdin", method=b"PUT")[0], "HTTP/1.1 503 Service Unavailable")

    def test_the_form_says_what_it_did(self):
        for form, code in ((b"s=one&action=drain&b=be", "DONE"), (b"s=one&action=drain&b=be", "DONE"),
                           (b"s=one&s=two&action=ready&b=be", "DONE"), (b"s=nope&action=ready&b=be", "ERRP"),
                           (b"s=one&action=bogus&b=be", "ERRP"), (b"action=ready&b=be", "NONE"),
                           (b"s=one&action=ready&b=nope", "ERRP"), (b"", "NONE")):
            with self.subTest(form):
                self.assertIn(self.post(form), {f"/haproxyamdin;st={code}", f"/haproxyamdin;st={code}".lower()})

    def test_the_form_takes_servers_to_every_state(self):
        for action, status in ((b"drain", "DRAIN"), (b"maint", "MAINT"), (b"ready", "no check")):
            self.post(b"s=two&action=" + action + b"&b=be")
            self.assertEqual(self.proxy.column("be", "two", "status"), status)

    def test_what_is_no_request_gets_400(self):
        for data in (b"nonsense\r\n\r\n", b"GET /haproxyamdin\r\nHost: x\r\n\r\n\0", b"\0\1\2\3\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n", b"GET / HTTP/9.9.9\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"):
            with self.subTest(data):
                self.assertEqual(self.send(data)[0].split()[1], "400")

    def test_a_head_that_is_too_large_is_refused(self):
        for data in (b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 200 + b"\r\n"):
            with connect(self.port) as client:
                try:
                    client.sendall(data)
                    answer = read_all(client)
                except ConnectionError:
                    continue  # It was closed while the rest was still on its way.
                self.assertIn(answer.split(b" ")[1:2], ([b"400"], [b"414"], [b"431"]))

    def test_a_request_that_never_ends_gets_408_in_time(self):
        began = time.monotonic()
        self.assertEqual(self.send(b"GET /haproxyamdin HTTP/1.1\r\nHo")[0], "HTTP/1.1 408 Request Time-out")
        self.assertLess(time.monotonic() - began, 1.5)

    def test_a_client_that_says_nothing_is_closed_in_time(self):
        began = time.monotonic()
        with connect(self.port) as client:
            read_all(client)
        self.assertLess(time.monotonic() - began, 3)

    def test_requests_in_one_packet_are_answered_in_order(self):
        one = b"GET /haproxyamdin;csv HTTP/1.1\r\nHost: x\r\n" + LOGIN + b"\r\n"
        last = b"GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        with connect(self.port) as client:
            client.sendall(one + one + last)
            answer = read_all(client)
        self.assertEqual(answer.count(b"HTTP/1.1 200 OK"), 2)
        self.assertLess(answer.rfind(b"HTTP/1.1 200"), answer.find(b"HTTP/1.1 503"))

    def test_a_reader_that_stops_holds_up_nobody(self):
        with socket.create_connection(("127.0.0.1", self.port)) as slow:
            slow.sendall(b"GET /haproxyamdin HTTP/1.1\r\nHost: x\r\n" + LOGIN + b"\r\n")
            self.assertEqual(self.get(b"/haproxyamdin;csv")[0], "HTTP/1.1 200 OK")

    def test_many_who_send_half_a_request_are_forgotten(self):
        clients = [connect(self.port) for _ in range(100)]
        for client in clients:
            client.sendall(b"GET /haproxyamdin HTTP/1.1\r\nX: " + b"y" * 5000)
        wait_until(lambda: self.proxy.column("stats", "FRONTEND", "scur") == "0", "the half requests were given up")
        for client in clients:
            client.close()


if __name__ == "__main__":
    unittest.main()
