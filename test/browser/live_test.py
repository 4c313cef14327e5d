"""The page keeps itself up to date in place, finds and sorts, and asks nobody but the proxy."""
import socket
import threading
import unittest

from page import PageTest
from proxy import free_port
from traffic import Server, connect, read_all


class LiveTest(PageTest):
    @classmethod
    def setUpClass(cls):
        """Beside the nodes a server that fails a check and then leaves all others without an answer."""
        answers = iter([b"HTTP/1.0 503 Sorry\r\n\r\n"])
        ended = threading.Event()

        def serve(connection):
            for answer in answers:
                return connection.sendall(answer)
            ended.wait(60)
        server = Server(serve)
        cls.addClassCleanup(server.close)
        cls.addClassCleanup(ended.set)
        def send_much(connection):
            connection.recv(10)
            connection.sendall(b"x" * 300_000)
            connection.recv(10)  # Until the client goes.
        much = Server(send_much)
        cls.addClassCleanup(much.close)
        cls.log = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        cls.log.bind(("127.0.0.1", 0))
        cls.addClassCleanup(cls.log.close)
        cls.quick = free_port()
        cls.settings = f"""    log 127.0.0.1:{cls.log.getsockname()[1]} local0
    option httplog
    stats show-desc <script>window.bad=1</script>
listen quick
    bind 127.0.0.1:{cls.quick}
    server only 127.0.0.1:{much.port}
backend slow
    option httpchk
    timeout check 1m
    server once 127.0.0.1:{server.port} check inter 100ms fall 1"""
        super().setUpClass()

    def test_a_node_that_dies_is_shown_without_a_reload(self):
        self.open()
        self.browser.run("window.here = true")
        self.wait_for_row("ddb_backend/node4", "UP")
        self.nodes.kill(3)
        try:
            self.wait_for_row("ddb_backend/node4", "DOWN")
            self.wait_for_row("ddb_backend/node4", "Connection refused")  # while a check runs nothing is said of it
            self.assertIn("3 of 4", self.browser.text("[data-card=ddb_backend]"))
            self.assertIn("Connection refused", self.browser.text("[data-card=ddb_backend] .troubles"))
            self.assertTrue(self.browser.run("return document.title").startswith("(2 down) "))
        finally:
            self.nodes.revive(3)
        self.wait_for_row("ddb_backend/node4", "UP")
        self.assertTrue(self.browser.run("return window.here"))

    def test_a_check_that_is_running_hides_no_reason(self):
        self.open()
        self.wait_for_row("slow/once", "Sorry")
        self.proxy.wait_for("show stat", r"^slow,once,.*\* L7STS")
        self.wait_for_update()
        self.assertIn("Sorry", self.row("slow/once"))
        self.assertIn("Sorry", self.browser.text("[data-card=slow] .troubles"))
        self.open()
        self.assertIn("Sorry", self.row("slow/once"))

    def test_it_asks_nobody_else_and_its_policy_holds(self):
        self.open()
        self.wait_for_update()
        origin = f"127.0.0.1:{self.port}/haproxyamdin"
        asked = self.browser.requests()
        self.assertGreaterEqual(len(asked), 2)
        self.assertEqual([url for url in asked if url.removeprefix("http://").removeprefix("admin:admin@").startswith(origin)
                          is False], [])
        self.assertEqual(self.browser.complaints(), [])
        self.assertIsNone(self.browser.run("return window.bad || null"))
        self.assertIn("<script>", self.browser.text("header"))
        self.assertEqual(self.browser.run("return document.cookie"), "")

    def test_charts_are_drawn_and_figures_follow(self):
        self.open()
        self.connect(8)
        self.wait_for_row("ddb_backend/BACKEND", "8")
        self.browser.wait("""const line = document.querySelector("tr[data-row='ddb_backend/BACKEND'] .sessions");
            return line && (line.getAttribute("points") || "").split(" ").length >= 3""", "the chart grows")
        self.assertEqual(self.browser.text("[data-card=ddb_backend] [data-f=scur]"), "8")
        self.browser.wait("return Number(document.querySelector('[data-info=CurrConns]').textContent) >= 8",
                          "the process's figures follow")
        self.assertIn("0\u00a0B/s (most 0\u00a0B/s)", self.browser.run("return document.querySelector('.graph svg').ariaLabel"))
        self.assertIn("8 sessions (most 8)", self.browser.run("return document.querySelector('.graph svg').ariaLabel"))

    def test_reloads_are_counted(self):
        self.open()
        figure = lambda name: self.browser.text(f"[data-info={name}]")
        self.assertEqual((figure("Reloads"), figure("Last_reload_sec")), ("0", "never"))
        self.proxy.ask("reload")
        self.browser.wait("return document.querySelector('[data-info=Reloads]').textContent === '1'", "the reload is counted")
        self.assertIn(":", figure("Last_reload_sec"))
        with connect(self.port) as client:
            client.sendall(b"GET /haproxyamdin HTTP/1.0\r\nAuthorization: Basic YWRtaW46YWRtaW4=\r\n\r\n")
            page = read_all(client).decode()
        self.assertIn('data-info="Reloads">1<', page)
        self.assertRegex(page, r'data-info="Last_reload_sec">\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC<')

    def test_what_a_running_session_moves_is_seen_and_the_csv_stays_as_it_is(self):
        self.open()
        before = self.proxy.column("quick", "only", "bout")
        with connect(self.quick) as client:
            client.sendall(b"go")
            self.browser.wait("""const row = rows.get("quick/only"); return Number(row.line("bout")) >= 300000 &&
                Number(rows.get("quick/BACKEND").line("bout")) >= 300000 && row.history.samples.some((one) => one.rate > 0)""",
                              "the page counts what comes")
            self.assertEqual(self.proxy.column("quick", "only", "bout"), before)
        self.proxy.wait_for("show stat", "^quick,only,0,0,0,.*,300000,")

    def test_its_own_questions_are_not_logged(self):
        self.browser.open("about:blank")
        self.log.settimeout(0.5)
        lines = lambda: list(iter(self.next_line, None))
        lines()
        self.open()
        self.wait_for_update()
        self.wait_for_update()
        # A browser asks first without its password, and then with it.
        self.assertEqual({line.split('"')[1].split()[1] for line in lines() if "haproxyamdin" in line}, {"/haproxyamdin"})
        # Who has no password is logged, whatever he says.
        with connect(self.port) as client:
            client.sendall(b"GET /haproxyamdin;csv HTTP/1.0\r\nddbproxy-update: 1\r\n\r\n")
            read_all(client)
        self.assertIn("GET /haproxyamdin;csv", "".join(lines()))

    def next_line(self):
        try:
            return self.log.recv(4096).decode()
        except socket.timeout:
            return None

    def shown(self):
        return self.browser.run("""return [...document.querySelectorAll("[id=ddb_backend] ~ form tr.Server")].filter((tr) => tr.offsetParent)
            .map((tr) => tr.dataset.row.split("/")[1])""")

    def test_no_column_is_cut_off_on_a_small_screen(self):
        self.connect(8)
        self.proxy.ask("set server ddb_backend/node2 state drain")
        self.addCleanup(self.proxy.ask, "set server ddb_backend/node2 state ready")
        self.nodes.kill(3)
        self.addCleanup(self.nodes.revive, 3)
        self.open()
        self.wait_for_row("ddb_backend/node4", "Connection refused")
        for width in (1280, 1366, 1440):
            self.browser.look(width=width)
            self.assertEqual(self.browser.run("""return [...document.querySelectorAll(".wide")]
                .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)"""), [], width)

    def test_it_finds_and_sorts(self):
        self.open()
        self.browser.write("#find", "node3")
        self.assertEqual(self.shown(), ["node3"])
        self.wait_for_update()
        self.assertEqual(self.shown(), ["node3"])
        self.browser.run("document.getElementById('find').value = ''; document.getElementById('find').dispatchEvent(new Event('input'))")
        self.browser.click("[id=ddb_backend] ~ form th[data-f=svname] button")
        self.assertEqual(self.shown(), ["node1", "node2", "node3", "node4"])
        self.browser.click("[id=ddb_backend] ~ form th[data-f=svname] button")
        self.assertEqual(self.shown(), ["node4", "node3", "node2", "node1"])
        self.proxy.ask("set server ddb_backend/node2 state drain")
        self.addCleanup(self.proxy.ask, "set server ddb_backend/node2 state ready")
        self.wait_for_row("ddb_backend/node2", "DRAIN")
        self.browser.click("#trouble")
        self.assertEqual(self.shown(), ["node2"])

    def test_the_order_is_kept(self):
        self.open()
        self.browser.click("[id=ddb_backend] ~ form th[data-f=scur] button")
        self.browser.run("document.activeElement.blur()")
        self.connect(3)
        self.browser.wait("return rows.get('ddb_backend/BACKEND').line('scur') === '3'", "the page knows them")
        free = next(name for name in ("node1", "node2", "node3", "node4") if self.proxy.column("ddb_backend", name, "scur") == "0")
        self.assertEqual(self.shown()[3], free)
        for head in ("check", "rate"):
            self.browser.click(f"[id=ddb_backend] ~ form th[data-sort={head}] button")
            self.assertTrue(self.browser.run(f"return document.querySelector('[id=ddb_backend] ~ form th[data-sort={head}]').ariaSort"))
            self.assertEqual(sorted(self.shown()), ["node1", "node2", "node3", "node4"])

    def test_a_proxy_that_does_not_answer_is_said_to(self):
        self.open()
        title = self.browser.run("return document.title")
        self.browser.command("Network.enable")
        offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.browser.command("Network.emulateNetworkConditions", offline=True, **offline)
        try:
            self.browser.wait("return document.getElementById('pulse').textContent.startsWith('No answer since')", "it is said")
            self.assertTrue(self.browser.run("return document.title").startswith("(no answer) "))
            self.assertEqual(self.browser.run("return getComputedStyle(document.querySelector('main')).filter"), "grayscale(1)")
        finally:
            self.browser.command("Network.emulateNetworkConditions", offline=False, **offline)
        self.wait_for_update()
        self.browser.wait("return document.title === arguments[0]".replace("arguments[0]", repr(title)), "the title is as before")

    def test_without_refresh_it_stands_still_until_it_is_asked(self):
        self.open(";norefresh", updated=False)
        self.assertFalse(self.browser.run("return document.getElementById('live').checked"))
        self.browser.click("#live")
        self.wait_for_update()

    def test_names_with_markup_are_only_text(self):
        self.browser.scripts(False)
        self.open(";st=<b>?scope=<script>", updated=False)
        self.assertNotIn("<script>", self.browser.text("nav"))


if __name__ == "__main__":
    unittest.main()
