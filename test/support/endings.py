"""Plays how the two sides of a session leave it, and tells what each side, the log and the counters saw.

A scene is a line of steps:
    C  a client connects          A  the server accepts          P  the client sends a PROXY header
    c+N s+N  one side sends N bytes, `*` as many as the way takes   c<N s<N  one side reads N bytes, `*` all up to the end
    cF sF  it closes its half     cR sR  it resets                cX sX  it closes, whether or not it has read all
    (  the proxy is stopped, so that all that follows meets it in one turn of its loop   )  it goes on
    Q  a client is queued         K  the session is ended by the runtime API             T  a timeout is awaited
    E  the session is established in the proxy's own eyes         L  the log line is awaited
    H  another session takes the server's only slot               h  that one leaves, with a log line of its own
"""
import errno
import os
import re
import select
import signal
import socket
import struct
import time

from proxy import wait_until
from traffic import read_exactly, reset

LINE = re.compile(r" (\S+)/(\S+) (-?\d+)/(-?\d+)/\+?(-?\d+) \+?(\d+) (\S\S) (\S+) (\S+)$")
COUNTERS = ("stot", "econ", "eresp", "wretr", "wredis", "cli_abrt", "srv_abrt")
QUIET_S = 0.03


def nonblocking_fill(sock):
    """Sends until nobody takes any more; how many bytes that were."""
    block, total = b"f" * 65536, 0
    sock.setblocking(False)
    while True:
        try:
            total += sock.send(block)
        except BlockingIOError:
            if not select.select([], [sock], [], 0.1)[1]:
                break
    sock.setblocking(True)
    return total


class Side:
    """What one end of a session sent and saw."""

    def __init__(self, sock):
        self.sock = sock
        self.port = sock.getsockname()[1]
        self.sent = self.received = 0
        self.gone = ""
        self.end = None
        sock.settimeout(5)

    def send(self, count):
        if count == "*":
            self.sent += nonblocking_fill(self.sock)
        else:
            self.sock.sendall(b"x" * int(count))
            self.sent += int(count)

    def read(self, count):
        if count == "*":
            self._to_the_end(5)
        else:
            read_exactly(self.sock, int(count))
            self.received += int(count)

    def leave(self, how):
        if how == "F":
            self.sock.shutdown(socket.SHUT_WR)
        elif how == "R":
            reset(self.sock)
            self.gone = "reset"
        else:
            self.sock.close()
            self.gone = "closed"

    def _to_the_end(self, patience):
        self.sock.settimeout(patience)
        try:
            while data := self.sock.recv(1 << 18):
                self.received += len(data)
            self.end = "FIN"
        except socket.timeout:
            self.end = "open"
        except OSError as error:
            self.end = "RST" if error.errno in (errno.ECONNRESET, errno.EPIPE) else errno.errorcode[error.errno]

    def observe(self, sent_by_other):
        """Its end, and how much of what the other sent has come."""
        if self.gone:
            return self.gone
        if self.end in (None, "open"):
            self._to_the_end(1)
        if self.end == "FIN":
            poll = select.poll()
            poll.register(self.sock, 0)
            if poll.poll(QUIET_S * 1000):
                flags = poll.poll(0)[0][1]
                if flags & select.POLLERR:
                    self.end = "FIN,RST"
        share = "none" if not self.received else "all" if self.received >= sent_by_other else "part"
        return f"{share}:{self.end}"

    def close(self):
        self.sock.close()


