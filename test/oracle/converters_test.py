"""Every line of converters.table is played through haproxy: an expression, set as a variable of the process in `global`, and
what `get var` says of it then. The unit test of the sample room holds the same table against ddbproxy, and converters.list, too."""
import os
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

from programs import HAPROXY

HERE = os.path.dirname(os.path.abspath(__file__))
# haproxy reads no further once 50 lines of a file were wrong.
WRONG_LINES_IN_A_FILE = 40
DEFAULTS = "defaults\n  timeout client 1s\n  timeout connect 1s\n  timeout server 1s\n"


def read_table():
    """The variables as (name, expression), the lines as (expression, result)."""
    variables, lines = [], []
    with open(os.path.join(HERE, "converters.table"), encoding="latin-1") as table:
        for line in table:
            if line.startswith("let\t"):
                variables.append(tuple(line.rstrip("\n").split("\t")[1:]))
            elif line.strip() and not line.startswith("#"):
                lines.append(tuple(line.rstrip("\n").split("\t")))
    return variables, lines


def quoted(text):
    """As the configuration's own level of quoting leaves it alone."""
    return "".join(c if c.isascii() and c.isalnum() or c in "().,_-" else f"\\x{ord(c):02x}" for c in text)


def shown(data):
    return '"' + "".join(chr(c) if 32 <= c < 127 and c not in b'"\\' else f"\\x{c:02x}" for c in data) + '"'


class Configuration:
    """One with a line for each expression."""

    def __init__(self, directory, variables):
        self.path = os.path.join(directory, "haproxy.cfg")
        self.socket = os.path.join(directory, "api")
        self.head = ["global", f"  stats socket {self.socket} level admin"]
        self.head += [f"  set-var {name} {quoted(expression)}" for name, expression in variables]
        self.tail = DEFAULTS + f"listen l\n  bind {directory}/l\n"

    def write(self, expressions):
        lines = self.head + [f"  set-var proc.result{i} {quoted(expression)}" for i, expression in enumerate(expressions)]
        with open(self.path, "w", encoding="ascii") as out:
            out.write("\n".join(lines) + "\n" + self.tail)

    def alerts(self, expressions):
        """What is wrong with each expression, None where nothing is."""
        self.write(expressions)
        done = subprocess.run([HAPROXY, "-c", "-f", self.path], capture_output=True, text=True, check=False, timeout=60)
        found = dict(re.findall(r"parsing \[[^]]*:(\d+)\] : (.*)", done.stderr))
        return [found.get(str(len(self.head) + 1 + i)) for i in range(len(expressions))]


class Api:
    """The runtime API of a running haproxy."""

    def __init__(self, path):
        self.path = path

    def ask(self, commands):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(30)
            client.connect(self.path)
            client.sendall((";".join(commands) + "\n").encode())
            return b"".join(iter(lambda: client.recv(65536), b"")).decode("latin-1")

    def values(self, count):
        """Of all variables, by their number, as (type, text)."""
        values = {}
        for first in range(0, count, 200):
            said = self.ask([f"get var proc.result{i}" for i in range(first, min(first + 200, count))])
            for number, kind, text in re.findall(r"proc\.result(\d+): type=(\w+) value=<(.*?)>\n(?=proc\.|Variable|\n*\Z)", said, re.S):
                values[int(number)] = (kind, text)
        return values


def in_words_of_table(value, digits):
    if value is None:
        return "absent"
    kind, text = value
    if kind == "str":
        return "str " + shown(bytes.fromhex(digits[1]))
    return f"bin {digits[1].lower()}".strip() if kind == "bin" else f"{kind} {text}"


class ConvertersTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="ddbproxy-test-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.variables, self.lines = read_table()
        self.configuration = Configuration(self.directory, self.variables)

    def start(self, expressions):
        self.configuration.write(expressions)
        pidfile = os.path.join(self.directory, "pid")
        subprocess.run([HAPROXY, "-D", "-p", pidfile, "-f", self.configuration.path], check=True, timeout=60)
        with open(pidfile, encoding="ascii") as pid:
            self.addCleanup(os.kill, int(pid.read()), 15)
        return Api(self.configuration.socket)

    def test_what_is_wrong(self):
        wrong = [line for line in self.lines if line[1].startswith("wrong ") or line[1] == "inapplicable"]
        for first in range(0, len(wrong), WRONG_LINES_IN_A_FILE):
            part = wrong[first:first + WRONG_LINES_IN_A_FILE]
            for (expression, expected), alert in zip(part, self.configuration.alerts([line[0] for line in part])):
                with self.subTest(expression):
                    end = expected.removeprefix("wrong ") if expected != "inapplicable" else "cannot be applied"
                    self.assertTrue(alert and alert.removesuffix(".").endswith(end.removesuffix(".")), alert)

    def test_values(self):
        right = [line for line in self.lines if not line[1].startswith("wrong ") and line[1] != "inapplicable"]
        # What has zero bytes is shown up to the first, so the bytes are asked for, too.
        expressions = [form for expression, _ in right for form in (expression, expression + ",hex")]
        values = self.start(expressions).values(len(expressions))
        for i, (expression, expected) in enumerate(right):
            with self.subTest(expression):
                self.assertEqual(in_words_of_table(values.get(2 * i), values.get(2 * i + 1)), expected)

    def test_every_converter_is_in_the_list(self):
        path = os.path.join(self.directory, "empty.cfg")
        with open(path, "w", encoding="ascii") as out:
            out.write(DEFAULTS)
        done = subprocess.run([HAPROXY, "-dKcnv", "-c", "-f", path], capture_output=True, text=True, check=False, timeout=60)
        said = re.findall(r"^[\w-]+(?:\(.*\))?: \w+ => \w+$", done.stdout, re.M)
        with open(os.path.join(HERE, "converters.list"), encoding="ascii") as known:
            self.assertEqual(sorted(said), sorted(known.read().splitlines()))


if __name__ == "__main__":
    unittest.main()
