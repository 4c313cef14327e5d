"""The same commands, right and wrong, sent to the runtime API of both programs; the answers must be equal but for what is
listed here. Run by hand it prints every answer that differs: test/oracle/admin_commands_test.py -v."""
import unittest

from runtime_api import Comparison, commands

# {0}.. are ports. b1/s1 is checked, s2 tracks it, s3 is a backup; b2 has fixed weights; b3 hashes.
CONFIGURATION = """
global
    maxconn 100
    max-spread-checks 100
    stats socket {directory}/admin.sock level admin
    stats socket {directory}/operator.sock level operator
    stats socket {directory}/user.sock level user
    stats timeout 5s
defaults
    mode tcp
    timeout client 10s
    timeout server 10s
    timeout connect 3s
frontend f1
    bind 127.0.0.1:{0}
    default_backend b1
frontend f2
    bind 127.0.0.1:{1}
    default_backend b2
backend b1
    server s1 127.0.0.1:{9} check inter 60s
    server s2 127.0.0.1:{9} weight 10 track b1/s1
    server s3 127.0.0.1:{9} check inter 60s backup
    server s4 127.0.0.1:{9} weight 20
backend b2
    id 77
    balance static-rr
    server s1 127.0.0.1:{9}
    server dis 127.0.0.1:{9} disabled
backend b3
    balance source
    server s1 127.0.0.1:{9} weight 100 id 9
    server un /tmp/ddbproxy-test-nobody-listens
listen l1
    bind 127.0.0.1:{2}
    server a 127.0.0.1:{9}
"""

SHOW = r"""
show version
show version x
show cli level
show cli sockets
show cli sockets foo
show backend
show backend x
show env NOPE
show env HOME
show startup-logs
show servers state
show servers state b1
show servers state #77
show servers state nope
show servers conn
show servers conn l1
show servers conn nope
show servers
show servers foo
show stat
show stat x
show stat b1 4 -1
show stat b1 4
show stat 77 4 1
show stat 77 4 5
show stat -1 2 -1 up
show stat -1 1 -1
show stat 0 7 -1
show stat nope 4 -1
show stat typed b1 4 -1
show stat up
show stat no-maint
show stat typed
show stat typed desc
show stat json
show stat json desc
show stat desc no-maint
show stat 4 3 2 1
show info
show info foo
show info typed
show info json
show info desc
show info typed desc
show schema json
show schema
show fd 9999
show sess 0x123
show errors nope
show errors 2
show errors 2x request
show errors -5
show errors 0
show errors f1 request
show resolvers
show resolvers default
show resolvers nope
"""

HELP = r"""
help
help show
help show info
help foo
help sh
help prompt
foo
h
show
show cli
show inf
shw info
show proc
set
set maxconn
set maxconn foo
clear
disable
shutdown
shutdown sessions
SHOW version
"show" version
show\ version
show version\;show
# foo
@1 show version
@master
mcli-debug-mode on
debug dev
debug dev exit 1
httpclient GET http://127.0.0.1/
set var proc.foo int(3)
new ssl crlfile x
"""

SESSION = r"""
show version;show version
show version ; ; show cli level
;show version
prompt;show version;quit
prompt;foo;quit
prompt;prompt;show version
quit
quit foo
operator
operator;show cli level
user;show cli level
user;operator;show cli level
user;set weight b1/s1 1
user;show sess
user;show errors
user;show env
user;show fd
user;show startup-logs
user;clear counters
user;show stat b1 4 1
operator;clear counters all
expert-mode
expert-mode on
expert-mode on;expert-mode;expert-mode off;expert-mode
expert-mode foo
expert-mode on;help debug
expert-mode on;debug
experimental-mode on;experimental-mode
experimental-mode on;help set var
set severity-output
set severity-output foo
set severity-output none
set severity-output number;set weight b1/s1 300;show version;set weight b1/s1 1
set severity-output string;set weight b1/s1 300;help foo;foo;expert-mode;show env NOPE;show backend
set severity-output number;set server b1/s1 addr 127.0.0.1;get weight b1/s1;show cli sockets;set server x;show sess 0x1
set severity-output number;user;set weight b1/s1 3;set timeout cli
set timeout
set timeout foo 3
set timeout cli
set timeout cli foo
set timeout cli 0
set timeout cli -1
set timeout cli 10
set timeout cli 10 3
set timeout cli 10s
set timeout cli 3x
set timeout cli 99999999999
show version <<\nabc\n
show cli level; set server b1/s1 addr foo <<\nabc\n
show cli level\nshow version
show cli level\r
show version <<x
set server b1/s1 addr fo\ o
set server b1/s1 addr fo\;o
set server b1/s1 addr fo\\o
"""

