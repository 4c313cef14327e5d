"""A configuration that is read anew while everything runs: what is kept, what is changed, and what is said."""
import os
import signal
import socket
import threading
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port, scratch_directory, unheld_port, wait_until
from traffic import Server, connect, exchange, read_all, read_exactly


def refused(port):
    try:
        connect(port).close()
    except ConnectionRefusedError:
        return True
    return False


def echoed(client, data):
    client.sendall(data)
    return read_exactly(client, len(data))


class ReloadInPlaceTest(unittest.TestCase):
    def setUp(self):
        self.server, self.log = Server(), LogCollector()
        self.addCleanup(self.server.close)
        self.addCleanup(self.log.close)
        self.port = free_port()
        self.servers = [f"server one 127.0.0.1:{self.server.port}"]
        self.binds = [f"bind 127.0.0.1:{self.port}"]
        self.frontend = []
        self.backend = []
        self.globals = ["nbthread 2"]
        self.client_timeout = "1m"
        self.more = ""

    def text(self):
        lines = "\n    ".join
        return (f"    log {self.log.address} local0\n    {lines(self.globals)}\n"
                "defaults\n    mode tcp\n    log global\n    option tcplog\n    timeout connect 5s\n"
                f"    timeout client {self.client_timeout}\n    timeout server 1m\n"
                f"frontend fe\n    {lines(self.binds)}\n    {lines(self.frontend)}\n    default_backend be\n"
                f"backend be\n    {lines(self.backend)}\n    {lines(self.servers)}\n{self.more}")

    def start(self):
        self.proxy = Proxy(self.text())
        self.addCleanup(self.proxy.close)
        return self.proxy

    def write(self):
        with open(self.proxy.file, encoding="utf-8") as file:
            head = file.read().split("    log ", 1)[0]
        with open(self.proxy.file, "w", encoding="utf-8") as file:
            file.write(head + self.text())

    def reload(self, words="reload"):
        self.write()
        return self.proxy.ask(words)

    def test_a_stick_table_goes_on_where_it_stores_the_same(self):
        self.backend = ["stick-table type ip size 100 expire 1h store conn_cnt", "tcp-request content track-sc0 src"]
        proxy = self.start()
        with connect(self.port) as client:
            self.assertEqual(echoed(client, b"x"), b"x")
            self.backend[0] = "stick-table type ip size 50 expire 2h store conn_cnt"
            self.reload()
            self.assertIn("use=1", proxy.ask("show table be"))
            self.assertIn("size:50, used:1", proxy.ask("show table be"))
            # Another table of this name: the session still has the one that it began with.
            self.backend[0] = "stick-table type ip size 50 store conn_cnt,gpc0"
            self.reload()
            self.assertIn("used:0", proxy.ask("show table be"))
            self.assertEqual(echoed(client, b"y"), b"y")
        with connect(self.port) as client:
            self.assertEqual(echoed(client, b"z"), b"z")
            self.assertIn("gpc0=0 conn_cnt=1", proxy.ask("show table be"))

    def test_a_list_that_was_changed_is_read_anew(self):
        blocked = os.path.join(scratch_directory(), "blocked.lst")
        with open(blocked, "w", encoding="utf-8") as file:
            file.write("127.0.0.1\n")
        self.frontend = [f"tcp-request content reject if {{ req.len ge 3 }} {{ src -f {blocked} }}", "tcp-request inspect-delay 10s"]
        proxy = self.start()
        proxy.ask(f"clear acl {blocked}")
        with connect(self.port) as before:
            self.assertEqual(echoed(before, b"one"), b"one")
            # What the change left behind, the session and its generation go at their times.
            proxy.ask(f"add acl {blocked} 10.0.0.0/8")
            self.assertIn("Reloaded", self.reload())
            proxy.ask(f"add acl {blocked} 10.0.0.0/8")
            self.assertRegex(proxy.ask(f"show acl {blocked}"), r"^0x\w+ 127\.0\.0\.1\n0x\w+ 10\.0\.0\.0/8\n\n$")
            with connect(self.port) as client:
                client.sendall(b"two")
                self.assertEqual(read_all(client), b"")
            proxy.ask(f"clear acl {blocked}")
            self.assertEqual(exchange(self.port), b"ping\n")
            self.assertEqual(echoed(before, b"three"), b"three")

    def test_a_session_goes_on_by_what_it_began_with(self):
        proxy = self.start()
        with connect(self.port) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            self.client_timeout = "200ms"
            self.assertRegex(self.reload(), r"^Reloaded \S+haproxy.cfg in \d+ ms: "
                                            r"defaults: timeout client 1m -> 200ms\.\n")
            with connect(self.port) as newcomer:
                newcomer.sendall(b"new")
                self.assertEqual(read_exactly(newcomer, 3), b"new")
                self.assertEqual(read_all(newcomer), b"")  # by its own timeout
            self.log.wait_for(r" fe be/one \S+ 3 cD ")
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")
        self.log.wait_for(r" fe be/one \S+ 6 -- ")
        self.assertEqual(proxy.column("be", "one", "stot"), "2")
        self.assertRegex(proxy.ask("show info"), r"(?m)^CumConns: \d*[2-9]$")

    def test_servers_come_and_go(self):
        other = Server(lambda connection: connection.sendall(b"other"))
        self.addCleanup(other.close)
        proxy = self.start()
        with connect(self.port) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            self.servers = [f"server two 127.0.0.1:{other.port}"]
            self.assertRegex(self.reload(), r": backend be: server two added, server one removed \(1 session goes on\)\.\n")
            with connect(self.port) as newcomer:
                self.assertEqual(read_all(newcomer), b"other")
            self.assertNotIn("\nbe,one,", proxy.ask("show stat"))
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")
        self.log.wait_for(r" fe be/one \S+ 6 -- ")
        self.servers = [f"server one 127.0.0.1:{self.server.port}", f"server two 127.0.0.1:{other.port}"]
        self.reload()
        rows = [line.split(",")[1] for line in proxy.ask("show stat").splitlines() if line.startswith("be,")]
        self.assertEqual(rows, ["one", "two", "BACKEND"])
        self.assertEqual(proxy.column("be", "one", "stot"), "0")  # another one of the same name
        self.assertEqual(proxy.column("be", "two", "stot"), "1")

    def test_listeners_come_and_go(self):
        more, path = free_port(), os.path.join(os.path.dirname(self.start().file), "fe.sock")
        self.binds = [f"bind 127.0.0.1:{more}", f"bind {path}"]
        with connect(self.port) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            self.assertIn(f": frontend fe: bind 127.0.0.1:{more} added", self.reload())
            self.assertTrue(refused(self.port))
            self.assertEqual(exchange(more), b"ping\n")
            with socket.socket(socket.AF_UNIX) as local:
                local.connect(path)
                local.sendall(b"ping")
                self.assertEqual(read_exactly(local, 4), b"ping")
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")

    def test_proxies_come_and_go(self):
        more = free_port()
        proxy = self.start()
        self.more = (f"listen other\n    bind 127.0.0.1:{more}\n    server x 127.0.0.1:{self.server.port}\n")
        self.assertIn(": listen other added.", self.reload())
        with connect(more) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            self.more = ""
            self.assertIn(": listen other removed.", self.reload())
            self.log.wait_for(r"Proxy other stopped \(cumulated conns: FE: 1, BE: 1\)\.$")
            self.assertTrue(refused(more))
            self.assertNotIn("\nother,", proxy.ask("show stat"))
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")
        self.log.wait_for(r" other other/x \S+ 6 -- ")

    def test_another_id_makes_another_server(self):
        def ids():
            lines = proxy.ask("show servers state be").splitlines()[2:]
            return [tuple(line.split(" ")[2:4]) for line in lines if line]

        server = f"127.0.0.1:{self.server.port}"
        self.servers = [f"server one {server} id 5", f"server two {server}", f"server three {server} id 7"]
        proxy = self.start()
        self.assertEqual(ids(), [("5", "one"), ("2", "two"), ("7", "three")])
        proxy.ask("set server be/one weight 3")
        proxy.ask("set server be/two weight 3")
        with connect(self.port) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            # An id that changes, one that another gives up, and one that another has by chance.
            self.servers = [f"server one {server} id 7", f"server two {server}", f"server new {server} id 5",
                            f"server last {server} id 2"]
            self.reload()
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")
        self.log.wait_for(r" fe be/one \S+ 6 -- ")
        self.assertEqual(ids(), [("7", "one"), ("3", "two"), ("5", "new"), ("2", "last")])
        self.assertEqual([proxy.column("be", name, "weight") for name in ("one", "two")], ["1", "3"])
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_sessions_of_what_was_removed_end_when_the_time_is_up(self):
        other, kept = free_port(), free_port()
        last = Server()
        self.addCleanup(last.close)
        self.globals += ["hard-stop-after 300ms"]
        self.binds += [f"bind 127.0.0.1:{kept}"]
        self.frontend = ["use_backend two if FALSE"]
        self.more = (f"listen going\n    bind 127.0.0.1:{other}\n    server x 127.0.0.1:{self.server.port}\n"
                     f"backend two\n    server two 127.0.0.1:{last.port}\n")
        listener, gone = self.port, self.more
        proxy = self.start()

        def open_session(port):
            client = connect(port)
            self.addCleanup(client.close)
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            return client

        # By a listener, a proxy and a server that go; and by ones that stay.
        by_listener, by_proxy, staying = open_session(listener), open_session(other), open_session(kept)
        self.binds, self.more, self.frontend = [f"bind 127.0.0.1:{kept}"], "", []
        self.reload()
        self.assertEqual((read_all(by_listener), read_all(by_proxy)), (b"", b""))
        self.log.wait_for(r"Proxy going hard-stopped \(1 remaining conns will be closed\)\.$")
        self.log.wait_for(r" going going/x \S+ 3 K- ")
        self.log.wait_for(r" fe be/one \S+ 3 K- ")
        self.servers = [f"server two 127.0.0.1:{last.port}"]
        self.reload()
        self.assertEqual(read_all(staying), b"")
        self.log.wait_for(r"Server be/one hard-stopped \(1 remaining conns will be closed\)\.$")
        # What is back in time, or was only changed, is not ended.
        staying = open_session(kept)
        self.binds, self.more = [f"bind 127.0.0.1:{listener}"], gone
        self.reload()
        self.binds += [f"bind 127.0.0.1:{kept}"]
        self.client_timeout = "2m"
        self.reload()
        proxy_session = open_session(other)
        self.more = ""
        self.reload()
        self.assertEqual(read_all(proxy_session), b"")
        staying.sendall(b"two")
        self.assertEqual(read_exactly(staying, 3), b"two")

    def test_what_was_set_by_hand_stays_unless_the_file_says_another_thing(self):
        self.servers += ["server two 127.0.0.1:1 weight 10 maxconn 7", "server three 127.0.0.1:1"]
        proxy = self.start()
        proxy.ask("set server be/two weight 5")
        proxy.ask("set maxconn server be/two 9")
        proxy.ask("set server be/two addr 127.0.0.2")
        proxy.ask("disable server be/three")
        proxy.ask("add server be/added 127.0.0.1:1")
        self.client_timeout = "2m"
        self.reload()
        self.assertEqual(proxy.columns("be", "two", "weight", "slim", "addr"), ("5", "9", "127.0.0.2:1"))
        self.assertEqual(proxy.column("be", "three", "status"), "MAINT")
        self.assertEqual(proxy.column("be", "added", "status"), "MAINT")
        self.servers[1] = "server two 127.0.0.1:2 weight 20 maxconn 8"
        self.reload()
        self.assertEqual(proxy.columns("be", "two", "weight", "slim", "addr"), ("20", "8", "127.0.0.1:2"))
        self.servers[2] += " disabled"
        self.reload()
        self.servers[2] = self.servers[2].removesuffix(" disabled")
        self.reload()
        self.assertEqual(proxy.column("be", "three", "status"), "no check")

    def test_health_is_kept_and_checks_follow_the_file(self):
        self.servers += [f"server dead 127.0.0.1:{unheld_port()} check inter 50ms fall 1"]
        proxy = self.start()
        wait_until(lambda: proxy.column("be", "dead", "status") == "DOWN", "it is down")
        self.backend = ["option log-health-checks"]
        self.servers[1] = self.servers[1].replace("inter 50ms", "inter 1h")
        self.reload()
        self.assertEqual(proxy.column("be", "dead", "status"), "DOWN")
        self.assertEqual(proxy.column("be", "dead", "chkdown"), "1")
        self.servers[1] = self.servers[1].replace(" check inter 1h fall 1", "")
        self.reload()
        self.assertEqual(proxy.column("be", "dead", "status"), "no check")
        self.servers[0] += " check inter 1h"
        self.servers.append(f"server three 127.0.0.1:{self.server.port} check inter 1h")
        self.reload()
        for name in "one", "three":  # at once, and not in an hour
            wait_until(lambda name=name: proxy.column("be", name, "check_status") == "L4OK", "it is checked")

    def test_another_algorithm(self):
        self.servers += [f"server two 127.0.0.1:{self.server.port}"]
        proxy = self.start()
        for algorithm in ("leastconn", "source", "random", "static-rr", "first", "roundrobin"):
            self.backend = [f"balance {algorithm}"]
            self.assertRegex(self.reload(), rf" {algorithm}( added)?\.\n")
            self.assertEqual(exchange(self.port), b"ping\n")
            if algorithm != "random":  # which 2.6 calls "unknown"
                self.assertEqual(proxy.column("be", "BACKEND", "algo"), algorithm)

    def test_a_file_that_is_wrong_changes_nothing(self):
        proxy = self.start()
        before = proxy.ask("show stat")
        holder = socket.socket()
        self.addCleanup(holder.close)
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = f"127.0.0.1:{holder.getsockname()[1]}"
        self.binds.append(f"bind {taken}")
        self.servers.append("server three 127.0.0.1:1")
        self.assertRegex(self.reload(), r"^Reloading \S+ failed, nothing was changed:\n"
                                        rf"Binding \[.*\] for frontend fe: cannot bind socket \(Address already in use\) for \[{taken}\]")
        self.binds.pop()
        self.servers.append("server four 127.0.0.1:1 wieght 3")
        self.assertRegex(self.reload(), r"failed, nothing was changed:\nconfig : .*'server be/four' : unknown keyword 'wieght'")
        self.log.wait_for("unknown keyword 'wieght'")
        self.servers.pop()
        self.globals = ["nbthread 3"]
        self.assertIn("A restart is needed, for only a new process can change: nbthread. Nothing was changed.", self.reload())
        os.rename(proxy.file, proxy.file + ".away")
        self.assertIn("No such file or directory", proxy.ask("reload"))
        os.mkdir(proxy.file)
        self.assertIn("nothing was changed", proxy.ask("reload"))
        os.rmdir(proxy.file)
        os.rename(proxy.file + ".away", proxy.file)
        names = lambda text: [line.split(",")[:2] for line in text.splitlines()]
        self.assertEqual(names(proxy.ask("show stat")), names(before))
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_the_check_only_says_what_would_change(self):
        proxy = self.start()
        self.servers.append("server two 127.0.0.1:1")
        self.assertRegex(self.reload("reload check"), r"^\S+ can be loaded: backend be: server two added\.\n")
        self.assertNotIn("be,two,", proxy.ask("show stat"))

    def test_by_signal_and_level(self):
        proxy = self.start()
        self.assertIn("Permission denied", proxy.ask("user; reload"))
        self.servers.append("server two 127.0.0.1:1")
        self.write()
        proxy.signal(signal.SIGUSR2)
        wait_until(lambda: "be,two," in proxy.ask("show stat"), "it is there")
        self.log.wait_for("Reloaded .*: backend be: server two added")

    def test_each_reading_begins_with_the_environment_of_the_start(self):
        self.globals.append("presetenv WEIGHT 5")
        self.servers.append('server two 127.0.0.1:1 weight "$WEIGHT"')
        proxy = self.start()
        self.globals[1] = "presetenv WEIGHT 6"
        self.reload()
        self.assertEqual(proxy.column("be", "two", "weight"), "6")
        self.assertIn("WEIGHT=6\n", proxy.ask("show env WEIGHT"))

    def test_many_at_once(self):
        proxy = self.start()
        self.servers.append("server two 127.0.0.1:1")
        self.write()
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(proxy.ask("reload"))) for _ in range(9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len([answer for answer in answers if "Reloaded" in answer]), 9)
        self.assertLess(len([line for line in self.log.lines if "Reloaded" in line]), 9)

    def test_under_traffic_nobody_is_refused_or_reset(self):
        self.servers[0] += " check inter 20ms"
        proxy = self.start()
        stop, failures, done = threading.Event(), [], []

        def work():
            count = 0
            while not stop.is_set():
                try:
                    with connect(self.port) as client:
                        for _ in range(3):
                            client.sendall(b"ping")
                            if read_exactly(client, 4) != b"ping":
                                failures.append("other bytes")
                    count += 1
                except OSError as error:
                    failures.append(repr(error))
            done.append(count)
        idle = [connect(self.port) for _ in range(50)]
        for client in idle:
            client.sendall(b"hold")
            read_exactly(client, 4)
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        descriptors = []
        try:
            for number in range(60):
                self.client_timeout = f"{number + 60}s"
                self.servers[1:] = [f"server two 127.0.0.1:{self.server.port} check inter 20ms"] if number % 2 else []
                self.binds[1:] = [f"bind 127.0.0.1:{free_port()}"] if number % 3 else []
                self.assertIn("Reloaded", self.reload())
                descriptors.append(len(os.listdir(f"/proc/{proxy.pid}/fd")))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failures, [])
        self.assertTrue(all(done))
        for client in idle:
            client.sendall(b"held")
            self.assertEqual(read_exactly(client, 4), b"held")
            client.close()
        for column in ("econ", "eresp", "cli_abrt", "srv_abrt", "wredis"):
            self.assertEqual(proxy.column("be", "BACKEND", column), "0", column)
        self.assertLess(max(descriptors[40:]), max(descriptors[:20]) + 20)


if __name__ == "__main__":
    unittest.main()
