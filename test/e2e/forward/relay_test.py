"""How connections end, and whether every byte arrives: what needs sockets that a script language does not have."""
import hashlib
import os
import random
import socket
import threading
import unittest

from log_collector import LogCollector
from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, connect, read_all, read_exactly, reset

LINE = r" fe fe/one \d+/\d+/\d+ "


class RelayTest(unittest.TestCase):
    def setUp(self):
        self.log = LogCollector()
        self.addCleanup(self.log.close)
        self.port = free_port()

    def start(self, serve=None, timeouts="", words=""):
        server = Server(serve, backlog=1024)
        self.addCleanup(server.close)
        proxy = Proxy(f"    log {self.log.address} local0\n{DEFAULTS}{timeouts}\n    log global\n    option tcplog\n"
                      f"listen fe\n    bind 127.0.0.1:{self.port}\n"
                      f"    server one 127.0.0.1:{server.port} {words}\n")
        self.addCleanup(proxy.close)
        return proxy

    def test_a_half_closed_client_still_receives_the_answer(self):
        self.start(lambda connection: connection.sendall(b"got %d" % len(read_all(connection))))
        with connect(self.port) as client:
            client.sendall(b"x" * 1000)
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(read_all(client), b"got 1000")
        self.log.wait_for(LINE + "8 -- 1/1/0/0/0 0/0$")

    def test_a_half_closed_server_still_receives_the_rest(self):
        received = []

        def serve(connection):
            connection.sendall(b"that is all")
            connection.shutdown(socket.SHUT_WR)
            received.append(read_all(connection))
        self.start(serve)
        with connect(self.port) as client:
            self.assertEqual(read_all(client), b"that is all")
            client.sendall(b"y" * 5000)
        wait_until(lambda: received, "the server read to the end")
        self.assertEqual(received, [b"y" * 5000])
        self.log.wait_for(LINE + "11 -- ")

    def test_timeout_client_fin_ends_a_client_that_keeps_its_half_open(self):
        self.start(lambda connection: connection.sendall(b"bye"), "    timeout client-fin 200ms\n")
        with connect(self.port) as client:
            self.assertEqual(read_all(client), b"bye")
            self.log.wait_for(LINE + "3 cD ")

    def test_timeout_server_fin_ends_a_server_that_keeps_its_half_open(self):
        def serve(connection):
            read_all(connection)
            self.held.wait(10)
        self.held = threading.Event()
        self.addCleanup(self.held.set)
        self.start(serve, "    timeout server-fin 200ms\n")
        with connect(self.port) as client:
            client.sendall(b"x")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(read_all(client), b"")
        self.log.wait_for(LINE + "0 sD ")

    def test_timeout_tunnel_takes_the_place_of_both_once_bytes_pass(self):
        self.start(timeouts="    timeout client 150ms\n    timeout server 150ms\n    timeout tunnel 500ms\n")
        with connect(self.port) as client:
            client.sendall(b"ping")
            self.assertEqual(read_exactly(client, 4), b"ping")
            self.assertEqual(read_all(client), b"")
        line = self.log.wait_for(LINE + "4 [cs]D ")[0]
        self.assertGreater(int(line.split(" fe fe/one ")[1].split()[0].split("/")[2]), 450)

    def test_a_client_that_resets_is_logged_cd(self):
        self.start()
        client = connect(self.port)
        client.sendall(b"ping")
        read_exactly(client, 4)
        reset(client)
        self.log.wait_for(LINE + "4 CD 1/1/0/0/0 0/0$")

    def test_a_server_that_resets_is_logged_sd(self):
        def serve(connection):
            read_exactly(connection, 4)
            reset(connection)
        self.start(serve)
        with connect(self.port) as client:
            client.sendall(b"ping")
            with self.assertRaises(ConnectionError):
                if not client.recv(1):
                    raise ConnectionError("closed")
        self.log.wait_for(LINE + "0 SD 1/1/0/0/0 0/0$")

    def test_twenty_megabytes_both_ways_at_once_arrive_unchanged(self):
        self.start()
        sent = random.Random(1).randbytes(1 << 20)
        rounds = 20
        arrived = hashlib.sha256()
        with connect(self.port) as client:
            def write():
                for _ in range(rounds):
                    client.sendall(sent)
                client.shutdown(socket.SHUT_WR)
            writer = threading.Thread(target=write)
            writer.start()
            while data := client.recv(1 << 18):
                arrived.update(data)
            writer.join()
        expected = hashlib.sha256()
        for _ in range(rounds):
            expected.update(sent)
        self.assertEqual(arrived.hexdigest(), expected.hexdigest())
        self.log.wait_for(LINE + f"{rounds << 20} -- ")

    def test_an_answer_larger_than_every_buffer_arrives_while_the_reader_pauses(self):
        answer = os.urandom(1 << 16) * 300

        def serve(connection):
            read_exactly(connection, 1)
            connection.sendall(answer)
        proxy = self.start(serve)
        with connect(self.port) as client:
            client.sendall(b"?")
            head = read_exactly(client, 1000)
            # The proxy holds a bounded amount for a reader that stopped: the server is held back, others are not.
            proxy.wait_for("show stat fe 4 -1", "^fe,one,0,0,1,1,")
            self.assertEqual(head + read_all(client), answer)

    def test_urgent_small_messages_are_not_held_back(self):
        self.start()
        with connect(self.port) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in range(200):
                client.sendall(bytes((number,)))
                self.assertEqual(read_exactly(client, 1), bytes((number,)))

    def test_three_hundred_connections_at_once(self):
        proxy = self.start()
        clients = [connect(self.port) for _ in range(300)]
        for number, client in enumerate(clients):
            client.sendall(b"%05d" % number)
        for number, client in enumerate(clients):
            self.assertEqual(read_exactly(client, 5), b"%05d" % number)
        for client in clients:
            client.close()
        proxy.wait_for("show stat fe 4 -1", "^fe,one,0,0,0,300,,300,1500,1500,")
        self.log.wait_for(LINE + "5 -- ", 300)

    def test_a_connect_timeout_is_logged_sc(self):
        # A listening queue that is full makes the kernel drop what comes after: the SYN gets no answer.
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            fillers = []
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(full.getsockname())
                fillers.append(filler)
            proxy = Proxy(f"    log {self.log.address} local0\n{DEFAULTS}    timeout connect 200ms\n    retries 1\n"
                          f"    log global\n    option tcplog\nlisten fe\n    bind 127.0.0.1:{self.port}\n"
                          f"    server one 127.0.0.1:{full.getsockname()[1]}\n")
            self.addCleanup(proxy.close)
            with connect(self.port) as client:
                self.assertEqual(read_all(client), b"")
            self.log.wait_for(r" fe fe/one \d+/-1/\d+ 0 sC 1/1/0/0/1 0/0$")
            for filler in fillers:
                filler.close()


if __name__ == "__main__":
    unittest.main()
