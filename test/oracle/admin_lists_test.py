"""Commands on ACLs and maps: lists of every kind, looked at and changed in right and wrong ways; the answers are equal."""
import re
import unittest

from runtime_api import Comparison

FILES = {
    "nets.lst": "# networks\n10.0.0.0/8\n192.168.1.0/24\n\n127.0.0.1\n10.0.0.1/255.0.255.0\n::1\n2001:db8::/32\n",
    "words.lst": "alpha\n beta gamma \n/a/b\nalpha\n",
    "words.map": "# comment\nalpha one\nbeta two three  \n\ngamma\n beta\tagain\n",
    "numbers.map": "x 1\ny 0020\nz -3\n",
    "addresses.map": "10.0.0.0/8 1.1.1.1\n2001:db8::/32 ::2\n10.0.0.1/255.0.255.0 9.9.9.9\n",
    "regexes.map": "^a(.)b two\\1\nr.* one\n",
    "shared.map": "k1 v1\nk2 v2\n",
    "keys.map": "k1 v1\n",
    "later.map": "a b\n",
    "once_more.map": "a b\n",
}

# The lists have these ids; what haproxy reads only at the end stands behind its own two.
CONFIGURATION = """
global
    maxconn 100
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
    acl nets src -f {directory}/nets.lst
    acl both src -f {directory}/nets.lst 1.2.3.4
    acl ports dst_port 80 90:100
    acl ports dst_port gt 5 lt 8
    acl folded src,lower -m str -i ABC def
    acl given src -u 9 10.1.1.1
    acl regex src,lower -m reg ^a b$
    acl there src -m found
    acl true always_true
    acl some_true always_true 1
    acl length src,lower -m len 4: 7
    acl part src,lower -m sub -i ell
    acl directory src,lower -m dir a/b c
    acl domain src,lower -m dom a.b c
    acl ending src,lower -m end .org -i
    acl beginning src,lower -m beg -f {directory}/words.lst -i -f {directory}/words.lst
    acl bytes req.payload(0,2) -m bin 6162 00
    acl keys src,lower -M -f {directory}/keys.map
    acl none src,lower -m str --
    acl zero src -u 0 ::/0
    acl method int(3) -m str 3
    tcp-request connection reject if {{ src 1.1.1.1 }} or LOCALHOST
    tcp-request content reject if {{ src,lower -M -f {directory}/shared.map }}
    tcp-request connection set-var(sess.a) src,lower,map(DIR/words.map,def)
    tcp-request connection set-var(sess.b) src,lower,map_beg(DIR/words.map,def)
    tcp-request connection set-var(sess.c) src,lower,map_str_int(DIR/numbers.map)
    tcp-request connection set-var(sess.d) src,lower,map(DIR/shared.map)
    tcp-request connection set-var(sess.e) src,lower,map_regm(DIR/regexes.map)
    tcp-request connection set-var(sess.f) src,lower,map_reg(DIR/regexes.map)
    tcp-request connection set-var(sess.g) src,map_ip_ip(DIR/addresses.map)
    use_backend %[src,lower,map(DIR/later.map,b1)] if nets {{ dst_port 1 }}
    log-format "%[src,lower,map(DIR/once_more.map)] %[src,lower,map(DIR/words.map)]"
    default_backend b1
backend b1
    acl nets dst -f {directory}/nets.lst
    acl ports dst_port 80
    server s1 127.0.0.1:{9}
""".replace("DIR", "{directory}")

LISTS = """
show acl
show map
show acl x
show map x
show acl #0
show acl #1
show acl #99
show acl #-1
show acl #
show acl #+2
show acl #02
show acl #0x2
show acl #2x
show acl 2
show acl #2 x
show acl DIR/nets.lst
show acl DIR/words.map
show map DIR/nets.lst
show map DIR/words.map
show map DIR/shared.map
show acl DIR/shared.map
show map DIR/numbers.map
show map DIR/addresses.map
show map DIR/regexes.map
show acl @
show acl @0
show acl @0 DIR/nets.lst
show acl @x DIR/nets.lst
show acl @00 DIR/nets.lst
show acl @4294967296 DIR/nets.lst
show acl @1 DIR/nets.lst
show map @1 DIR/words.map
show map @0 #0
show acl #0 @0
show acl #3
show acl #4
show acl #5
show acl #6
show acl #7
show acl #8
show acl #9
show acl #10
"""

