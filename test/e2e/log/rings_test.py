"""Rings: what log lines leave in them, what show events tells of that, and what their servers get."""
import os
import re
import socket
import time
import unittest

import background
from proxy import Proxy, free_port, run, scratch_directory, wait_until
from traffic import Server, connect, read_all

# What stands in front of a message in each format, of facility local1 and level info.
FORMATS = {
    "raw": "", "short": "<6>", "priority": "<142>", "timed": r"<6>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d ",
    "iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d ", "local": r"<142>\w{3} [ \d]\d \d\d:\d\d:\d\d haproxy\[\d+\]: ",
    "rfc3164": r"<142>\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ haproxy\[\d+\]: ", "rfc5424": r"<142>1 \d{4}-\S+ - haproxy \d+ - - ",
}
FILL = "0123456789" * 10


class Listener(Server):
    """Keeps what it is sent, connection by connection."""

    def __init__(self, port=0):
        self.heard, self.connections = [], []
        super().__init__(self._hear, port)

    def _hear(self, connection):
        mine = bytearray()
        self.heard.append(mine)
        self.connections.append(connection)
        while part := connection.recv(4096):
            mine += part

    def close(self):
        super().close()
        for connection in self.connections:
            background.shut(connection)

    def text(self):
        return b"".join(self.heard).decode()


class RingsTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.port, cls.filled, cls.served = free_port(), free_port(), free_port()
        cls.plain, cls.counted = Listener(), Listener()
        cls.addClassCleanup(cls.plain.close)
        cls.addClassCleanup(cls.counted.close)
        cls.late = free_port()
        cls.proxy = Proxy(f"""
  log ring@of_global local0
ring of_global
  description "everything that is global"
{"".join(f"ring {name}{chr(10)} format {name}{chr(10)}" for name in FORMATS)}
ring short_lines
  maxlen 30
ring full
  maxlen 100
ring servers
  timeout connect 5s
  timeout server 5s
  server plain 127.0.0.1:{cls.plain.port}
  server counted 127.0.0.1:{cls.counted.port} log-proto octet-count
  server late 127.0.0.1:{cls.late} log-proto legacy
defaults
  mode tcp
  timeout client 5s
  timeout connect 5s
  timeout server 5s
  log-format "hello %cp"
frontend f
  bind 127.0.0.1:{cls.port}
  {"".join(f"log ring@{name} local1{chr(10)}" for name in FORMATS)}
  log ring@short_lines len 1000 format rfc3164 local1
  log ring@buf0 local1
frontend filled
  bind 127.0.0.1:{cls.filled}
  log-format "%cp {FILL}"
  log ring@full local1
frontend served
  bind 127.0.0.1:{cls.served}
  log ring@servers local1
""")
        cls.addClassCleanup(cls.proxy.close)

    def visit(self, port):
        """The line that a client leaves."""
        with connect(port) as client:
            mine = client.getsockname()[1]
            client.sendall(b"x")
            try:
                read_all(client)
            except ConnectionError:
                pass
        return f"hello {mine}"

    def events(self, ring, *options):
        return self.proxy.ask(" ".join(("show events", ring, *options))).splitlines()

    def test_each_ring_has_its_format(self):
        said = self.visit(self.port)
        for name, header in FORMATS.items():
            with self.subTest(name):
                wait_until(lambda name=name: any(said in line for line in self.events(name)), "the line")
                line = next(line for line in self.events(name) if said in line)
                self.assertRegex(line, f"^{header}{said}$")
        line = next(line for line in self.events("buf0") if said in line)
        self.assertRegex(line, f"^{FORMATS['timed']}{said}$")
        self.assertLessEqual({len(line) for line in self.events("short_lines") if line}, set(range(1, 31)))

    def test_sinks_and_questions_about_them(self):
        sinks = self.proxy.ask("show events").splitlines()
        self.assertEqual(sinks[0], "Supported events sinks are listed below. Add -w(wait), -n(new). Any key to stop")
        self.assertIn("    of_global  : type=buffer, 0 dropped, everything that is global", sinks)
        self.assertIn("    buf0       : type=buffer, 0 dropped, in-memory ring buffer", sinks)
        self.assertIn("    full       : type=buffer, 0 dropped, full", sinks)
        for question, answer in (("nope", "No such event sink"), ("full -x", "unknown option"), ("full x", "unknown option"),
                                 ("nope -x", "No such event sink"), ("of_global -n", ""), ("stdout", "Nothing to report for this sink")):
            with self.subTest(question):
                self.assertEqual(self.proxy.ask("show events " + question).strip(), answer)
        self.assertIn("Permission denied", self.proxy.ask("user;show events full"))

    def test_the_oldest_go_when_it_is_full(self):
        for _ in range(200):
            last = self.visit(self.filled).split()[1]
        wait_until(lambda: any(line.startswith(last + " ") for line in self.events("full")), "the last line")
        lines = [line for line in self.events("full") if line]
        self.assertEqual({len(line) for line in lines}, {100})
        self.assertEqual(len(lines), 16384 // 102)
        self.assertTrue(lines[-1].startswith(last + " "))

    def test_news_are_told_as_they_come(self):
        self.visit(self.port)
        for options, told_before in (("-w", True), ("-w -n", False), ("-nw", False)):
            with self.subTest(options), socket.socket(socket.AF_UNIX) as client:
                before = self.visit(self.port)
                wait_until(lambda before=before: before in self.events("raw"), "the line")
                client.connect(self.proxy.cli)
                client.settimeout(15)
                client.sendall(f"show events raw {options}\n".encode())
                heard = b""
                ends = time.monotonic() + 15
                client.settimeout(0.1)
                said = []
                while not said or not all(each.encode() in heard for each in said[-2:]) or len(said) < 3:
                    self.assertLess(time.monotonic(), ends)
                    said.append(self.visit(self.port))
                    try:
                        heard += client.recv(65536)
                    except socket.timeout:
                        pass
                self.assertEqual(before.encode() in heard, told_before)

    def test_servers_get_every_line(self):
        def lines(count):
            all_lines = []
            for _ in range(count):
                line = self.visit(self.served)
                wait_until(lambda line=line: line in self.events("servers"), "the line")
                all_lines.append(line)
            return all_lines
        said = lines(5)
        for server, form in ((self.plain, "{}\n"), (self.counted, "{1} {0}")):
            expected = "".join(form.format(line, len(line)) for line in said)
            wait_until(lambda server=server, expected=expected: expected in server.text(), "all lines")
        # Who can be reached only now gets them, too.
        with Listener(self.late) as late:
            wait_until(lambda: all(f"{line}\n" in late.text() for line in said), "all lines")
            connections = len(late.heard)
        # A server that was away gets what has come meanwhile.
        more = lines(3)
        with Listener(self.late) as late:
            wait_until(lambda: f"{more[-1]}\n" in late.text(), "the last line")
            self.assertNotIn(said[0], late.text())
        self.assertEqual(connections, 1)
        self.assertEqual(len(self.plain.heard), 1)

    def test_an_unknown_ring_is_known_at_the_start(self):
        path = os.path.join(scratch_directory(), "unknown.cfg")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"""global
 log ring@one local0
frontend f
 mode tcp
 timeout client 1s
 log ring@two local0
 log ring@buf0 local0
 bind 127.0.0.1:{free_port()}
""")
        self.assertEqual(run("-c", "-f", path).returncode, 0)
        done = run("-f", path)
        self.assertEqual(done.returncode, 1)
        said = re.findall(r"config : (.*)", done.stderr)
        self.assertEqual(said[:2], [f"global log server declared in file '{path}' at line 2 uses unknown ring named 'one'.",
                                    f"log server declared in proxy section 'f' in file '{path}' at line 6 uses unknown ring named 'two'."])


if __name__ == "__main__":
    unittest.main()
