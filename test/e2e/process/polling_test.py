"""Without epoll and without poll it works as with them, and an idle session costs no time."""
import os
import time
import unittest

from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, connect, read_exactly

METHODS = ("    noepoll\n", "    noepoll\n    nopoll\n")


class PollingTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port = free_port()

    def proxy(self, words):
        return Proxy(f"{words}    nbthread 2\n    maxconn 100\n{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{self.port}\n"
                     f"    server one 127.0.0.1:{self.server.port}\n")

    def seconds_used(self, proxy):
        nanoseconds = 0
        for task in os.listdir(f"/proc/{proxy.pid}/task"):
            with open(f"/proc/{proxy.pid}/task/{task}/schedstat", encoding="ascii") as file:
                nanoseconds += int(file.read().split()[0])
        return nanoseconds / 1e9

    def test_an_idle_session_costs_no_time(self):
        for words in METHODS:
            with self.subTest(words), self.proxy(words) as proxy, connect(self.port) as client:
                client.sendall(b"x")
                read_exactly(client, 1)
                before = self.seconds_used(proxy)
                time.sleep(0.4)  # What is looked at is that nothing happens in it.
                self.assertLess(self.seconds_used(proxy) - before, 0.02)

    def test_busy_polling_never_sleeps(self):
        with self.proxy("    busy-polling\n") as proxy, connect(self.port) as client:
            client.sendall(b"x")
            read_exactly(client, 1)
            before = self.seconds_used(proxy)
            wait_until(lambda: self.seconds_used(proxy) - before > 0.2, "an idle session costs time")

    def test_much_goes_both_ways(self):
        data = os.urandom(1 << 20) * 3
        for words in (*METHODS, "    busy-polling\n"):
            with self.subTest(words), self.proxy(words), connect(self.port) as client:
                client.setblocking(True)
                sent = 0
                echoed = bytearray()
                while len(echoed) < len(data):
                    # A whole piece, so that at times one side is blocked and at times the other.
                    piece = data[sent:sent + 500_000]
                    client.sendall(piece)
                    sent += len(piece)
                    echoed += read_exactly(client, len(piece))
                self.assertEqual(bytes(echoed), data)


if __name__ == "__main__":
    unittest.main()