# Of every list that there is, in the order of its id.
FOUND = ["1.2.3.4", "10.1.1.1", "11.1.1.1", "10.1.0.1", "2001:db8::5", "::1", "::ffff:10.0.0.1", "80", "95", "6", "7x", "-3", "abc", "ABC", "def",
         "a", "xb", "1", "0", "abcd", "abcdefg", "hELLo", "/x/a/b/", "c", "x.a.b.c", "x.org", "x.ORG", "/a/b/c", "ALPHAX", "ab", "k1", "k2",
         "alpha", "beta", "gamm", "alphax", "x", "y", "z", "a.b", "aXb", "rrr", "3", "\\ beta", "nothing"]

# Lines with <n> name the n-th entry of their list.
CHANGES = r"""
add acl
add acl x
add acl x y
add acl #3
add acl #3 81
show acl #3
add acl #3 82:85 90
add acl #3 ge 5
add acl #3 9:1
add acl #3 1:2:3
add acl #3 x
add acl #3 <2>
show acl #3
show acl
get acl #3 83
del acl #3 81
get acl #3 81
del acl #3 81
del acl #3
del acl
del acl x
del acl x y
del acl #3 82
del acl #3 <1>
show acl #3
del acl #3 #0x1
del acl #3 #1
del acl #3 #
del acl #3 #0x
del acl #3 #0x1g
del acl #3 #0xg
del acl #3 #x
show acl
add acl DIR/nets.lst 1.2.3.4
add acl DIR/nets.lst 1.2.3.4
add acl DIR/nets.lst 1.2.3.4/33
add acl DIR/nets.lst 1.2.3.4x
add acl DIR/nets.lst nobody.invalid
add acl DIR/nets.lst localhost
add acl DIR/nets.lst 81
add acl DIR/nets.lst 1.2.3.0/255.255.0.255
add acl DIR/nets.lst fe80::/10
add acl DIR/nets.lst fe80::/129
show acl DIR/nets.lst
get acl DIR/nets.lst 1.2.3.4
get acl DIR/nets.lst 1.2.9.4
get acl DIR/nets.lst fe81::1
del acl DIR/nets.lst <3>
del acl DIR/nets.lst <3>
show acl DIR/nets.lst
del acl DIR/nets.lst 1.2.3.4
get acl DIR/nets.lst 1.2.3.4
show acl
add acl #5 xyz
add acl #5 xyz
add acl #5 ""
add acl #5 a\ b
add acl #5 "a b"
show acl #5
get acl #5 XYZ
get acl #5 a\ b
del acl #5 xyz
get acl #5 XYZ
show acl #5
add acl #6 (
add acl #6 [a
add acl #6 c.d
get acl #6 xcxdx
add acl #9 10.1.1.2
show acl #9
add acl DIR/words.lst /z
get acl DIR/words.lst /zz
get acl DIR/words.lst ALPHA
del acl DIR/words.lst alpha
get acl DIR/words.lst ALPHA
show acl DIR/words.lst
add acl #1 8.8.8.8
show acl #1
get acl #1 8.8.8.8
add acl #0 1.1.1.1
del acl #0 ::/0
get acl #0 9.9.9.9
show acl
clear acl
clear acl @1
clear acl x
clear acl #99
clear acl #3
clear acl @7 #4
clear acl DIR/words.map
show acl #3
show acl #4
get acl #3 80
add acl #3 80
get acl #3 80
clear acl DIR/nets.lst
show acl DIR/nets.lst
get acl DIR/nets.lst 10.1.1.1
show acl
"""

