"""With option independent-streams a side that only listens has its timeout all the same."""
import unittest

from log_collector import LogCollector
from proxy import DEFAULTS, Proxy, free_port
from traffic import Server, connect

PAUSE_S = 0.05
ENOUGH = 16  # pieces, which take twice as long as the timeouts
MOST = 200


def drip(connection, most=MOST):
    """A byte after each pause, until the other side has ended; how many there were."""
    connection.settimeout(PAUSE_S)
    for count in range(most):
        connection.sendall(b"x")
        try:
            if not connection.recv(1):
                return count
        except TimeoutError:
            pass
    return most


class IndependentStreams(unittest.TestCase):
    def setUp(self):
        self.log = LogCollector()
        self.addCleanup(self.log.close)
        self.counts = []

    def proxy(self, serve, frontend="", backend=""):
        server = Server(serve)
        self.addCleanup(server.close)
        self.port = free_port()
        proxy = Proxy(f"""{DEFAULTS}
    timeout client 400ms
    timeout server 400ms
    log {self.log.address} local0
    log-format "%ts"
frontend f
    bind 127.0.0.1:{self.port}
    {frontend}
    default_backend b
backend b
    {backend}
    server s 127.0.0.1:{server.port}
""")
        self.addCleanup(proxy.close)

    @staticmethod
    def listen(connection):
        while connection.recv(1000):
            pass

    def test_what_is_heard_keeps_both_sides(self):
        with self.subTest("client"):
            self.proxy(self.listen, frontend="option independent-streams")
            with connect(self.port) as client:
                self.assertEqual(drip(client, ENOUGH), ENOUGH)
        with self.subTest("server"):
            self.proxy(drip, backend="option independent-streams")
            with connect(self.port) as client:
                for _ in range(ENOUGH):
                    self.assertEqual(client.recv(1), b"x")

    def test_a_client_that_only_listens_counts_as_having_ended(self):
        """The server, which goes on sending, is told so; what it sends still comes to the client."""
        self.proxy(lambda server: self.counts.append(drip(server)), frontend="option independent-streams")
        with connect(self.port) as client:
            self.listen(client)
            self.log.wait_for(": cD")
        self.assertLess(self.counts[0], MOST)

    def test_a_server_that_only_listens_counts_as_having_ended(self):
        self.proxy(self.listen, backend="option independent-streams")
        with connect(self.port) as client:
            self.assertLess(drip(client), MOST)
        self.log.wait_for(": sD")


if __name__ == "__main__":
    unittest.main()
