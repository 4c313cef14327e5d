"""The same configuration and the same traffic through both programs: log lines, columns and counters must agree."""
import os
import unittest

import known
from log_collector import LogCollector
from programs import DDBPROXY, HAPROXY
from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, connect, read_all, read_exactly, reset


class Run:
    """One program under one configuration; `{names}` of ports and servers are filled in for each run anew."""

    def __init__(self, program, configuration, ports, servers, lines):
        self.log = LogCollector()
        self.ports = {name: free_port() for name in ports}
        self.servers = {name: Server(serve) for name, serve in servers.items()}
        text = configuration.replace("@log@", self.log.address).replace("@dead@", str(free_port()))
        for name, port in self.ports.items() | {(name, server.port) for name, server in self.servers.items()}:
            text = text.replace(f"@{name}@", str(port))
        self.expected_lines = lines
        self.proxy = Proxy(text, program=program)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.proxy.close()
        for server in self.servers.values():
            server.close()
        self.log.close()

    def ping(self):
        with connect(self.ports["fe"]) as client:
            client.sendall(b"ping")
            read_exactly(client, 4)

    def wait_for_lines(self, count):
        """One session at a time: what is counted as concurrent is then equal in every run."""
        self.log.wait_for("", count)
        self.settle()

    def settle(self):
        """A session is taken off the counts a moment after its line."""
        for proxy in ("fe", "other", "ddb_fronted", "stats"):
            if f"\n{proxy},FRONTEND," in self.proxy.ask("show stat -1 1 -1"):
                self.proxy.wait_for("show stat -1 1 -1", f"^{proxy},FRONTEND,,,0,")

    def observe(self):
        """Everything that is compared, masked."""
        self.wait_for_lines(self.expected_lines)
        return {"log": sorted(known.mask_log_line(line) for line in self.log.lines),
                "columns": columns(self.proxy.ask("show stat")), "info": figures(self.proxy.ask("show info"))}


def columns(text):
    """show stat as {row: {column: figure}} without what measures time."""
    lines = text.strip().splitlines()
    names = lines[0].lstrip("# ").split(",")
    names = names[:names.index(known.LAST_COMMON_COLUMN)]
    rows = {}
    for line in lines[1:]:
        row = dict(zip(names, line.split(",")))
        left_out = known.TIMED_COLUMNS | known.MACHINE_COLUMNS | (known.PAGE_COLUMNS if row["mode"] == "http" else set())
        rows[row["pxname"], row["svname"]] = {name: figure for name, figure in row.items() if name not in left_out}
    return rows


def figures(text):
    """show info as {name: figure} without what is of the process or of the moment."""
    rows = dict(line.split(": ", 1) for line in text.strip().splitlines() if ": " in line)
    return {name: figure for name, figure in rows.items() if name not in known.PROCESS_FIGURES}


