"""Collects log datagrams from a UDP port or a UNIX socket, for tests that wait for a line with a deadline."""
import os
import re
import socket
import threading
import time


class LogCollector:
    """Receives on its own thread from construction on; lines holds every datagram as text."""

    def __init__(self, path=None):
        if path:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            if os.path.exists(path):
                os.unlink(path)
            self.socket.bind(path)
            self.address = path
        else:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        # A burst of lines must not be lost while this process has no processor; 33 is SO_RCVBUFFORCE.
        self.socket.setsockopt(socket.SOL_SOCKET, 33 if os.geteuid() == 0 else socket.SO_RCVBUF, 8 << 20)
        self.socket.settimeout(0.1)
        self.lines = []
        self.changed = threading.Condition()
        self.running = True
        self.thread = threading.Thread(target=self._receive, daemon=True)
        self.thread.start()

    def _receive(self):
        while self.running:
            try:
                data = self.socket.recv(65536)
            except socket.timeout:
                continue
            except OSError:
                return
            with self.changed:
                self.lines.append(data.decode("latin-1").rstrip("\n\0"))
                self.changed.notify_all()

    def wait_for(self, pattern, count=1, deadline=5.0):
        """The first count lines that match; fails with all that came when there are not enough in time."""
        ends = time.monotonic() + deadline
        with self.changed:
            while True:
                found = [line for line in self.lines if re.search(pattern, line)]
                if len(found) >= count:
                    return found[:count]
                if not self.changed.wait(max(0, ends - time.monotonic())):
                    raise AssertionError(f"{len(found)} of {count} lines matched {pattern!r}:\n" + "\n".join(self.lines))

    def forget(self):
        """What came so far: a port that a client had, another may have later."""
        with self.changed:
            self.lines.clear()

    def close(self):
        self.running = False
        self.thread.join()
        self.socket.close()
