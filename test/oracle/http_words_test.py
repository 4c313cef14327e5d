"""Rules and words of HTTP, right and wrong, in sections of mode tcp and of mode http: -c must judge each as haproxy does, in the same
words. In mode http ddbproxy says in addition what it does not carry out."""
import concurrent.futures
import os
import re
import subprocess
import tempfile
import unittest

import known
from programs import DDBPROXY, HAPROXY

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUTS = "  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n"
FRAMES = {
    "listen": "defaults\n{timeouts}  mode {mode}\nlisten f\n  bind abns@f\n{line}",
    "frontend": "defaults\n{timeouts}  mode {mode}\nfrontend f\n  bind abns@f\n{line}",
    "backend": "defaults\n{timeouts}  mode {mode}\nfrontend f\n  bind abns@f\nbackend b\n{line}",
    "defaults": "defaults named\n{timeouts}  mode {mode}\n{line}frontend f from named\n  bind abns@f\n",
    "anonymous": "defaults\n{timeouts}  mode {mode}\n{line}frontend f\n  bind abns@f\n",
}
# After an error in an HTTP rule haproxy reads no further, and does not say that there were errors; ddbproxy goes on.
SUMMARY = re.compile(r"(Fatal errors found|Error\(s\) found) in configuration")


def read_lines(name="http_words.lines"):
    with open(os.path.join(HERE, name), encoding="ascii") as lines:
        return [line.rstrip("\n") for line in lines if line.strip() and not line.startswith("#")]


def judge(program, text):
    with tempfile.TemporaryDirectory(prefix="ddbproxy-test-") as folder:
        with open(os.path.join(folder, "t.cfg"), "w", encoding="ascii") as file:
            file.write(text)
        done = subprocess.run([program, "-c", "-f", "t.cfg"], cwd=folder, capture_output=True, timeout=60, text=True,
                              stdin=subprocess.DEVNULL, errors="replace", check=False)
    said = known.mask(done.stderr)
    added = [line for line in said.split("\n") if re.search(known.ADDED + "|not supported by ddbproxy", line)]
    # Both say the same of a file as a whole, in another order.
    # Who refuses a file introduces itself.
    skipped = re.compile(SUMMARY.pattern + "|^\\[NOTICE\\]")
    lines = sorted(line.rstrip() for line in said.split("\n") if line and line not in added and not skipped.search(line))
    return done.returncode, lines, "not supported by ddbproxy" in said


class HttpWordsTest(unittest.TestCase):
    maxDiff = None

    def compare(self, section, mode, lines):
        texts = [FRAMES[section].format(timeouts=TIMEOUTS, mode=mode, line="".join(f"  {part}\n" for part in line.split("\\n")))
                 for line in lines]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            ours, theirs = (list(pool.map(lambda text, p=program: judge(p, text), texts)) for program in (DDBPROXY, HAPROXY))
        for line, our, their in zip(lines, ours, theirs):
            with self.subTest(section=section, mode=mode, line=line):
                self.assertEqual(our[1], their[1])
                if not our[2]:
                    self.assertEqual(our[0], their[0])

    def test_in_a_section_that_is_both(self):
        lines = read_lines()
        self.assertGreater(len(lines), 400)
        self.compare("listen", "tcp", lines[::3])

    def test_in_a_frontend(self):
        self.compare("frontend", "tcp", read_lines()[1::8])

    def test_in_a_backend(self):
        lines = [line for line in read_lines()[3::8] if "use_backend" not in line]  # there haproxy looks for loops
        self.compare("backend", "tcp", lines)

    def test_in_named_defaults(self):
        self.compare("defaults", "tcp", read_lines()[5::8])

    def test_in_anonymous_defaults(self):
        self.compare("anonymous", "tcp", read_lines()[::20])

    def test_in_mode_http(self):
        self.compare("listen", "http", read_lines()[1::4])


if __name__ == "__main__":
    unittest.main()