SERVERS = r"""
set server
set server b1
set server b1/
set server /s1
set server b1/s1
set server b1/nope state ready
set server nope/s1 state ready
set server b1/s1 foo
set server b1/s1 name x
set server b1/s1 state
set server b1/s1 state foo
set server b1/s1 state ready
set server b1/#1 state ready
set server #77/s1 state ready
set server b1/s1 state drain;show servers state b1
set server b1/s1 state maint;show servers state b1
set server b1/s1 state drain;show servers state b1
set server b1/s1 state ready;show servers state b1
disable server
disable server b1
disable server b1/nope
disable server nope/x
disable server b1/s4;show servers state b1;show stat b1 6 -1
enable server b1/s4;show servers state b1
enable server
disable server b1/s2;show servers state b1
enable server b1/s2;show servers state b1
enable server b2/dis;show servers state b2
set server b2/dis state maint;show servers state b2
set server b1/s2 health down
set server b1/s2 health
set server b1/s1 health
set server b1/s1 health foo
set server b1/s1 health stopping;show servers state b1
set server b1/s1 health down;show servers state b1
set server b1/s1 health up;show servers state b1
set server b1/s4 health down;show servers state b1
set server b1/s4 health up
disable health
disable health x/y
disable health b1/nope
disable health b1/s1;show servers state b1
enable health b1/s1;show servers state b1
disable health b1/s4
enable health b1/s4
get weight
get weight b1
get weight b1/nope
get weight nope/s
get weight b1/s4
set weight
set weight b1
set weight b1/s4
set weight b1/s4 x
set weight b1/s4 %
set weight b1/s4 300
set weight b1/s4 -1
set weight b1/s4 1.5
set weight b1/s4 1a
set weight b1/s4 50%;get weight b1/s4
set weight b1/s4 200%;get weight b1/s4
set weight b1/s4 99999%;get weight b1/s4
set weight b1/s4 -5%
set weight b1/s4 100%x
set weight b1/s4 0;get weight b1/s4;show stat b1 6 -1
set server b1/s4 weight 20;get weight b1/s4
set server b1/s4 weight
set server b1/s2 weight 5;get weight b1/s2
set server b1/s2 weight 10
set weight b2/s1 2
set weight b2/s1 0;get weight b2/s1
set weight b2/s1 100%;get weight b2/s1
set weight b3/s1 50
set weight b3/s1 100
set weight nope/s 1
set server b1/s4 addr
set server b1/s4 addr foo
set server b1/s4 addr 127.0.0.1
set server b1/s4 addr 127.0.0.2;show servers state b1
set server b1/s4 addr 127.0.0.1 port
set server b1/s4 addr 127.0.0.1 port x
set server b1/s4 addr 127.0.0.1 port 26101;show servers conn b1
set server b1/s4 addr 127.0.0.2 port 26105
set server b1/s4 addr 127.0.0.1 foo 26101
set server b1/s4 addr 127.0.0.1 port 99999
set server b1/s4 addr ::1
set server b1/s4 addr 127.0.0.1 port 0
set server b1/s4 addr /tmp/x
set server b3/un addr 127.0.0.1
set server b1/s4 fqdn
set server b1/s4 fqdn x
set server b1/s4 ssl
set server b1/s4 ssl on
set server b1/s4 agent
set server b1/s4 agent up
set server b1/s4 agent-send x
set server b1/s4 agent-addr
set server b1/s4 agent-addr 127.0.0.1
set server b1/s4 agent-port 80
set server b1/s4 check-port
set server b1/s1 check-port x
set server b1/s1 check-port 99999
set server b1/s1 check-port -1
set server b1/s4 check-port 80
set server b1/s1 check-addr
set server b1/s1 check-addr foo
set server b1/s4 check-addr 127.0.0.1
set server b1/s1 check-addr 127.0.0.1 port 26101;show servers state b1
set server b1/s1 check-port 26102;show servers state b1
set maxconn server
set maxconn server b1
set maxconn server b1/s4
set maxconn server b1/s4 x
set maxconn server b1/s4 3x
set maxconn server b1/nope 5
set maxconn server nope/x 5
set maxconn server b1/s4 5;show stat b1 4 4
set maxconn server b1/s4 0
"""

