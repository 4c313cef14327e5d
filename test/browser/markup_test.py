"""Quotes and markup in the configuration and in what servers answer to checks are text everywhere, and nothing else."""
import csv
import json
import unittest
import urllib.request

from page import PageTest
from proxy import free_port, scratch_directory, wait_until
from traffic import Server, connect, read_all

SCRIPT = "<script>window.bad=1</script>"
IMAGE = """'"><img src=x onerror=window.bad=1>&amp;"""

ADDRESS = "/'><img/src=x\"&amp;"


def say(answer):
    """A server that says this to whoever connects."""
    def serve(connection):
        connection.recv(4096)
        connection.sendall(answer.encode())
    return Server(serve)


def quoted(text):
    """As one word of a configuration, however many quotes it has."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class MarkupTest(PageTest):
    @classmethod
    def setUpClass(cls):
        check = say(f"HTTP/1.0 503 {SCRIPT}{IMAGE}\r\n\r\n")
        agent = Server(lambda connection: connection.sendall(f"down #{SCRIPT}{IMAGE}\n".encode()))
        cls.addClassCleanup(check.close)
        cls.addClassCleanup(agent.close)
        socket = scratch_directory() + "/" + IMAGE
        cls.other = free_port()
        cls.settings = f"""    stats show-legends
    stats show-desc {quoted(SCRIPT + IMAGE)}
listen web
    description {quoted(SCRIPT + IMAGE)}
    bind 127.0.0.1:{free_port()} name {quoted(SCRIPT)}
    bind {quoted('unix@' + socket)} name {quoted(IMAGE)}
    option socket-stats
    option httpchk
    server checked 127.0.0.1:{check.port} check inter 500ms fall 1
    server told 127.0.0.1:1 agent-check agent-port {agent.port} agent-inter 500ms
    server there {quoted('unix@' + socket)}
listen other
    mode http
    bind 127.0.0.1:{cls.other}
    stats uri {quoted(ADDRESS)}
    stats refresh 10s"""
        super().setUpClass()
        for name in ("checked", "told"):
            cls.proxy.wait_for("show stat", f"web,{name},.*DOWN")

    def assert_only_text(self):
        self.assertIsNone(self.browser.run("return window.bad || null"))
        self.assertEqual(self.browser.run("return document.querySelectorAll('img, main script, header script').length"), 0)
        # What had tried to run would have been reported by the Content-Security-Policy.
        self.assertEqual(self.browser.complaints(), [])

    def test_the_page_shows_it_as_it_was_written(self):
        self.browser.scripts(False)
        for suffix in ("", ";all", ";st=DONE"):
            with self.subTest(suffix):
                self.open(suffix, updated=False)
                self.assertIn(SCRIPT, self.browser.text("header"))
                self.assertIn(IMAGE, self.browser.text("header"))
                self.assert_only_text()

    def test_the_script_shows_it_as_it_was_written(self):
        self.open()
        for name in ("checked", "told"):
            self.assertIn(SCRIPT, self.browser.run(
                "return document.querySelector(`tr[data-row='${arguments[0]}'] .check`).textContent", f"web/{name}"))
            self.assertIn(IMAGE, self.browser.text("[data-card=web] .troubles"))
        self.browser.click("input[name=s][value=checked]")
        self.browser.click("[id=web] ~ form option[value=maint]")
        self.browser.click("[id=web] ~ form .action button")
        self.wait_for_row("web/checked", "MAINT")
        self.proxy.ask("set server web/checked state ready")
        self.wait_for_row("web/checked", "DOWN")
        self.assert_only_text()

    def get(self, suffix):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/haproxyamdin{suffix}",
                                         headers={"Authorization": "Basic YWRtaW46YWRtaW4="})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read().decode()

    def test_the_address_of_the_page_is_text_in_its_links(self):
        with connect(self.other) as client:
            client.sendall(f"GET {ADDRESS} HTTP/1.0\r\n\r\n".encode())
            page = read_all(client).decode()
        self.assertIn("&#39;&gt;&lt;img/src=x&quot;&amp;amp;;csv", page)
        self.assertNotIn("<img", page)

    def test_the_files_can_be_read(self):
        def by_csv():
            lines = list(csv.reader(self.get(";csv").splitlines()))
            self.assertEqual({len(line) for line in lines}, {len(lines[0])})
            return {cell for line in lines for cell in line}

        def by_json():
            return {field["value"]["value"] for row in json.loads(self.get(";json")) for field in row}
        for text in (SCRIPT, IMAGE, SCRIPT + IMAGE, f"via agent : down ({SCRIPT}{IMAGE})"):
            # While a check is running nothing is told of the one before.
            wait_until(lambda: text in by_csv(), f"the CSV has {text}")
            wait_until(lambda: text in by_json(), f"the JSON has {text}")


if __name__ == "__main__":
    unittest.main()
