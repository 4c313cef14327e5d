"""Servers whose addresses a name server tells while the proxy runs (manual 5.3)."""
import re
import unittest

from log_collector import LogCollector
from name_server import NameServer, encode_name, encode_record
from proxy import DEFAULTS, Proxy, free_port
from traffic import Server, exchange

import wait_cli

QUICK = """
    timeout resolve 100ms
    timeout retry 100ms
    hold nx 100ms
    hold timeout 100ms
    hold refused 100ms
    hold other 100ms
"""


def a(*hosts):
    return [("A", f"127.0.0.{host}") for host in hosts]


class NamesTest(unittest.TestCase):
    """What the tests below share."""

    def begin(self, servers, table, settings=QUICK):
        """Runs a proxy with these server lines; the name server has this table."""
        self.log = LogCollector()
        self.addCleanup(self.log.close)
        self.names = NameServer(table)
        self.addCleanup(self.names.close)
        self.proxy = Proxy(f"""
    log {self.log.address} local0
resolvers docker
    nameserver dns1 127.0.0.1:{self.names.port}
{settings}
{DEFAULTS}
    log global
backend b
    default-server resolvers docker init-addr none resolve-prefer ipv4
{servers}
""")
        self.addCleanup(self.proxy.close)

    def begin_with_bad_answers(self, says_first, kind="A", servers="server one a.test:80"):
        """Each answer comes right behind such a datagram, on the only try of the round."""
        self.begin(servers, {}, "    resolve_retries 1\n    timeout resolve 100ms\n    timeout retry 300ms\n")
        self.names.says_first = says_first
        self.names.set("a.test", kind, a(1))

    def cli(self, command):
        return wait_cli.ask(self.proxy.cli, command)

    def states(self):
        """Of each server: address, state, administrative state, weight, name, port."""
        rows = [line.split() for line in self.cli("show servers state").splitlines()[2:] if line]
        return {row[3]: (row[4], int(row[5]), int(row[6]), int(row[7]), row[17], int(row[18])) for row in rows}

    def wait_for(self, pattern):
        wait_cli.wait_for(self.proxy.cli, "show servers state", pattern)

    def counters(self):
        return dict(re.findall(r"^  (\w+): +(\d+)$", self.cli("show resolvers docker"), re.MULTILINE))

    def wait_for_counter(self, name):
        wait_cli.wait_for(self.proxy.cli, "show resolvers docker", rf"^  {name}: +[1-9]")


