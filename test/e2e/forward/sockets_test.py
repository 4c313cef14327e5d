"""Where a proxy may listen, and from where it may connect."""
import os
import socket
import unittest

from proxy import DEFAULTS, Proxy, free_port, free_ports, scratch_directory
from traffic import Server, connect, exchange, read_exactly


class SocketsTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.directory = scratch_directory()

    def start(self, *lines, server_words=""):
        lines = "".join(f"    {line}\n" for line in lines)
        proxy = Proxy(f"{DEFAULTS}\nlisten fe\n{lines}    server one 127.0.0.1:{self.server.port} {server_words}\n")
        self.addCleanup(proxy.close)
        return proxy

    def talk(self, client):
        client.settimeout(5)
        client.sendall(b"ping")
        self.assertEqual(read_exactly(client, 4), b"ping")
        client.close()

    def test_a_port_on_every_address(self):
        port = free_port()
        self.start(f"bind *:{port}")
        self.talk(socket.create_connection(("127.0.0.2", port)))

    def test_a_port_without_an_address(self):
        port = free_port()
        self.start(f"bind :{port}")
        self.talk(connect(port))

    def test_a_range_of_ports(self):
        first = free_ports(3)
        self.start(f"bind 127.0.0.1:{first}-{first + 2}")
        for number in range(3):
            self.assertEqual(exchange(first + number), b"ping\n")

    def listening(self, port):
        with open("/proc/net/tcp", encoding="ascii") as sockets:
            return sum(f":{port:04X} 00000000:0000 0A" in line for line in sockets)

    def test_shards_are_as_many_sockets_as_said_and_threads_allow(self):
        for words, count in ("", 1), ("shards 2", 2), ("shards 9", 3), ("shards by-thread", 3):
            port = free_port()
            with self.subTest(words), Proxy(f"    nbthread 3\n{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{port} {words}\n"
                                            f"    server one 127.0.0.1:{self.server.port}\n"):
                self.assertEqual(self.listening(port), count)
                for _ in range(10):
                    self.assertEqual(exchange(port), b"ping\n")

    def test_unix_bind_says_where_sockets_are_and_what_proxies_sockets_may(self):
        with Proxy(f"    unix-bind prefix {self.directory}/ mode 640\n    stats socket {self.directory}/stats level admin\n{DEFAULTS}\n"
                   "listen fe\n    bind unix@one\n    bind unix@two mode 600\n"
                   f"    server one 127.0.0.1:{self.server.port}\n"):
            mode = lambda name: os.stat(os.path.join(self.directory, name)).st_mode & 0o777
            self.assertEqual((mode("one"), mode("two")), (0o640, 0o600))
            self.assertNotEqual(mode("stats"), 0o640)

    def test_several_addresses_in_one_line(self):
        one, two = free_port(), free_port()
        self.start(f"bind 127.0.0.1:{one},127.0.0.1:{two}")
        self.assertEqual(exchange(one), b"ping\n")
        self.assertEqual(exchange(two), b"ping\n")

    @unittest.skipUnless(os.path.exists("/proc/net/if_inet6"), "this machine has no IPv6")
    def test_ipv6(self):
        port = free_port()
        self.start(f"bind [::1]:{port}", f"bind 127.0.0.1:{port}")
        self.talk(socket.create_connection(("::1", port)))
        self.talk(connect(port))

    @unittest.skipUnless(os.path.exists("/proc/net/if_inet6"), "this machine has no IPv6")
    def test_all_of_ipv6_and_ipv4_through_one_listener(self):
        port = free_port()
        self.start(f"bind :::{port} v4v6")
        self.talk(socket.create_connection(("::1", port)))
        self.talk(connect(port))

    def test_a_unix_socket(self):
        path = os.path.join(self.directory, "fe.sock")
        self.start(f"bind unix@{path} mode 640")
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o640)
        client = socket.socket(socket.AF_UNIX)
        client.connect(path)
        self.talk(client)

    def test_a_unix_socket_left_by_a_dead_process_is_taken_over(self):
        path = os.path.join(self.directory, "fe.sock")
        self.start(f"bind {path}").close()
        self.assertTrue(os.path.exists(path))
        self.start(f"bind {path}")
        client = socket.socket(socket.AF_UNIX)
        client.connect(path)
        self.talk(client)

    def test_an_abstract_socket(self):
        name = f"ddbproxy-test-{os.getpid()}"
        self.start(f"bind abns@{name}")
        client = socket.socket(socket.AF_UNIX)
        # The name on the wire is padded with zeros to the whole of sun_path.
        client.connect(b"\0" + name.encode().ljust(107, b"\0"))
        self.talk(client)

    def test_an_inherited_descriptor(self):
        listener = socket.create_server(("127.0.0.1", 0))
        os.set_inheritable(listener.fileno(), True)
        proxy = Proxy(f"{DEFAULTS}\nlisten fe\n    bind fd@{listener.fileno()}\n"
                      f"    server one 127.0.0.1:{self.server.port}\n", pass_fds=[listener.fileno()])
        self.addCleanup(proxy.close)
        port = listener.getsockname()[1]
        listener.close()
        self.assertEqual(exchange(port), b"ping\n")

    def test_the_source_address_of_the_way_to_the_server(self):
        seen = []
        self.server.close()
        self.server = Server(lambda connection: (seen.append(connection.getpeername()[0]), Server.echo(connection)))
        port = free_port()
        self.start(f"bind 127.0.0.1:{port}", server_words="source 127.0.0.77")
        self.assertEqual(exchange(port), b"ping\n")
        self.assertEqual(seen, ["127.0.0.77"])

    def test_a_server_is_asked_through_the_proxy_protocol(self):
        seen = []

        def serve(connection):
            seen.append(connection.makefile("rb", buffering=0).readline())
            connection.sendall(b"pong")
        self.server.close()
        self.server = Server(serve)
        port = free_port()
        self.start(f"bind 127.0.0.1:{port}", server_words="send-proxy")
        with connect(port) as client:
            here = client.getsockname()[1]
            self.assertEqual(read_exactly(client, 4), b"pong")
        self.assertEqual(seen, [b"PROXY TCP4 127.0.0.1 127.0.0.1 %d %d\r\n" % (here, port)])

    def test_version_2_of_the_proxy_protocol_byte_for_byte(self):
        seen = []

        def serve(connection):
            seen.append(read_exactly(connection, 28))
            connection.sendall(b"pong")
        self.server.close()
        self.server = Server(serve)
        port = free_port()
        self.start(f"bind 127.0.0.1:{port}", server_words="send-proxy-v2")
        with connect(port) as client:
            here = client.getsockname()[1]
            self.assertEqual(read_exactly(client, 4), b"pong")
        self.assertEqual(seen, [b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\1\x7f\0\0\1"
                                + here.to_bytes(2, "big") + port.to_bytes(2, "big")])


if __name__ == "__main__":
    unittest.main()
