"""A peer played by a test: it says what it likes, and shows what is said to it."""
import socket

HEARTBEAT, RESYNC_REQUEST, FINISHED, PARTIAL, CONFIRM = b"\0\4", b"\0\0", b"\0\1", b"\0\2", b"\0\3"


def number(value):
    """As the protocol writes numbers: in one byte, or in as many as it takes."""
    if value < 0xf0:
        return bytes([value])
    out = [value & 0xff | 0xf0]
    value = (value - 0xf0) >> 4
    while value >= 0x80:
        out.append(value & 0xff | 0x80)
        value = (value - 0x80) >> 7
    return bytes(out + [value])


def message(kind, body):
    return bytes([10, kind]) + number(len(body)) + body


def definition(table, key_type=4, key_size=4, data=4, number_of=1, rest=b""):
    """Of a table of addresses with gpc0, if nothing else is said."""
    name = table.encode()
    return message(130, number(number_of) + number(len(name)) + name + number(key_type) + number(key_size) + number(data) + number(3600000) + rest)


def update(count, key, *values):
    return message(128, count.to_bytes(4, "big") + key + b"".join(map(number, values)))


def address(count):
    return (10 << 24 | count & 0xffffff).to_bytes(4, "big")


class FakePeer:
    """Connected to `port`, where it is `name` and looks for `to`."""

    def __init__(self, port, name="b", to="a", greet=True, buffer=None):
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", port))
        self.received = b""
        if greet:
            self.send(f"HAProxyS 2.1\n{to}\n{name} 1 1\n".encode())
            self.status = self.line()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def line(self):
        while b"\n" not in self.received and self.more():
            pass
        line, _, self.received = self.received.partition(b"\n")
        return line.decode()

    def more(self):
        """False at the end."""
        try:
            data = self.socket.recv(65536)
        except OSError:
            return False
        self.received += data
        return bool(data)

    def read_to_end(self):
        while self.more():
            pass
        return self.received

    def wait_for(self, text):
        while text not in self.received:
            if not self.more():
                raise AssertionError(f"{text} did not come, but {self.received[-200:]}")
