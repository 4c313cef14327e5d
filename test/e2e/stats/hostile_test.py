"""Clients of the statistics page who mean harm: each is refused or left waiting, and costs neither memory nor anybody else."""
import base64
import os
import random
import resource
import socket
import unittest

from memory import assert_constant
from proxy import Proxy, free_port, wait_until
from traffic import Server, connect, exchange, read_all

LOGIN = b"Authorization: Basic YWRtaW46YWRtaW4=\r\n"
MANY_SERVERS = "\n".join(f"    server s{n} 127.0.0.1:1 disabled" for n in range(2000))
HELD = 200  # clients at once


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
        cls.node = Server()
        cls.port, cls.front = free_port(), free_port()
        cls.proxy = Proxy(f"""
    maxconn 3000
defaults
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    timeout http-request 10s
listen traffic
    mode tcp
    bind 127.0.0.1:{cls.front}
    server node 127.0.0.1:{cls.node.port}
backend many
    mode tcp
{MANY_SERVERS}
listen stats
    mode http
    bind 127.0.0.1:{cls.port}
    stats enable
    stats uri /haproxyamdin
    stats auth admin:admin
    stats admin if TRUE
""")
        cls.addClassCleanup(cls.node.close)
        cls.addClassCleanup(cls.proxy.close)

    def send(self, data):
        """What is answered to these bytes; nothing when the connection is reset."""
        with connect(self.port) as client:
            try:
                client.sendall(data)
                return read_all(client)
            except ConnectionError:
                return b""

    def get(self, login=LOGIN, target=b"/haproxyamdin;csv?scope=stats"):
        return self.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + login + b"\r\n")

    def assert_nobody_waits(self):
        """Neither the page nor the traffic; the connections' own time-outs are the deadline."""
        self.assertIn(b"stats,BACKEND", self.get())
        self.assertEqual(exchange(self.front), b"ping\n")

    def hold(self, data, count=HELD):
        """As many clients as that, who send this and then say nothing and read nothing."""
        clients = []
        for _ in range(count):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(10)
            client.connect(("127.0.0.1", self.port))
            clients.append(client)
            if data:
                client.sendall(data)
        return clients

    def held(self):
        return int(self.proxy.column("stats", "FRONTEND", "scur"))

    def assert_holding_costs_nothing(self, data, count=HELD):
        """While they are held the others are served, and what they took is given back."""
        def hold_and_leave():
            clients = self.hold(data, count)
            wait_until(lambda: self.held() >= count, f"{count} clients are connected")
            self.assert_nobody_waits()
            for client in clients:
                client.close()
            wait_until(lambda: self.held() == 0, "they are gone", 10)
        assert_constant(self.proxy.pid, hold_and_leave)

    def test_garbage_is_refused(self):
        dice = random.Random(1)
        noise = [dice.randbytes(dice.randrange(1, 3000)) + b"\r\n\r\n" for _ in range(100)]

        def send_all():
            for data in noise:
                answer = self.send(data)
                self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400 "), answer[:100])
        assert_constant(self.proxy.pid, send_all)
        self.assert_nobody_waits()

    def test_half_a_request_keeps_nobody_waiting(self):
        self.assert_holding_costs_nothing(b"GET /haproxyamdin HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 9000)

    def test_a_thousand_who_say_nothing_keep_nobody_waiting(self):
        self.assert_holding_costs_nothing(b"", 1000)

    def test_a_head_of_100_kb_is_refused(self):
        for head in (b"GET /haproxyamdin HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
                     b"GET /haproxyamdin" + b"y" * 100_000 + b" HTTP/1.1\r\n\r\n",
                     b"G" * 100_000, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000):
            with self.subTest(head[:50]):
                def refuse(data=head):
                    for _ in range(20):
                        answer = self.send(data)
                        self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400 "), answer[:100])
                assert_constant(self.proxy.pid, refuse)
        self.assert_nobody_waits()

    def test_a_wrong_password_is_refused_as_often_as_it_is_tried(self):
        def guess():
            for number in range(100):
                word = base64.b64encode(b"admin:%d" % number * (1 + number * 7))
                self.assertTrue(self.get(b"Authorization: Basic " + word + b"\r\n").startswith(b"HTTP/1.1 401 "))
        assert_constant(self.proxy.pid, guess)
        self.assert_nobody_waits()

    def test_a_page_that_nobody_reads_costs_a_piece_of_it(self):
        self.assert_holding_costs_nothing(b"GET /haproxyamdin HTTP/1.1\r\nHost: x\r\n" + LOGIN + b"\r\n", 50)

    def test_requests_whose_answers_nobody_reads_are_not_piled_up(self):
        request = b"GET /haproxyamdin;csv HTTP/1.1\r\nHost: x\r\n" + LOGIN + b"\r\n"

        def flood():
            clients = self.hold(b"", 20)
            for client in clients:
                client.setblocking(False)
                try:
                    while client.send(request * 1000):
                        pass
                except BlockingIOError:
                    pass  # It is not read any more: as it should be.
            self.assert_nobody_waits()
            for client in clients:
                client.close()
            try:
                wait_until(lambda: self.held() == 0, "they are gone", 60)
            except AssertionError as failure:
                raise AssertionError(f"{failure}\n{self.proxy.ask('show sess all')}") from failure
        assert_constant(self.proxy.pid, flood, times=1)

    def test_a_form_without_end_is_answered_before_its_end(self):
        head = b"POST /haproxyamdin HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n" + LOGIN + b"\r\n"

        def post():
            for _ in range(20):
                with connect(self.port) as client:
                    try:
                        client.sendall(head + b"s=" * 100_000)
                        client.shutdown(socket.SHUT_WR)
                        answer = read_all(client)
                    except ConnectionError:
                        continue  # Closed while the rest was on its way.
                    self.assertIn(b";st=EXCD", answer)
        assert_constant(self.proxy.pid, post)
        self.assert_nobody_waits()

    def test_a_client_that_comes_and_goes_leaves_no_descriptor(self):
        before = len(os.listdir(f"/proc/{self.proxy.pid}/fd"))
        for client in self.hold(b"GET /hap", 300):
            client.close()
        wait_until(lambda: len(os.listdir(f"/proc/{self.proxy.pid}/fd")) <= before, "every descriptor is closed")


if __name__ == "__main__":
    unittest.main()
