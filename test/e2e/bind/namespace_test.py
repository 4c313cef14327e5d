"""namespace <name> on bind and server lines: sockets in other network namespaces; and those that PROXY headers name."""
import ctypes
import os
import shutil
import socket
import struct
import subprocess
import unittest

from proxy import Proxy, free_port, wait_until
from proxy_fields import field
from traffic import Server

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
NETNS = 0x30
HERE = f"ddbt{os.getpid()}a"
OTHER = f"ddbt{os.getpid()}b"
CLONE_NEWNET = 0x40000000


def made():
    """Whether namespaces can be made here."""
    if os.geteuid() or not shutil.which("ip"):
        return False
    for name in (HERE, OTHER):
        if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
            return False
        if subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], capture_output=True, check=False).returncode:
            return False
    return True


def inside(name, make):
    """What `make` makes in that namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net", "rb") as home, open(f"/var/run/netns/{name}", "rb") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        try:
            return make()
        finally:
            libc.setns(home.fileno(), CLONE_NEWNET)


def echo_hello(client):
    data = b""
    while not data.endswith(b"hello"):
        part = client.recv(200)
        if not part:
            return
        data += part
    client.sendall(data)


def header(*fields):
    body = socket.inet_aton("127.0.0.1") * 2 + struct.pack(">HH", 1, 2) + b"".join(fields)
    return SIGNATURE + b"\x21\x11" + struct.pack(">H", len(body)) + body


TOLD = header(field(NETNS, HERE.encode()))
# Options of a server that listens in HERE, the client's header, and whether it is reached.
CASES = {
    "named": (f"namespace {HERE}", b"", True),
    "not_named": ("", b"", False),
    "another": (f"namespace {OTHER}", b"", False),
    "of_nobody": ("namespace *", header(), False),
    "of_the_client": ("namespace *", TOLD, True),
    "unknown": ("namespace *", header(field(NETNS, b"nosuch")), False),
    "last_name": (f"namespace * namespace {OTHER}", TOLD, False),
    "last_star": (f"namespace {OTHER} namespace *", TOLD, True),
}


class NamespaceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("ip"):
            cls.addClassCleanup(lambda: [subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
                                         for name in (HERE, OTHER)])
        if not made():
            raise unittest.SkipTest("needs the right to make network namespaces, and ip(8)")
        cls.server = inside(HERE, lambda: Server(echo_hello))
        cls.outside = Server(echo_hello)
        cls.addClassCleanup(cls.server.close)
        cls.addClassCleanup(cls.outside.close)
        cls.ports = {name: free_port() for name in (*CASES, "listens", "listens_any", "tells")}
        cls.proxy = Proxy("""
  max-spread-checks 50
defaults
  mode tcp
  retries 0
  timeout connect 1s
  timeout client 10s
  timeout server 10s
""" + "".join(f"""
listen {name}
  bind 127.0.0.1:{cls.ports[name]} {"accept-proxy" if head else ""}
  server s 127.0.0.1:{cls.server.port} {options} check inter 1h fall 1
""" for name, (options, head, _) in CASES.items()) + f"""
listen listens
  bind 127.0.0.1:{cls.ports["listens"]} namespace {HERE}
  server s 127.0.0.1:{cls.outside.port} send-proxy-v2
listen listens_any
  bind 127.0.0.1:{cls.ports["listens_any"]} namespace {HERE}
  server s 127.0.0.1:{cls.server.port} namespace *
listen tells
  bind 127.0.0.1:{cls.ports["tells"]} accept-proxy
  server s 127.0.0.1:{cls.outside.port} send-proxy-v2
""")
        cls.addClassCleanup(cls.proxy.close)
        cls.proxy.ask("set server not_named/s health up")

    def echo(self, port, data):
        with socket.create_connection(("127.0.0.1", port), 15) as client:
            client.sendall(data)
            try:
                return client.recv(200)
            except ConnectionResetError:
                return b""

    def test_which_servers_are_reached(self):
        for name, (_, head, reached) in CASES.items():
            with self.subTest(name):
                wait_until(lambda: self.proxy.column(name, "s", "check_status").startswith("L4"), name)
                # Checks have no client that could name one.
                up = name == "named"
                self.assertEqual(self.proxy.column(name, "s", "check_status"), "L4OK" if up else "L4CON")
                self.proxy.ask(f"disable health {name}/s")
                self.proxy.ask(f"set server {name}/s health up")
                self.assertEqual(self.echo(self.ports[name], head + b"hello"), b"hello" if reached else b"")

    def test_a_socket_that_listens_elsewhere(self):
        with self.assertRaises(ConnectionRefusedError):
            self.echo(self.ports["listens"], b"hello")
        got = inside(HERE, lambda: self.echo(self.ports["listens"], b"hello"))
        self.assertTrue(got.endswith(field(NETNS, HERE.encode()) + b"hello"), got)

    def test_the_namespace_that_a_client_came_by(self):
        self.assertEqual(inside(HERE, lambda: self.echo(self.ports["listens_any"], b"hello")), b"hello")

    def test_it_is_told_on_when_it_is_known(self):
        self.assertEqual(self.echo(self.ports["tells"], TOLD + b"hello"), TOLD + b"hello")
        unknown = header(field(NETNS, b"nosuch"))
        self.assertEqual(self.echo(self.ports["tells"], unknown + b"hello"), header() + b"hello")


if __name__ == "__main__":
    unittest.main()
