"""A proxy with traffic and two thousand servers, and clients of its runtime API who mean harm."""
import socket
import unittest

from memory import assert_constant
from proxy import Proxy, free_port
from traffic import Server, exchange

SERVERS = "\n".join(f"    server s{n} 127.0.0.1:1 disabled" for n in range(2000))


class HostileApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Server()
        cls.front = free_port()
        cls.proxy = Proxy(f"""
    stats maxconn 100
    stats timeout 20s
defaults
    mode tcp
    timeout connect 1s
    timeout client 10s
    timeout server 10s
listen traffic
    bind 127.0.0.1:{cls.front}
    server node 127.0.0.1:{cls.node.port}
backend many
{SERVERS}
""")
        cls.addClassCleanup(cls.node.close)
        cls.addClassCleanup(cls.proxy.close)

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.connect(self.proxy.cli)
        client.settimeout(20)
        return client

    def send(self, data):
        """What is answered to these bytes; the rest of them may not be taken."""
        client = self.connect()
        answer = b""
        try:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
        except ConnectionError:
            pass
        try:
            while piece := client.recv(65536):
                answer += piece
        except ConnectionError:
            pass
        client.close()
        return answer

    def assert_nobody_waits(self):
        self.proxy.wait_for("show cli level", "^admin$")
        self.assertEqual(exchange(self.front), b"ping\n")

    def hold(self, data, count):
        clients = [self.connect() for _ in range(count)]
        for client in clients:
            client.sendall(data)
        return clients

    def assert_holding_costs_nothing(self, data, count=80):
        def hold_and_leave():
            clients = self.hold(data, count)
            self.assert_nobody_waits()
            for client in clients:
                client.close()
            self.assert_nobody_waits()
        assert_constant(self.proxy.pid, hold_and_leave)
