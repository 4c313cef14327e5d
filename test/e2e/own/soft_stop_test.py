"""A soft stop drops nobody: haproxy 2.6 resets the clients that it has not yet accepted."""
import signal
import unittest

from proxy import DEFAULTS, Proxy, free_port
from traffic import Server, connect, read_exactly


class SoftStopTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port = free_port()
        self.proxy = Proxy(f"""{DEFAULTS}
listen l
    bind 127.0.0.1:{self.port}
    server one 127.0.0.1:{self.server.port}
""")
        self.addCleanup(self.proxy.close)

    def test_those_who_wait_to_be_accepted_are_served(self):
        self.proxy.suspend()  # So that all of them wait in the listener's queue.
        clients = [connect(self.port) for _ in range(500)]
        for client in clients:
            client.sendall(b"one")
        self.proxy.signal(signal.SIGUSR1)
        self.proxy.signal(signal.SIGCONT)
        for client in clients:
            self.assertEqual(read_exactly(client, 3), b"one")
            client.close()
        self.assertEqual(self.proxy.wait_exit(), 0)


if __name__ == "__main__":
    unittest.main()