MAPS = r"""
add map
add map x
add map x y
add map x y z
add map DIR/words.map a
add map DIR/words.map delta four
add map DIR/words.map delta five six
add map DIR/words.map a\ b c\ \ d
add map DIR/words.map "" x
add map DIR/words.map x ""
show map DIR/words.map
get map DIR/words.map delta
get map DIR/words.map delta2
get map DIR/words.map a\ b
get map
get map x
get map x y
get map DIR/words.map
get map DIR/words.map alpha x
get map @0 DIR/words.map alpha
set map
set map x
set map x y
set map x y z
set map DIR/words.map beta
set map DIR/words.map beta new
get map DIR/words.map beta
set map DIR/words.map beta newer still
set map DIR/words.map nothing new
set map DIR/words.map <2> other
set map DIR/words.map #0x1 other
set map DIR/words.map #0x1g other
set map DIR/words.map #0X1 other
set map DIR/words.map # other
show map DIR/words.map
del map
del map x
del map x y
del map DIR/words.map
del map DIR/words.map <3>
del map DIR/words.map delta
del map DIR/words.map delta
show map DIR/words.map
show map
add map DIR/numbers.map w 7
add map DIR/numbers.map w 007
add map DIR/numbers.map w -0
add map DIR/numbers.map w +7
add map DIR/numbers.map w 9223372036854775808
add map DIR/numbers.map w x
add map DIR/numbers.map w 5x
add map DIR/numbers.map w 0x5
add map DIR/numbers.map w ""
show map DIR/numbers.map
get map DIR/numbers.map w
set map DIR/numbers.map x 9
set map DIR/numbers.map x bad
set map DIR/numbers.map nothing bad
set map DIR/numbers.map <1> 10
set map DIR/numbers.map <1> bad
set map DIR/numbers.map #0x1 bad
get map DIR/numbers.map x
show map
add map DIR/addresses.map 1.2.3.4 nobody
add map DIR/addresses.map 1.2.3.4 5
add map DIR/addresses.map 1.2.3.4x 1.1.1.1
add map DIR/addresses.map 1.2.3.4x nobody
add map DIR/addresses.map 1.2.3.4 2001:db8:0:0::1
add map DIR/addresses.map ::3 1.2.3.4
get map DIR/addresses.map 1.2.3.4
get map DIR/addresses.map ::3
set map DIR/addresses.map ::3 nobody
set map DIR/addresses.map ::3 5.6.7.8
get map DIR/addresses.map ::3
show map DIR/addresses.map
add map DIR/regexes.map ( v
add map DIR/regexes.map z$ \\1
get map DIR/regexes.map xyz
show map
show map DIR/regexes.map
add acl DIR/shared.map k3
add acl DIR/shared.map k3 v3
add acl DIR/words.map k3
add map DIR/shared.map k3 v3
get acl DIR/shared.map k3
get map DIR/shared.map k3
get map DIR/keys.map k1
set map DIR/keys.map k1 v2
get map DIR/keys.map k1
del acl DIR/shared.map k1
del map DIR/shared.map k2
show acl DIR/shared.map
get acl DIR/shared.map k1
del acl DIR/words.map gamma
del map #5 xyz
add map #5 key value
set map #5 ABC value
set map #5 <2> other
show acl #5
get map #5 abc
get acl #5 abc
get map #8 1
get map #8 0
get map #7 1
get acl DIR/words.map alpha
clear map
clear map x
clear map #5
clear map DIR/words.map
clear acl DIR/shared.map
show map DIR/words.map
get map DIR/words.map alpha
show acl
show map
"""

PAYLOADS = r"""
add map DIR/words.map <<\nk1 v1\nk2   v2 with blanks  \nk3\tv3\n
show map DIR/words.map
add map DIR/words.map <<\nk4 v4\nk5\nk6 v6\n
add map DIR/words.map <<\nk7 v7\nk8\n
add map DIR/words.map <<\n\tk9 v9\n
add map DIR/words.map <<\n# c d\n\\x e\n'q r' s\n
show map DIR/words.map
add map DIR/words.map <<\n k11 v\n
add map DIR/words.map x <<\nk12 v12\n
add map DIR/words.map x y <<\nk13 v13\n
add map DIR/words.map x y z <<\nk14 v14\n
show map DIR/words.map
add map DIR/numbers.map <<\na 1\nb x\nc 3\n
add map DIR/numbers.map <<\na 1\r\nb 2\r\n
show map DIR/numbers.map
add map x <<\na 1\n
add map <<\na 1\n
add map @0 DIR/numbers.map <<\nq 1\n
add map @5 DIR/numbers.map <<\nq 1\n
add acl #3 <<\n70\n
add acl #3 x <<\n70\n
add acl #3 x <<\n71\n72\n
show acl #3
del acl #3 <<\n70\n
del acl #3 70 <<\nx\n
get acl #3 80 <<\nx\n
prepare acl #5 <<\nx\n
show map <<\nx\n
"""

