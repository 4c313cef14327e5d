#!/usr/bin/env python3
"""A mini client of the raw DolphinDB protocol: connect, run scripts, call functions, take what the node pushes."""
import argparse
import socket
import sys

import ddb_wire as wire


class NodeError(Exception):
    """The node answered with an error instead of OK."""


class Client:
    """One session, that is one connection. messages collects what print() sent."""

    def __init__(self, address, user=None, password=None, timeout=10):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        if family == socket.AF_INET:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = bytearray()
        self.messages = []
        self.session = 0
        self.session = self.call("connect\n" + (f"login\n{user}\n{password}" if user else ""))[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def script(self, text):
        return self._single(self.call("script\n" + text)[1])

    def function(self, name, *arguments):
        objects = b"".join(map(wire.encode, arguments))
        return self._single(self.call(f"function\n{name}\n{len(arguments)}\n1", objects)[1])

    def subscribe(self, count, size):
        """Asks for pushed frames and yields the payload of each."""
        self.script(f"push({count}, {size})")
        for number in range(count):
            endian, sent = self._read(1), self._read(16)
            assert endian == b"\1" and int.from_bytes(sent[:8], "little") == number, "a pushed frame is out of order"
            self._read_until(b"\0")
            yield wire.decode(self._read, self._read_until)

    def call(self, body, objects=b""):
        self.socket.sendall(wire.request(self.session, body) + objects)
        line = self._read_until(b"\n")
        while line == b"MSG":
            self.messages.append(self._read_until(b"\0").decode())
            line = self._read_until(b"\n")
        session, count, _ = line.split()
        status = self._read_until(b"\n")
        if status != b"OK":
            raise NodeError(status.decode())
        return int(session), [wire.decode(self._read, self._read_until) for _ in range(int(count))]

    @staticmethod
    def _single(values):
        return values[0] if values else None

    def _fill(self):
        data = self.socket.recv(262144)
        if not data:
            raise ConnectionError("the connection ended inside a reply")
        self.unread += data

    def _read(self, count):
        while len(self.unread) < count:
            self._fill()
        taken = bytes(self.unread[:count])
        del self.unread[:count]
        return taken

    def _read_until(self, end):
        while (at := self.unread.find(end)) < 0:
            self._fill()
        taken = bytes(self.unread[:at])
        del self.unread[:at + 1]
        return taken


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--connections", type=int, default=1, help="sessions that live at the same time")
    options.add_argument("address", metavar="HOST:PORT")
    options.add_argument("script", nargs="+")
    chosen = options.parse_args()
    host, _, port = chosen.address.rpartition(":")
    try:
        clients = [Client((host, int(port))) for _ in range(chosen.connections)]
        for client in clients:
            for script in chosen.script:
                print(client.script(script))
    except (OSError, EOFError, NodeError) as error:
        sys.exit(f"ddb_client: {chosen.address}: {error}")


if __name__ == "__main__":
    main()