LIMITS = r"""
set maxconn frontend
set maxconn frontend x
set maxconn frontend b1 3
set maxconn frontend f1
set maxconn frontend f1 x
set maxconn frontend f1 -1
set maxconn frontend f1 50;show stat f1 1 -1
set maxconn frontend f1 5000;show stat f1 1 -1
set maxconn global
set maxconn global x
set maxconn global -1
set maxconn global 50
set maxconn global 101
set maxconn global 100
set rate-limit
set rate-limit connections
set rate-limit connections global
set rate-limit connections global x
set rate-limit connections global -1
set rate-limit connections global 10
set rate-limit connections global 0
set rate-limit connections foo 3
set rate-limit sessions global 3
set rate-limit sessions global 0
set rate-limit foo global 3
set rate-limit ssl-sessions global 3
disable frontend
disable frontend x
disable frontend b1
disable frontend f1
disable frontend f1
enable frontend f1
enable frontend f1
enable frontend
enable frontend x
disable frontend l1
enable frontend l1
shutdown frontend
shutdown frontend x
shutdown frontend b1
shutdown session
shutdown session x
shutdown session 0x123
shutdown sessions server
shutdown sessions server b1
shutdown sessions server b1/s1
shutdown sessions server b1/nope
shutdown sessions server nope/s
clear counters;show stat b1 7 -1
clear counters foo;show stat b1 7 -1
clear counters all;show stat b1 7 -1;show stat l1 7 -1
set severity-output number;disable frontend f2;disable frontend f2;enable frontend f2;enable frontend f2
set severity-output number;shutdown frontend f2;shutdown frontend f2;enable frontend f2;disable frontend f2
"""

class AdminCommandsTest(Comparison):
    configuration = CONFIGURATION
    refused = {
        "set rate-limit ssl-sessions global 3": "no TLS yet",
    }

    @staticmethod
    def is_ready(program):
        return "L4CON" in program.ask("show stat b1 4 1") and "L4CON" in program.ask("show stat b1 4 3")

    def test_what_is_shown(self):
        self.same(SHOW)

    def test_help(self):
        self.same(HELP)

    def test_sessions(self):
        self.same(SESSION)

    def test_servers(self):
        self.same(SERVERS)

    def test_with_lower_levels(self):
        for level in ("user", "operator"):
            self.same("show cli level\noperator\nshow stat b1 4 1\nshow sess 0x1\nset server b1/s1 state ready\n"
                      "disable server b1/s1\nclear counters\nclear counters all\nshow env HOME\nshow cli sockets\n"
                      "set timeout cli 10\nset maxconn global 50\nget weight b1/s1\nshutdown session 1\nexpert-mode\n"
                      "show fd 9999\nset weight b1/s1 5\ndisable frontend f1\nset rate-limit sessions global 3\n"
                      "debug dev exit 0\nhttpclient GET http://x/\nset var proc.x int(1)", level)

    def test_zz_limits(self):
        self.same(LIMITS)

    def test_two_hundred_commands_are_compared(self):
        self.assertGreater(sum(len(list(commands(text))) for text in (SHOW, HELP, SESSION, SERVERS, LIMITS)), 250)


if __name__ == "__main__":
    unittest.main()
