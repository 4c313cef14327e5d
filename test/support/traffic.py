"""Servers and clients of a few lines, for tests that care how a connection begins and ends."""
import socket
import struct

import background


def reset(connection):
    """Closes with a RST, as a process that dies with unread data does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read_all(connection):
    data = bytearray()
    while part := connection.recv(262144):
        data += part
    return bytes(data)


def read_exactly(connection, count):
    data = bytearray()
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError(f"{len(data)} of {count} bytes came")
        data += part
    return bytes(data)


class Server:
    """Accepts on 127.0.0.1 and gives each connection to `serve` on a thread of its own; echoes by default."""

    def __init__(self, serve=None, port=0, backlog=128):
        self.serve = serve or self.echo
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if port:  # free_port() holds it
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(backlog)
        self.address = self.socket.getsockname()
        self.port = self.address[1]
        self.accepted = 0
        background.watch(self.socket)
        background.start(self._accept)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @staticmethod
    def echo(connection):
        while data := connection.recv(65536):
            connection.sendall(data)

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.accepted += 1
            background.watch(connection)
            background.start(self._run, connection)

    def _run(self, connection):
        connection.settimeout(20)
        try:
            self.serve(connection)
        except OSError:
            pass  # The peer went first; the test looks at the other end.
        finally:
            background.forget(connection)
            connection.close()

    def close(self):
        # shutdown() wakes the accepting thread, close() alone would leave the port listening until then.
        background.shut(self.socket)
        background.forget(self.socket)
        self.socket.close()


def listening(cleanup):
    """A socket at which the test itself accepts; `cleanup` is told how it is closed."""
    listener = socket.create_server(("127.0.0.1", 0))
    cleanup(listener.close)
    listener.settimeout(15)
    return listener


def connect(port, timeout=10):
    return socket.create_connection(("127.0.0.1", port), timeout=timeout)


def exchange(port, data=b"ping\n"):
    """Sends, takes the echo, closes; what came back."""
    with connect(port) as client:
        client.sendall(data)
        return read_exactly(client, len(data))
