"""Clients of the runtime API who do not behave: slow readers, many at once, idle ones, half-closed ones, garbage."""
import socket
import time
import unittest

from proxy import Proxy, free_port, wait_until

SERVERS = "\n".join(f"    server s{n} 127.0.0.1:1" for n in range(500))


class ClientsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.proxy = Proxy(f"""
    stats timeout 1s
    stats maxconn 4
defaults
    mode tcp
    timeout connect 1s
    timeout client 2s
    timeout server 2s
frontend fe
    bind 127.0.0.1:{free_port()}
    default_backend be
backend be
{SERVERS}
""")
        cls.addClassCleanup(cls.proxy.close)

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.connect(self.proxy.cli)  # Before the time-out: with one it would not wait while the backlog is full.
        client.settimeout(5)
        return client

    def read_all(self, client):
        answer = b""
        while piece := client.recv(65536):
            answer += piece
        return answer

    def test_a_half_closed_client_is_still_answered(self):
        client = self.connect()
        client.sendall(b"show version\nshow cli level\n")
        client.shutdown(socket.SHUT_WR)
        self.assertRegex(self.read_all(client).decode(), r"^\S+\n\nadmin\n\n$")

    def test_a_line_without_its_end_is_not_carried_out(self):
        client = self.connect()
        client.sendall(b"show version")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(self.read_all(client), b"")

    def test_a_command_is_carried_out_at_its_semicolon(self):
        client = self.connect()
        client.sendall(b"show cli level;")
        self.assertEqual(self.read_all(client), b"admin\n\n")

    def test_a_line_of_many_commands_may_be_longer_than_any_command(self):
        client = self.connect()
        client.sendall(b"show cli level;" * 3000 + b"show cli level\n")
        self.assertEqual(self.read_all(client).count(b"admin\n"), 3001)

    def test_an_idle_client_is_closed_after_the_timeout(self):
        client = self.connect()
        began = time.monotonic()
        self.assertEqual(self.read_all(client), b"")
        self.assertGreater(time.monotonic() - began, 0.9)

    def test_a_reader_who_does_not_read_holds_nobody_up(self):
        slow = self.connect()
        slow.sendall(b"show stat;" * 200 + b"\n")
        self.assertEqual(self.proxy.ask("show cli level").strip(), "admin")
        began = time.monotonic()
        self.proxy.ask("show stat")
        self.assertLess(time.monotonic() - began, 2)

    def test_an_answer_longer_than_any_buffer_arrives_whole(self):
        client = self.connect()
        client.sendall(b"show stat;" * 20 + b"show cli level\n")
        answer = self.read_all(client).decode()
        self.assertEqual(answer.count("be,s499,"), 20)
        self.assertTrue(answer.endswith("\nadmin\n\n"))

    def test_clients_beyond_stats_maxconn_wait_for_their_turn(self):
        waiting = [self.connect() for _ in range(6)]
        for client in waiting:
            client.sendall(b"show cli level\n")
        for client in waiting:
            self.assertEqual(self.read_all(client), b"admin\n\n")

    def test_garbage_is_answered_and_the_program_lives(self):
        for garbage in (b"\xff\xfe\x00\n", b"\x00" * 100 + b"\n", b";;;;\n", b"\\\n\n", b"<<\n\n"):
            client = self.connect()
            client.sendall(garbage)
            client.shutdown(socket.SHUT_WR)
            self.read_all(client)
        self.assertEqual(self.proxy.ask("show cli level").strip(), "admin")

    def test_the_number_of_sessions_returns_to_none(self):
        wait_until(lambda: "CurrConns: 1\n" in self.proxy.ask("show info").replace("CurrConns: 0\n", "CurrConns: 1\n"),
                   "only the asking client is connected")


if __name__ == "__main__":
    unittest.main()
