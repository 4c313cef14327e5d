"""Clients that never pause while one process takes the place of another."""
import socket
import threading

from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server

CLIENTS_OF_EACH_KIND = 2


def abstract(name):
    """As haproxy binds it: with all the zero bytes behind."""
    return ("\0" + name).ljust(108, "\0")


class Reloading:
    """A configuration with a TCP, a UNIX and an abstract listener, run by one process after the other."""

    def __init__(self, directory):
        self.server = Server()
        self.port = free_port()
        self.path = f"{directory}/fe.sock"
        self.abstract = abstract(f"ddbproxy-test-{self.port}")
        self.socket = f"{directory}/reload.sock"
        self.configuration = f"""
    stats socket {self.socket} level admin expose-fd listeners
{DEFAULTS}
frontend fe
    bind 127.0.0.1:{self.port}
    bind {self.path}
    bind abns@ddbproxy-test-{self.port}
    default_backend be
backend be
    server one 127.0.0.1:{self.server.port}
"""
        self.served, self.failures, self.running = 0, [], True
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._client, args=place) for place in [
            (socket.AF_INET, ("127.0.0.1", self.port)), (socket.AF_UNIX, self.path), (socket.AF_UNIX, self.abstract),
        ] * CLIENTS_OF_EACH_KIND]

    def _client(self, family, address):
        while self.running:
            try:
                with socket.socket(family) as client:
                    client.connect(address)
                    client.settimeout(5)
                    client.sendall(b"x")
                    if client.recv(1) != b"x":
                        raise ConnectionError("closed without an answer")
            except OSError as reason:
                self.failures.append((address, reason))
                return
            with self.lock:
                self.served += 1

    def run(self, programs):
        """Each program takes the place of the one before; what happened to whom is in `failures`."""
        current = Proxy(self.configuration, program=programs[0])
        try:
            for thread in self.threads:
                thread.start()
            for program in programs[1:]:
                self._serve_some()
                old, current = current, Proxy(self.configuration, "-x", self.socket, "-sf", str(current.pid),
                                              program=program)
                wait_until(lambda gone=old: gone.process.poll() is not None, "the old process ends")
                old.close()
            self._serve_some()
        finally:
            self.running = False
            for thread in self.threads:
                thread.join()
            current.close()
            self.server.close()

    def _serve_some(self):
        before = self.served
        wait_until(lambda: self.failures or self.served > before + 50, "clients are served")
