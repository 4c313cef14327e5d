"""Runs the program under test (PROXY_PROGRAM) with a configuration of the test's own, and stops it again."""
import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import wait_cli

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("PROXY_PROGRAM", os.path.join(HERE, "../../build/ddbproxy"))
DEADLINE_S = 15

DEFAULTS = """
defaults
    mode tcp
    timeout connect 1s
    timeout client 10s
    timeout server 10s
"""


def scratch_directory():
    """A directory of its own that goes when the test program does."""
    path = tempfile.mkdtemp(prefix="ddbproxy-test-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    os.chmod(path, 0o755)  # So that a program that gave up root still sees its files.
    return path


def unheld_port():
    """A port that is free now, for who listens without SO_REUSEPORT; another may take it first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


_held = []


def _hold(port):
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    probe.bind(("127.0.0.1", port))
    return probe


def free_port():
    """A port that no other test gets as long as this one runs. Only who listens with SO_REUSEPORT can have it, as proxies do."""
    return free_ports(1)


def free_ports(count):
    """The first of `count` neighbours, each as free_port() gives it."""
    while True:
        held = [_hold(0)]
        first = held[0].getsockname()[1]
        try:
            held += [_hold(first + number) for number in range(1, count)]
            _held.extend(held)
            return first
        except (OSError, OverflowError):
            for probe in held:
                probe.close()


def wait_until(condition, what, deadline=DEADLINE_S):
    """Waits for the condition and fails with the words of `what`."""
    ends = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > ends:
            raise AssertionError(f"in {deadline} s it did not happen: {what}")
        time.sleep(0.01)


def run(*arguments, program=PROGRAM, **options):
    """The program's whole run: returncode, stdout and stderr as text."""
    return subprocess.run([program, *arguments], capture_output=True, text=True, errors="replace",
                          timeout=DEADLINE_S * 2, stdin=subprocess.DEVNULL, **options)


class Proxy:
    """One running program in the foreground. Its runtime API is at `cli`, its messages in `stderr()`."""

    def __init__(self, configuration, *arguments, program=PROGRAM, wait=True, **options):
        self.directory = scratch_directory()
        self.file = os.path.join(self.directory, "haproxy.cfg")
        self.cli = os.path.join(self.directory, "cli.sock")
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(f"global\n    stats socket {self.cli} mode 600 level admin\n{configuration}\n")
        self.errors = open(os.path.join(self.directory, "stderr"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([program, "-db", "-f", self.file, *arguments], stdin=subprocess.DEVNULL,
                                        stdout=self.errors, stderr=self.errors, **options)
        self.pid = self.process.pid
        if wait:
            try:
                wait_cli.wait_for(self.cli, "show info", "^Uptime")
            except AssertionError:
                self.close()
                raise AssertionError("the program did not start:\n" + self.stderr()) from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, command):
        return wait_cli.ask(self.cli, command)

    def wait_for(self, command, pattern, deadline=DEADLINE_S):
        return wait_cli.wait_for(self.cli, command, pattern, deadline)

    def column(self, proxy, name, column):
        """One figure of show stat, as text."""
        return self.columns(proxy, name, column)[0]

    def columns(self, proxy, name, *columns):
        """Figures of one moment."""
        lines = self.ask("show stat").splitlines()
        names = lines[0].lstrip("# ").split(",")
        cells = next(line.split(",") for line in lines if line.startswith(f"{proxy},{name},"))
        return tuple(cells[names.index(column)] for column in columns)

    def stderr(self):
        with open(self.errors.name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def reload_from(self, mark, text):
        """Writes `text` in the place of its file from the first `mark` on, and has it reload. The answer."""
        with open(self.file, encoding="utf-8") as file:
            head = file.read().split(mark, 1)[0].rstrip("\n")
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(head + "\n" + text)
        return self.ask("reload")

    def signal(self, number):
        os.kill(self.pid, number)

    def suspend(self):
        """No thread of it runs any more until SIGCONT; the signal alone only says that they shall stop."""
        self.signal(signal.SIGSTOP)

        def stopped():
            tasks = f"/proc/{self.pid}/task"
            states = []
            for task in os.listdir(tasks):
                with open(f"{tasks}/{task}/stat", encoding="utf-8", errors="replace") as file:
                    states.append(file.read().rpartition(") ")[2][0])
            return set(states) == {"T"}
        wait_until(stopped, "all its threads have stopped")

    def wait_exit(self, deadline=DEADLINE_S):
        """The exit status as subprocess has it: negative when a signal ended it."""
        return self.process.wait(deadline)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.errors.close()

