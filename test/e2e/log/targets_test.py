"""Where log lines can go, and the forms that they can take there."""
import os
import re
import unittest

from log_collector import LogCollector
from proxy import DEFAULTS, Proxy, free_port, scratch_directory, wait_until
from traffic import Server, exchange

MESSAGE = r"127\.0\.0\.1:\d+ \[\d+/\w+/\d+:[\d:.]+\] fe fe/one \d+/\d+/\d+ 5 -- \d/\d/\d/\d/0 0/0"
HEADS = {
    "raw": "",
    "short": r"<6>",
    "timed": r"<6>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}[+-]\d{2}:\d{2} ",
    "priority": r"<134>",
    "iso": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}[+-]\d{2}:\d{2} ",
    "local": r"<134>\w{3} [ \d]\d \d{2}:\d{2}:\d{2} haproxy\[\d+\]: ",
    "rfc3164": r"<134>\w{3} [ \d]\d \d{2}:\d{2}:\d{2} \S* ?haproxy\[\d+\]: ",
    "rfc5424": r"<134>1 \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.?\d*[+-]\d{2}:\d{2} \S+ haproxy \d+ - - ",
}


class TargetsTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port = free_port()

    def start(self, *targets, lines="", **options):
        targets = "".join(f"    log {target}\n" for target in targets)
        proxy = Proxy(f"{targets}{DEFAULTS}    log global\n    option tcplog\n{lines}listen fe\n"
                      f"    bind 127.0.0.1:{self.port}\n    server one 127.0.0.1:{self.server.port}\n", **options)
        self.addCleanup(proxy.close)
        return proxy

    def collector(self, path=None):
        log = LogCollector(path)
        self.addCleanup(log.close)
        return log

    def test_every_format_over_udp(self):
        for name, head in HEADS.items():
            with self.subTest(name):
                log = self.collector()
                proxy = self.start(f"{log.address} format {name} local0")
                with proxy:
                    exchange(self.port)
                    log.wait_for(f"^{head}{MESSAGE}$")

    def test_dates_are_in_the_time_zone_of_the_start(self):
        log = self.collector()
        self.start(f"{log.address} format rfc5424 local0\n    setenv TZ BBB-9", lines="    log-format '%t %T'\n",
                   env={**os.environ, "TZ": "AAA5"})
        exchange(self.port)
        # The line's own date, of its head and of its format, and the same moment where clocks stand still.
        line = log.wait_for(r" \+0000$")[0]
        head, local, world = re.search(r"T(\d\d):[\d:.]+-05:00 .*\d{4}:(\d\d):\S+ \S+\d{4}:(\d\d):\d\d:\d\d \+0000$", line).groups()
        self.assertIn((int(world) - int(head)) % 24, (4, 5))
        self.assertEqual((int(world) - int(local)) % 24, 5)

    def test_a_unix_socket(self):
        path = os.path.join(scratch_directory(), "log.sock")
        log = self.collector(path)
        self.start(f"{path} local3")
        exchange(self.port)
        log.wait_for(f"^<158>.* haproxy\\[\\d+\\]: {MESSAGE}$")

    def test_stdout_and_stderr(self):
        for stream in ("stdout", "stderr"):
            with self.subTest(stream):
                proxy = self.start(f"{stream} format raw local0")
                with proxy:
                    exchange(self.port)
                    wait_until(lambda: re.search(f"^{MESSAGE}$", proxy.stderr(), re.M), "the line is in the stream")

    def test_an_inherited_descriptor(self):
        path = os.path.join(scratch_directory(), "log.txt")
        with open(path, "w", encoding="ascii") as target:
            self.start(f"fd@{target.fileno()} format short local0", pass_fds=[target.fileno()])
            exchange(self.port)

            def arrived():
                with open(path, encoding="ascii") as file:
                    return re.search(f"^<6>{MESSAGE}\n", file.read())
            wait_until(arrived, "the line is in the file")

    def test_a_sample_of_the_lines(self):
        log = self.collector()
        whole = self.collector()
        self.start(f"{log.address} sample 1:2 local0", f"{whole.address} local0")
        for number in range(6):
            exchange(self.port)
            whole.wait_for(MESSAGE, number + 1)
        log.wait_for(MESSAGE, 3)
        self.assertEqual(len(log.lines), 3)

    def test_a_proxys_own_target_beside_no_global_one(self):
        log = self.collector()
        proxy = Proxy(f"{DEFAULTS}    option tcplog\nlisten fe\n    bind 127.0.0.1:{self.port}\n    log {log.address} user\n"
                      f"    log-tag mine\n    server one 127.0.0.1:{self.server.port}\n")
        self.addCleanup(proxy.close)
        exchange(self.port)
        log.wait_for(r"^<14>.* mine\[\d+\]: " + MESSAGE)

    def test_no_log_turns_the_inherited_targets_off(self):
        log = self.collector()
        proxy = Proxy(f"    log {log.address} local0\n{DEFAULTS}    log global\n    option tcplog\n"
                      f"listen quiet\n    bind 127.0.0.1:{self.port}\n    no log\n"
                      f"    server one 127.0.0.1:{self.server.port}\n")
        self.addCleanup(proxy.close)
        exchange(self.port)
        proxy.wait_for("show stat quiet 4 -1", "^quiet,one,0,0,0,1,,1,")
        proxy.ask("disable frontend quiet")
        self.assertEqual(log.lines, [])

    def test_flags_of_log_format_quote_and_escape(self):
        log = self.collector()
        self.start(f"{log.address} format raw local0", lines="    log-format \"%{+Q}s %{+X}ci %{+Q}o%b %f %{-Q}o%b %%\"\n")
        exchange(self.port)
        log.wait_for(r'^"one" 7F000001 "fe" "fe" fe %$')


if __name__ == "__main__":
    unittest.main()