class Scene:
    """One session through a running proxy; `listener` is the server's socket, which only this scene uses."""

    def __init__(self, proxy, log, port, listener, name):
        self.proxy, self.log, self.port, self.listener, self.name = proxy, log, port, listener, name
        self.clients, self.servers = [], []
        self.holders = []
        self.lines_before = len(log.lines)

    def counters(self):
        rows = self.proxy.ask("show stat").splitlines()
        names = rows[0].lstrip("# ").split(",")
        found = {}
        for row in rows[1:]:
            cells = row.split(",")
            if cells[0] in (self.name, "f" + self.name):
                found[cells[1]] = {c: int(cells[names.index(c)] or 0) for c in COUNTERS + ("scur", "qcur")}
        return found

    def accept(self, patience=5):
        self.listener.settimeout(patience)
        sock, _ = self.listener.accept()
        return Side(sock)

    def connect(self):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.connect(("127.0.0.1", self.port))
        return Side(client)

    def play(self, steps):
        before = self.counters()
        for step in steps.split():
            try:
                self._step(step)
            except OSError as error:
                raise AssertionError(f"{steps!r} at {step}: {error!r}") from error
        return self._outcome(before)

    def _step(self, step):
        side = {"c": self.clients, "s": self.servers}.get(step[0])
        if step == "C":
            self.clients.append(self.connect())
        elif step == "A":
            self.servers.append(self.accept())
        elif step == "P":
            self.clients[-1].sock.sendall(b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")
        elif step == "(":
            self.proxy.suspend()
        elif step == ")":
            os.kill(self.proxy.pid, signal.SIGCONT)
        elif step == "Q":
            wait_until(lambda: any(row["qcur"] for row in self.counters().values()), "a client is queued")
        elif step == "W":
            wait_until(lambda: self.counters()["FRONTEND"]["scur"] >= 1, "the proxy knows the client")
        elif step == "E":
            wait_until(lambda: self.counters()["one"]["scur"] >= 1, "a server is in use")
        elif step == "K":
            found = re.search(rf"^(0x\w+): .* src=127.0.0.1:{self.clients[-1].port} ", self.proxy.ask("show sess"), re.M)
            if found:
                self.proxy.ask(f"shutdown session {found.group(1)}")
        elif step == "T":
            pass
        elif step == "H":
            self.holders = [self.connect(), self.accept()]
            wait_until(lambda: self.counters()["one"]["scur"] >= 1, "a server is in use")
        elif step == "h":
            self._leave_slot()
        elif step == "L":
            self._line()
        elif step[1] == "+":
            side[-1].send(step[2:])
        elif step[1] == "<":
            side[-1].read(step[2:])
        else:
            side[-1].leave(step[1])

    def _line_of(self, side, patience):
        """The log line of the session that this client began."""
        wanted = re.compile(rf"(127\.0\.0\.1:{side.port}|192\.0\.2\.1:1) \[")
        found = lambda: next((line for line in self.log.lines[self.lines_before:] if wanted.search(line)), None)
        wait_until(found, "a log line", patience)
        return found()

    def _line(self):
        return self._line_of(self.clients[-1], 4)

    def _leave_slot(self):
        for side in self.holders:
            side.close()
        if self.holders:
            self._line_of(self.holders[0], 4)
        self.holders = []

    def _counters_behind(self):
        """What is left when the thread that wrote the log line has also counted the session's end."""
        ends = time.monotonic() + 1
        while True:
            after = self.counters()
            if time.monotonic() > ends or not any(row["scur"] or row["qcur"] for row in after.values()):
                return after

    def _outcome(self, before):
        try:
            line = self._line()
        except AssertionError:
            line = None
        self.proxy.ask("show info")  # behind it, the turn that ended the session is over
        try:
            while True:
                self.servers.append(self.accept(0 if self.servers else 0.02))
        except (BlockingIOError, socket.timeout):
            pass
        parts = []
        sent_by_server = sum(s.sent for s in self.servers)
        sent_by_client = sum(c.sent for c in self.clients)
        parts.append("client " + (",".join(c.observe(sent_by_server) for c in self.clients) or "-"))
        parts.append("server " + (",".join(s.observe(sent_by_client) for s in self.servers) or "-"))
        parts.append("log " + self._shape(line, sent_by_server))
        self._leave_slot()
        after = self._counters_behind()
        deltas = []
        for row, label in (("FRONTEND", "fe"), ("BACKEND", "be"), ("one", "one")):
            if row not in after:
                continue
            changed = [f"{c}+{after[row][c] - before[row][c]}" if after[row][c] - before[row][c] != 1 else c
                       for c in COUNTERS if after[row][c] != before[row][c]]
            deltas.append(f"{label}({' '.join(changed)})")
        parts.append(" ".join(deltas))
        left = [row for row in after if after[row]["scur"] or after[row]["qcur"]]
        if left:
            parts.append("LEFT " + ",".join(left))
        return " | ".join(parts)

    def close(self):
        """Leaves nothing behind for the next scene."""
        for side in self.clients + self.servers + self.holders:
            side.close()
        for session in re.findall(rf"^(0x\w+): .*fe=f{self.name} ", self.proxy.ask("show sess"), re.M):
            self.proxy.ask(f"shutdown session {session}")
        self.listener.settimeout(0)
        try:
            while True:
                self.listener.accept()[0].close()
        except OSError:
            pass

    @staticmethod
    def _shape(line, sent):
        if line is None:
            return "none"
        found = LINE.search(line)
        if not found:
            return re.sub(r"^.*\] ", "", line)
        _, server, queue, connect, _, size, flags, conns, queues = found.groups()
        size = int(size)
        share = "none" if not size else "all" if size >= sent else "part"
        sign = lambda t: "-" if t == "-1" else "+"
        return f"{server} {sign(queue)}/{sign(connect)} {share} {flags} {conns.split('/')[4]} {queues}"
