"""agent-check: what an agent's line does to its server, how it is shown and logged, and the orders of the runtime API."""
import csv
import io
import os
import re
import unittest
from collections import namedtuple

from check_cases import ABSENT, CLOSES, HEARS, ScriptedServer
from log_collector import LogCollector
from proxy import Proxy, free_port, wait_until
from traffic import Server

# part: the agent's, as in check_cases. shown: status, weight and slim of the server. agent: agent_status, agent_code,
# last_agt and agent_health. logged: the line of the agent check up to its duration, or none.
Case = namedtuple("Case", "name part shown agent logged", defaults=(None,))


def says(line):
    return (line, CLOSES)


UP = 'succeeded, reason: Layer7 check passed, code: 0, info: "via agent : {}"'
DOWN = 'failed, reason: Layer7 wrong status, code: 0, info: "via agent : {}"'

CASES = (
    Case("up", says(b"up\n"), "no check 20", "L7OK 0 via agent : up 1", UP.format("up")),
    Case("up_as_written", says(b"  UP\r\n"), "no check 20", "L7OK 0 via agent : UP 1", UP.format("UP")),
    Case("down", says(b"down\n"), "DOWN (agent) 20", "L7STS 0 via agent : down 0", DOWN.format("down")),
    Case("down_for_a_reason", says(b"down #because of this\n"), "DOWN (agent) 20",
         "L7STS 0 via agent : down (because of this) 0", DOWN.format("down (because of this)")),
    Case("stopped", says(b"stopped # by hand\n"), "DOWN (agent) 20", "L7STS 0 via agent : stopped (by hand) 0",
         DOWN.format("stopped (by hand)")),
    Case("fail", says(b"fail\n"), "DOWN (agent) 20", "L7STS 0 via agent : fail 0", DOWN.format("fail")),
    Case("failed_is_no_word", says(b"failed # why\n"), "no check 20", "CHECKED agent reports an error : failed 1"),
    Case("sharp_inside_a_word", says(b"down#because\n"), "no check 20",
         "CHECKED agent reports an error : down#because 1"),
    Case("maint", says(b"maint\n"), "MAINT 20", "CHECKED 1"),
    Case("drain", says(b"drain\n"), "DRAIN (agent) 20", "CHECKED 1"),
    Case("ready", says(b"ready\n"), "no check 20", "CHECKED 1"),
    Case("odd_description", says(b'up #a<b>"~\x7f\n'), "no check 20", 'L7OK 0 via agent : up (a<b>"~\x7f) 1',
         UP.format("up (a<3C>b<3E><22>~<7F>)")),
    Case("last_mode_counts", says(b"maint drain ready\n"), "no check 20", "CHECKED 1"),
    Case("weight", says(b"75%\n"), "no check 15", "CHECKED 1"),
    Case("no_weight", says(b"0%\n"), "no check 0", "CHECKED 1"),
    Case("greatest_weight", says(b"1000000%\n"), "no check 256", "CHECKED 1"),
    Case("weight_with_garbage", says(b"12.5%\n"), "no check 20",
         "CHECKED agent warns : Trailing garbage in weight string 1"),
    Case("number_is_no_weight", says(b"50\n"), "no check 20", "CHECKED agent reports an error : 50 1"),
    Case("maxconn", says(b"maxconn:30\n"), "no check 20 30", "CHECKED 1"),
    Case("maxconn_with_garbage", says(b"maxconn:x\n"), "no check 20",
         "CHECKED agent warns : maxconn string empty or preceded by garbage 1"),
    Case("all_at_once", says(b"up 50% maxconn:7 # all well\n"), "no check 10 7",
         "L7OK 0 via agent : up (all well) 1", UP.format("up (all well)")),
    Case("last_state_counts", says(b"down up\n"), "no check 20", "L7OK 0 via agent : up 1", UP.format("up")),
    Case("first_unknown_word_is_told", says(b"foo bar up #x\n"), "no check 20", "L7OK 0 via agent : up (foo) 1",
         UP.format("up (foo)")),
    Case("first_warning_is_told", says(b"up maxconn:x 1.5%\n"), "no check 20",
         "L7OK 0 via agent : up (Trailing garbage in weight string) 1",
         UP.format("up (Trailing garbage in weight string)")),
    Case("only_the_first_line", says(b"up\ndown\n"), "no check 20", "L7OK 0 via agent : up 1", UP.format("up")),
    Case("empty_line", says(b"\r\nup\n"), "no check 20", "CHECKED 1"),
    Case("closed", (CLOSES,), "no check 20", "L7RSP TCPCHK got an empty response at step 2 1",
         'failed, reason: Layer7 invalid response, info: "TCPCHK got an empty response at step 2"'),
    Case("cut_short", says(b"up"), "no check 20", "L7TOUT 1", "failed, reason: Layer7 timeout"),
    Case("fills_the_buffer", says(b"down".ljust(16383) + b"\n"), "DOWN (agent) 20", "L7STS 0 via agent : down 0",
         DOWN.format("down")),
    Case("too_long", says(b"down".ljust(16384) + b"\n"), "no check 20", "L7TOUT 1", "failed, reason: Layer7 timeout"),
    Case("much_too_long", (b"down" + b" " * 200000 + b"\n",), "no check 20", "L7TOUT 1",
         "failed, reason: Layer7 timeout"),
    Case("more_than_fits_behind_the_line", (b"down\n" + b"x" * 20000,), "DOWN (agent) 20", "L7STS 0 via agent : down 0",
         DOWN.format("down")),
    Case("silent", (), "no check 20", "L7TOUT 1", "failed, reason: Layer7 timeout"),
    Case("refused", ABSENT, "no check 20", "L4CON Connection refused 1",
         'failed, reason: Layer4 connection problem, info: "Connection refused"'),
)