class ResolversTest(NamesTest):
    def test_a_good_answer_right_behind_a_bad_one_counts(self):
        def with_code(code):
            return lambda question: question[:2] + bytes([0x85, 0x80 | code]) + bytes([0, 1, 0, 0, 0, 0, 0, 0]) + question[12:]

        for name, says_first in {"no answer": lambda question: question, "cut short": lambda question: question[:11],
                                 "other name": lambda question: question[:2] + self.names.answer(
                                     question[:12] + encode_name("b.test") + question[20:])[2:],
                                 "NXDOMAIN": with_code(3), "REFUSED": with_code(5), "SERVFAIL": with_code(2)}.items():
            with self.subTest(name):
                self.begin_with_bad_answers(says_first)
                self.log.wait_for(r"b/one changed its IP from \(none\) to 127\.0\.0\.1 by docker/dns1\.$")
                self.proxy.close()

    def test_a_name_gets_its_address_and_follows_it(self):
        self.begin("server one a.test:80", {("a.test", "A"): a(1)})
        self.log.wait_for(r"^<133>.*: b/one changed its IP from \(none\) to 127\.0\.0\.1 by docker/dns1\.$")
        self.log.wait_for(r"^<133>.*: Server b/one \('a\.test'\) is UP/READY \(resolves again\)\.$")
        self.log.wait_for(r"^<133>.*: Server b/one administratively READY thanks to valid DNS answer\.$")
        self.assertEqual(self.states()["one"], ("127.0.0.1", 2, 0, 1, "a.test", 80))
        self.names.set("a.test", "A", a(2))
        self.log.wait_for(r"^<133>.*: b/one changed its IP from 127\.0\.0\.1 to 127\.0\.0\.2 by docker/dns1\.$")
        self.assertEqual(int(self.counters()["update"]), 2)

    def test_before_the_first_answer_it_is_in_maintenance(self):
        self.begin("server one a.test:80", {("a.test", "A"): None})
        self.assertEqual(self.states()["one"], ("-", 0, 32, 1, "a.test", 80))
        self.assertIn(",MAINT (resolution),", self.cli("show stat b 4 -1"))

    def test_connections_go_where_the_name_points(self):
        server = Server()
        self.addCleanup(server.close)
        names = NameServer({("a.test", "A"): a(1)})
        self.addCleanup(names.close)
        port = free_port()
        with Proxy(f"""
resolvers docker
    nameserver dns1 127.0.0.1:{names.port}
{DEFAULTS}
listen l
    bind 127.0.0.1:{port}
    server one a.test:{server.port} resolvers docker init-addr none resolve-prefer ipv4
""") as proxy:
            wait_cli.wait_for(proxy.cli, "show servers state", r" one 127\.0\.0\.1 2 0 ")
            self.assertEqual(exchange(port, b"hello"), b"hello")

    def test_servers_of_one_name_share_its_addresses_out(self):
        self.begin("server-template s 3 a.test:80", {("a.test", "A"): a(1, 2)})
        self.wait_for(r" s1 127\.0\.0\.\d 2 0 ")
        self.wait_for(r" s2 127\.0\.0\.\d 2 0 ")
        states = self.states()
        self.assertEqual({states["s1"][0], states["s2"][0]}, {"127.0.0.1", "127.0.0.2"})
        self.assertEqual(states["s3"][0:3], ("-", 0, 32))
        self.log.wait_for(r": b/s2 changed its IP from \(none\) to 127\.0\.0\.\d by DNS cache\.$")
        self.names.set("a.test", "A", a(1, 2, 3))
        self.wait_for(r" s3 127\.0\.0\.3 2 0 ")
        self.names.set("a.test", "A", a(1))
        self.log.wait_for(r"^<129>.*: Server b/s\d is going DOWN for maintenance \(No IP for server \)\. "
                          r"1 active and 0 backup servers left\. 0 sessions active, 0 requeued, 0 remaining in queue\.$")

    def test_they_may_share_an_address_when_told_so(self):
        self.begin("server-template s 2 a.test:80 resolve-opts allow-dup-ip", {("a.test", "A"): a(1)})
        self.wait_for(r" s1 127\.0\.0\.1 2 0 ")
        self.wait_for(r" s2 127\.0\.0\.1 2 0 ")

    def test_a_preferred_network_goes_first(self):
        self.begin("server one a.test:80 resolve-net 10.0.0.0/8,127.1.0.0/16",
                   {("a.test", "A"): [*a(1, 2), ("A", "127.1.2.3"), ("A", "127.2.2.3")]})
        self.wait_for(r" one 127\.1\.2\.3 2 0 ")

    def test_the_other_family_is_asked_when_the_preferred_has_nothing(self):
        self.begin("server one a.test:80", {("a.test", "AAAA"): [("AAAA", "::1")]})
        self.wait_for(r" one ::1 2 0 ")
        self.names.set("a.test", "A", a(1))
        self.wait_for(r" one 127\.0\.0\.1 2 0 ")

    def test_aliases_are_followed(self):
        self.begin("server one a.test:80",
                   {("a.test", "A"): [("CNAME", "x.test"), ("x.test", "CNAME", "y.test"), ("y.test", "A", "127.0.0.4")]})
        self.wait_for(r" one 127\.0\.0\.4 2 0 ")

    def lose(self, answer, words):
        self.begin("server one a.test:80", {("a.test", "A"): a(1)})
        self.wait_for(r" one 127\.0\.0\.1 2 0 ")
        self.names.set("a.test", "AAAA", answer)
        self.names.set("a.test", "A", answer)
        self.log.wait_for(rf"^<129>.*: Server b/one is going DOWN for maintenance \({words}\)\. 0 active and 0 backup "
                          r"servers left\. 0 sessions active, 0 requeued, 0 remaining in queue\.$")
        self.log.wait_for(r"^<128>.*: backend b has no server available!$")
        self.assertEqual(self.states()["one"], ("-", 0, 32, 1, "a.test", 80))
        self.names.set("a.test", "A", a(3))
        self.wait_for(r" one 127\.0\.0\.3 2 0 ")

    def test_a_name_that_is_gone_takes_its_server_away(self):
        self.lose("NXDOMAIN", "DNS NX status")

    def test_refusals_do_so_too(self):
        self.lose("REFUSED", "DNS refused status")

    def test_and_silence(self):
        self.lose(None, "DNS timeout status")

    def test_and_other_errors(self):
        self.lose("SERVFAIL", "unspecified DNS error")

    def test_hold_keeps_the_address_for_its_time(self):
        self.begin("server one a.test:80", {("a.test", "A"): a(1)}, "timeout resolve 50ms\ntimeout retry 50ms\n")
        self.wait_for(r" one 127\.0\.0\.1 2 0 ")
        self.names.set("a.test", "A", "NXDOMAIN")
        self.names.set("a.test", "AAAA", "NXDOMAIN")
        wait_cli.wait_for(self.proxy.cli, "show resolvers docker", r"^  nx: +[1-9][0-9]")
        self.assertEqual(self.states()["one"][0:2], ("127.0.0.1", 2))

    def test_an_address_that_answers_lack_is_kept_for_hold_obsolete(self):
        self.begin("server one a.test:80", {("a.test", "A"): a(1)}, QUICK + "    hold obsolete 30s\n")
        self.wait_for(r" one 127\.0\.0\.1 2 0 ")
        self.names.set("a.test", "A", a(2))
        valid = int(self.counters()["valid"])
        wait_cli.wait_for(self.proxy.cli, "show resolvers docker", rf"^  valid: +({valid + 3}|{valid + 4}|{valid + 5})$")
        self.assertEqual(self.states()["one"][0], "127.0.0.1")

    def test_forced_maintenance_stays_when_the_name_resolves(self):
        self.begin("server one a.test:80", {("a.test", "A"): None})
        self.cli("disable server b/one")
        self.names.set("a.test", "A", a(1))
        self.log.wait_for(r"^<133>.*: Server b/one \('a\.test'\) resolves again but remains in maintenance\.$")
        self.log.wait_for(r"^<133>.*: Server b/one administratively READY thanks to valid DNS answer\.$")
        self.assertEqual(self.states()["one"][0:3], ("127.0.0.1", 0, 1))

    def test_the_runtime_api_can_change_the_name(self):
        self.begin("server one a.test:80\nserver plain 127.0.0.1:81",
                   {("a.test", "A"): a(1), ("c.test", "A"): a(6)})
        self.wait_for(r" one 127\.0\.0\.1 2 0 ")
        self.assertEqual(self.cli("set server b/one fqdn c.test"),
                         "b/one changed its FQDN from a.test to c.test by 'stats socket command'\n\n")
        self.wait_for(r" one 127\.0\.0\.6 2 0 .* c\.test 80 ")
        self.assertEqual(self.cli("set server b/one fqdn"), "set server <b>/<s> fqdn requires a FQDN.\n\n")
        self.assertEqual(self.cli("set server b/one fqdn a..b"),
                         "could not update b/one FQDN by 'stats socket command'\n\n")

    def test_an_address_set_by_hand_stays_until_answers_change(self):
        self.begin("server one a.test:80", {("a.test", "A"): a(1)})
        self.wait_for(r" one 127\.0\.0\.1 2 0 ")
        self.cli("set server b/one addr 127.0.0.99")
        valid = int(self.counters()["valid"])
        wait_cli.wait_for(self.proxy.cli, "show resolvers docker", rf"^  valid: +({valid + 3}|{valid + 4}|{valid + 5})$")
        self.assertEqual(self.states()["one"][0], "127.0.0.99")
        self.names.set("a.test", "A", a(2))
        self.wait_for(r" one 127\.0\.0\.2 2 0 ")

    def test_bad_answers_are_counted_by_their_kind(self):
        asked = encode_name("a.test") + b"\0\1\0\1"
        record = encode_record("a.test", "A", "127.0.0.7")
        other = encode_name("b.test") + b"\0\1\0\1"
        for counter, message in [
                ("nx", "NXDOMAIN"), ("refused", "REFUSED"), ("other", "SERVFAIL"), ("any_err", []),
                ("cname_error", [("CNAME", "x.test")]), ("invalid", [("x.test", "A", "127.0.0.7")]),
                ("other", b"garbage"), ("invalid", b""), ("invalid", b"\x81\x80\0\0\0\0\0\0\0\0"),
                ("invalid", b"\x81\x80\0\1\0\1\0\0\0\0" + other + record),
                ("truncated", b"\x83\x80\0\1\0\1\0\0\0\0" + asked + record), ("too_big", a(*range(1, 60)))]:
            with self.subTest(counter=counter, message=message):
                self.begin("server one a.test:80", {("a.test", "A"): message})
                self.wait_for_counter(counter)
                self.assertEqual(self.states()["one"][0], "-")
                self.proxy.close()

    def test_the_first_valid_answer_counts(self):
        other = NameServer({("a.test", "A"): a(9)})
        self.addCleanup(other.close)
        self.begin("server one a.test:80", {}, f"{QUICK}    nameserver dns2 127.0.0.1:{other.port}\n")
        self.log.wait_for(r": b/one changed its IP from \(none\) to 127\.0\.0\.9 by docker/dns2\.$")
        self.wait_for(r" one 127\.0\.0\.9 2 0 ")

    def test_unknown_sections_of_resolvers_are_refused_by_the_api(self):
        self.begin("server one a.test:80", {})
        self.assertEqual(self.cli("show resolvers nope"), "Can't find that resolvers section\n\n")
        self.assertTrue(self.cli("show resolvers docker").startswith(
            "Resolvers section docker\n nameserver dns1:\n  sent:        "))


