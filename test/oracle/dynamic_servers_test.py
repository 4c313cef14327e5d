"""Servers that come and go at run time: the same commands sent to both programs must be answered, and must change what is
shown, in the same way. Run by hand it prints every answer that differs: test/oracle/dynamic_servers_test.py -v."""
import re
import unittest

import known
from programs import DDBPROXY, HAPROXY
from proxy import free_port
from runtime_api import Program, commands, mask

# {9} is a port that nobody listens on. Of each kind of `balance` there is a backend; of rr/s2 and rr/s4 others depend.
CONFIGURATION = """
global
    maxconn 100
    max-spread-checks 100
    stats socket {directory}/admin.sock level admin
    stats socket {directory}/operator.sock level operator
    stats socket {directory}/user.sock level user
defaults
    mode tcp
    timeout client 10s
    timeout server 10s
    timeout connect 3s
frontend f1
    bind 127.0.0.1:{0}
    default_backend rr
backend b1
    server s1 127.0.0.1:{9} check inter 60s
    server s2 127.0.0.1:{9} track s1
backend rr
    default-server weight 7 maxconn 3
    server s1 127.0.0.1:{9}
    server s2 127.0.0.1:{9} check inter 60s
    server t1 127.0.0.1:{9} track s2
    server s4 127.0.0.1:{9}
    server dis 127.0.0.1:{9} disabled
    server s6 127.0.0.1:{9}
backend empty
backend static
    balance static-rr
    server a 127.0.0.1:{9} disabled
backend least
    balance leastconn
    server a 127.0.0.1:{9} id 5
    server b 127.0.0.1:{9}
backend first
    balance first
backend map
    balance source
backend ring
    balance source
    hash-type consistent
backend random
    balance random
backend rules
    option tcp-check
    tcp-check connect port 5
backend off
    disabled
listen l1
    bind 127.0.0.1:{1}
"""

# What `add server` says of its first words, of backends and of addresses.
CALLS = r"""
help add
help del
add server
add server x
add server rr
add server rr/
add server /x
add server rr/x
add server nope/x 127.0.0.1:1
add server f1/x 127.0.0.1:1
add server rr/s1
add server rr/s1 127.0.0.1:1
add server rr/s1 127.0.0.1:1 bogus
add server rr/s1 127.0.0.1:1 weight 999
add server rr/s1 127.0.0.1:1 track nope
add server rr/s1 127.0.0.1 check
add server rr/a%b 127.0.0.1:1
add server rr/a/b 127.0.0.1:1
add server rr/a/b
add server rr/#5 127.0.0.1:1
add server rr/a:b 127.0.0.1:1
add server b1/c1 127.0.0.1:1
add server empty/e1 127.0.0.1:1
add server empty/e2 127.0.0.1
add server empty/e3 127.0.0.1:+5;disable server empty/e3;del server empty/e3
add server empty/e4 localhost:1
add server empty/e5 nope.invalid:1
add server empty/e6 /tmp/x
add server empty/e7 [::1]:1
add server empty/e8 127.0.0.1:1-5
add server empty/e9 127.0.0.1:x
add server empty/e10 127.0.0.1:99999
add server empty/e11 *:80
add server empty/e12 unix@/tmp/x
add server empty/e13 fd@5
add server empty/e14 :80
add server empty/e15 _x._tcp.y
add server empty/e16 127.0.0.1:0
add server empty/e17 ''
add server empty/e18 127.0.0.1:1 ''
add server static/d1 127.0.0.1:1
add server static/d1
add server map/d1 127.0.0.1:1
add server off/d1 127.0.0.1:1
add server least/d1 127.0.0.1:1
add server first/d1 127.0.0.1:1
add server ring/d1 127.0.0.1:1
add server random/d1 127.0.0.1:1
add server l1/d1 127.0.0.1:1
show servers state
show servers conn
show stat
show startup-logs
add server rr/z 127.0.0.1:1;add server rr/z 127.0.0.1:1;del server rr/z;del server rr/z
add server rr/v5 127.0.0.1:1 <<\nweight 5\n
experimental-mode on;add server rr/v6 127.0.0.1:1
set severity-output number;add server rr/s1;add server rr/s1 127.0.0.1:1;add server rr/v1 127.0.0.1:1
set severity-output number;del server rr/v1;del server rr/s1;add server x;del server nope/x;del server rr/nope
"""

