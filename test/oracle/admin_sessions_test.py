"""Sessions that are open, as both runtime APIs show and end them."""
import re
import socket
import unittest

from proxy import wait_until
from runtime_api import Comparison
from traffic import Server, connect, read_exactly

CONFIGURATION = """
global
    maxconn 100
    nbthread 2
    stats socket {directory}/admin.sock level admin
    stats socket {directory}/user.sock level user
defaults
    mode tcp
    timeout client 90s
    timeout server 90s
    timeout connect 3s
frontend web
    mode http
    bind 127.0.0.1:{1}
    stats enable
    stats uri /
frontend tcp
    bind 127.0.0.1:{0} name here
    bind {directory}/tcp.sock
    default_backend nodes
backend nodes
    balance roundrobin
    server one 127.0.0.1:{9}
    server two 127.0.0.1:{9} maxconn 1
"""

# What of a session is of its moment, of the scheduler, or an internal address.
PARTS = [(r"0x[0-9a-f]+", "PTR"), (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"), (r"\[\d+/\w+/\d+:[\d:.]+\]", "[DATE]"),
         (r"\b(calls|rate|fd|flags|epoch|total|srv_conn|exp)=[^\s,\]]*", r"\1=N"), (r"\bid=\d+ proto", "id=N proto"), (r"\brq\[.*?\]", "rq[]"), (r"\brp\[.*?\]", "rp[]"),
         (r"\b(scf|scb)=\[.*?\]", r"\1[]"), (r"\b(\d+)([sm]\d*s?)\b", "T")]


def mask(text):
    for pattern, replacement in PARTS:
        text = re.sub(pattern, replacement, text)
    return text


class SessionsTest(Comparison):
    configuration = CONFIGURATION

    @classmethod
    def setUpClass(cls):
        cls.server = Server(Server.echo)
        cls.addClassCleanup(cls.server.close)
        cls.clients = []
        cls.addClassCleanup(lambda: [client.close() for client in cls.clients])
        super().setUpClass()

    @classmethod
    def fill_in_ports(cls):
        cls.ports[9] = cls.other_ports[9] = cls.server.port

    @classmethod
    def talk(cls, program):
        def say(client):
            client.sendall(b"ping")
            read_exactly(client, 4)
            cls.clients.append(client)
        say(connect(program.ports[0]))
        unix = socket.socket(socket.AF_UNIX)
        unix.connect(f"{program.directory}/tcp.sock")
        say(unix)
        cls.clients.append(connect(program.ports[1]))  # asks for nothing
        wait_until(lambda: "CurrConns: 3" in program.ask("show info"), "three clients")

    def both(self, command):
        return [mask(program.ask(command)).splitlines() for program in (self.ddbproxy, self.haproxy)]

    def test_a_line_each(self):
        ours, theirs = self.both("show sess")
        self.assertEqual(ours, theirs)
        self.assertEqual(len([line for line in ours if line]), 3, "two sessions and the question itself")

    def test_the_ends_and_the_proxies_of_each_in_detail(self):
        wanted = re.compile(r"PTR: \[|  (frontend|backend|server)=|  flags=.*conn_retries")
        ours, theirs = ([line for line in lines if wanted.match(line)] for lines in self.both("show sess all"))
        self.assertEqual(ours, theirs)
        self.assertEqual(len(ours), 15)

    def test_figures_with_sessions_open(self):
        self.same("show stat tcp 7 -1\nshow stat nodes 7 -1\nshow servers conn\nshow servers state")

    def test_the_sessions_of_a_server_are_ended(self):
        for program in (self.ddbproxy, self.haproxy):
            program.ask("shutdown sessions server nodes/two")
            wait_until(lambda: program.ask("show sess").count("be=nodes") == 1, "one session is left")
        ours, theirs = self.both("show sess")
        self.assertEqual(ours, theirs)


if __name__ == "__main__":
    unittest.main()
