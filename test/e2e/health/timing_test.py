"""When checks come: inter, fastinter, downinter, rise, fall, the check's own timeout, and what follows from a result."""
import socket
import time
import unittest

from log_collector import LogCollector
from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, connect, read_exactly


class TimingTest(unittest.TestCase):
    def setUp(self):
        self.log = LogCollector()
        self.addCleanup(self.log.close)
        self.port = free_port()

    def start(self, *servers, lines=""):
        servers = "".join(f"    server {server}\n" for server in servers)
        proxy = Proxy(f"    log {self.log.address} local0\n{DEFAULTS}    log global\n    option log-health-checks\n{lines}"
                      f"frontend fe\n    bind 127.0.0.1:{self.port}\n    default_backend be\nbackend be\n{servers}")
        self.addCleanup(proxy.close)
        return proxy

    def test_fall_failures_take_a_server_down_and_rise_successes_bring_it_back(self):
        server = Server()
        proxy = self.start(f"one 127.0.0.1:{server.port} check inter 50ms rise 2 fall 3")
        self.log.wait_for(r"Health check for server be/one succeeded, .* status: 3/3 UP\.$")
        server.close()
        for status in ("2/3 UP", "1/3 UP", "0/2 DOWN"):
            self.log.wait_for(rf"Health check for server be/one failed, .* status: {status}\.$")
        self.log.wait_for(r"Server be/one is DOWN\. 0 active and 0 backup servers left\.")
        again = Server(port=server.port)
        self.addCleanup(again.close)
        for status in ("1/2 DOWN", "3/3 UP"):
            self.log.wait_for(rf"Health check for server be/one succeeded, .* status: {status}\.$")
        self.log.wait_for(r"Server be/one is UP\. 1 active and 0 backup servers online\.")
        self.assertEqual(proxy.column("be", "one", "chkdown"), "1")

    def test_checks_come_every_inter(self):
        server = Server()
        self.addCleanup(server.close)
        self.start(f"one 127.0.0.1:{server.port} check inter 100ms send-proxy check-send-proxy")
        # A check that sends something: haproxy ends a plain one before the server sees a connection at all.
        wait_until(lambda: server.accepted >= 2, "two checks came")

        def five_more():
            before, began = server.accepted, time.monotonic()
            wait_until(lambda: server.accepted >= before + 5, "five more checks came")
            return time.monotonic() - began
        # A busy machine is late now and then, and catches up; it is never late all the time.
        wait_until(lambda: abs(five_more() - 0.5) < 0.15, "five checks took 0.5 s", 15)

    def test_downinter_is_for_a_server_that_is_down(self):
        port = free_port()
        proxy = self.start(f"one 127.0.0.1:{port} check inter 50ms downinter 60s rise 1 fall 1")
        self.log.wait_for(r"be/one is DOWN\.")
        server = Server(port=port)
        self.addCleanup(server.close)
        time.sleep(0.4)  # Eight times inter: a check would have come.
        self.assertEqual(proxy.column("be", "one", "status"), "DOWN")

    def test_fastinter_is_for_a_server_that_changes(self):
        port = free_port()
        self.start(f"one 127.0.0.1:{port} check inter 60s fastinter 50ms downinter 50ms rise 4 fall 1")
        self.log.wait_for(r"be/one is DOWN\.")
        server = Server(port=port)
        self.addCleanup(server.close)
        self.log.wait_for(r"be/one succeeded, .* status: 1/1 UP\.$")

    def test_a_check_that_gets_no_answer_times_out(self):
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            fillers = []
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(full.getsockname())
                fillers.append(filler)
            proxy = self.start(f"one 127.0.0.1:{full.getsockname()[1]} check inter 150ms", lines="    timeout check 100ms\n")
            self.log.wait_for(r"be/one failed, reason: Layer4 timeout, check duration: 1\d\dms, status: 0/2 DOWN\.$")
            self.assertEqual(proxy.column("be", "one", "check_status").lstrip("* "), "L4TOUT")
            for filler in fillers:
                filler.close()

    def test_a_server_that_returns_takes_its_sessions_from_the_backups(self):
        port = free_port()
        backup = Server()
        self.addCleanup(backup.close)
        self.start(f"one 127.0.0.1:{port} check inter 50ms rise 1 fall 1 on-marked-up shutdown-backup-sessions",
                   f"two 127.0.0.1:{backup.port} backup", lines="    option tcplog\n")
        self.log.wait_for(r"be/one is DOWN\. 0 active and 1 backup servers left\. Running on backup\.")
        with connect(self.port) as client:
            client.sendall(b"ping")
            read_exactly(client, 4)
            server = Server(port=port)
            self.addCleanup(server.close)
            self.assertEqual(client.recv(1), b"")
        self.log.wait_for(r"be/one is UP\.")
        self.log.wait_for(r" be/two \d+/\d+/\d+ 4 U- ")
        told = [line for line in self.log.lines if " U- " in line or "is UP" in line]
        self.assertIn("be/one is UP", told[0])  # Why the session has ended stands before its end.

    def test_slowstart_raises_the_weight_step_by_step(self):
        port = free_port()
        proxy = self.start(f"one 127.0.0.1:{port} check inter 50ms rise 1 fall 1 weight 100 slowstart 20s",
                           f"two 127.0.0.1:{port} backup")
        self.log.wait_for(r"be/one is DOWN\.")
        server = Server(port=port)
        self.addCleanup(server.close)
        self.log.wait_for(r"be/one is UP\.")
        self.assertLess(int(proxy.column("be", "one", "throttle").rstrip("%")), 50)
        self.assertLess(int(proxy.column("be", "one", "weight")), 50)

    def test_slowstart_counts_its_seconds_from_when_the_server_came_back(self):
        proxy = self.start(*(f"{name} 127.0.0.1:1 weight 10 slowstart 2s" for name in ("one", "two")))
        steps = {"one": [], "two": []}
        began = {}
        for name in steps:
            proxy.ask(f"disable server be/{name}")
        for name in steps:
            proxy.ask(f"enable server be/{name}")
            began[name] = time.monotonic()
            if name == "one":
                time.sleep(0.5)  # So that both cannot keep step with a clock of the proxy's own.

        def all_back():
            for name, seen in steps.items():
                now = proxy.columns("be", name, "weight", "throttle")
                if not seen or seen[-1][0] != now:
                    seen.append((now, time.monotonic() - began[name]))
            return all(seen[-1][0] == ("10", "") for seen in steps.values())

        wait_until(all_back, "both have their full weight")
        for seen in steps.values():
            self.assertEqual([step for step, _ in seen], [("1", "6"), ("6", "56"), ("10", "")])
            for second, (_, moment) in list(enumerate(seen))[1:]:
                self.assertGreaterEqual(moment, second - 0.01)
                self.assertLess(moment, second + 0.9)

    def test_checks_of_many_servers_are_spread_over_time(self):
        server = Server()
        self.addCleanup(server.close)
        proxy = self.start(*(f"s{number} 127.0.0.1:{server.port} check inter 1s" for number in range(10)))
        began = time.monotonic()

        def all_checked():
            return proxy.ask("show stat be 4 -1").count("L4OK") == 10
        wait_until(all_checked, "every server was checked")
        self.assertGreater(time.monotonic() - began, 0.3)


if __name__ == "__main__":
    unittest.main()
