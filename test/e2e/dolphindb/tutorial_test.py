"""The tutorial's configuration, as examples/tutorial.cfg has it, with four stand-in nodes and real sessions."""
import base64
import os
import unittest
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from ddb_client import Client
from log_collector import LogCollector
from node_process import NodeProcess
from proxy import Proxy, free_port, wait_until

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../examples/tutorial.cfg")


class TutorialTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.nodes = [NodeProcess("--name", f"node{number}") for number in range(1, 5)]
        cls.port, cls.stats_port = free_port(), free_port()
        with open(EXAMPLE, encoding="utf-8") as file:
            text = file.read()
        replaced = {"127.0.0.1:5140 local2": f"{cls.log.address} local2", "*:8080": f"127.0.0.1:{cls.port}",
                    "0.0.0.0:1080": f"127.0.0.1:{cls.stats_port}", "inter 5s": "inter 200ms"}
        replaced |= {f"127.0.0.1:{9301 + number}": f"127.0.0.1:{cls.nodes[number].port}" for number in range(4)}
        for old, new in replaced.items():
            assert old in text, f"examples/tutorial.cfg no longer says {old}"
            text = text.replace(old, new)
        cls.proxy = Proxy(text)

    @classmethod
    def tearDownClass(cls):
        cls.proxy.close()
        for node in cls.nodes:
            node.kill()
        cls.log.close()

    def client(self, **options):
        return Client(("127.0.0.1", self.port), **options)

    def page(self, suffix="", authorised=True, data=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.stats_port}/haproxyamdin{suffix}", data=data)
        if authorised:
            request.add_header("Authorization", "Basic " + base64.b64encode(b"admin:admin").decode())
        return urllib.request.build_opener(NoRedirect).open(request, timeout=5)

    def answered_by(self, _=None):
        with self.client() as client:
            return client.script("getNodeAlias()")

    def test_1_four_hundred_connections_are_spread_evenly(self):
        with ThreadPoolExecutor(16) as pool:
            names = Counter(pool.map(self.answered_by, range(400)))
        self.assertEqual(names, {f"node{number}": 100 for number in range(1, 5)})

    def test_2_a_session_stays_on_its_node_and_keeps_its_variables(self):
        clients = [self.client(user="admin", password="123456") for _ in range(8)]
        for number, client in enumerate(clients):
            client.script(f"x = {number}")
        self.assertEqual([client.script("x") for client in clients], list(range(8)))
        for client in clients:
            client.close()

    def test_2_large_results_and_pushed_frames_arrive_whole(self):
        with self.client() as client:
            self.assertEqual(len(client.script("take(char(1), 10000000)")), 10000000)
        with self.client() as client:
            self.assertEqual(sum(map(len, client.subscribe(1000, 2000))), 2000000)

    def test_2_the_web_interface_works_through_the_same_port(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
            self.assertRegex(answer.read(), b"<h1>node[1-4]</h1>")

    def test_3_log_lines_name_the_node(self):
        self.answered_by()
        self.log.wait_for(r"^<150>.* haproxy\[\d+\]: 127\.0\.0\.1:\d+ \[.*\] ddb_fronted ddb_backend/node[1-4] "
                          r"\d+/\d+/\d+ \d+ -- \d+/\d+/\d+/\d+/0 0/0$")

    def test_4_the_page_asks_for_the_password_and_shows_the_nodes(self):
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.page(authorised=False)
        self.assertEqual(refused.exception.code, 401)
        refused.exception.close()
        with self.page() as answer:
            text = answer.read().decode()
        for name in ("ddb_fronted", "ddb_backend", "node1", "node4"):
            self.assertIn(name, text)

    def test_5_a_node_is_drained_with_the_pages_form_and_brought_back(self):
        for action, state in (("drain", "DRAIN"), ("ready", "UP")):
            with self.assertRaises(urllib.error.HTTPError) as answer:
                self.page(data=f"s=node4&action={action}&b=ddb_backend".encode())
            self.assertEqual(answer.exception.code, 303)
            self.assertEqual(answer.exception.headers["location"], "/haproxyamdin;st=DONE")
            answer.exception.close()
            self.assertEqual(self.proxy.column("ddb_backend", "node4", "status"), state)
            names = Counter(self.answered_by() for _ in range(12))
            self.assertEqual(names["node4"], 0 if state == "DRAIN" else 3)

    def test_6_a_killed_node_is_left_out_without_an_error_and_comes_back(self):
        port = self.nodes[1].port
        self.nodes[1].kill()
        self.proxy.wait_for("show stat", "^ddb_backend,node2,.*,DOWN,")
        self.log.wait_for(r"^<145>.*: Server ddb_backend/node2 is DOWN, reason: Layer4 connection problem, "
                          r'info: "Connection refused", check duration: \d+ms\. 3 active and 0 backup servers left\. ')
        names = Counter(self.answered_by() for _ in range(30))
        self.assertEqual(names, {"node1": 10, "node3": 10, "node4": 10})
        type(self).nodes[1] = NodeProcess("--name", "node2", "--port", str(port))
        self.proxy.wait_for("show stat", "^ddb_backend,node2,.*,UP,")
        self.log.wait_for(r"^<149>.*: Server ddb_backend/node2 is UP, reason: Layer4 check passed, "
                          r"check duration: \d+ms\. 4 active and 0 backup servers online\. ")
        wait_until(lambda: Counter(self.answered_by() for _ in range(4))["node2"] == 1, "node2 has its share again")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The answer to the form is what the test looks at, not the page it leads to."""

    def redirect_request(self, *_):
        return None


if __name__ == "__main__":
    unittest.main()
