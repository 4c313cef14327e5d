"""Asks the runtime APIs of both programs the same, and makes their answers comparable: what may differ is listed here."""
import os
import re
import socket
import subprocess
import unittest

from programs import DDBPROXY, HAPROXY
from proxy import free_port, scratch_directory, wait_until

# Answers that may differ, each with its reason; everything else must be equal.
# What an answer says whose subject is not built yet.
NOT_BUILT = "not supported by ddbproxy yet"
# Columns that measure time or the machine, or count haproxy's internal modules (behind "-").
# haproxy counts a worker that finds no client any more among the most sessions at once.
TIMED = {"smax", "lastchg", "downtime", "check_duration", "rate", "rate_max", "lastsess", "qtime", "ctime", "rtime", "ttime",
         "conn_rate", "conn_rate_max", "req_rate", "req_rate_max", "qtime_max", "ctime_max", "rtime_max", "ttime_max"}
# Fields of `show info` with their reasons: of the process and its moment.
OWN_INFO = {
    "Pid", "Uptime", "Uptime_sec", "Start_time_sec", "PoolAlloc_MB", "PoolUsed_MB", "PoolAlloc_bytes", "PoolUsed_bytes",
    "Tasks", "Run_queue", "Idle_pct", "Jobs", "CumConns", "CumReq", "ConnRate", "MaxConnRate", "SessRate", "MaxSessRate",
    "TotalBytesOut", "BytesOutRate", "CurrConns", "Ulimit-n", "Maxsock", "Version", "Build info",
}
# The short descriptions of `help` and of `desc` are ddbproxy's own words; names and layout are haproxy's.
MASKS = [
    # Figures that only ddbproxy has.
    (r"(?m)^(\d+\.)?(Reloads|Last_reload_sec)[.:].*\n", ""),
    (r',\{"field":\{"pos":\d+,"name":"(Reloads|Last_reload_sec)"\}[^}]*\}[^}]*\}[^}]*\}', ""),
    (r"(?m)^(  \S.{39}: ).*$", r"\1..."),
    (r"(?m)^((?:\d+\.)?(" + "|".join(re.escape(name) for name in sorted(OWN_INFO, key=len, reverse=True)) +
     r")(?:\.1:\w+:\w+)?: ?)[^\n\"]*?((?::\".*\")?)$", r"\1...\3"),
    (r'(?m):"[^"\n]*"$', ':"..."'),
    (r'"value":\{"type":"(\w+)","value":[^}]*\}', r'"value":\1'),
    (r"\},\{", "},\n{"),
    (r"2\.6\.12(-1\+deb12u\d+)?", "2.6.12"),
    (r"\(\d+\) : ", "(PID) : "),
    (r"haproxy version is \S+", "haproxy version is V"),
    (r"path to executable is \S+", "path to executable is P"),
    (r"unix@\S*/", "unix@DIR/"),
    (r"captured on \[[^\]]*\]", "captured on [T]"),
    # The time since the last change in `show servers state`.
    (r"(?m)^(\d+ \S+ \d+ \S+ \S+ \d \d+ \d+ \d+ )\d+ ", r"\1T "),
    # Nothing is measured here, so that profiling is off where haproxy begins it under load.
    (r"(?m)^(Per-task CPU profiling +: )(auto-off|off)( +#)", r"\1off..."),
    (r"(?m)^Running tasks: \d+ ", "Running tasks: N "),
    # haproxy's memory pools, sources of traces and its buffer for them, and what its HTTP client keeps.
    (r"(?m)^  - Pool .*\n", ""),
    (r"(?m)^Total: \d+ pools, \d+ bytes allocated, \d+ used \(~\d+ ", "Total: ... "),
    (r"(?m)^ \[\.\] [a-z].*\n", ""),
    (r"(?m)^    buf0 .*\n", ""),
    (r"(?m)^\d+ \(\) acl 'var' file 'httpclient' .*\n", ""),
    # Where entries of lists are, and the function that compares methods.
    (r"(?m)^0x[0-9a-f]+ ", "0x... "),
    (r"type=unknown\(0x[0-9a-f]+\)", "type=unknown(0x...)"),
    # What the last list was that the thread looked into, whatever it was.
    (r"(?m)^(type=bool, .*idx=)\w+", r"\1..."),
    # What haproxy says to those who may not see its certificates.
    (r"^Can't allocate memory!", "Permission denied"),
    (r"(?m)^@system-ca .*\n", ""),
]


