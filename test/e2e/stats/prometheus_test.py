"""The Prometheus exporter (`http-request use-service prometheus-exporter`), by hand and by Prometheus itself."""
import http.client
import json
import os
import re
import shutil
import subprocess
import unittest
import urllib.error
import urllib.parse
import urllib.request

from proxy import DEFAULTS, Proxy, free_port, scratch_directory, unheld_port, wait_until
from traffic import Server, exchange

SERIES = re.compile(r'^(haproxy_\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)+)\})? (NaN|-?[0-9.]+)$')


class PrometheusTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port, self.metrics_port = free_port(), free_port()

    def proxy(self, rule="http-request use-service prometheus-exporter"):
        proxy = Proxy(f"""
{DEFAULTS}
listen fe
    bind 127.0.0.1:{self.port}
    option socket-stats
    server one 127.0.0.1:{self.server.port}
    server off 127.0.0.1:{self.server.port} disabled
backend empty
frontend metrics
    mode http
    bind 127.0.0.1:{self.metrics_port}
    {rule}
""")
        self.addCleanup(proxy.close)
        return proxy

    def get(self, query="", method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=5)
        connection.request(method, "/metrics" + query)
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response, body

    def series(self, query=""):
        """The lines of a scrape as {(name, labels): value}; fails when one is not as it should be."""
        response, body = self.get(query)
        self.assertEqual(response.status, 200)
        found, typed = {}, {}
        for line in body.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, typed)
                typed[name] = kind
            elif not line.startswith("# HELP "):
                match = SERIES.match(line)
                self.assertTrue(match, line)
                name, labels, value = match.groups()
                self.assertIn(name, typed, "it has its type before it")
                self.assertNotIn((name, labels), found)
                found[name, labels] = value
        return found

    def test_a_scrape_is_text_of_version_0_0_4(self):
        self.proxy()
        response, body = self.get()
        self.assertEqual(response.status, 200)
        self.assertEqual(response.headers["content-type"], "text/plain; version=0.0.4")
        self.assertEqual(response.headers["cache-control"], "no-cache")
        self.assertIn("\n# TYPE haproxy_frontend_sessions_total counter\n", body)

    def test_it_has_its_place_beside_the_page(self):
        """As haproxy's documentation has it."""
        self.proxy("http-request use-service prometheus-exporter if { path /metrics }\n    stats enable\n    stats uri /stats")
        self.assertIn(("haproxy_process_nbproc", None), self.series("?scope=global"))
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/stats;csv", timeout=5) as answer:
            self.assertIn(b"# pxname", answer.read())

    def test_it_counts_what_show_stat_counts(self):
        proxy = self.proxy()
        exchange(self.port, b"12345")
        proxy.wait_for("show stat fe 4 -1", r"^fe,one,0,0,0,1,,1,5,5,")
        series = self.series()
        for (name, labels), value in {
                ("haproxy_frontend_bytes_in_total", 'proxy="fe"'): "5",
                ("haproxy_listener_bytes_out_total", 'proxy="fe",listener="sock-1"'): "5",
                ("haproxy_backend_loadbalanced_total", 'proxy="fe"'): "1",
                ("haproxy_server_sessions_total", 'proxy="fe",server="one"'): "1",
                ("haproxy_server_status", 'proxy="fe",server="one",state="UP"'): "1",
                ("haproxy_server_status", 'proxy="fe",server="one",state="DOWN"'): "0",
                ("haproxy_server_status", 'proxy="fe",server="off",state="MAINT"'): "1",
                ("haproxy_backend_agg_server_status", 'proxy="fe",state="MAINT"'): "1",
                ("haproxy_server_limit_sessions", 'proxy="fe",server="one"'): "NaN",
                ("haproxy_process_stopping", None): "0"}.items():
            self.assertEqual(series[name, labels], value, name)
        self.assertRegex(series["haproxy_server_total_time_average_seconds", 'proxy="fe",server="one"'],
                         r"^0\.\d{6}$")

    def test_the_query_chooses(self):
        self.proxy()
        kinds = lambda query: {name.split("_")[1] for name, _ in self.series(query)}
        self.assertEqual(kinds(""), {"process", "frontend", "listener", "backend", "server"})
        self.assertEqual(kinds("?scope=server"), {"server"})
        self.assertEqual(kinds("?scope=%73erver&scope=global"), {"server", "process"})
        self.assertEqual(kinds("?scope=*"), kinds(""))
        self.assertEqual(kinds("?scope="), set())
        self.assertEqual(kinds("?other=1&&x"), kinds(""))
        servers = lambda query: {re.search(r'server="(\w+)"', labels)[1] for _, labels in self.series(query)}
        self.assertEqual(servers("?scope=server"), {"one", "off"})
        self.assertEqual(servers("?scope=server&no-maint"), {"one"})

    def test_a_query_that_makes_no_sense_is_refused(self):
        self.proxy()
        for query in "?scope=foo", "?scope", "?scope=server&scope=foo", "?x=%zz":
            self.assertEqual(self.get(query)[0].status, 400, query)

    def test_head_has_no_body(self):
        self.proxy()
        response, body = self.get(method="HEAD")
        self.assertEqual((response.status, body), (200, ""))

    def test_the_condition_decides(self):
        self.proxy("http-request use-service prometheus-exporter if METH_POST")
        self.assertEqual(self.get()[0].status, 503)
        self.assertEqual(self.get(method="POST")[0].status, 200)

    def test_the_condition_may_ask_who_comes(self):
        for condition, status in (("if { src 127.0.0.0/8 }", 200), ("unless { src 127.0.0.0/8 }", 503), ("if { src 10.0.0.0/8 }", 503)):
            with self.subTest(condition):
                proxy = self.proxy("http-request use-service prometheus-exporter " + condition)
                self.assertEqual(self.get()[0].status, status)
                proxy.close()

    @unittest.skipUnless(shutil.which("prometheus"), "needs the package prometheus")
    def test_prometheus_scrapes_it(self):
        self.proxy()
        exchange(self.port, b"12345")
        directory, port = scratch_directory(), unheld_port()
        with open(os.path.join(directory, "prometheus.yml"), "w", encoding="ascii") as file:
            file.write("global:\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\nscrape_configs:\n"
                       f"  - job_name: proxy\n    static_configs:\n      - targets: ['127.0.0.1:{self.metrics_port}']\n")
        prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/data",
             f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        self.addCleanup(prometheus.wait)
        self.addCleanup(prometheus.kill)

        def value(query):
            url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": query})
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    result = json.load(answer)["data"]["result"]
            except (urllib.error.URLError, ConnectionError):
                return None  # It is still starting.
            return result[0]["value"][1] if result else None

        wait_until(lambda: value('haproxy_server_bytes_in_total{proxy="fe",server="one"}') == "5",
                   "Prometheus has the figure", 20)
        self.assertEqual(value("up"), "1")
        self.assertEqual(value('sum(haproxy_server_status{server="off"})'), "1")


if __name__ == "__main__":
    unittest.main()
