"""Servers are added and deleted while clients work: no session fails, no byte is lost, and no memory stays behind."""
import os
import socket
import threading
import unittest
import urllib.request

import memory
from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, read_exactly

ROUNDS = 15
CLIENTS = 6


class Client(threading.Thread):
    """One session after the other, each of which wants its own bytes back."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port = port
        self.stopped = threading.Event()
        self.sessions = 0
        self.failure = None
        self.start()

    def run(self):
        try:
            while not self.stopped.is_set():
                self.visit(os.urandom(1 + self.sessions * 997 % 40000))
                self.sessions += 1
        except (OSError, AssertionError) as failure:
            self.failure = repr(failure)

    def visit(self, data):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            assert read_exactly(connection, len(data)) == data, "other bytes came back"
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b"", "more came back"

    def stop(self):
        self.stopped.set()
        self.join(20)


class DynamicServersTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)

    def start(self, backend):
        self.port, self.page, self.exporter = free_port(), free_port(), free_port()
        proxy = Proxy(f"    nbthread 2\n{DEFAULTS}\nfrontend fe\n    bind 127.0.0.1:{self.port}\n    default_backend be\n"
                      f"frontend page\n    mode http\n    bind 127.0.0.1:{self.page}\n    stats uri /stats\n"
                      f"frontend exporter\n    mode http\n    bind 127.0.0.1:{self.exporter}\n"
                      "    http-request use-service prometheus-exporter\n"
                      f"backend be\n{backend}\n")
        self.addCleanup(proxy.close)
        return proxy

    def get(self, path):
        port = self.exporter if path == "/metrics" else self.page
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.read().decode()

    def churn(self, balance):
        proxy = self.start(f"    balance {balance}\n    server s0 127.0.0.1:{self.server.port}")
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as long_one:
            clients = [Client(self.port) for _ in range(CLIENTS)]
            for number in range(ROUNDS):
                name = f"be/n{number}"
                options = "maxconn 2" if number % 3 == 0 else f"weight {number + 1}"
                self.assertIn("registered", proxy.ask(f"add server {name} 127.0.0.1:{self.server.port} {options}"))
                self.assertEqual(proxy.column("be", f"n{number}", "status"), "MAINT")
                proxy.ask(f"enable server {name}")
                wait_until(lambda n=number: int(proxy.column("be", f"n{n}", "stot")) > 3, f"{name} served")
                proxy.ask(f"disable server {name}")
                wait_until(lambda n=name: "Server deleted." in proxy.ask(f"del server {n}"), f"{name} deleted", 20)
            for client in clients:
                client.stop()
            long_one.sendall(b"still here")
            self.assertEqual(read_exactly(long_one, 10), b"still here")
        self.assertEqual([client.failure for client in clients if client.failure], [])
        self.assertTrue(all(client.sessions for client in clients))
        for column in ("econ", "eresp", "wredis", "cli_abrt", "srv_abrt"):
            self.assertEqual(proxy.column("be", "BACKEND", column), "0", column)

    def test_under_traffic_round_robin(self):
        self.churn("roundrobin")

    def test_under_traffic_leastconn(self):
        self.churn("leastconn")

    def test_under_traffic_random(self):
        self.churn("random")

    def test_a_session_keeps_its_server_from_deletion(self):
        proxy = self.start("")
        proxy.ask(f"add server be/a 127.0.0.1:{self.server.port}")
        proxy.ask("enable server be/a")
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            self.assertIn("Only servers in maintenance mode", proxy.ask("del server be/a"))
            proxy.ask("disable server be/a")
            self.assertIn("Server still has connections attached to it", proxy.ask("del server be/a"))
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")
        wait_until(lambda: "Server deleted." in proxy.ask("del server be/a"), "it was deleted")
        self.assertIn("No such server.", proxy.ask("del server be/a"))

    def test_the_page_and_the_exporter_show_them(self):
        proxy = self.start("    server s0 127.0.0.1:1")
        proxy.ask("add server be/newcomer 127.0.0.1:1 weight 7")
        self.assertIn("\nbe,newcomer,", self.get("/stats;csv"))
        self.assertIn("newcomer", self.get("/stats"))
        self.assertIn('haproxy_server_status{proxy="be",server="newcomer",state="MAINT"} 1', self.get("/metrics"))
        proxy.ask("del server be/newcomer")
        for path in ("/stats;csv", "/stats", "/metrics"):
            self.assertNotIn("newcomer", self.get(path))

    def test_checks_begin_when_they_are_enabled_and_end_with_the_server(self):
        proxy = self.start("")
        proxy.ask(f"add server be/a 127.0.0.1:{self.server.port} check inter 20ms")
        proxy.ask("enable server be/a")
        self.assertEqual(proxy.column("be", "a", "status"), "no check")
        proxy.ask("enable health be/a")
        wait_until(lambda: proxy.column("be", "a", "check_status") == "L4OK", "it was checked")
        wait_until(lambda: proxy.column("be", "a", "status") == "UP", "it is up")
        self.server.close()
        wait_until(lambda: proxy.column("be", "a", "status") == "DOWN", "its death was seen")
        proxy.ask("disable server be/a")
        self.assertIn("Server deleted.", proxy.ask("del server be/a"))

    def test_memory_does_not_grow(self):
        proxy = self.start("    balance leastconn\n    server s0 127.0.0.1:1")

        def pairs():
            for _ in range(20):
                answer = proxy.ask(";".join(["add server be/n 127.0.0.1:1 check inter 1h", "del server be/n"] * 50))
                self.assertEqual(answer.count("New server registered."), 50)
                self.assertEqual(answer.count("Server deleted."), 50)

        memory.assert_constant(proxy.pid, pairs, tolerated_kb=1000)


if __name__ == "__main__":
    unittest.main()
