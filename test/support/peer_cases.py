"""Two proxies that share stick tables, of which either may be any program: what the one knows the other learns."""
import re

from proxy import PROGRAM, Proxy, free_port, wait_until
from traffic import Server, connect

KEPT = "server_id,server_key,gpt0,gpc0,gpc1,conn_cnt,conn_cur,conn_rate(1h),bytes_in_cnt,http_req_rate(1h)"


def entries(text):
    """What show table says of each key: its data by their names, without places and times."""
    found = {}
    for line in text.splitlines():
        if match := re.match(r"0x[0-9a-f]+: key=(\S+) use=\d+ exp=\d+ ?(.*)", line):
            found[match[1]] = dict(word.split("=") for word in match[2].split())
    return found


class Pair:
    """Two proxies, `a` and `b`, each with its program; none is started yet."""

    def __init__(self, test, programs=(PROGRAM, PROGRAM)):
        self.test, self.programs = test, programs
        self.ports = {name: free_port() for name in "ab"}
        self.fronts = {name: free_port() for name in "ab"}
        self.server = Server()
        test.addCleanup(self.server.close)
        self.more = ""

    def text(self, name):
        return f"""
    localpeer {name}
    stats socket {{directory}}/unused.sock
defaults
    mode tcp
    timeout connect 5s
    timeout client 1m
    timeout server 1m
peers both
    peer a 127.0.0.1:{self.ports["a"]}
    peer b 127.0.0.1:{self.ports["b"]}
    table own type integer size 1k expire 1h store gpc(2),gpt(3),gpc_rate(2,1h)
frontend fe
    bind 127.0.0.1:{self.fronts[name]}
    tcp-request connection track-sc0 src table kept
    default_backend sticky
backend kept
    stick-table type ip size 100k expire 1h store {KEPT} peers both
backend six
    stick-table type ipv6 size 100 store gpc0 peers both
backend text
    stick-table type string len 50 size 1k expire 1h store gpc0 peers both
backend bytes
    stick-table type binary len 8 size 1k expire 1h store gpc0 peers both
backend alone
    stick-table type ip size 100 store gpc0
backend sticky
    stick-table type ip size 100 expire 1h peers both
    stick on src
    server one 127.0.0.1:{self.server.port}
    server two 127.0.0.1:{self.server.port}
{self.more}""".replace("    stats socket {directory}/unused.sock\n", "")

    def start(self, name, *arguments):
        proxy = Proxy(self.text(name), *arguments, program=self.programs["ab".index(name)])
        self.test.addCleanup(proxy.close)
        return proxy

    def both(self):
        a, b = self.start("a"), self.start("b")
        self.wait_established(a)
        self.wait_established(b)
        return a, b

    @staticmethod
    def wait_established(proxy):
        proxy.wait_for("show peers both", "remote,active.*last_status=ESTA", 30)


def wait_entry(proxy, table, key, **values):
    """Waits until an entry has these data."""
    def there():
        found = entries(proxy.ask(f"show table {table}")).get(key)
        return found is not None and all(found.get(name) == str(value) for name, value in values.items())
    try:
        wait_until(there, "an entry", 30)
    except AssertionError:
        raise AssertionError(f"no {key} with {values} in {table}:\n{proxy.ask('show table ' + table)}"
                             f"{proxy.ask('show peers')}") from None


