"""What both programs show to Prometheus: the same metrics, of the same types, with the same labels."""
import re
import unittest
import urllib.request

from programs import DDBPROXY, HAPROXY
from proxy import DEFAULTS, Proxy, free_port


def scrape(program):
    """The series and the types of one program, without what they say."""
    port = free_port()
    with Proxy(f"""
    description a "quoted" text
{DEFAULTS}
listen fe
    bind 127.0.0.1:{free_port()}
    bind 127.0.0.1:{free_port()} name second
    option socket-stats
    server one 127.0.0.1:9 check
    server two 127.0.0.1:9 backup weight 5 maxconn 3 maxqueue 2
    server three 127.0.0.1:9 disabled
    server four 127.0.0.1:9 track one
backend empty
    retries 5
frontend web
    mode http
    bind 127.0.0.1:{free_port()}
frontend metrics
    mode http
    bind 127.0.0.1:{port}
    http-request use-service prometheus-exporter
""", program=program) as proxy:
        proxy.wait_for("show stat fe 4 -1", "^fe,one,.*,DOWN,")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    # The page has figures of ddbproxy's own as well.
    own = re.compile("(# TYPE )?haproxy_process_(reloads_total|last_reload_seconds)")
    text = [line for line in lines if not line.startswith("# HELP") and not own.match(line)]
    return [re.sub(r'version="[^"]*"', "version", line) if line.startswith("#") else
            re.sub(r'version="[^"]*"', "version", line.rsplit(" ", 1)[0]) for line in text]


class PrometheusTest(unittest.TestCase):
    maxDiff = None

    def test_the_series_are_haproxys_in_its_order(self):
        self.assertEqual(scrape(DDBPROXY), scrape(HAPROXY))


if __name__ == "__main__":
    unittest.main()