class ServicesTest(NamesTest):
    """SRV records say which hosts and ports serve."""
    SERVICE = ("_db._tcp.test", "SRV")

    def begin_service(self, records, servers="server-template s 3 _db._tcp.test weight 10"):
        self.begin(servers, {self.SERVICE: records, ("h1.test", "A"): a(11), ("h2.test", "A"): a(12)})

    def test_each_record_takes_a_server(self):
        self.begin_service([("SRV", (1, 600, 8001, "h1.test")), ("SRV", (1, 65535, 8002, "h2.test"))])
        self.wait_for(r" 127\.0\.0\.11 2 64 3 10 .* h1\.test 8001 _db\._tcp\.test ")
        self.wait_for(r" 127\.0\.0\.12 2 64 256 10 .* h2\.test 8002 _db\._tcp\.test ")
        self.log.wait_for(r"^<133>.*: b/s\d changed its FQDN from \(null\) to h1\.test by 'SRV record'$")
        self.assertEqual(sorted(state[0] for state in self.states().values()), ["-", "127.0.0.11", "127.0.0.12"])

    def test_a_record_that_goes_takes_its_server_away(self):
        self.begin_service([("SRV", (1, 1, 8001, "h1.test")), ("SRV", (1, 1, 8002, "h2.test"))])
        self.wait_for(r" 127\.0\.0\.11 2 64 ")
        self.wait_for(r" 127\.0\.0\.12 2 64 ")
        self.names.set(*self.SERVICE, [("SRV", (1, 1, 8002, "h2.test"))])
        self.log.wait_for(r"^<129>.*: Server b/s\d is going DOWN for maintenance \(entry removed from SRV record\)\. ")
        self.wait_for(r" - 0 96 1 10 .* - 0 _db\._tcp\.test ")
        self.names.set(*self.SERVICE, [("SRV", (1, 1, 8002, "h2.test")), ("SRV", (1, 1, 8003, "h1.test"))])
        self.wait_for(r" 127\.0\.0\.11 2 64 .* h1\.test 8003 ")

    def test_weights_follow_unless_they_are_ignored(self):
        self.begin_service([("SRV", (1, 256, 8001, "h1.test"))],
                           "server one _db._tcp.test weight 10\n"
                           "backend c\n"
                           "default-server resolvers docker init-addr none resolve-prefer ipv4\n"
                           "server one _db._tcp.test weight 10 resolve-opts ignore-weight")
        self.wait_for(r" b 1 one 127\.0\.0\.11 2 64 1 10 ")
        self.wait_for(r" c 1 one 127\.0\.0\.11 2 64 10 10 ")
        self.names.set(*self.SERVICE, [("SRV", (1, 1024, 8001, "h1.test"))])
        self.wait_for(r" b 1 one 127\.0\.0\.11 2 64 4 10 ")

    def test_additional_records_spare_a_question(self):
        self.begin_service(None)
        self.names.set_additional(self.SERVICE[0], [("h1.test", "A", "127.0.0.51")])
        self.names.set(*self.SERVICE, [("SRV", (1, 1, 8001, "h1.test"))])
        self.log.wait_for(r": b/s1 changed its IP from \(none\) to 127\.0\.0\.51 by DNS additional record\.$")
        self.names.set_additional(self.SERVICE[0], [])
        self.log.wait_for(r": b/s1 changed its IP from 127\.0\.0\.51 to 127\.0\.0\.11 by docker/dns1\.$")

    def test_a_service_that_is_gone_takes_its_servers_away(self):
        self.begin_service([("SRV", (1, 1, 8001, "h1.test"))])
        self.wait_for(r" 127\.0\.0\.11 2 64 ")
        self.names.set(*self.SERVICE, "NXDOMAIN")
        self.wait_for(r" s1 - 0 96 ")

    def test_the_runtime_api_cannot_rename_it(self):
        self.begin_service([])
        self.assertEqual(self.cli("set server b/s1 fqdn c.test"),
                         "set server <b>/<s> fqdn failed because SRV resolution is configured.\n\n")


if __name__ == "__main__":
    unittest.main()