# Every option, right and wrong.
OPTIONS = r"""
agent-addr 127.0.0.1
agent-addr
agent-addr foo
agent-check
agent-check agent-port 23996
agent-check port 23996
agent-check port 23996 agent-inter 5s agent-send x
agent-inter 5s
agent-inter
agent-inter x
agent-port 5
agent-port x
agent-port 99999
agent-send foo
agent-send
no-agent-check
addr 127.0.0.1
addr
addr foo
backup
no-backup
check
check inter 1s fall 3 rise 2 downinter 5s fastinter 1s port 23996 addr 127.0.0.1
no-check
check-proto none
check-proto foo
check-proto
check-send-proxy
no-check-send-proxy
no-check-ssl
no-check-via-socks4
check-via-socks4
cookie foo
cookie
disabled
enabled
downinter 5s
downinter
error-limit 3
error-limit
error-limit 0
error-limit x
fall 3
fall
fall 0
fall x
fastinter 5s
id 77
id 77
id 1
id 0
id -1
id x
id
init-addr none
init-addr last
inter 3s
inter
inter 0
inter x
log-proto legacy
max-reuse 5
maxconn 5
maxconn
maxconn x
maxqueue 3
minconn 3
minconn 5 maxconn 10
minconn 10 maxconn 5
namespace foo
no-send-proxy
no-send-proxy-v2
no-send-proxy-v2-ssl
no-send-proxy-v2-ssl-cn
no-ssl
no-ssl-reuse
no-tfo
non-stick
stick
observe layer4
observe layer4 check
observe layer7
observe layer7 check
observe foo
observe
on-error mark-down
on-error foo
on-error
on-marked-down shutdown-sessions
on-marked-down foo
on-marked-up shutdown-backup-sessions
on-marked-up foo
pool-low-conn 3
pool-max-conn 0
pool-purge-delay 3
port 23999
port
port x
port 99999
proto foo
proxy-v2-options ssl
proxy-v2-options foo
redir /foo
resolve-net 10.0.0.0/8
resolve-opts ignore-weight
resolve-prefer ipv4
resolvers r
rise 2
rise 0
send-proxy
send-proxy-v2
send-proxy-v2-ssl
send-proxy-v2-ssl-cn
shard 3
slowstart 10s
slowstart x
socks4 127.0.0.1:1
source 127.0.0.1
source
source foo
source 127.0.0.1:23990-23995
ssl-reuse
tcp-ut 5s
tfo
tls-tickets
no-tls-tickets
no-sslv3
track s2
track rr/s2
track s1
track t1
track nope
track nope/x
track rr/
track s2 check
track
usesrc
source 127.0.0.1 usesrc client
source 127.0.0.1 usesrc clientip interface lo
source 127.0.0.1 usesrc 127.0.0.2:80
source 127.0.0.1 usesrc
source 127.0.0.1 usesrc hdr_ip(x,-99)
source 127.0.0.1 usesrc 127.0.0.2:80-90
socks4 127.0.0.1:1
socks4
namespace nosuch
namespace *
redir http://x
weight 5
weight 0
weight 256
weight 257
weight -1
weight x
weight
ws auto
default-server
bogus
wieght 5
maxcon 3
backup weight 3 disabled
foo bar weight 999
weight 999 foo
inter 3s foo
id 5 bogus
check track s2
check agent-check
disabled enabled
enabled disabled
error-limit 5 on-error sudden-death observe layer4 check
check disabled
check enabled
agent-check agent-port 6 disabled
weight 0 backup
"""
# Options that haproxy has and ddbproxy refuses in plain words.
REFUSED = r"""
allow-0rtt
check-alpn h2
check-sni foo
ciphers x
crt foo
force-tlsv12
npn x
sni foo
ssl verify none
ssl-max-ver TLSv1.2
verify none
verifyhost foo
"""

