"""accept-proxy: headers of version 2 with fields behind the addresses, and NULs in version 1."""
import struct
import unittest

from log_collector import LogCollector
from proxy import DEFAULTS, Proxy, free_port
from proxy_fields import crc32c, field
from traffic import Server, connect, read_exactly

ADDRESSES = bytes([1, 2, 3, 4, 5, 6, 7, 8]) + struct.pack("!HH", 1000, 2000)
ADDRESSES_6 = bytes(range(32)) + struct.pack("!HH", 1000, 2000)
TCP4, TCP6, PROXY, LOCAL = 0x11, 0x21, 0x21, 0x20
AUTHORITY, CHECKSUM, NOTHING, UNIQUE_ID = 2, 3, 4, 5


def header(body, family=TCP4, command=PROXY):
    return b"\r\n\r\n\0\r\nQUIT\n" + bytes([command, family]) + struct.pack("!H", len(body)) + body


def with_checksum(before, after=b"", wrong=0, **options):
    """A header whose checksum stands between these parts."""
    whole = header(before + field(CHECKSUM, bytes(4)) + after, **options)
    at = len(whole) - len(after)
    return whole[:at - 4] + struct.pack("!I", crc32c(whole) + wrong) + whole[at:]


TAKEN = {
    "checksum": with_checksum(ADDRESSES),
    "checksum between other fields": with_checksum(ADDRESSES + field(NOTHING, b"abc"), field(AUTHORITY, b"host")),
    "checksum of IPv6": with_checksum(ADDRESSES_6, family=TCP6),
    "empty field": header(ADDRESSES + field(NOTHING, b"")),
    "long field": header(ADDRESSES + field(NOTHING, bytes(3000))),
    "long authority": header(ADDRESSES + field(AUTHORITY, bytes(255))),
    "long unique id": header(ADDRESSES + field(UNIQUE_ID, bytes(128))),
    "anything of a LOCAL one": header(field(CHECKSUM, bytes(4)) + b"x", 0, LOCAL),
    "version 1": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
}
REFUSED = {
    "wrong checksum": with_checksum(ADDRESSES, wrong=1),
    "wrong checksum of IPv6": with_checksum(ADDRESSES_6, wrong=1, family=TCP6),
    "second checksum": with_checksum(ADDRESSES, field(CHECKSUM, bytes(4))),
    "empty checksum": header(ADDRESSES + field(CHECKSUM, b"")),
    "short checksum": header(ADDRESSES + field(CHECKSUM, bytes(3))),
    "long checksum": header(ADDRESSES + field(CHECKSUM, bytes(5))),
    "stray byte": header(ADDRESSES + b"\4"),
    "stray zero": header(ADDRESSES + b"\0"),
    "two stray bytes": header(ADDRESSES + b"\4\0"),
    "stray byte behind a field": header(ADDRESSES + field(NOTHING, b"abc") + b"x"),
    "stray bytes of IPv6": header(ADDRESSES_6 + b"xx", TCP6),
    "field that is cut short": header(ADDRESSES + b"\4\0\5abc"),
    "too long authority": header(ADDRESSES + field(AUTHORITY, bytes(256))),
    "too long unique id": header(ADDRESSES + field(UNIQUE_ID, bytes(129))),
    "NUL behind the source": b"PROXY TCP4 1.2.3.4\0 5.6.7.8 1 2\r\n",
    "NUL behind the destination": b"PROXY TCP4 1.2.3.4 5.6.7.8\0 1 2\r\n",
    "NUL inside the source": b"PROXY TCP4 1.2.3.4\0x 5.6.7.8 1 2\r\n",
    "NUL behind a port": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\0\r\n",
}


class HeadersTest(unittest.TestCase):
    def test_what_is_taken_and_what_is_refused(self):
        node, log, port = Server(), LogCollector(), free_port()
        self.addCleanup(node.close)
        self.addCleanup(log.close)
        proxy = Proxy(f"""
    log {log.address} local0
{DEFAULTS}
    log global
    option tcplog
listen l
    bind 127.0.0.1:{port} accept-proxy
    server s 127.0.0.1:{node.port}
""")
        self.addCleanup(proxy.close)
        for name, data in TAKEN.items():
            with self.subTest(name), connect(port) as client:
                client.sendall(data + b"ping")
                self.assertEqual(read_exactly(client, 4), b"ping")
        for number, (name, data) in enumerate(REFUSED.items(), 1):
            with self.subTest(name), connect(port) as client:
                client.sendall(data + b"ping")
                with self.assertRaises(ConnectionResetError):
                    client.recv(4)
                log.wait_for("l/1: Received an invalid PROXY protocol header", number)


if __name__ == "__main__":
    unittest.main()
