"""unique-id-format, and the fields of a PROXY header of version 2: those that are sent, and those that a client has sent."""
import socket
import struct
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from proxy_fields import crc32c, field
from traffic import connect, listening

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
CHECKSUM, UNIQUE_ID, TLS = 3, 5, 32
NO_TLS = (TLS, bytes(5))
# Options of a server: version, and the fields that are told. A checksum is looked at by itself.
SENT = {
    "send-proxy-v2": (2, []),
    "send-proxy-v2 proxy-v2-options unique-id": (2, [UNIQUE_ID]),
    "send-proxy-v2 proxy-v2-options unique-id,crc32c": (2, [CHECKSUM, UNIQUE_ID]),
    "send-proxy-v2 proxy-v2-options ssl,unique-id,crc32c,authority": (2, [CHECKSUM, UNIQUE_ID, NO_TLS]),
    "send-proxy-v2 proxy-v2-options authority": (2, []),
    "send-proxy-v2 proxy-v2-options cert-cn": (2, [NO_TLS]),
    "send-proxy-v2-ssl": (2, [NO_TLS]),
    "send-proxy-v2-ssl-cn": (2, [NO_TLS]),
    # Any option has a header sent, and only some make it version 2.
    "proxy-v2-options crc32c": (1, []),
    "send-proxy proxy-v2-options unique-id": (1, []),
    "send-proxy send-proxy-v2 no-send-proxy-v2": (1, []),
    "send-proxy send-proxy-v2 no-send-proxy": (2, []),
    "send-proxy-v2-ssl no-send-proxy-v2": (1, []),
    "send-proxy-v2-ssl-cn no-send-proxy-v2-ssl": (1, []),
    "send-proxy-v2-ssl no-send-proxy-v2-ssl": (0, []),
    "send-proxy-v2-ssl send-proxy-v2-ssl-cn no-send-proxy-v2-ssl-cn": (0, []),
}


class FieldsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        cls.listener = listening(cls.addClassCleanup)
        server = f"127.0.0.1:{cls.listener.getsockname()[1]}"
        cls.ports = [free_port() for _ in SENT]
        cls.accepting, cls.limited = free_port(), free_port()
        proxies = "".join(f"""
listen l{i}
  bind 127.0.0.1:{port}
  log-format "l{i} <%ID> <%[unique-id]>"
  server s {server} {options}
""" for i, (port, options) in enumerate(zip(cls.ports, SENT)))
        cls.proxy = Proxy(f"""
  log {cls.log.address} local0
defaults
  mode tcp
  log global
  timeout connect 5s
  timeout client 10s
  timeout server 10s
  unique-id-format "%{{+X}}o %ci:%fp -%[src] %[fc_pp_authority]-%ID"
{proxies}
listen accepting
  bind 127.0.0.1:{cls.accepting} accept-proxy
  log-format "pp <%[fc_pp_authority]> <%[fc_pp_unique_id]> <%ID>"
  server s {server}
listen early
  bind 127.0.0.1:{cls.limited}
  tcp-request content set-var(txn.id) unique-id
  log-format "early <%[var(txn.id)]> <%ID>"
  server s {server}
""")
        cls.addClassCleanup(cls.proxy.close)

    def received(self, port, sent=b"hi"):
        """What the server gets of a client."""
        with connect(port) as client:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            server, _ = self.listener.accept()
            with server:
                server.settimeout(15)
                data = b""
                while part := server.recv(4096):
                    data += part
        return data

    def check_fields(self, header, fields, identity):
        at, expected = 28, list(fields)
        while at < len(header):
            kind, length = header[at], struct.unpack(">H", header[at + 1:at + 3])[0]
            value = header[at + 3:at + 3 + length]
            wanted = expected.pop(0)
            if wanted == CHECKSUM:
                zeroed = header[:at + 3] + bytes(4) + header[at + 7:]
                self.assertEqual((kind, struct.unpack(">I", value)[0]), (CHECKSUM, crc32c(zeroed)))
            elif wanted == UNIQUE_ID:
                self.assertEqual((kind, value), (UNIQUE_ID, identity.encode()))
            else:
                self.assertEqual((kind, value), wanted)
            at += 3 + length
        self.assertEqual(expected, [])

    def test_what_is_sent(self):
        for i, (options, (version, fields)) in enumerate(SENT.items()):
            with self.subTest(options):
                identity = f"7F000001:{self.ports[i]:X} -127.0.0.1 -"
                data = self.received(self.ports[i])
                if version == 2:
                    self.assertTrue(data.startswith(SIGNATURE + b"\x21\x11"), data)
                    end = 16 + struct.unpack(">H", data[14:16])[0]
                    self.check_fields(data[:end], fields, identity)
                    data = data[end:]
                elif version == 1:
                    self.assertTrue(data.startswith(b"PROXY TCP4 127.0.0.1 127.0.0.1 "), data)
                    data = data[data.index(b"\n") + 1:]
                self.assertEqual(data, b"hi")
                self.log.wait_for(f": l{i} <{identity}> <{identity}>$")

    def test_made_once(self):
        self.received(self.limited)
        identity = f"7F000001:{self.limited:X} -127.0.0.1 -"
        self.log.wait_for(f": early <{identity}> <{identity}>$")

    def test_what_a_client_sends(self):
        addresses = socket.inet_aton("1.2.3.4") + socket.inet_aton("5.6.7.8") + struct.pack(">HH", 1000, 80)
        for fields, line in ((field(2, b"host.x") + field(5, b"own id") + field(0xea, b"zz"), "<host.x> <own id> <01020304:0050 -1.2.3.4 host.x->"),
                             (field(2, b"a") + field(2, b"b") + field(5, b""), "<b> <-> <01020304:0050 -1.2.3.4 b->"),
                             (b"", "<-> <-> <01020304:0050 -1.2.3.4 ->")):
            body = addresses + fields
            header = SIGNATURE + b"\x21\x11" + struct.pack(">H", len(body)) + body
            self.assertEqual(self.received(self.accepting, header + b"hi"), b"hi")
            self.log.wait_for(f": pp {line}$")


if __name__ == "__main__":
    unittest.main()
