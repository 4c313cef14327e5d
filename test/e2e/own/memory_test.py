"""Out of memory (-m), only the connections that ask for more of it pay. haproxy needs ten times as much for its threads."""
import math
import re
import resource
import socket
import unittest

import background
from log_collector import LogCollector
from memory import mapped_files_mb, sanitized
from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, connect, exchange, read_exactly


class Sink:
    """A server that takes connections and never reads."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(4096)
        self.port = self.listener.getsockname()[1]
        self.held = []
        background.watch(self.listener)
        background.start(self._accept)

    def _accept(self):
        try:
            while True:
                self.held.append(self.listener.accept()[0])
        except OSError:
            pass

    def close(self):
        background.forget(self.listener)
        background.shut(self.listener)
        self.listener.close()
        for connection in self.held:
            connection.close()


@unittest.skipIf(sanitized(), "a sanitizer maps more than any limit")
class MemoryTest(unittest.TestCase):
    def setUp(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.server, self.sink, self.log = Server(backlog=1024), Sink(), LogCollector()
        self.addCleanup(self.server.close)
        self.addCleanup(self.log.close)
        self.good, self.bad = free_port(), free_port()

    def start(self, megabytes):
        """A proxy with so much memory beside what its program takes."""
        proxy = Proxy(f"""
    maxconn 8000
    nbthread 2
    tune.sndbuf.server 8192
    tune.rcvbuf.client 8192
    log {self.log.address} local0
{DEFAULTS}
    timeout client 60s
    timeout server 60s
    log global
    option tcplog
listen good
    bind 127.0.0.1:{self.good}
    server one 127.0.0.1:{self.server.port}
listen bad
    bind 127.0.0.1:{self.bad}
    server one 127.0.0.1:{self.sink.port}
""", "-m", str(math.ceil(mapped_files_mb() + megabytes)))
        self.addCleanup(proxy.close)
        return proxy

    def figure(self, proxy, name):
        """When nothing is left, whoever asks may be turned away for a moment, too."""
        found = []

        def answered():
            try:
                found[:] = re.findall(rf"^{name}: (\d+)$", proxy.ask("show info"), re.MULTILINE)
            except OSError:
                pass
            return found
        wait_until(answered, "the runtime API answers")
        return int(found[0])

    def exhaust(self, proxy, clients, bytes_each):
        """Clients until the proxy has refused many."""
        crowd = []
        for _ in range(clients):
            client = connect(self.bad)
            client.setblocking(False)
            try:
                client.sendall(b"x" * bytes_each)
            except OSError:
                pass  # It takes no more, or closed the connection.
            crowd.append(client)
        wait_until(lambda: self.figure(proxy, "PoolFailed") > 0, "memory runs out")
        return crowd

    def dispersed(self, proxy, crowd):
        for client in crowd:
            client.close()
        self.sink.close()
        wait_until(lambda: self.figure(proxy, "CurrConns") == 1, "all but one session have ended", 10)

    def served(self):
        try:
            return exchange(self.good) == b"ping\n"
        except OSError:
            return False

    def test_peers_that_do_not_read_cost_no_others_their_connection(self):
        proxy = self.start(6.4)
        old = connect(self.good)
        self.addCleanup(old.close)
        old.sendall(b"one")
        self.assertEqual(read_exactly(old, 3), b"one")
        crowd = self.exhaust(proxy, 1200, 300_000)
        self.log.wait_for(r" bad bad/one \d+/\d+/\d+ 0 RD ")
        old.sendall(b"two")
        self.assertEqual(read_exactly(old, 3), b"two")
        self.assertEqual(exchange(self.good), b"ping\n")
        # Most of them stay: who is blocked holds 4 kB when memory is short.
        self.assertGreater(self.figure(proxy, "CurrConns"), 500)
        self.dispersed(proxy, crowd)
        self.assertEqual(exchange(self.good), b"ping\n")

    def test_too_many_clients_are_refused_and_the_others_stay(self):
        proxy = self.start(2.4)
        old = connect(self.good)
        self.addCleanup(old.close)
        old.sendall(b"one")
        self.assertEqual(read_exactly(old, 3), b"one")
        crowd = self.exhaust(proxy, 2500, 1)
        old.sendall(b"two")
        self.assertEqual(read_exactly(old, 3), b"two")
        self.dispersed(proxy, crowd)
        wait_until(self.served, "new clients are served again")


if __name__ == "__main__":
    unittest.main()
