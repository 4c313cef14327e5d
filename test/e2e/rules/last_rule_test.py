"""last_rule_file and last_rule_line: the rule that ended the last ruleset on contents of the request."""
import re
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import Server, connect

# What stands in the frontend and in the backend; the rule that is told has a comment.
CASES = {
    "none": ("tcp-request content set-var(txn.a) int(1)", "", None),
    "of_connection": ("tcp-request connection accept|tcp-request session accept", "", None),
    "accept": ("tcp-request content accept # told", "", "told"),
    "not_reached": ("tcp-request content accept if { req.len gt 50 }|tcp-request content accept # told", "", "told"),
    "in_backend": ("tcp-request content set-var(txn.a) int(1)", "tcp-request content accept # told", "told"),
    "both": ("tcp-request content accept", "tcp-request content accept # told", "told"),
    "no_end_in_backend": ("tcp-request content accept # told", "tcp-request content set-var(txn.a) int(1)", "told"),
    "response": ("tcp-request content accept # told", "tcp-response content accept", "told"),
    "reject": ("tcp-request content reject # told", "", "told"),
    "silent_drop": ("tcp-request content silent-drop # told", "", "told"),
}


class LastRuleTest(unittest.TestCase):
    def test_every_ruleset(self):
        log, node = LogCollector(), Server()
        for each in log, node:
            self.addCleanup(each.close)
        for name, (frontend, backend, told) in CASES.items():
            port = free_port()
            text = f"""
    log {log.address} local0
defaults
    mode tcp
    timeout connect 10s
    timeout client 30s
    timeout server 30s
frontend f
    bind 127.0.0.1:{port}
    log global
    log-format "{name} [%[last_rule_file]] %[last_rule_line]"
    default_backend b
{self.lines(frontend)}
backend b
    server s 127.0.0.1:{node.port}
{self.lines(backend)}
"""
            with self.subTest(name), Proxy(text) as proxy:
                with connect(port) as client:
                    client.sendall(b"x")
                line = log.wait_for(f": {name} ", 1)[0]
                file, number = re.search(rf": {name} \[(.*)\] (\S+)$", line).groups()
                if told is None:
                    self.assertEqual((file, number), ("-", "-"))
                else:
                    with open(proxy.file, encoding="ascii") as lines:
                        self.assertTrue(lines.read().split("\n")[int(number) - 1].endswith("# told"))
                    self.assertEqual(file, proxy.file)

    @staticmethod
    def lines(rules):
        return "".join(f"    {rule}\n" for rule in rules.split("|"))


if __name__ == "__main__":
    unittest.main()