def mask_table(text):
    """show stat: without the columns that measure time, and without those of haproxy's modules."""
    names = None
    lines = []
    for line in text.split("\n"):
        if line.startswith("# pxname,"):
            names = line[2:].split(",")
            names = names[:names.index("-")]
            line = "# " + ",".join(names)
        elif names and line.count(",") > 50:
            cells = line.split(",")
            line = ",".join("T" if name in TIMED and cell not in ("",) else cell
                            for name, cell in zip(names, cells))
        lines.append(line)
    return "\n".join(lines)


TYPED = re.compile(r"(?m)^([FBSL]\.\d+\.\d+\.(\d+)\.(\w+)\.1:\w+:\w+:)([^:\n]*)(.*)$")


def mask_typed(text):
    text = TYPED.sub(lambda m: m[1] + ("T" if m[3] in TIMED else m[4]) + m[5], text)
    return "\n".join(line for line in text.split("\n") if not re.match(r"[FBSL]\.\d+\.\d+\.(9[4-9]|1\d\d)\.", line)
                     or ".9" in line[:12])


def mask(text):
    text = mask_typed(mask_table(text))
    for pattern, replacement in MASKS:
        text = re.sub(pattern, replacement, text)
    return text


class Program:
    """One of the two, with the same configuration on ports of its own."""

    def __init__(self, path, configuration, ports, is_ready, files=()):
        self.is_ready = is_ready
        self.ports = ports
        self.directory = scratch_directory()
        for name in files:
            with open(os.path.join(self.directory, name), "w", encoding="utf-8") as text:
                text.write(files[name])
        file = os.path.join(self.directory, "both.cfg")
        with open(file, "w", encoding="utf-8") as text:
            text.write(configuration.format(*ports, directory=self.directory))
        self.log = open(os.path.join(self.directory, "stderr"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([path, "-db", "-f", file], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log)
        wait_until(lambda: self.process.poll() is not None or self.is_up(), f"{path} answers")

    def is_up(self):
        try:
            return self.is_ready(self)
        except OSError:
            return False

    def ask(self, command, level="admin"):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(os.path.join(self.directory, level + ".sock"))
            client.sendall(command.replace("DIR/", self.directory + "/").encode() + b"\n")
            answer = b""
            while True:
                piece = client.recv(65536)
                if not piece:
                    return answer.decode(errors="replace").replace(self.directory, "DIR")
                answer += piece

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


def commands(text):
    for line in text.strip().split("\n"):
        yield line.replace("\\n", "\n").replace("\\r", "\r")


class Comparison(unittest.TestCase):
    """A table of commands that both programs are asked, in order; subclasses say with which configuration."""
    maxDiff = None
    configuration = ""
    # Commands that are refused here and answered by haproxy, each with the reason.
    refused = {}
    # Beside the configuration, which finds them in {directory}; commands say DIR/.
    files = {}

    @staticmethod
    def is_ready(program):
        return program.ask("show version") != ""

    @classmethod
    def setUpClass(cls):
        # Nobody listens on the servers' port, the last, so that both programs see the same: connection refused.
        cls.ports = [free_port() for _ in range(10)]
        cls.other_ports = [free_port() for _ in range(9)] + cls.ports[9:]
        cls.fill_in_ports()
        cls.haproxy = Program(HAPROXY, cls.configuration, cls.ports, cls.is_ready, cls.files)
        cls.addClassCleanup(cls.haproxy.close)
        cls.ddbproxy = Program(DDBPROXY, cls.configuration, cls.other_ports, cls.is_ready, cls.files)
        cls.addClassCleanup(cls.ddbproxy.close)
        for client_side in (cls.haproxy, cls.ddbproxy):
            cls.talk(client_side)

    @classmethod
    def fill_in_ports(cls):
        """Puts servers behind some of the ports."""

    @classmethod
    def talk(cls, program):
        """Has clients talk to servers through the program, before it is asked anything."""

    @staticmethod
    def adapt(_program, command):
        """The command as one of the programs is to be asked it."""
        return command

    def same(self, text, level="admin"):
        for command in commands(text):
            with self.subTest(command=command, level=level):
                theirs, ours = (each.ask(self.adapt(each, command), level) for each in (self.haproxy, self.ddbproxy))
                if command in self.refused:
                    self.assertIn(NOT_BUILT, ours)
                else:
                    self.assertEqual(mask(ours), mask(theirs))
