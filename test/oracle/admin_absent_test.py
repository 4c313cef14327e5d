"""Commands on what neither program was configured with (maps, tables, certificates, variables...): the answers are equal."""
import unittest

from runtime_api import Comparison

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
listen b1
    bind 127.0.0.1:{0}
    server s1 127.0.0.1:{9}
"""

SSL = r"""
abort ssl
abort ssl ca-file
abort ssl ca-file x
abort ssl cert
abort ssl cert x
abort ssl crl-file
abort ssl crl-file x
add ssl crt-list
add ssl crt-list x
add ssl crt-list x y
commit ssl ca-file
commit ssl ca-file x
commit ssl cert
commit ssl cert x
commit ssl crl-file
commit ssl crl-file x
del ssl ca-file
del ssl ca-file x
del ssl cert
del ssl cert x
del ssl crl-file
del ssl crl-file x
del ssl crt-list
del ssl crt-list x
del ssl crt-list x y
new ssl ca-file
new ssl cert
new ssl crl-file
show ssl cert
show ssl cert x
show ssl cert *x
set ssl ca-file
set ssl ca-file x
set ssl ca-file x <<\nabc\n
set ssl cert
set ssl cert x
set ssl crl-file
set ssl crl-file x
set ssl crl-file x <<\nabc\n
set ssl ocsp-response
set ssl tls-key
set ssl tls-key x
set ssl tls-key x y
show ssl
show ssl ca-file
show ssl ca-file x
show ssl crl-file
show ssl crl-file x
show ssl crt-list
show ssl crt-list x
show ssl crt-list -n
show ssl crt-list -n x
show ssl ocsp-response
show ssl ocsp-response x
show ssl ocsp-response aa
show tls-keys
show tls-keys *
show tls-keys x
show tls-keys #0
show tls-keys x y
"""

PATTERNS = r"""
add acl
add acl x
add acl x y
add acl @1 x y
add map
add map x
add map x y
add map x y z
add map @1 x y z
add map x <<\na b\n
clear acl
clear acl x
clear acl @1 x
clear map
clear map x
commit acl
commit acl x
commit acl @1 x
commit map
commit map x
commit map @1 x
del acl
del acl x
del acl x y
del map
del map x
del map x y
get acl
get acl x
get acl x y
get map
get map x
get map x y
prepare acl
prepare acl x
prepare map
prepare map x
set map
set map x
set map x y
set map x y z
show acl
show acl x
show acl @1 x
show map
show map x
show map #0
add acl @ x y
clear map @1
clear map @1 x
show map @1
show map @1 x
show acl @1
show acl @x y
get map @1 x
get map @1 x y
del map @1 x
commit map @x y
commit map @1
prepare map @1 x
set map @1 x y z
set map @1 x y
del acl @1 x y
add map @1 x <<\na b\n
add acl x <<\na\n
"""

OTHER = r"""
abort
add
clear table
clear table x
clear table b1
clear table b1 key 1
disable dynamic-cookie backend
disable dynamic-cookie backend x
disable dynamic-cookie backend b1
enable dynamic-cookie backend
enable dynamic-cookie backend x
set dynamic-cookie-key backend
set dynamic-cookie-key backend x
set dynamic-cookie-key backend b1
get var
get var x
get var proc.x
get var txn.x
get var sess.x
set table
set table x
set table b1
set table b1 key x
set var
show cache
show events
show events x
show peers
show peers x
show peers dict
show peers -
show pools
show pools x
show table
show table x
show table b1
show table b1 key x
show table b1 data.x
show tasks
show trace
show trace x
trace
trace 0
trace x
show events stdout
show events stdout -w
show trace x y
trace 0 x
show table x y
show pools x y
clear table x data.gpc0 gt 1
show cache x y
show peers dict x
show peers - x
show tasks x
experimental-mode on;set var
show profiling
show profiling all
show profiling tasks
show profiling memory
show profiling status
show profiling x
show profiling 5
show profiling byaddr
set profiling
set profiling x
set profiling tasks
set profiling tasks x
set profiling tasks off
set profiling memory
set profiling memory on
set profiling memory off
set profiling memory x
"""

SEVERITIES = r"""
set severity-output number;add map x y z
set severity-output number;show map
set severity-output number;show trace
set severity-output number;trace
set severity-output number;trace 0
set severity-output number;trace x
set severity-output number;show events
set severity-output number;show events x
set severity-output number;show events stdout
set severity-output number;show peers x
set severity-output number;show ssl ca-file x
set severity-output number;get var x
set severity-output number;set profiling tasks
set severity-output number;show tls-keys *
set severity-output number;show pools
set severity-output number;show tasks
set severity-output number;enable dynamic-cookie backend x
"""

# The reasons stand below. haproxy carries these out, so they come last.
REFUSED = r"""
new ssl cert x
new ssl ca-file x
set ssl cert x <<\nabc\n
enable dynamic-cookie backend b1
set dynamic-cookie-key backend b1 key
set profiling tasks on
show ssl providers
"""


class AdminAbsentTest(Comparison):
    configuration = CONFIGURATION
    refused = {
        "new ssl cert x": "no TLS yet",
        "new ssl ca-file x": "no TLS yet",
        "set ssl cert x <<\nabc\n": "no TLS yet",
        "enable dynamic-cookie backend b1": "no dynamic cookies yet",
        "set dynamic-cookie-key backend b1 key": "no dynamic cookies yet",
        "set profiling tasks on": "nothing is measured",
        "show ssl providers": "no TLS yet",
    }

    def test_certificates(self):
        self.same(SSL)

    def test_maps_and_pattern_files(self):
        self.same(PATTERNS)

    def test_tables_peers_sinks_traces_and_measurements(self):
        self.same(OTHER)

    def test_severities(self):
        self.same(SEVERITIES)

    def test_lower_levels_are_denied_the_same(self):
        for level in ("user", "operator"):
            self.same(PATTERNS + SSL.lstrip() + OTHER.lstrip() + "help", level)

    def test_zz_what_is_refused(self):
        self.same(REFUSED)


if __name__ == "__main__":
    unittest.main()
