"""Tables of health checks: what a server says to a check, and what `show stat` and the log must say of it."""
import csv
import io
import socket
import threading
import time
import unittest
from collections import namedtuple

import background
from log_collector import LogCollector
from proxy import Proxy, wait_until

# A server's part in the talk is a tuple of bytes to send and of these. After the last it listens until the check leaves.
HEARS = "reads once"
HEAD = "reads up to an empty line"
CLOSES = "sends no more"
LEAVES = "hears no more either"
# Instead of a part: nobody listens.
ABSENT = None

# lines: of the backend, divided by |. shown: status, check_status, check_code and last_chk. logged: the log line between
# the server's name and the duration. heard: all that the server has received on its first connection, when it matters.
# A number in a part is a pause in seconds.
Case = namedtuple("Case", "name lines part shown logged heard", defaults=(None,))

GLOBAL = """
    external-check
    insecure-fork-wanted
    max-spread-checks 50
    log {log} local0
defaults
    mode tcp
    log global
    option log-health-checks
    timeout connect 1s
    timeout check 1s
    timeout client 5s
    timeout server 5s
"""
BACKEND = """
backend {case.name}
    {lines}
    server s 127.0.0.1:{port} check inter 1h rise 1 fall 1
"""
DEADLINE_S = 10


class ScriptedServer:
    """Plays its part on every connection that it gets; heard is what came on the first, and ending how that ended."""

    def __init__(self, part):
        self.part, self.heard, self.ending, self.ended = part, b"", None, threading.Event()
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        if part is not ABSENT:
            self.listen()

    def listen(self):
        self.socket.listen()
        background.watch(self.socket)
        background.start(self._accept)

    def _accept(self):
        first = True
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            background.watch(connection)
            background.start(self._play, connection, first)
            first = False

    def _play(self, connection, first):
        heard, ending = b"", "RST"
        with connection:
            connection.settimeout(DEADLINE_S)
            try:
                for step in self.part:
                    if isinstance(step, bytes):
                        connection.sendall(step)
                    elif isinstance(step, float):
                        time.sleep(step)
                    elif step == CLOSES:
                        connection.shutdown(socket.SHUT_WR)
                    elif step == LEAVES:
                        return
                    else:
                        while data := connection.recv(65536):
                            heard += data
                            if step == HEARS or b"\r\n\r\n" in heard:
                                break
                while data := connection.recv(65536):
                    heard += data
                ending = "FIN"
            except OSError:
                pass  # The check has left.
            finally:
                background.forget(connection)
                if first:
                    self.heard, self.ending = heard, ending
                    self.ended.set()

    def close(self):
        background.shut(self.socket)
        background.forget(self.socket)
        self.socket.close()


class CheckCases:
    """Runs a table once, in one program: all checks at a time, one try each."""

    def __init__(self, cases, lines=""):
        self.log = LogCollector()
        self.servers = {case.name: ScriptedServer(case.part) for case in cases}
        backends = [BACKEND.format(case=case, lines="\n    ".join(case.lines.split("|")),
                                   port=self.servers[case.name].port) for case in cases]
        self.proxy = Proxy(GLOBAL.format(log=self.log.address) + lines + "".join(backends))

    def settled(self):
        """What is shown once no check runs: the log speaks a moment before the server changes."""
        wait_until(lambda: not any("* " in row for row in self.shown().values()), "all checks have ended")
        return self.shown()

    def shown(self):
        rows = csv.DictReader(io.StringIO(self.proxy.ask("show stat").lstrip("# ")))
        columns = ("status", "check_status", "check_code", "last_chk")
        return {row["pxname"]: " ".join(row[column] for column in columns).strip() for row in rows
                if row["svname"] == "s"}

    def logged(self, name):
        head = f"Health check for server {name}/s "
        line = self.log.wait_for(head, deadline=DEADLINE_S)[0]
        return line.split(head)[1].split(", check duration: ")[0]

    def heard(self, name):
        server = self.servers[name]
        if not server.ended.wait(DEADLINE_S):
            raise AssertionError(f"the check {name} did not leave its server")
        return server.heard

    def ending(self, name):
        """How the check left its server: FIN or RST."""
        self.heard(name)
        return self.servers[name].ending

    def close(self):
        self.proxy.close()
        self.log.close()
        for server in self.servers.values():
            server.close()


class CheckCasesTest(unittest.TestCase):
    """The test of one table: a subclass names it."""
    cases = ()
    lines = ""

    def test_every_case_is_shown_and_logged(self):
        run = CheckCases(self.cases, self.lines)
        self.addCleanup(run.close)
        logged = {case.name: run.logged(case.name) for case in self.cases}
        shown = run.settled()
        for case in self.cases:
            with self.subTest(case.name):
                self.assertEqual(logged[case.name], case.logged)
                self.assertEqual(shown[case.name], case.shown)
                if case.heard is not None:
                    self.assertEqual(run.heard(case.name), case.heard)