GLOBAL = """    max-spread-checks 50
    log {log} local0
defaults
    mode tcp
    log global
    option log-health-checks
    timeout connect 1s
    timeout check 1s
    timeout client 5s
    timeout server 5s
frontend f
    bind 127.0.0.1:{port}
"""
DEADLINE_S = 10


class AgentTest(unittest.TestCase):
    def start(self, servers):
        """servers: name of the backend, the agent's part, more options; each agent plays its part at every question."""
        self.log = LogCollector()
        self.addCleanup(self.log.close)
        self.agents = {}
        configuration = GLOBAL.format(log=self.log.address, port=free_port())
        for name, part, options in servers:
            self.agents[name] = ScriptedServer(part)
            self.addCleanup(self.agents[name].close)
            configuration += (f"backend {name}\n    server s 127.0.0.1:1 weight 20 agent-check"
                              f" agent-port {self.agents[name].port} {options}\n")
        self.proxy = Proxy(configuration)
        self.addCleanup(self.proxy.close)

    def rows(self):
        rows = csv.DictReader(io.StringIO(self.proxy.ask("show stat").lstrip("# ")))
        return {row["pxname"]: row for row in rows if row["svname"] == "s"}

    def wait_for_agents(self):
        running = re.compile(r"^(INI|\*.*)$")
        wait_until(lambda: not any(running.match(row["agent_status"]) for row in self.rows().values()),
                   "all agents have answered", DEADLINE_S)
        return self.rows()

    def test_every_answer_is_obeyed_shown_and_logged(self):
        self.start((case.name, case.part, "agent-inter 1h") for case in CASES)
        rows = self.wait_for_agents()
        for case in CASES:
            with self.subTest(case.name):
                row = rows[case.name]
                words = [row[column] for column in ("status", "weight", "slim")]
                self.assertEqual(" ".join(words).strip(), case.shown)
                words = [row[column] for column in ("agent_status", "agent_code", "last_agt", "agent_health")]
                self.assertEqual(" ".join(word for word in words if word), case.agent)
                head = f"Agent check for server {case.name}/s "
                lines = [line.split(head)[1].split(", check duration: ")[0] for line in self.log.lines if head in line]
                self.assertEqual(lines, [case.logged] if case.logged else [])

    def test_what_never_becomes_a_line_is_shown_until_the_time_is_up(self):
        self.start((name, part, "agent-inter 1h") for name, part in (("cut", says(b"down")), ("long", (b"x" * 20000,))))
        incomplete = "Ignoring incomplete line from agent"
        names, seen = ("cut", "long"), set()

        def all_seen():
            rows = self.rows()
            seen.update(name for name in names
                        if (rows[name]["last_agt"], rows[name]["agent_status"]) == (incomplete, "* INI"))
            return seen == set(names)
        wait_until(all_seen, "the remark is shown", DEADLINE_S)
        for name in names:
            line = self.log.wait_for(f"Agent check for server {name}/s failed, reason: Layer7 timeout")[0]
            self.assertLess(int(re.search(r"duration: (\d+)ms", line)[1]), 900)  # Up to when that was known.

    def test_an_agent_that_never_ends_its_line_costs_little(self):
        def floods(connection):
            while True:
                connection.sendall(b"x" * 65536)

        flooder = Server(floods)
        self.addCleanup(flooder.close)
        self.start([("b", says(b"up\n"), f"agent-inter 1h agent-port {flooder.port}")])
        self.log.wait_for("Agent check for server b/s failed, reason: Layer7 timeout")
        with open(f"/proc/{self.proxy.pid}/stat", encoding="ascii") as file:
            ticks = sum(map(int, file.read().rsplit(")")[1].split()[11:13]))
        self.assertLess(ticks / os.sysconf("SC_CLK_TCK"), 0.5)

    def test_agent_send_speaks_first(self):
        self.start([("b", (HEARS, b"up\n"), r"agent-inter 1h agent-send hello\ there\n")])
        self.log.wait_for("Agent check for server b/s succeeded")
        self.assertTrue(self.agents["b"].ended.wait(DEADLINE_S))
        self.assertEqual(self.agents["b"].heard, b"hello there\n")

    def test_an_agent_takes_down_and_brings_back(self):
        self.start([("b", says(b"down\n"), "agent-inter 100ms backup")])
        self.log.wait_for(r"Agent check for backup server b/s failed, .*, status: 0/1 DOWN\.")
        self.log.wait_for(r"Backup Server b/s is DOWN\. 0 active and 0 backup servers left\.")
        self.agents["b"].part = says(b"up ready\n")
        self.log.wait_for(r"Agent check for backup server b/s succeeded, .*, status: 1/1 UP\.")
        self.log.wait_for(r"Backup Server b/s is UP\. 0 active and 1 backup servers online\.")

    def test_an_agent_ends_the_maintenance_that_it_has_ordered(self):
        self.start([("b", says(b"maint\n"), "agent-inter 100ms")])
        self.log.wait_for("Server b/s is going DOWN for maintenance")
        self.agents["b"].part = says(b"down\n")
        self.log.wait_for("Agent check for server b/s failed")
        self.agents["b"].part = says(b"ready\n")
        self.log.wait_for(r"Server b/s is DOWN/READY \(leaving forced maintenance\)")
        self.agents["b"].part = says(b"up\n")
        self.log.wait_for(r"Server b/s is UP\.")

    def test_an_agent_does_not_bring_up_what_its_check_holds_down(self):
        self.start([("b", says(b"up\n"), "agent-inter 100ms check inter 1h fall 1 port 1")])
        self.log.wait_for("Server b/s is DOWN")
        self.proxy.wait_for("show stat b 4 -1", "L7OK")
        self.assertEqual(self.rows()["b"]["status"], "DOWN")
        self.proxy.ask("set server b/s agent down")
        self.assertEqual(self.rows()["b"]["status"], "DOWN (agent)")

    def test_a_weight_does_not_end_drain(self):
        self.start([("b", says(b"drain 50%\n"), "agent-inter 1h")])
        self.log.wait_for("Server b/s enters drain state")
        self.log.wait_for(r"Server b/s remains in forced drain mode\.")

    def test_the_runtime_api_overrides_and_silences_agents(self):
        self.start([("b", says(b"up\n"), "agent-inter 1h")])
        self.log.wait_for("Agent check for server b/s succeeded")

        def answer(command):
            return self.proxy.ask(command).strip()

        def place():
            return self.proxy.ask("show servers state b").splitlines()[2].split()

        self.assertEqual(answer("set server b/s agent x"), "'set server <srv> agent' expects 'up' or 'down'.")
        answer("set server b/s agent down")
        self.log.wait_for(r"Server b/s is DOWN, changed from CLI\.")
        self.assertEqual(self.rows()["b"]["status"], "DOWN (agent)")
        answer("set server b/s agent up")
        self.log.wait_for(r"Server b/s is UP, changed from CLI\.")
        answer("set server b/s agent-addr 127.0.0.8 port 77")
        self.assertEqual(place()[-2:], ["127.0.0.8", "77"])
        self.assertEqual(answer("set server b/s agent-addr 127.0.0.9 port x"), "provided port is not an integer")
        self.assertEqual(answer("set server b/s agent-port 70000"), "provided port is invalid")
        answer("set server b/s agent-port 78")
        self.assertEqual(place()[-2:], ["127.0.0.8", "78"])
        self.assertEqual(place()[14], "22")
        answer("disable agent b/s")
        self.assertEqual(place()[14], "18")
        self.assertEqual(self.rows()["b"]["agent_status"], "")
        self.assertEqual(answer("set server b/s agent up"), "agent checks are not enabled on this server.")
        self.assertEqual(answer("set server b/s agent-port 79"), "agent checks are not enabled on this server")
        answer("enable agent b/s")
        self.assertEqual(place()[14], "22")


if __name__ == "__main__":
    unittest.main()