# A server's life. That a session keeps its server from deletion is shown in test/e2e/admin.
LIFE = r"""
del server
del server x
del server rr/
del server nope/x
del server f1/x
del server rr/nope
del server rr/s1
disable server rr/s1
del server rr/s1
del server rr/s1
show servers state rr
add server rr/n1 127.0.0.1:1
show servers state rr
disable server rr/s2
del server rr/s2
del server rr/t1
del server rr/s2
del server rr/dis
del server static/a
del server rr/#6
disable server rr/s6
del server rr/#6
add server rr/n2 127.0.0.1:1
add server rr/n3 127.0.0.1:1 id 1
add server rr/n4 127.0.0.1:1
add server rr/n5 127.0.0.1:1 id 2
add server rr/n6 127.0.0.1:1
show servers state rr
add server least/c 127.0.0.1:1
disable server least/b
del server least/b
add server least/d 127.0.0.1:1
add server least/e 127.0.0.1:1
show servers state least
enable server rr/n2
show servers state rr
show stat rr 6 -1
set weight rr/n2 50%
set weight rr/n2 5;get weight rr/n2
set maxconn server rr/n2 4
set server rr/n2 addr 127.0.0.2 port 7
set server rr/n2 fqdn foo
set server rr/n2 state drain
del server rr/n2
show stat rr 6 -1
set server rr/n2 state maint
show servers conn rr
del server rr/n2
show servers state rr
add server empty/h 127.0.0.1:{9} check inter 20ms fall 2 rise 2
enable server empty/h
show servers state empty
show stat empty 6 -1
set server empty/h check-port 99
disable server empty/h
show servers state empty
disable health empty/h
del server empty/h
add server empty/g 127.0.0.1:{9} agent-check agent-port 99 disabled
show stat empty 6 -1
enable health empty/g
set server empty/g agent up
set server empty/g agent-send x
set server empty/g state ready
show servers state empty
set server empty/g state maint
del server empty/g
add server rr/u1 127.0.0.1:1 track n4
add server rr/u2 127.0.0.1:1 track b1/s1
add server rr/u3 127.0.0.1:1 track b1/s2
show servers state rr
show stat rr 4 -1
del server rr/u2
disable server b1/s1
del server b1/s1
show stat empty 6 -1
show backend
"""


class DynamicServersTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        # Both are fresh for each test, and nobody listens on the last port.
        self.nobody = free_port()
        self.haproxy = self.start(HAPROXY)
        self.ddbproxy = self.start(DDBPROXY)

    def start(self, path):
        program = Program(path, CONFIGURATION, [free_port() for _ in range(9)] + [self.nobody],
                          lambda asked: "L4CON" in asked.ask("show stat rr 4 2") and
                          "L4CON" in asked.ask("show stat b1 4 1"))
        self.addCleanup(program.close)
        return program

    def same(self, command, level="admin"):
        command = command.replace("{9}", str(self.nobody))
        with self.subTest(command=command, level=level):
            theirs, ours = self.haproxy.ask(command, level), self.ddbproxy.ask(command, level)
            self.assertEqual(self.mask(ours), self.mask(theirs))

    @staticmethod
    def mask(text):
        text = re.sub(r"already used at \S+/both.cfg:", "already used at FILE:", mask(text))
        text = re.sub(*known.ADDED_WEIGHT, text)
        # Some of haproxy's complaints about addresses bring line ends of their own.
        return re.sub(r"\n +([^\n]*)\n +\n\.", r"\1.", text).replace("\n\n\n", "\n\n")

    def test_calls(self):
        for command in commands(CALLS):
            self.same(command)

    def test_lower_levels(self):
        for level in ("user", "operator"):
            self.same("add server rr/x 127.0.0.1:1", level)
            self.same("del server rr/x", level)

    def test_options(self):
        for index, options in enumerate(commands(OPTIONS)):
            self.same(f"add server rr/o{index} 127.0.0.1:1 {options}")
        self.same("show servers state rr")
        self.same("show stat rr 4 -1")
        for index, _ in enumerate(commands(OPTIONS)):
            self.same(f"enable agent rr/o{index};disable agent rr/o{index};enable health rr/o{index};"
                      f"disable health rr/o{index}")

    def test_refused_options(self):
        for index, options in enumerate(commands(REFUSED)):
            with self.subTest(options=options):
                self.assertIn("registered", self.haproxy.ask(f"add server rr/r{index} 127.0.0.1:1 {options}") +
                              "registered" * (options in ("ciphers x", "npn x", "sni foo")))
                self.assertIn("not supported by ddbproxy yet",
                              self.ddbproxy.ask(f"add server rr/r{index} 127.0.0.1:1 {options}"))

    def test_life(self):
        for command in commands(LIFE):
            self.same(command)

    def test_no_port_to_check(self):
        for command in ("add server rr/x1 127.0.0.1 check", "add server rr/x2 foo.invalid check",
                        "add server rr/x3 /tmp/x check", "add server rr/x4 127.0.0.1 check port 5",
                        "add server rr/x5 127.0.0.1:+0 check", "add server rules/x6 127.0.0.1 check",
                        "add server rules/x7 127.0.0.1:5 check", "show servers state"):
            self.same(command)


if __name__ == "__main__":
    unittest.main()