class TrafficTest(unittest.TestCase):
    maxDiff = None

    def compare(self, configuration, drive, ports=("fe",), servers=None, lines=1):
        seen = []
        for program in (DDBPROXY, HAPROXY):
            with Run(program, configuration, ports, servers or {}, lines) as run:
                drive(run)
                seen.append(run.observe())
        here, there = seen
        with self.subTest("log"):
            self.assertEqual(here["log"], there["log"])
        with self.subTest("columns"):
            self.assertEqual(list(here["columns"]), list(there["columns"]))
            differences = {(row, name): (figure, there["columns"][row][name])
                           for row, figures in here["columns"].items() for name, figure in figures.items()
                           if there["columns"][row][name] != figure}
            self.assertEqual(differences, {}, "ddbproxy's figure, then haproxy's")
        with self.subTest("info"):
            self.assertEqual(list(here["info"]), list(there["info"]))
            differences = {name: (figure, there["info"][name]) for name, figure in here["info"].items()
                           if there["info"][name] != figure}
            self.assertEqual(differences, {}, "ddbproxy's figure, then haproxy's")

    BASE = ("    log @log@ local2\n" + DEFAULTS + "    log global\n    option tcplog\n    retries 1\n")

    def test_sessions_that_end_in_every_way(self):
        def drive(run):
            for number in range(4):
                run.ping()
                run.wait_for_lines(number + 1)
            client = connect(run.ports["fe"])
            client.sendall(b"ping")
            read_exactly(client, 4)
            reset(client)
            run.wait_for_lines(5)
            with connect(run.ports["fe"]):
                # Who leaves before the server was reached ends in another way.
                wait_until(lambda: sum(server.accepted for server in run.servers.values()) == 6, "the sixth connection")
        self.compare(self.BASE + "frontend fe\n    bind 127.0.0.1:@fe@\n    default_backend be\n"
                     "backend be\n    balance roundrobin\n    server one 127.0.0.1:@one@\n    server two 127.0.0.1:@two@\n",
                     drive, servers={"one": Server.echo, "two": Server.echo}, lines=6)

    def test_a_server_that_refuses_and_one_that_resets(self):
        def bad(connection):
            read_exactly(connection, 1)
            reset(connection)

        def drive(run):
            for number, port in enumerate(("fe", "other")):
                with connect(run.ports[port]) as client:
                    try:
                        client.sendall(b"x")
                        read_all(client)
                    except ConnectionError:
                        pass
                run.wait_for_lines(number + 1)
        self.compare(self.BASE + "    timeout connect 100ms\n"
                     "listen fe\n    bind 127.0.0.1:@fe@\n    server one 127.0.0.1:@dead@\n"
                     "listen other\n    bind 127.0.0.1:@other@\n    server one 127.0.0.1:@bad@\n",
                     drive, ports=("fe", "other"), servers={"bad": bad}, lines=2)

    def test_checks_and_states(self):
        def drive(run):
            run.proxy.wait_for("show stat", "^be,dead,.*,DOWN,")
            run.proxy.wait_for("show stat", "^be,one,.*,UP,.*,L4OK,.*,Layer4 check passed,")
            run.proxy.ask("set server be/two state drain")
            run.proxy.ask("set server be/three state maint")
            run.proxy.ask("set weight be/one 50%")
            run.proxy.ask("disable frontend fe")
        self.compare(self.BASE + "frontend fe\n    bind 127.0.0.1:@fe@\n    default_backend be\n"
                     "backend be\n    server one 127.0.0.1:@one@ check inter 200ms weight 10\n"
                     "    server dead 127.0.0.1:@dead@ check inter 200ms\n    server two 127.0.0.1:@one@\n"
                     "    server three 127.0.0.1:@one@ backup\n    server four 127.0.0.1:@one@ track be/dead\n",
                     drive, servers={"one": Server.echo}, lines=5)

    def test_the_default_log_format(self):
        def drive(run):
            run.ping()
        self.compare(self.BASE.replace("    option tcplog\n", "") + "listen fe\n    bind 127.0.0.1:@fe@\n"
                     "    server one 127.0.0.1:@one@\n", drive, servers={"one": Server.echo})

    def test_a_log_format_with_every_variable_of_tcp_mode(self):
        def drive(run):
            run.ping()
        self.compare(self.BASE + "listen fe\n    bind 127.0.0.1:@fe@ name first\n"
                     "    log-format \"%B %U %ac %b %bc %bi %bq %ci %f %fc %fi %ft %rc %s %sc %si %sq %ts %lc "
                     "%%\"\n    server one 127.0.0.1:@one@\n",
                     drive, servers={"one": Server.echo})

    def test_the_seed_of_the_tutorial_with_its_page(self):
        example = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/tutorial.cfg")
        with open(example, encoding="utf-8") as file:
            text = file.read()
        for old, new in {"127.0.0.1:5140": "@log@", "*:8080": "127.0.0.1:@fe@", "0.0.0.0:1080": "127.0.0.1:@page@",
                         "127.0.0.1:9301": "127.0.0.1:@one@", "127.0.0.1:9302": "127.0.0.1:@two@",
                         "127.0.0.1:9303": "127.0.0.1:@three@", "127.0.0.1:9304": "127.0.0.1:@four@"}.items():
            text = text.replace(old, new).replace("inter 5s", "inter 200ms")

        def request(run, head, body=b""):
            with connect(run.ports["page"]) as client:
                client.sendall(head.replace(b"\n", b"\r\n") + body)
                status = read_all(client).split(b"\r\n")[0]
            run.settle()
            return status

        def drive(run):
            for number in range(8):
                run.ping()
                run.wait_for_lines(number + 1)
            run.proxy.wait_for("show stat ddb_backend 4 -1", "(?s)(L4OK.*){4}")
            login = b"Host: x\nConnection: close\nAuthorization: Basic YWRtaW46YWRtaW4=\n"
            form = b"s=node4&action=drain&b=ddb_backend"
            self.statuses.append([
                request(run, b"GET /haproxyamdin HTTP/1.1\nHost: x\nConnection: close\n\n"),
                request(run, b"GET /haproxyamdin;csv HTTP/1.1\n" + login + b"\n"),
                request(run, b"POST /haproxyamdin HTTP/1.1\nContent-Length: %d\n" % len(form) + login + b"\n", form),
                request(run, b"PUT /haproxyamdin HTTP/1.1\n" + login + b"\n"),
                request(run, b"nonsense\n\n")])
        self.statuses = []
        names = ("one", "two", "three", "four")
        # The page's own size and its bytes in the counters differ: it is another page with the same figures.
        self.compare(text, drive, ports=("fe", "page"), servers={name: Server.echo for name in names}, lines=13)
        self.assertEqual(self.statuses[0], self.statuses[1])


if __name__ == "__main__":
    unittest.main()