VERSIONS = r"""
prepare acl
prepare acl x
prepare acl #4
prepare acl #4 x
prepare acl @1 #4
prepare acl DIR/words.map
prepare map #4
prepare map
prepare map DIR/shared.map
prepare acl DIR/shared.map
show acl
add acl @1 #4 1000
add acl @2 #4 2000
add acl @3 #4 3000
add acl @-1 #4 4000
add acl @ #4 4001
add acl @x #4 4002
add acl @1x #4 1001
add acl @4294967295 #4 4003
add acl @4294967297 #4 1002
add acl @99999999999999999999 #4 4004
add acl @1 #4
add acl @1
add acl @1 x y
add acl @1 #4 x
add acl @9 DIR/shared.map x
add map @9 DIR/shared.map x y
add map @9 #99 x y
show acl #4
show acl @1 #4
show acl @2 #4
show acl @3 #4
show acl @4294967295 #4
get acl #4 1000
get acl @1 #4 1000
del acl @1 #4 1000
del acl #4 1001
show acl @1 #4
clear acl @2 #4
show acl @2 #4
show acl
commit acl
commit acl #4
commit acl @1
commit acl @0 #4
commit acl @3 #4
commit acl @-1 #4
commit acl @1 x
commit acl @1 DIR/words.map
commit acl @1x #4
commit acl @1 #4
show acl #4
show acl @0 #4
get acl #4 1000
get acl #4 6
add acl @0 #4 5000
show acl @0 #4
get acl #4 5000
commit acl @2 #4
show acl #4
show acl @0 #4
get acl #4 1000
show acl
prepare acl #4
prepare acl #4
commit acl @4 #4
commit acl @3 #4
add acl #4 77
get acl #4 77
show acl #4
show acl
commit map @1 DIR/shared.map
commit map @1 DIR/shared.map
show map DIR/shared.map
prepare map DIR/words.map
add map @1 DIR/words.map new value
add map @1 DIR/words.map <<\nnewer its value\n
set map DIR/words.map new other
set map @1 DIR/words.map new other
show map @1 DIR/words.map
get map DIR/words.map new
show map
del map DIR/words.map <1>
commit map @1 DIR/words.map
show map DIR/words.map
get map DIR/words.map new
get map DIR/words.map alpha
clear map @0 DIR/words.map
clear map @1 DIR/words.map
show map DIR/words.map
show map
"""

SEVERITIES = r"""
set severity-output number;show acl
set severity-output number;show acl #99
set severity-output number;get acl #4 6
set severity-output number;get acl
set severity-output number;add acl
set severity-output number;add acl #4 x
set severity-output number;add acl @99 #4 5
set severity-output number;add acl DIR/shared.map x
set severity-output number;add map #4 <<\nx\n
set severity-output number;del acl #4 x
set severity-output number;del acl #4 #0x
set severity-output number;set map DIR/words.map nothing x
set severity-output number;set map DIR/words.map #0x1 x
set severity-output number;prepare acl #4
set severity-output number;commit acl @99 #4
set severity-output number;commit acl
set severity-output number;clear acl
"""


class AdminListsTest(Comparison):
    configuration = CONFIGURATION
    files = FILES

    @staticmethod
    def adapt(program, command):
        def reference(match):
            entries = re.findall(r"(?m)^(0x[0-9a-f]+) ", program.ask(f"show acl {match[1]}") + program.ask(f"show map {match[1]}"))
            number = int(match[2])
            return f"{match[1]} #{entries[number - 1]}" if number <= len(entries) else match[0]
        return re.sub(r"(\S+) <(\d+)>", reference, command)

    def test_1_what_there_is(self):
        self.same(LISTS)

    def test_2_what_a_value_matches(self):
        for number in range(39):
            kind = "map" if number % 2 else "acl"
            if number in (35, 36):  # haproxy's own
                continue
            self.same("".join(f"get {kind} #{number} {value}\n" for value in FOUND))
        self.same("get acl\nget acl x\nget acl x y\nget acl #0\nget acl #99 x\nget acl DIR/nets.lst 10.1.1.1 x\nget map #0 ::5")

    def test_3_changes(self):
        self.same(CHANGES)

    def test_4_changes_of_maps(self):
        self.same(MAPS)

    def test_5_payloads(self):
        self.same(PAYLOADS)

    def test_6_versions(self):
        self.same(VERSIONS)

    def test_7_severities(self):
        self.same(SEVERITIES)

    def test_8_every_level_may_do_the_same(self):
        for level in ("user", "operator"):
            self.same(LISTS + VERSIONS.lstrip() + CHANGES.lstrip() + MAPS.lstrip() + PAYLOADS.lstrip(), level)


if __name__ == "__main__":
    unittest.main()
