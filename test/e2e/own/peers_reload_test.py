"""Peers over a reload in place: tables and connections go on, and only what the file says anew begins anew."""
import unittest

from fake_peer import FakePeer, definition, update
from peer_cases import Pair, entries, wait_entry
from proxy import free_port, wait_until


class PeersReloadTest(unittest.TestCase):
    def reload(self, pair, proxy, name):
        with open(proxy.file, "w", encoding="utf-8") as file:
            file.write(f"global\n    stats socket {proxy.cli} mode 600 level admin\n{pair.text(name)}\n")
        return proxy.ask("reload")

    def sessions(self, proxy):
        """How many there have been with each peer."""
        proxy.wait_for("show peers both", "last_status=ESTA", 30)
        return sum(int(line.split("new_conn=")[1].split()[0]) for line in proxy.ask("show peers both").splitlines() if "new_conn=" in line)

    def test_connections_and_tables_go_on(self):
        pair = Pair(self)
        a, b = pair.both()
        a.ask("set table text key before data.gpc0 1")
        wait_entry(b, "text", "before", gpc0=1)
        before = self.sessions(b)
        pair.more = "backend more\n    stick-table type ip size 10 store gpc0 peers both\n"
        self.reload(pair, a, "a")
        self.reload(pair, b, "b")
        a.ask("set table text key after data.gpc0 2")
        a.ask("set table more key 10.0.0.1 data.gpc0 3")
        wait_entry(b, "text", "after", gpc0=2)
        wait_entry(b, "more", "10.0.0.1", gpc0=3)
        self.assertIn("before", entries(a.ask("show table text")))
        self.assertEqual(self.sessions(b), before)
        # One that peers have no more is known to them, and told of no more.
        pair.more = "backend more\n    stick-table type ip size 10 store gpc0\n"
        self.reload(pair, a, "a")
        a.ask("set table more key 10.0.0.2 data.gpc0 4")
        a.ask("set table text key last data.gpc0 5")
        wait_entry(b, "text", "last", gpc0=5)
        self.assertEqual(list(entries(b.ask("show table more"))), ["10.0.0.1"])

    def test_a_table_may_begin_to_have_peers(self):
        pair = Pair(self)
        pair.more = "backend more\n    stick-table type ip size 10 expire 1h store gpc0,conn_rate(1h)\n"
        a, b = pair.both()
        a.ask("set table more key 10.0.0.1 data.gpc0 3 data.conn_rate 4")
        pair.more = "backend more\n    stick-table type ip size 10 expire 1h store gpc0,conn_rate(1h) peers both\n"
        self.reload(pair, b, "b")
        self.reload(pair, a, "a")
        for each in (a, b):
            wait_entry(each, "more", "10.0.0.1", **{"gpc0": 3, "conn_rate(3600000)": 4})
        pair.more = "backend more\n    stick-table type ip size 10k expire 1h store gpc0,conn_rate(1h)\n"
        self.reload(pair, a, "a")
        wait_entry(a, "more", "10.0.0.1", **{"gpc0": 3, "conn_rate(3600000)": 4})

    def test_a_peer_comes_goes_and_moves(self):
        pair = Pair(self)
        a = pair.start("a")
        port = free_port()
        pair.more = f"peers other\n    peer a 127.0.0.1:{port}\n    peer c 127.0.0.1:1\n    table t type ip size 10 expire 1h store gpc0\n"
        self.reload(pair, a, "a")
        with FakePeer(port, "c") as c:
            self.assertEqual(c.status, "200")
            c.send(definition("/t") + update(1, b"\x0a\0\0\1", 7))
            wait_entry(a, "other/t", "10.0.0.1", gpc0=7)
            pair.more = pair.more.replace("peer c", "peer d")
            self.reload(pair, a, "a")
            c.read_to_end()
        with FakePeer(port, "c") as c:
            self.assertEqual(c.status, "504")
        moved = free_port()
        pair.more = pair.more.replace(str(port), str(moved))
        self.reload(pair, a, "a")
        with FakePeer(moved, "d") as d:
            self.assertEqual(d.status, "200")
            self.assertRaises(ConnectionRefusedError, FakePeer, port, "d")
            wait_entry(a, "other/t", "10.0.0.1", gpc0=7)
            pair.more = ""
            self.reload(pair, a, "a")
            d.read_to_end()
        self.assertRaises(ConnectionRefusedError, FakePeer, moved, "d")
        self.assertNotIn("other", a.ask("show peers"))

    def test_an_address_that_is_taken_refuses_the_reload(self):
        pair = Pair(self)
        a = pair.start("a")
        pair.more = f"peers other\n    peer a 127.0.0.1:{pair.server.port}\n    table t type ip size 10\n"
        self.assertIn("for proxy a: cannot bind socket", self.reload(pair, a, "a"))
        self.assertNotIn("other", a.ask("show peers"))

    def test_two_that_start_at_once_find_each_other(self):
        for _ in range(3):
            pair = Pair(self)
            a = pair.start("a")
            b = pair.start("b")
            for each in (a, b):
                wait_until(lambda proxy=each: "ActivePeers: 1" in proxy.ask("show info"), "a connection", 30)
            a.ask("set table text key x data.gpc0 1")
            wait_entry(b, "text", "x", gpc0=1)
            a.close()
            b.close()


if __name__ == "__main__":
    unittest.main()
