"""A name server for tests: UDP on loopback, answers from a table that the test may change while it runs."""
import contextlib
import socket
import struct
import threading

TYPES = {"A": 1, "CNAME": 5, "AAAA": 28, "SRV": 33}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
CODES = {"SERVFAIL": 2, "NXDOMAIN": 3, "REFUSED": 5}
AUTHORITATIVE_ANSWER = 0x8580


def encode_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def decode_name(data, at):
    labels = []
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode("latin-1"))
        at += 1 + data[at]
    return ".".join(labels), at + 1


def encode_record(name, kind, value, ttl=1):
    if kind == "A":
        content = socket.inet_pton(socket.AF_INET, value)
    elif kind == "AAAA":
        content = socket.inet_pton(socket.AF_INET6, value)
    elif kind == "SRV":
        priority, weight, port, target = value
        content = struct.pack("!HHH", priority, weight, port) + encode_name(target)
    else:
        content = encode_name(value)
    return encode_name(name) + struct.pack("!HHIH", TYPES[kind], 1, ttl, len(content)) + content


class NameServer:
    """Answers a question (name, type) with what set() gave it: a list of (type, value) or (name, type, value), the name
    of an error code, the bytes of a message without its id, or None for silence. A name it does not know does not
    exist; one it knows by another type only has an empty answer."""

    def __init__(self, table=None):
        self.table = dict(table or {})
        self.additional = {}
        self.says_first = None  # of a question: the datagram that goes before its answer
        self.lock = threading.Lock()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0.1)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.running = True
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def set(self, name, kind, answer):
        with self.lock:
            self.table[name, kind] = answer

    def set_additional(self, name, records):
        with self.lock:
            self.additional[name] = records

    def answer(self, question):
        name, end = decode_name(question, 12)
        kind = TYPE_NAMES.get(struct.unpack("!H", question[end:end + 2])[0], "?")
        with self.lock:
            known = any(other == name for other, _ in self.table)
            found = self.table.get((name, kind), [] if known else "NXDOMAIN")
            additional = self.additional.get(name, [])
        if found is None or isinstance(found, bytes):
            return None if found is None else question[:2] + found
        failed = isinstance(found, str)
        records = [] if failed else [record if len(record) == 3 else (name, *record) for record in found]
        head = struct.pack("!HHHHH", AUTHORITATIVE_ANSWER | (CODES[found] if failed else 0), 1, len(records), 0,
                           len(additional))
        body = b"".join(encode_record(*record) for record in [*records, *additional])
        return question[:2] + head + question[12:end + 4] + body

    def _serve(self):
        while self.running:
            with contextlib.suppress(OSError):
                question, client = self.socket.recvfrom(65536)
                answer = self.answer(question)
                if self.says_first:
                    self.socket.sendto(self.says_first(question), client)
                if answer is not None:
                    self.socket.sendto(answer, client)

    def close(self):
        self.running = False
        self.thread.join()
        self.socket.close()
