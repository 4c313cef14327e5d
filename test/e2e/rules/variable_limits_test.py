"""tune.vars.*: how much variables may take, and what of them counts for which limit."""
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import Server, connect

LONG = "x" * 100
# A variable counts 80 bytes and its text. Lines of global, rules, the format of the log line and what it says.
CASES = {
    "just_fits": ("tune.vars.sess-max-size 180", f"set-var(sess.a) str({LONG})", "%[var(sess.a),length]", "100"),
    "does_not_fit": ("tune.vars.sess-max-size 79", "set-var(sess.a) int(5)", "%[var(sess.a)]", "-"),
    "number": ("tune.vars.sess-max-size 80", "set-var(sess.a) int(5)", "%[var(sess.a)]", "5"),
    "second": ("tune.vars.sess-max-size 159", "set-var(sess.a) int(5)|set-var(sess.b) int(6)", "%[var(sess.a)]%[var(sess.b)]", "5-"),
    "room_again": ("tune.vars.sess-max-size 80", "set-var(sess.a) int(5)|unset-var(sess.a)|set-var(sess.b) int(6)",
                   "%[var(sess.a)]%[var(sess.b)]", "-6"),
    "replaced": ("tune.vars.sess-max-size 180", f"set-var(sess.a) int(5)|set-var(sess.a) str({LONG})", "%[var(sess.a),length]", "100"),
    "not_replaced": ("tune.vars.sess-max-size 179", f"set-var(sess.a) int(5)|set-var(sess.a) str({LONG})", "%[var(sess.a)]", "5"),
    "transaction_in_session": ("tune.vars.sess-max-size 79", "set-var(txn.a) int(5)", "%[var(txn.a)]", "-"),
    "request_in_transaction": ("tune.vars.txn-max-size 79", "set-var(req.a) int(5)|set-var(sess.b) var(req.a)", "%[var(sess.b)]", "-"),
    "request": ("tune.vars.reqres-max-size 79", "set-var(req.a) int(5)|set-var(sess.b) var(req.a)", "%[var(sess.b)]", "-"),
    "transaction_is_no_message": ("tune.vars.reqres-max-size 1", "set-var(txn.a) int(5)", "%[var(txn.a)]", "5"),
    "all": ("tune.vars.global-max-size 159", "set-var(proc.a) int(5)|set-var(sess.b) int(6)", "%[var(proc.a)]%[var(sess.b)]", "5-"),
    "zero_is_no_limit": ("tune.vars.sess-max-size 0", "set-var(sess.a) int(5)", "%[var(sess.a)]", "5"),
}


class VariableLimitsTest(unittest.TestCase):
    def test_every_limit(self):
        log, node = LogCollector(), Server()
        for each in log, node:
            self.addCleanup(each.close)
        for name, (limit, rules, form, said) in CASES.items():
            port = free_port()
            rules = "".join(f"    tcp-request content {rule}\n" for rule in rules.split("|"))
            with self.subTest(name), Proxy(f"""
    {limit}
    log {log.address} local0
defaults
    mode tcp
    timeout connect 10s
    timeout client 30s
    timeout server 30s
listen l
    bind 127.0.0.1:{port}
    log global
{rules}
    log-format "{name} [{form}]"
    server s 127.0.0.1:{node.port}
"""):
                # Twice: what the first session had is free again.
                for count in (1, 2):
                    with connect(port) as client:
                        client.sendall(b"x")
                        self.assertEqual(client.recv(9), b"x")
                    for line in log.wait_for(f": {name} ", count):
                        self.assertTrue(line.endswith(f"{name} [{said}]"), line)


if __name__ == "__main__":
    unittest.main()
