"""Lines with expressions, ACLs, conditions and rules, right and wrong: ddbproxy must judge each as haproxy does, in the same words."""
import concurrent.futures
import os
import re
import subprocess
import tempfile
import unittest

from programs import DDBPROXY, HAPROXY

HERE = os.path.dirname(os.path.abspath(__file__))
FRAME = """defaults
  timeout client 1s
  timeout server 1s
  timeout connect 1s
  mode tcp
frontend f
  bind 127.0.0.1:20001
{frontend}
  default_backend b
backend b
  server s 127.0.0.1:1
{backend}
"""


def read_lines():
    """As (text for the frontend, text for the backend): a line that begins with "B:" is the backend's."""
    with open(os.path.join(HERE, "rules.lines"), encoding="ascii") as lines:
        for line in lines:
            text = line.rstrip("\n").replace("\\n", "\n  ")
            if text and not text.startswith("#"):
                yield ("", "  " + text[2:]) if text.startswith("B:") else ("  " + text, "")


def judge(program, directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    done = subprocess.run([program, "-c", "-f", path], capture_output=True, text=True, check=False, timeout=60,
                          cwd=os.path.join(HERE, "files"))
    said = re.findall(r"^\[(ALERT|WARNING)\] +\(\d+\) : (.*)", done.stderr.replace(path, "FILE"), re.M)
    # The column, or the whole place, is ddbproxy's own.
    return done.returncode, sorted((level, re.sub(r" \((FILE:\d+, )?column \d+[^()]*\)$", "", words).rstrip()) for level, words in said)


class RulesTest(unittest.TestCase):
    maxDiff = None

    def test_every_line(self):
        lines = list(read_lines())
        self.assertGreater(len(lines), 150)
        with tempfile.TemporaryDirectory(prefix="ddbproxy-test-") as directory, \
                concurrent.futures.ThreadPoolExecutor(4) as pool:
            texts = [FRAME.format(frontend=frontend, backend=backend) for frontend, backend in lines]
            verdicts = [list(pool.map(lambda i, p=program: judge(p, directory, f"{os.path.basename(p)}{i}.cfg", texts[i]),
                                      range(len(texts)))) for program in (HAPROXY, DDBPROXY)]
        for (frontend, backend), expected, got in zip(lines, *verdicts):
            with self.subTest(frontend or backend):
                self.assertEqual(got, expected)


if __name__ == "__main__":
    unittest.main()
