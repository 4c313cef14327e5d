#!/usr/bin/env python3
"""What a changed configuration costs those who are connected: the same reloads in three ways, as a table.

ddbproxy goes on by the new file in one process (`reload`); by `-sf` and `-x` both programs start a new process each time,
which takes the listening sockets over. Meanwhile some clients are busy, some idle, and some come and go. The change
alternates: a server and a listener more, another timeout, and back.
"""
import argparse
import os
import pathlib
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import bench as builder
from contender import answers, free_port, resident, wait_for

MESSAGE = bytes(64)
ORDER = struct.pack("c7xQ", b"E", len(MESSAGE))  # what the back end of load.cc is to do: echo


class Clients:
    """All of them in a thread of their own; what went wrong is counted."""

    def __init__(self, port, busy, idle, visitors):
        self.port, self.running = port, True
        self.cut = self.refused = self.visits = self.trips = 0
        self.slowest = 0.0
        self.idle = [self.connect() for _ in range(idle)]
        self.busy = [self.connect() for _ in range(busy)]
        self.threads = [threading.Thread(target=self.keep_busy)]
        self.threads += [threading.Thread(target=self.come_and_go) for _ in range(visitors)]
        for thread in self.threads:
            thread.start()

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.port), 10)
        client.sendall(ORDER)
        return client

    def keep_busy(self):
        waiting = selectors.DefaultSelector()
        sent = {}
        for client in self.busy:
            waiting.register(client, selectors.EVENT_READ)
            sent[client] = time.monotonic()
            client.sendall(MESSAGE)
        while self.running:
            for key, _ in waiting.select(1):
                client = key.fileobj
                try:
                    alive = client.recv(4096)
                    now = time.monotonic()
                    self.slowest, self.trips = max(self.slowest, now - sent[client]), self.trips + 1
                    if alive:
                        sent[client] = now
                        client.sendall(MESSAGE)
                except OSError:
                    alive = b""
                if not alive:
                    self.cut += 1
                    waiting.unregister(client)

    def come_and_go(self):
        while self.running:
            try:
                client = self.connect()
            except OSError:
                self.refused += 1
                continue
            with client:
                try:
                    client.sendall(MESSAGE)
                    ended = not client.recv(4096)
                except OSError:
                    ended = True
            self.cut += ended
            self.visits += 1

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join()
        for client in self.idle:
            try:
                client.sendall(MESSAGE)
                self.cut += not client.recv(4096)
            except OSError:
                self.cut += 1
        for client in self.idle + self.busy:
            client.close()


class Subject:
    """A program, and how it is told that its file has changed."""

    def __init__(self, name, program, in_place, directory, backend_port):
        self.name, self.in_place, self.program = name, in_place, program
        self.backend_port, self.port, self.more_port = backend_port, free_port(), free_port()
        self.file, self.api = directory / f"{self.port}.cfg", directory / f"{self.port}.sock"
        self.write(0)
        self.all = [self.begin()]
        wait_for(lambda: answers(self.port), f"{name} to listen")

    def begin(self, *words):
        return subprocess.Popen([self.program, "-db", "-f", str(self.file), *words], stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def write(self, number):
        more = number % 2
        text = ["global", " nbthread 2", " maxconn 9000", f" stats socket {self.api} level admin expose-fd listeners", "defaults",
                " mode tcp", " timeout connect 5s", f" timeout client {59 + more}m", " timeout server 1h", "listen l",
                f" bind 127.0.0.1:{self.port}", f" server s1 127.0.0.1:{self.backend_port}"]
        if more:
            text += [f" server s2 127.0.0.1:{self.backend_port}", "listen more", f" bind 127.0.0.1:{self.more_port}",
                     f" server s1 127.0.0.1:{self.backend_port}"]
        self.file.write_text("\n".join(text) + "\n")

    def ask(self, command):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.api))
            client.sendall(command + b"\n")
            answer = b""
            while part := client.recv(65536):
                answer += part
            return answer.decode()

    def pid(self):
        try:
            return int(self.ask(b"show info").split("\nPid: ", 1)[1].split("\n", 1)[0])
        except (OSError, IndexError):
            return 0

    def reload(self, number):
        """Seconds until the new file is in force."""
        self.write(number)
        began = time.monotonic()
        if self.in_place:
            if not self.ask(b"reload").startswith("Reloaded "):
                raise SystemExit(f"{self.name}: a reload failed")
        else:
            before = [str(one.pid) for one in self.all if one.poll() is None]
            self.all.append(self.begin("-x", str(self.api), "-sf", *before))
            wait_for(lambda: self.pid() == self.all[-1].pid, f"{self.name}'s new process")
        return time.monotonic() - began

    def living(self):
        return [one for one in self.all if one.poll() is None]

    def memory_mb(self):
        return resident(one.pid for one in self.living()) / 1048576

    def descriptors(self):
        return sum(len(os.listdir(f"/proc/{one.pid}/fd")) for one in self.living())

    def close(self):
        for one in self.all:
            one.send_signal(signal.SIGKILL)
            one.wait()


