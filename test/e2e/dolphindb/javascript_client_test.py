"""DolphinDB's own JavaScript client, which speaks through a WebSocket, behind the tutorial's proxy in TCP mode."""
import json
import os
import subprocess
import unittest

import npm
from node_process import NodeProcess
from proxy import Proxy, free_port

CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "javascript_client.mjs")
DEADLINE_S = 60
PACKAGE = npm.need("dolphindb", "3.1.48")


class JavascriptClientTest(unittest.TestCase):
    def setUp(self):
        self.nodes = [NodeProcess("--name", f"node{number}") for number in (1, 2)]
        self.port = free_port()
        servers = "\n".join(f"    server node{number} 127.0.0.1:{node.port} check inter 200ms"
                            for number, node in enumerate(self.nodes, 1))
        self.proxy = Proxy(f"""
defaults
    mode tcp
    timeout connect 5s
    timeout client 1m
    timeout server 1m
frontend ddb_frontend
    bind 127.0.0.1:{self.port}
    default_backend ddb_backend
backend ddb_backend
    balance roundrobin
{servers}
""")
        self.addCleanup(self.proxy.close)
        for node in self.nodes:
            self.addCleanup(node.kill)

    def begin(self, what):
        client = subprocess.Popen(["node", CLIENT, PACKAGE, what, f"ws://127.0.0.1:{self.port}"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        for stream in (client.stdin, client.stdout, client.stderr):
            self.addCleanup(stream.close)
        return client

    def said(self, what):
        output, errors = self.begin(what).communicate(timeout=DEADLINE_S)
        self.assertTrue(output, errors)
        return [json.loads(line) for line in output.splitlines()]

    def ask(self, client, script):
        client.stdin.write(script + "\n")
        client.stdin.flush()
        return json.loads(client.stdout.readline())

    def serving(self):
        """The number of the node that has the only session."""
        return next(number for number in (1, 2) if self.proxy.column("ddb_backend", f"node{number}", "scur") == "1")

    def test_login_results_and_errors(self):
        self.assertEqual(self.said("session"), [{"sum": 2}, {"kept": 42}, {"large": 20000000, "ones": True},
                                                {"error": "no such table"}, {"after": 2}])

    def test_a_wrong_password(self):
        self.assertIn("password is incorrect", self.said("refused")[0]["refused"])

    def test_a_streaming_subscription(self):
        self.assertEqual(self.said("stream"), [{"rows": 1000, "first": {"sym": "s0", "qty": 0},
                                                "last": {"sym": "s999", "qty": 999}}])

    def test_a_drained_node_keeps_its_session_and_gets_no_other(self):
        client = self.begin("long")
        self.assertEqual(json.loads(client.stdout.readline()), {"connected": True})
        self.assertEqual(self.ask(client, "x = 7"), {"value": None})
        node = self.serving()
        self.proxy.ask(f"set server ddb_backend/node{node} state drain")
        self.said("session")
        self.assertEqual(self.ask(client, "x"), {"value": 7})
        self.assertEqual(self.proxy.column("ddb_backend", f"node{node}", "stot"), "1")

    def test_a_node_that_dies_is_a_lost_connection_and_the_next_session_works(self):
        client = self.begin("long")
        client.stdout.readline()
        node = self.serving()
        self.nodes[node - 1].kill()
        self.assertEqual(self.ask(client, "1+1"), {"error": "DdbConnectionError"})
        self.proxy.wait_for("show stat", f"ddb_backend,node{node},.*DOWN")
        self.assertEqual(self.said("session")[0], {"sum": 2})


if __name__ == "__main__":
    unittest.main()
