"""Stick tables: which server a client comes back to, what is counted for a key, what expressions tell of it, and the commands on them.

The files *.expected are what haproxy 2.6 says; addresses of entries and times left stand there as "P" and "N"."""
import os
import re
import time
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port, wait_until
from traffic import Server, connect

HERE = os.path.dirname(os.path.abspath(__file__))
DEFAULTS = """
defaults
  mode tcp
  timeout connect 5s
  timeout client 10s
  timeout server 10s
"""
MANY = ("server_id,gpt0,gpc0,gpc1,gpc0_rate(10s),gpc1_rate(10s),conn_cnt,conn_cur,conn_rate(10s),sess_cnt,sess_rate(10s),http_req_cnt,"
        "bytes_in_cnt,bytes_in_rate(10s),bytes_out_cnt,bytes_out_rate(10s),http_err_rate(1s)")
ALL = ("http_fail_rate(1s),bytes_out_rate(1s),server_id,server_key,gpt0,gpc0,gpc1,gpc0_rate(1s),gpc1_rate(1s),conn_cnt,conn_cur,"
       "conn_rate(1s),sess_cnt,sess_rate(1s),http_req_cnt,http_req_rate(1s),http_err_cnt,http_err_rate(1s),http_fail_cnt,bytes_in_cnt,"
       "bytes_in_rate(1s),bytes_out_cnt")


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def without_places(text):
    return re.sub(r"exp=[1-9]\d*", "exp=N", re.sub(r"0x[0-9a-f]+:", "P:", text))


class Named:
    """A server that puts its name in front of what it echoes."""

    def __init__(self, name):
        self.name = name
        self.server = Server(self.serve)
        self.port = self.server.port
        self.close = self.server.close

    def serve(self, connection):
        while data := connection.recv(65536):
            connection.sendall(self.name + data)


class StickTablesTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.a, self.b, self.log = Named(b"A"), Named(b"B"), LogCollector()
        for each in (self.a, self.b, self.log):
            self.addCleanup(each.close)
        self.port = free_port()

    def start(self, text):
        self.proxy = Proxy(DEFAULTS + text)
        self.addCleanup(self.proxy.close)
        return self.proxy

    def table(self, name):
        return without_places(self.proxy.ask(f"show table {name}").rstrip("\n"))

    def talk(self, message=b"x"):
        """What the server answers; nothing when the connection is refused."""
        with connect(self.port) as client:
            client.settimeout(15)
            try:
                client.sendall(message)
                return client.recv(1000)
            except ConnectionError:
                return b""

    def wait_for_entry(self, table, text):
        wait_until(lambda: text in self.table(table), f"'{text}' in table {table}: {self.table(table)}")

    def servers(self):
        return f"  server s1 127.0.0.1:{self.a.port}\n  server s2 127.0.0.1:{self.b.port}\n"

    def test_a_client_comes_back_to_its_server_while_that_runs(self):
        self.start(f"""
frontend f
  bind 127.0.0.1:{self.port}
  default_backend b
backend b
  stick on src table t
{self.servers()}
backend t
  stick-table type ip size 10 srvkey addr
""")
        self.assertEqual([self.talk() for _ in range(3)], [b"Ax"] * 3)
        entry = "# table: t, type: ip, size:10, used:1\nP: key=127.0.0.1 use=0 exp=0 server_id={} server_key=127.0.0.1:{}"
        self.assertEqual(self.table("t"), entry.format(1, self.a.port))
        self.proxy.ask("set server b/s1 state maint")
        self.assertEqual(self.talk(), b"Bx")
        self.assertEqual(self.table("t"), entry.format(2, self.b.port))
        self.proxy.ask("set server b/s1 state ready")
        self.assertEqual(self.talk(), b"Bx")
        # A server that is drained still has those who know it.
        self.proxy.ask("set server b/s2 state drain")
        self.assertEqual(self.talk(), b"Bx")
        self.proxy.ask("clear table t")
        self.assertEqual(self.talk(), b"Ax")

    def test_keys_of_what_was_sent(self):
        self.start(f"""
frontend f
  bind 127.0.0.1:{self.port}
  default_backend b
backend b
  tcp-request inspect-delay 10s
  tcp-request content accept if {{ req.len ge 4 }}
  stick match req.payload(0,4) table t
  stick store-request req.payload(0,4) table t if {{ req.len gt 3 }}
  stick store-response str(answered) table r
{self.servers()}
  server s3 127.0.0.1:{self.b.port} non-stick
backend t
  stick-table type binary len 6 size 100
backend r
  stick-table type string size 100
""")
        sent = (b"aaaa", b"bbbb", b"aaaa", b"cccc", b"bbbb", b"dddd", b"cccc", b"dddd")
        # What s3 has answered is forgotten.
        self.assertEqual([self.talk(each)[:1] for each in sent], [b"A", b"B", b"A", b"B", b"B", b"A", b"B", b"A"])
        self.assertEqual(self.table("t").splitlines()[1:], [f"P: key={key}0000 use=0 exp=0 server_id={number} server_key=s{number}"
                                                            for key, number in (("61616161", 1), ("62626262", 2), ("63636363", 2), ("64646464", 1))])
        self.assertEqual(self.table("r").splitlines()[1:], ["P: key=answered use=0 exp=0 server_id=1 server_key=s1"])

    def test_too_many_connections_are_refused(self):
        self.start(f"""
frontend f
  bind 127.0.0.1:{self.port}
  tcp-request connection track-sc0 src
  tcp-request content reject if {{ sc0_conn_rate gt 3 }}
  stick-table type ip size 100 expire 30s store conn_rate(1m),conn_cur,conn_cnt
  default_backend b
backend b
  server s1 127.0.0.1:{self.a.port}
""")
        self.assertEqual([self.talk() for _ in range(5)], [b"Ax"] * 3 + [b""] * 2)
        self.wait_for_entry("f", "use=0")
        self.assertIn("conn_cnt=5 conn_rate(60000)=5 conn_cur=0", self.table("f"))
        self.proxy.ask("clear table f")
        with connect(self.port):
            self.wait_for_entry("f", "use=1")
            self.assertIn("conn_cur=1", self.table("f"))
            self.proxy.ask("clear table f")
            self.assertEqual(self.proxy.ask("clear table f key 127.0.0.1").strip(), "Entry currently in use, cannot remove")
            self.assertIn("used:1", self.table("f"))

    def test_entries_expire(self):
        self.start(f"""
frontend f
  bind 127.0.0.1:{self.port}
  default_backend t
backend t
  stick-table type integer size 100 expire 200ms store gpc0
""")
        self.proxy.ask("set table t key 7 data.gpc0 1")
        wait_until(lambda: "used:0" in self.table("t"), "the entry has expired")

    def test_what_expressions_tell(self):
        expected = [line.split(" = ") for line in read("stick_fetches.expected").splitlines()]
        samples = " ".join(f"%[{expression}]" for expression, _ in expected)
        self.start(f"""
frontend f
  bind 127.0.0.1:{self.port}
  log {self.log.address} len 65000 format raw local0
  tcp-request connection track-sc0 src table all
  tcp-request session track-sc1 src table arr
  tcp-request content sc-inc-gpc0(0)
  tcp-request content sc-inc-gpc1(0)
  tcp-request content sc-inc-gpc0(1)
  tcp-request content sc-inc-gpc(1,1)
  tcp-request content sc-inc-gpc(0,0)
  tcp-request content sc-set-gpt0(0) 5
  tcp-request content sc-set-gpt0(1) src_port,mul(0),add(3)
  tcp-request content sc-set-gpt(1,1) 9
  log-format "{samples}"
  default_backend b
backend b
  server s1 127.0.0.1:{self.a.port}
backend all
  stick-table type ip size 100 expire 30s store {MANY}
backend arr
  stick-table type ip size 100 expire 30s store gpc(3),gpc_rate(3,10s),gpt(2),conn_cnt
backend empty
  stick-table type ip size 100 expire 30s
backend new
  stick-table type ip size 100 expire 30s store conn_cnt
backend str
  stick-table type string len 20 size 100 expire 30s store conn_cnt,gpc0
""")
        for number in range(2):
            self.assertEqual(self.talk(b"hello"), b"Ahello")
            wait_until(lambda n=number: len(self.log.lines) > n, "the log line")
            self.wait_for_entry("all", "use=0")
        told = self.log.lines[1].strip().split(" ")
        self.assertEqual([(e, v) for (e, _), v in zip(expected, told)], [(e, v) for e, v in expected])

    def test_commands(self):
        self.start(f"""
frontend f
  bind 127.0.0.1:{self.port}
  tcp-request connection track-sc0 src table b
  tcp-request connection track-sc1 dst table all
  tcp-request content track-sc0 src table c2
  tcp-request content track-sc2 src table cc
  tcp-request content sc-inc-gpc0(0)
  default_backend b
backend b
  stick-table type ip size 1m expire 30s store gpc0,conn_rate(10s),conn_cur,conn_cnt,sess_cnt,sess_rate(10s),bytes_in_cnt,bytes_out_cnt
  stick on src table st
  server s 127.0.0.1:{self.a.port}
backend all
  stick-table type ip size 1m store {ALL}
backend c2
  stick-table type ip size 10 expire 10s store gpc0,conn_cnt,sess_cnt,bytes_in_cnt
backend cc
  stick-table type ip size 10 expire 10s store gpc0,conn_cnt,sess_cnt,bytes_in_cnt
backend st
  stick-table type string len 5 size 1000 expire 100s
backend str
  stick-table type string size 1000 expire 100s nopurge store gpc0
backend bi
  stick-table type binary len 4 size 4 store gpc0
backend in
  stick-table type integer size 4 nopurge store gpc0
backend in2
  stick-table type integer size 4 store gpc(3),gpt(2),gpc_rate(2,10s),gpt(4)
backend v6
  stick-table type ipv6 size 4 store gpc0,gpt0,server_id
backend big
  stick-table type integer size 1000 store gpc0
""")
        parts = re.split(r"^> (.*)\n", read("stick_commands.expected"), flags=re.M)[1:]
        for command, answer in zip(parts[::2], parts[1::2]):
            # haproxy orders entries by milliseconds.
            asked = time.monotonic()
            wait_until(lambda since=asked: time.monotonic() > since + 0.002, "a millisecond has passed")
            with self.subTest(command):
                self.assertEqual(without_places(self.proxy.ask(command)).strip(), answer.strip())

    def test_a_full_table_forgets_its_oldest(self):
        self.start(f"""
frontend f
  bind 127.0.0.1:{self.port}
  default_backend t
backend t
  stick-table type integer size 512 store gpc0
""")
        for first in range(1, 515, 64):
            self.proxy.ask(";".join(f"set table t key {key} data.gpc0 1" for key in range(first, min(first + 64, 515))))
        self.assertIn("used:511", self.table("t"))
        keys = {int(key) for key in re.findall(r"key=(\d+)", self.table("t"))}
        self.assertEqual(keys, set(range(4, 515)))


if __name__ == "__main__":
    unittest.main()
