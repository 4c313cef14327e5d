"""Where the runtime API is kinder than haproxy 2.6, which leaves a command too long without an answer and forgets the idle
timeout of a client that has said something."""
import socket
import unittest

from proxy import DEFAULTS, Proxy, free_port


class RuntimeApiTest(unittest.TestCase):
    def setUp(self):
        self.proxy = Proxy(f"    stats timeout 1s\n{DEFAULTS}\nlisten l\n    bind 127.0.0.1:{free_port()}\n    server s 127.0.0.1:1\n")
        self.addCleanup(self.proxy.close)

    def answer_to(self, request):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(self.proxy.cli)
            try:
                client.sendall(request)
            except OSError:
                pass  # It closed before it had read everything.
            return client.recv(65536).decode()

    def test_a_megabyte_is_no_command(self):
        self.assertEqual(self.answer_to(b"a" * (1 << 20) + b"\n"), "Command line too long.\n\n")

    def test_a_megabyte_is_no_payload(self):
        self.assertEqual(self.answer_to(b"show version <<\n" + b"abc\n" * (1 << 18)), "Payload too long.\n\n")

    def test_the_longest_command_is_answered(self):
        self.assertEqual(self.answer_to(b"show cli level ".ljust(15359, b"x") + b"\n"), "admin\n\n")

    def test_a_client_at_the_prompt_is_closed_when_idle(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(self.proxy.cli)
            client.sendall(b"prompt\n")
            answer = b""
            while piece := client.recv(1000):
                answer += piece
            self.assertEqual(answer, b"\n> ")


if __name__ == "__main__":
    unittest.main()
