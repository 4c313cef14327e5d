"""Peers that lie, flood, never read or say nothing: they cost a bounded time and memory, the log tells of them, and traffic goes on.

haproxy's log has no lines of these."""
import threading
import time
import unittest

from fake_peer import CONFIRM, HEARTBEAT, RESYNC_REQUEST, FakePeer, address, definition, message, number, update
from log_collector import LogCollector
from memory import resident_kb, sanitized
from proxy import Proxy, free_port, unheld_port, wait_until
from traffic import Server, connect


class HostilePeersTest(unittest.TestCase):
    def setUp(self):
        self.log, self.server = LogCollector(), Server()
        self.addCleanup(self.log.close)
        self.addCleanup(self.server.close)
        self.port, self.front = free_port(), free_port()
        self.proxy = Proxy(f"""
    localpeer a
    nbthread 2
peers p
    log {self.log.address} local0
    peer a 127.0.0.1:{self.port}
    peer b 127.0.0.1:{unheld_port()}
    table t type ip size 100k expire 1h store gpc0
    table s type string len 20 size 1k expire 1h store gpc0
    table servers type ip size 1k expire 1h store server_key
frontend fe
    mode tcp
    bind 127.0.0.1:{self.front}
    timeout client 1m
    tcp-request connection track-sc0 src table p/t
    default_backend be
backend be
    mode tcp
    timeout connect 5s
    timeout server 1m
    server one 127.0.0.1:{self.server.port}
""")
        self.addCleanup(self.proxy.close)

    def assert_traffic_goes_on(self):
        with connect(self.front) as client:
            client.sendall(b"x")
            self.assertEqual(client.recv(1), b"x")

    def assert_grown_by_less_than(self, kilobytes, before):
        if not sanitized():
            self.assertLess(resident_kb(self.proxy.pid) - before, kilobytes)

    def peer(self, **options):
        peer = FakePeer(self.port, **options)
        self.addCleanup(peer.close)
        return peer

    def test_who_is_no_peer_is_turned_away(self):
        cases = {b"GET / HTTP/1.0\r\n\r\n": b"501\n", b"HAProxyS 3.0\na\nb 1 1\n": b"502\n", b"HAProxyS 2.1\nx\nb 1 1\n": b"503\n",
                 b"HAProxyS 2.1\na\nx 1 1\n": b"504\n", b"HAProxyS 2.1\n" + b"a" * 3000: b"501\n"}
        for said, answer in cases.items():
            with FakePeer(self.port, greet=False) as stranger:
                stranger.send(said)
                self.assertEqual(stranger.read_to_end(), answer, said)
        self.log.wait_for(r"Peers section 'p': somebody who is no peer has connected, and was refused \(501\)\.", deadline=30)
        self.assert_traffic_goes_on()

    def test_names_of_strangers_do_no_harm_to_the_log(self):
        with FakePeer(self.port, greet=False) as stranger:
            stranger.send(b"HAProxyS 2.1\na\n\x1b[31m" + b"x" * 500 + b" 1 1\n")
            self.assertEqual(stranger.read_to_end(), b"504\n")
        self.log.wait_for(r"an unknown peer, '\?\[31mx{59}' has connected, and was refused \(504\)\.$", deadline=30)

    def test_a_proxy_header_is_read_where_one_is_asked_for(self):
        port = free_port()
        with Proxy(f"    localpeer a\npeers p\n    log {self.log.address} local0\n    bind 127.0.0.1:{port} accept-proxy\n"
                   "    server a\n    server b 127.0.0.1:1\n    table t type ip size 10\n"):
            hello = b"HAProxyS 2.1\na\nb 1 1\n"
            with FakePeer(port, greet=False) as peer:
                peer.send(b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + hello)
                self.assertEqual(peer.line(), "200")
            with FakePeer(port, greet=False) as peer:
                peer.send(hello)
                self.assertEqual(peer.read_to_end(), b"")
            self.log.wait_for("a connection is closed: ", deadline=30)

    def test_strangers_who_say_nothing_do_not_stay(self):
        strangers = [FakePeer(self.port, greet=False) for _ in range(150)]
        for each in strangers:
            self.addCleanup(each.close)
        self.log.wait_for("too many connect", deadline=30)
        self.assert_traffic_goes_on()
        for each in strangers:
            self.assertEqual(each.read_to_end(), b"")
        self.assertEqual(self.peer().status, "200")

    def assert_broken(self, said, why, answer=b"\1\0"):
        with FakePeer(self.port) as liar:
            self.assertEqual(liar.status, "200")
            liar.send(said)
            self.assertTrue(liar.read_to_end().endswith(answer), (said, liar.received))
        self.log.wait_for(why, deadline=30)
        self.assert_traffic_goes_on()

    def test_a_liar_is_told_so_and_left(self):
        self.assert_broken(message(130, b"\1"), "peer 'b' defines a table that nobody understands; the connection is closed")
        self.assert_broken(definition("/t") + message(128, b"\0\0\0\1"), "peer 'b' sends a malformed entry")
        self.assert_broken(b"\x0a\x80" + b"\xff" * 20, "peer 'b' says something malformed")
        self.assert_broken(b"\x0a\x80" + number(100000), "peer 'b' says something too long", b"\1\1")
        self.assert_broken(message(132, b""), "peer 'b' acknowledges nothing")
        self.assertIn("proto_err=5", self.proxy.ask("show peers"))

    def test_what_does_not_fit_is_passed_over(self):
        peer = self.peer()
        peer.send(definition("/nobody") + update(1, address(1), 1))
        peer.send(definition("/t", key_type=6, key_size=20) + update(1, b"\3abc", 1))
        peer.send(definition("/s", key_type=4) + update(1, address(1), 1))
        # Other data, of which none is ours, and kinds that nobody knows yet.
        peer.send(definition("/t", data=2 | 1 << 30) + update(1, address(2), 300, 7))
        peer.send(b"\0\x50\x09\1" + message(200, b"later"))
        # What we never sent is acknowledged, and so is what is not there.
        peer.send(message(132, number(1) + b"\0\0\1\0") + message(132, number(99) + b"\0\0\0\1"))
        peer.send(definition("/t") + update(7, address(3), 42))
        peer.wait_for(b"\n\x84\x05\1\0\0\0\7")
        self.assertRegex(self.proxy.ask("show table p/t"), r"used:2\n(.*\n)*.*key=10.0.0.3 .*gpc0=42")
        self.assertIn("used:0", self.proxy.ask("show table p/s"))

    def test_a_flood_fills_tables_to_their_size_and_no_further(self):
        peer = self.peer()
        before = resident_kb(self.proxy.pid)
        ends = time.monotonic() + 4
        drain = threading.Thread(target=peer.read_to_end, daemon=True)
        drain.start()
        count = 0
        peer.send(definition("/t"))
        while time.monotonic() < ends:
            peer.send(b"".join(update(i, address(i), i) for i in range(count, count + 2000)))
            count += 2000
            self.assert_traffic_goes_on()
        peer.send(definition("/servers", data=1 << 19, number_of=2))
        names = (str(i).encode() * 20 for i in range(20000))
        for i, name in enumerate(names):
            value = number(i % 128 + 1) + number(len(name)) + name
            peer.send(message(128, i.to_bytes(4, "big") + address(i) + number(len(value)) + value))
        peer.send(RESYNC_REQUEST * 20000 + HEARTBEAT)
        wait_until(lambda: "key=10.0.78.31 " in self.proxy.ask("show table p/servers"), "the last entry", 60)
        self.assert_traffic_goes_on()
        for table, size in (("t", 102400), ("servers", 1024)):
            self.assertLessEqual(int(self.proxy.ask(f"show table p/{table}").split("used:")[1].split()[0]), size)
        self.assert_grown_by_less_than(80000, before)

    def test_who_never_reads_is_left(self):
        teacher = self.peer()
        teacher.send(definition("/t"))
        for first in range(0, 100000, 1000):
            teacher.send(b"".join(update(i, address(i), i) for i in range(first, first + 1000)))
        wait_until(lambda: "used:100000" in self.proxy.ask("show table"), "all entries", 60)
        teacher.close()
        before = resident_kb(self.proxy.pid)
        deaf = self.peer(buffer=4096)
        self.assert_traffic_goes_on()

        def beat():
            try:
                deaf.send(CONFIRM + RESYNC_REQUEST + HEARTBEAT)  # More than the kernel takes.
            except OSError:
                pass
            return "does not read" in "".join(self.log.lines)
        wait_until(beat, "the log tells of it", 30)
        self.assert_grown_by_less_than(5000, before)
        self.assert_traffic_goes_on()

    def test_silence_ends_a_connection(self):
        peer = self.peer()
        began = time.monotonic()
        self.assertIn(HEARTBEAT, peer.read_to_end())
        self.assertLess(time.monotonic() - began, 20)
        self.log.wait_for("peer 'b' is silent", deadline=30)
        self.assertIn("no_hbt=1", self.proxy.ask("show peers"))

    def test_the_last_connection_counts(self):
        first, second = self.peer(), self.peer()
        first.read_to_end()
        second.send(definition("/t") + update(1, address(3), 42))
        second.wait_for(b"\n\x84\x05\1\0\0\0\1")
        self.assertRegex(self.proxy.ask("show peers"), "coll=1")


if __name__ == "__main__":
    unittest.main()
