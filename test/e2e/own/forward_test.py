"""log-forward: its limits, which haproxy 2.6 has and does not keep, and what a reload in place makes of it."""
import socket
import unittest

from proxy import Proxy, free_port, wait_until
from traffic import connect


class ForwardLimitsTest(unittest.TestCase):
    def setUp(self):
        self.port, self.other_port = free_port(), free_port()
        self.proxy = Proxy(self.text("2s"))
        self.addCleanup(self.proxy.close)

    def text(self, timeout, level="debug"):
        return f"""
ring kept
  format short
log-forward relay
  bind 127.0.0.1:{self.port}
  dgram-bind 127.0.0.1:{self.port}
  maxconn 2
  timeout client {timeout}
  log ring@kept local0 {level}
frontend f
  mode tcp
  timeout client 1s
  bind 127.0.0.1:{self.other_port}
"""

    def events(self):
        return [line for line in self.proxy.ask("show events kept").splitlines() if line]

    def count(self, text):
        return sum(text in line for line in self.events())

    def test_who_is_too_many_waits_and_who_is_silent_goes(self):
        with connect(self.port) as first, connect(self.port) as second, connect(self.port) as third:
            for client in first, second:
                client.sendall(b"<14>among the first\n")
            wait_until(lambda: self.count("among the first") == 2, "their messages")
            third.sendall(b"<14>the third\n")
            self.assertEqual(self.count("the third"), 0)
            second.close()
            wait_until(lambda: self.count("the third") == 1, "its message")
            # Both have been silent for as long as they may.
            self.assertEqual([client.recv(1) for client in (first, third)], [b"", b""])

    def test_a_flood_neither_blocks_the_process_nor_is_all_lost(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for number in range(20000):
                sender.sendto(b"<14>flood %d" % number, ("127.0.0.1", self.port))
            sender.sendto(b"<13>end", ("127.0.0.1", self.port))
        wait_until(lambda: self.count("flood") > 100, "the flood")
        self.assertIn("CumRecvLogs", self.proxy.ask("show info"))

    def test_a_reload_leaves_it_alone_or_says_that_a_restart_is_needed(self):
        with connect(self.port) as client:
            self.assertNotIn("restart", self.proxy.reload_from("ring kept", self.text("2s")))
            client.sendall(b"<14>goes on\n")
            wait_until(lambda: self.count("goes on") == 1, "its message")
        for text in self.text("3s"), self.text("2s", "err"), self.text("2s").replace("format short", "format raw"):
            self.assertIn("A restart is needed, for only a new process can change: log-forward", self.proxy.reload_from("ring kept", text))

    def test_a_soft_stop_takes_nothing_more(self):
        with connect(self.port) as client:
            client.sendall(b"<14>before\n")
            wait_until(lambda: self.count("before") == 1, "its message")
        self.proxy.process.send_signal(10)
        self.assertEqual(self.proxy.wait_exit(), 0)


if __name__ == "__main__":
    unittest.main()
