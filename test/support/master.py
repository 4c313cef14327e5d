"""Runs the program under test as a master (-W) with its own runtime API, and ends it with all its children."""
import os
import re
import signal
import socket
import subprocess

from proxy import DEADLINE_S, PROGRAM, scratch_directory, wait_until


def alive(pid):
    """True while the process runs; one that only waits to be collected is dead."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Master:
    """`cli` is the master's socket, `worker_cli` its worker's; both programs' messages are in `stderr()`."""

    def __init__(self, sections, settings="", *arguments, program=PROGRAM, flag="-W", wait=True, environment=None):
        self.directory = scratch_directory()
        self.file = f"{self.directory}/haproxy.cfg"
        self.cli, self.worker_cli = f"{self.directory}/master.sock", f"{self.directory}/worker.sock"
        self.threads = 1
        self.write(sections, settings)
        self.errors = open(f"{self.directory}/stderr", "w+", encoding="utf-8")
        self.process = subprocess.Popen([program, flag, "-f", self.file, "-S", self.cli, *arguments],
                                        stdin=subprocess.DEVNULL, stdout=self.errors, stderr=self.errors,
                                        env={**os.environ, **(environment or {})})
        self.pid = self.process.pid
        if wait:
            self.wait_for("show proc", "worker +0 ")

    def write(self, sections, settings=""):
        self.write_raw(f"global\n    stats socket {self.worker_cli} level admin\n{settings}\n{sections}\n")

    def write_raw(self, text):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)

    def ask(self, command, timeout=DEADLINE_S):
        """The whole answer: the master's socket stays open until its client has said everything."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(timeout)
            client.connect(self.cli)
            client.sendall(command.encode() + b"\n")
            client.shutdown(socket.SHUT_WR)
            answer = b""
            while data := client.recv(65536):
                answer += data
            return answer.decode()

    def wait_for(self, command, pattern):
        answer = ""

        def matches():
            nonlocal answer
            try:
                # haproxy's programs keep its first socket open, where nobody accepts any more.
                answer = self.ask(command, 0.5)
            except OSError:  # It starts, or becomes another one for a reload.
                return False
            return re.search(pattern, answer, re.MULTILINE)
        wait_until(matches, f"{command!r} is answered with {pattern!r}")
        return answer

    def processes(self, title="workers"):
        """The pids below a title of `show proc`, the newest first."""
        part = re.search(rf"^# {title}\n((?:\d+ .*\n)*)", self.wait_for("show proc", "# programs"), re.MULTILINE)
        return [int(line.split()[0]) for line in part[1].splitlines()] if part else []

    def worker(self):
        return self.processes()[0]

    def reloads(self):
        """How often it was told to load the configuration anew, and how often in a row it could not."""
        done, failed = re.search(r"master +(\d+) \[failed: (\d+)\]", self.wait_for("show proc", "# programs")).groups()
        return int(done), int(failed)

    def ask_for_a_new_worker(self):
        """Another word that only a new process can carry out: ddbproxy's goes on with the rest by itself."""
        if not os.path.exists(self.file):
            return
        with open(self.file, encoding="utf-8") as file:
            text = re.sub(r"^    nbthread \d\n", "", file.read(), flags=re.MULTILINE)
        self.threads = 3 - self.threads
        self.write_raw(re.sub(r"^global\n", f"global\n    nbthread {self.threads}\n", text))

    def reload(self, number=signal.SIGUSR2):
        self.ask_for_a_new_worker()
        self.reload_in_place(number)

    def reload_in_place(self, number=signal.SIGUSR2):
        before = self.reloads()[0]
        self.signal(number)
        self.wait_for("show proc", rf"master +{before + 1} \[")

    def signal(self, number):
        os.kill(self.pid, number)

    def wait_exit(self):
        return self.process.wait(DEADLINE_S)

    def stderr(self):
        with open(self.errors.name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_said(self, pattern):
        wait_until(lambda: re.search(pattern, self.stderr()), f"it says {pattern}\n" + self.stderr())

    def said(self):
        """The messages without what names this run."""
        lines = [re.sub(r"\(\d+\)(?! *$)", "(PID)", line) for line in self.stderr().splitlines()]
        return [line for line in lines if not re.search("haproxy version is|path to executable is", line)]

    def close(self):
        children = subprocess.run(["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=False).stdout
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in map(int, children.split()):
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        self.errors.close()
