"""The form that changes servers, clicked in a browser with the script and without it, and posted by another site."""
import base64
import unittest
import urllib.error
import urllib.parse
import urllib.request

from page import PageTest
from proxy import wait_until


class FormTest(PageTest):
    def setUp(self):
        super().setUp()
        self.proxy.ask("set server ddb_backend/node1 state ready; set server ddb_backend/node2 state ready")

    def choose(self, action, *names):
        for name in names:
            self.browser.click(f"input[name=s][value={name}]")
        self.browser.click(f"[id=ddb_backend] ~ form option[value={action}]")

    def close_until(self, clients, left):
        """Clients go, one by one, until node1 has only so many sessions."""
        while self.proxy.column("ddb_backend", "node1", "scur") != left:
            clients.pop().close()
            wait_until(lambda: self.proxy.column("ddb_backend", "BACKEND", "scur") == str(len(clients)), "one has gone")

    def test_a_node_is_drained_watched_and_brought_back_without_a_reload(self):
        clients = self.connect(8)
        self.open()
        self.browser.run("window.here = true")
        self.choose("drain", "node1")
        self.browser.wait("return document.querySelector('[id=ddb_backend] ~ form .action button').textContent === 'Apply to 1 server'",
                          "the button says what it will do")
        self.browser.click(".action button")
        self.wait_for_row("ddb_backend/node1", "2 sessions left")
        self.assertEqual(self.proxy.column("ddb_backend", "node1", "status"), "DRAIN")
        self.assertIn("Set state to DRAIN for node1 of ddb_backend: The action was carried out", self.browser.text("#outcome"))
        self.assertFalse(self.browser.run("return document.querySelector('input[value=node1]').checked"))
        self.close_until(clients, "1")
        self.wait_for_row("ddb_backend/node1", "1 session left")
        self.close_until(clients, "0")
        self.wait_for_row("ddb_backend/node1", "no sessions left")
        self.assertIn("node1 draining, no sessions left", self.browser.text("[data-card=ddb_backend] .troubles"))
        self.choose("ready", "node1")
        self.browser.click(".action button")
        self.wait_for_row("ddb_backend/node1", "UP")
        self.assertEqual(self.browser.run("return document.querySelectorAll('.left').length"), 0)
        self.assertTrue(self.browser.run("return window.here"), "the page was loaded again")
        self.assertEqual(self.browser.complaints(), [])

    def test_sessions_are_cut_only_when_that_is_meant(self):
        self.connect(4)
        self.open()
        self.wait_for_row("ddb_backend/BACKEND", "4")
        for answer, left in (("no", "1"), ("yes", "0")):
            if not self.browser.run("return document.querySelector('input[value=node1]').checked"):
                self.choose("shutdown", "node1")
            self.browser.click(".action button")
            self.browser.wait("return document.querySelector('dialog[open]') !== null", "it asks")
            self.assertIn("Cut 1 session on ddb_backend/node1 at once?", self.browser.text("dialog"))
            self.assertEqual(self.proxy.column("ddb_backend", "node1", "scur"), "1")
            self.browser.click(f"dialog button[value={answer}]")
            self.browser.wait("return document.querySelector('dialog') === null", "the question goes")
            wait_until(lambda: self.proxy.column("ddb_backend", "node1", "scur") == left, f"{left} are left")
        self.browser.wait("return document.getElementById('outcome').innerText.includes('Kill Sessions for node1')", "it is said")

    def test_without_the_script_the_page_comes_again_with_the_outcome(self):
        self.browser.scripts(False)
        self.open(updated=False)
        self.choose("maint", "node1", "node2")
        self.browser.click(".action button")
        self.proxy.wait_for("show stat", "ddb_backend,node2,.*MAINT")
        self.assertTrue(self.browser.url().endswith("/haproxyamdin;st=DONE"))
        self.assertIn("Set state to MAINT for node1, node2 of ddb_backend: The action was", self.browser.text("#outcome"))
        self.assertIn("MAINT", self.browser.text("[data-row='ddb_backend/node1']"))

    def test_nothing_is_posted_before_something_is_chosen(self):
        self.open()
        self.browser.click(".action button")
        self.assertEqual(self.browser.text(".says"), "Choose an action first.")
        self.choose("drain")
        self.browser.click(".action button")
        self.assertEqual(self.browser.text(".says"), "Check some servers first.")

    def post(self, **headers):
        """Where a post from elsewhere is led to."""
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/haproxyamdin", b"s=node1&action=maint&b=ddb_backend",
                                         {"Authorization": "Basic " + base64.b64encode(b"admin:admin").decode(), **headers})
        try:
            urllib.request.build_opener(Stay).open(request, timeout=5)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.headers["Location"].split("st=")[1]
        return None

    def test_a_post_from_another_site_is_denied_and_one_from_a_script_is_not(self):
        self.assertEqual(self.post(Origin="http://elsewhere.example"), "DENY")
        self.assertEqual(self.post(Origin="null"), "DENY")
        self.assertEqual(self.post(Referer="http://elsewhere.example/127.0.0.1"), "DENY")
        self.assertEqual(self.post(Sec_Fetch_Site="cross-site"), "DENY")
        self.assertEqual(self.post(Sec_Fetch_Site="same-site"), "DENY")
        self.assertEqual(self.proxy.column("ddb_backend", "node1", "status"), "UP")
        self.assertEqual(self.post(Origin=f"http://127.0.0.1:{self.port}"), "DONE")
        self.proxy.ask("set server ddb_backend/node1 state ready")
        self.assertEqual(self.post(Referer=f"http://127.0.0.1:{self.port}/haproxyamdin;st=DONE"), "DONE")
        self.proxy.ask("set server ddb_backend/node1 state ready")
        self.assertEqual(self.post(), "DONE")

    def test_a_page_of_another_site_changes_nothing(self):
        self.open()
        self.browser.open("data:text/html," + urllib.parse.quote(
            f"<form method=post action=http://127.0.0.1:{self.port}/haproxyamdin><input name=s value=node1>"
            "<input name=action value=maint><input name=b value=ddb_backend><button>Win</button></form>"))
        self.browser.click("button")
        self.browser.wait("return document.body.innerText.includes('not change anything')", "the post is refused")
        self.assertEqual(self.proxy.column("ddb_backend", "node1", "status"), "UP")


if __name__ == "__main__":
    unittest.main()