class PeerCases:
    """Test cases for unittest.TestCase; `programs` are those of a and b."""
    maxDiff = None
    programs = (PROGRAM, PROGRAM)

    def test_a_new_one_is_taught_everything(self):
        pair = Pair(self, self.programs)
        a = pair.start("a")
        a.ask("set table kept key 10.0.0.1 data.gpc0 7 data.gpt0 300 data.conn_cnt 4000000 data.conn_rate 5 data.bytes_in_cnt 99999999999")
        a.ask("set table text key hello data.gpc0 2")
        a.ask("set table six key 2001:db8::1 data.gpc0 3")
        a.ask("set table own key 77")
        a.ask("set table both/own key 77")
        b = pair.start("b")
        wait_entry(b, "kept", "10.0.0.1", gpc0=7, gpt0=300, conn_cnt=4000000, bytes_in_cnt=99999999999, conn_cur=0)
        self.assertEqual(entries(b.ask("show table kept"))["10.0.0.1"]["conn_rate(3600000)"], "5")
        wait_entry(b, "text", "hello", gpc0=2)
        wait_entry(b, "six", "2001:db8::1", gpc0=3)
        wait_entry(b, "both/own", "77", gpc0=0, gpc1=0, gpt2=0)
        self.assertEqual(entries(b.ask("show table alone")), {})

    def test_changes_go_both_ways(self):
        a, b = Pair(self, self.programs).both()
        for number in range(1, 4):
            a.ask(f"set table kept key 10.0.0.1 data.gpc0 {number}")
            wait_entry(b, "kept", "10.0.0.1", gpc0=number)
            b.ask(f"set table text key k{number} data.gpc0 {number}")
            wait_entry(a, "text", f"k{number}", gpc0=number)
        b.ask("set table kept key 10.0.0.1 data.gpc0 9")
        wait_entry(a, "kept", "10.0.0.1", gpc0=9)
        # What is removed here stays there.
        a.ask("clear table kept key 10.0.0.1")
        a.ask("set table kept key 10.0.0.2 data.gpc0 1")
        wait_entry(b, "kept", "10.0.0.2", gpc0=1)
        self.assertIn("10.0.0.1", entries(b.ask("show table kept")))

    def test_traffic_is_counted_at_the_other_end_too(self):
        pair = Pair(self, self.programs)
        a, b = pair.both()
        for _ in range(3):
            with connect(pair.fronts["a"]) as client:
                client.sendall(b"x")
                self.assertEqual(client.recv(1), b"x")
        wait_entry(b, "kept", "127.0.0.1", conn_cnt=3, bytes_in_cnt=3, conn_cur=0)
        chosen = entries(a.ask("show table sticky"))["127.0.0.1"]
        wait_entry(b, "sticky", "127.0.0.1", **chosen)
        self.assertIn(chosen["server_key"], ("one", "two"))
        first = "        TX dictionary cache:\n            0 -> " + chosen["server_key"]
        self.assertIn(first, a.ask("show peers dict"))
        self.assertRegex(b.ask("show peers dict"), f"RX dictionary cache:\n            0 -> {chosen['server_key']}    1 -> -    2 -> -    3 -> -\n")

    def test_thousands_are_taught(self):
        pair = Pair(self, self.programs)
        a = pair.start("a")
        for first in range(0, 3000, 500):
            a.ask(";".join(f"set table kept key 10.1.{i >> 8}.{i & 255} data.gpc0 {i}" for i in range(first, first + 500)))
        b = pair.start("b")
        wait_until(lambda: "used:3000" in b.ask("show table"), "3000 entries", 60)
        wait_entry(b, "kept", "10.1.11.183", gpc0=2999)

    def test_whoever_comes_back_is_told_what_it_missed(self):
        pair = Pair(self, self.programs)
        a, b = pair.both()
        a.ask("set table text key before data.gpc0 1")
        wait_entry(b, "text", "before", gpc0=1)
        b.close()
        a.ask("set table text key meanwhile data.gpc0 2")
        b = pair.start("b")
        wait_entry(b, "text", "before", gpc0=1)
        wait_entry(b, "text", "meanwhile", gpc0=2)
        b.ask("set table text key after data.gpc0 3")
        wait_entry(a, "text", "after", gpc0=3)

    def test_a_reload_teaches_the_next_process(self):
        pair = Pair(self, self.programs)
        old = pair.start("a")
        old.ask("set table text key kept data.gpc0 5")
        old.ask("set table both/own key 3")
        # haproxy teaches only what it thinks is all that there is.
        old.wait_for("show peers both", "resync_timeout=<PAST>", 30)
        new = pair.start("a", "-sf", str(old.pid))
        wait_entry(new, "text", "kept", gpc0=5)
        wait_entry(new, "both/own", "3")
        self.assertEqual(old.wait_exit(30), 0)

    def test_show_peers_shows_both_ends(self):
        a, _ = Pair(self, self.programs).both()
        text = a.ask("show peers both")
        self.assertRegex(text, r"0x[0-9a-f]+: \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d\] id=both disabled=0 flags=0x[0-9a-f]+ resync_timeout=")
        self.assertRegex(text, r"id=a\(local,inactive\) addr=127.0.0.1:\d+ last_status=NONE last_hdshk=<NEVER>")
        self.assertRegex(text, r"id=b\(remote,active\) addr=127.0.0.1:\d+ last_status=ESTA last_hdshk=\d+s")
        self.assertRegex(text, r"shared tables:\n +0x[0-9a-f]+ local_id=\d+ remote_id=\d+ flags=0x[0-9a-f]+ remote_data=0x")
        self.assertIn('Dictionary cache not dumped (use "show peers dict")', text)
        self.assertIn("TX dictionary cache:", a.ask("show peers dict both"))
        self.assertIn("No such peers", a.ask("show peers other"))
        self.assertRegex(a.ask("show info"), "ActivePeers: 1\nConnectedPeers: 1\n")
        self.assertRegex(a.wait_for("show peers both", r"tx_hbt=[1-9]\d* rx_hbt=[1-9]", 30), "no_hbt=0")
