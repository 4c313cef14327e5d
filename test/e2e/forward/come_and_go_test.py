"""Clients and servers that leave in every way, many at once: nothing of their sessions stays behind."""
import itertools
import os
import random
import re
import signal
import socket
import threading
import time
import unittest

from log_collector import LogCollector
from memory import resident_kb, sanitized
from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, connect, exchange, read_all, read_exactly, reset

NO_TIMEOUTS = "defaults\n    mode tcp\n    timeout connect 5s\n"

# How long one process has to stand one storm after the other.
STORM_SECONDS = float(os.environ.get("STORM_SECONDS", "0"))

STORM = """defaults
    mode tcp
    timeout connect 2s
    timeout client 2s
    timeout server 2s
    timeout queue 5s
    retries 1
"""


def one_byte_unread(connection):
    """Closes with the request unread, which resets the connection right behind the byte."""
    connection.recv(1, socket.MSG_PEEK)
    connection.sendall(b"!")
    connection.close()


class ComeAndGoTest(unittest.TestCase):
    def start(self, serve=None, defaults=DEFAULTS, words="", frontend="", backend="", global_lines=""):
        server = Server(serve, backlog=1024)
        self.addCleanup(server.close)
        self.log = LogCollector()
        self.addCleanup(self.log.close)
        self.port = free_port()
        proxy = Proxy(f"    log {self.log.address} local0\n    {global_lines}\n{defaults}    log global\n    option tcplog\n"
                      f"frontend fe\n    bind 127.0.0.1:{self.port}\n    {frontend}\n    default_backend be\n"
                      f"backend be\n    {backend}\n    server one 127.0.0.1:{server.port} {words}\n")
        self.addCleanup(proxy.close)
        return proxy

    def nothing_left(self, proxy, deadline=20):
        wait_until(lambda: all(proxy.column(p, n, "scur") == "0" for p, n in
                               (("fe", "FRONTEND"), ("be", "BACKEND"), ("be", "one"))), "every session ended", deadline)
        proxy.wait_for("show info", "^PipesUsed: 0$")

    def descriptors(self, proxy):
        return len(os.listdir(f"/proc/{proxy.pid}/fd"))

    def test_clients_that_send_and_reset_leave_nothing(self):
        for arguments in ("", "nbthread 2"):
            with self.subTest(arguments):
                proxy = self.start(None, NO_TIMEOUTS, global_lines=arguments)
                exchange(self.port)  # Logging opens its socket with the first line.
                self.log.wait_for(" fe be/one ")
                before = self.descriptors(proxy)
                for _ in range(300):
                    client = connect(self.port)
                    client.sendall(b"x" * 2000)
                    reset(client)
                self.nothing_left(proxy)
                # The other thread opens its log socket, too, and the runtime API's own connection is closing.
                wait_until(lambda: self.descriptors(proxy) <= before + 4, "every descriptor closed")

    def test_the_last_byte_of_a_server_that_resets_arrives_and_so_does_the_end(self):
        proxy = self.start(one_byte_unread, NO_TIMEOUTS)
        for _ in range(20):
            with connect(self.port, 5) as client:
                client.sendall(b"a request that nobody reads")
                self.assertEqual(read_all(client), b"!")
        self.nothing_left(proxy)

    def test_a_cut_upload_is_reset_at_the_server(self):
        ends, arrived = [], []

        def serve(connection):
            try:
                while data := connection.recv(65536):
                    arrived.append(len(data))
                ends.append("whole")
            except ConnectionResetError:
                ends.append("cut")
        self.start(serve)
        for size in (1, 2000, 200_000):
            for _ in range(5):
                ends.clear()
                arrived.clear()
                client = connect(self.port)
                client.sendall(b"x" * size)
                wait_until(lambda: sum(arrived) == size, "the server has it all")
                reset(client)
                wait_until(lambda: ends, "the server saw an end")
                self.assertEqual(ends, ["cut"])

    def test_a_reset_client_that_is_accepted_late_costs_no_server_connection(self):
        proxy = self.start()
        proxy.suspend()
        client = connect(self.port)
        reset(client)
        os.kill(proxy.pid, signal.SIGCONT)
        self.log.wait_for(r" fe be/<NOSRV> -1/-1/\d+ 0 CR 1/1/0/0/0 0/0$")
        self.assertEqual(proxy.column("be", "one", "stot"), "0")
        self.assertEqual(proxy.column("be", "BACKEND", "cli_abrt"), "1")

    def test_who_ends_in_the_same_turn_is_not_counted(self):
        proxy = self.start(global_lines="nbthread 1")
        clients = [connect(self.port) for _ in range(4)]
        for client in clients:
            client.sendall(b"ping")
            read_exactly(client, 4)
        proxy.suspend()
        for client in clients:
            reset(client)
        os.kill(proxy.pid, signal.SIGCONT)
        lines = self.log.wait_for(" fe be/one ", 4)
        self.assertEqual([re.search(r" CD (\d+/\d+/\d+/\d+)/0 ", line).group(1) for line in lines],
                         ["4/4/3/3", "3/3/2/2", "2/2/1/1", "1/1/0/0"])

    def test_nolinger_loses_nothing_of_what_a_half_closed_server_is_sent(self):
        received = []

        def serve(connection):
            connection.shutdown(socket.SHUT_WR)
            received.append(len(read_all(connection)))
        self.start(serve, backend="option nolinger")
        with connect(self.port) as client:
            self.assertEqual(read_all(client), b"")
            client.sendall(b"u" * 3_000_000)
        wait_until(lambda: received, "the server read to the end")
        self.assertEqual(received, [3_000_000])

    def test_an_answer_is_due_to_who_asks_and_closes_its_half(self):
        self.start(lambda connection: connection.sendall(b"got %d" % len(read_all(connection))),
                   backend="option abortonclose")
        for _ in range(60):
            with connect(self.port) as client:
                client.sendall(b"question")
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(read_all(client), b"got 8")

    def test_a_storm_of_all_ways_leaves_nothing(self):
        def serve(connection):
            way = dice.randrange(6)
            if way == 0:
                return reset(connection)
            if way == 1:
                return one_byte_unread(connection)
            if way == 2:
                connection.sendall(b"z" * 200_000)
                return None
            if way == 3:
                connection.shutdown(socket.SHUT_WR)
                read_all(connection)
                return None
            Server.echo(connection)
            return None
        dice = random.Random(4)
        proxy = self.start(serve, words="maxconn 40", defaults=STORM)

        def client(number, storms):
            chance = random.Random(1000 * storms + number)
            for _ in range(25):
                try:
                    with connect(self.port) as sock:
                        if size := chance.choice((0, 1, 2000, 70_000)):
                            sock.sendall(b"c" * size)
                        way = chance.randrange(5)
                        if way == 0:
                            reset(sock)
                        elif way == 1:
                            sock.shutdown(socket.SHUT_WR)
                            read_all(sock)
                        elif way == 2:
                            sock.recv(1)
                        elif way == 3:
                            sock.shutdown(socket.SHUT_WR)
                except OSError:
                    pass  # The server was first.

        def storm(storms):
            threads = [threading.Thread(target=client, args=(number, storms)) for number in range(40)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.nothing_left(proxy)
        storm(0)
        descriptors, memory = self.descriptors(proxy), resident_kb(proxy.pid)
        end = time.monotonic() + STORM_SECONDS
        for storms in itertools.count(1):
            storm(storms)
            # A pipe of the pool has two, and the runtime API's own connection closes a moment after its answer.
            wait_until(lambda: self.descriptors(proxy) <= descriptors + 8, "every descriptor closed")
            if not sanitized():
                self.assertLess(resident_kb(proxy.pid) - memory, 4096)
            if time.monotonic() >= end:
                break


if __name__ == "__main__":
    unittest.main()