def measure(subject, chosen, reloads):
    clients = Clients(subject.port, chosen.busy, chosen.idle, chosen.visitors)
    wait_for(lambda: clients.visits > 50, "visitors")
    memory, descriptors = subject.memory_mb(), subject.descriptors()
    seconds = []
    for number in range(1, reloads + 1):
        seconds.append(subject.reload(number))
        time.sleep(chosen.pause)
    row = [subject.name, str(reloads), f"{sorted(seconds)[len(seconds) // 2] * 1000:.1f}", f"{max(seconds) * 1000:.0f}",
           str(len(subject.living())), f"{memory:.0f} -> {subject.memory_mb():.0f}",
           f"{descriptors} -> {subject.descriptors()}"]
    clients.stop()
    cumulated = subject.ask(b"show info").split("\nCumConns: ", 1)[1].split("\n", 1)[0]
    return row + [str(clients.cut), str(clients.refused), str(clients.visits), f"{clients.slowest * 1000:.0f}", cumulated]


TITLES = ["way", "reloads", "median ms", "slowest ms", "processes", "MB", "descriptors", "cut", "refused", "visits",
          "slowest answer ms", "CumConns at the end"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ddbproxy", help="a program to measure instead of the one it would build")
    parser.add_argument("--haproxy", default=shutil.which("haproxy") or "/usr/sbin/haproxy")
    parser.add_argument("--reloads", type=int, default=1000, help="in place")
    parser.add_argument("--restarts", type=int, default=30, help="by -sf: each leaves a process behind while its clients stay")
    parser.add_argument("--busy", type=int, default=200)
    parser.add_argument("--idle", type=int, default=2000)
    parser.add_argument("--visitors", type=int, default=2)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two reloads")
    chosen = parser.parse_args()
    ddbproxy = chosen.ddbproxy or builder.build()
    rows = [TITLES]
    with tempfile.TemporaryDirectory(prefix="reloads-") as name:
        directory = pathlib.Path(name)
        load, port = directory / "load", free_port()
        subprocess.run(["g++", "-O2", "-std=c++20", "-pthread", str(builder.HERE / "load.cc"), "-o", str(load)], check=True)
        backend = subprocess.Popen([str(load), "serve", str(port)])
        try:
            wait_for(lambda: answers(port), "the back end")
            for title, program, in_place, reloads in (("ddbproxy, in place", ddbproxy, True, chosen.reloads),
                                                      ("ddbproxy, -sf", ddbproxy, False, chosen.restarts),
                                                      ("haproxy, -sf", chosen.haproxy, False, chosen.restarts)):
                subject = Subject(title, program, in_place, directory, port)
                try:
                    rows.append(measure(subject, chosen, reloads))
                finally:
                    subject.close()
                print(", ".join(rows[-1]), file=sys.stderr, flush=True)
        finally:
            backend.kill()
            backend.wait()
    print("| " + " | ".join(TITLES) + " |\n|---|" + "--:|" * (len(TITLES) - 1))
    for row in rows[1:]:
        print("| " + " | ".join(row) + " |")
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
