"""errorfile: whole responses of the user's own instead of those that the HTTP listener gives."""
import os
import unittest

from proxy import Proxy, free_port, scratch_directory
from traffic import connect, read_all

FILES = {
    "plain": b"HTTP/1.1 503 Mine\r\nX-Mine: yes\r\n\r\nhello\n",
    "old": b"HTTP/1.0 404 Mine\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\nhello\n",
    "with_length": b"HTTP/1.0 503 Mine\r\nContent-Length: 6\r\n\r\nhello\n",
    "empty": b"",
}
PASSWORD = b'www-authenticate: Basic realm="HAProxy Statistics"\r\n'
ASK = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
CLOSE = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class ErrorfileTest(unittest.TestCase):
    def setUp(self):
        self.directory = scratch_directory()
        for name, text in FILES.items():
            with open(os.path.join(self.directory, name), "wb") as file:
                file.write(text)
        self.port = free_port()

    def answer(self, name, request):
        path = os.path.join(self.directory, name)
        with Proxy(f"""
defaults
    mode http
    timeout client 2s
    timeout connect 1s
    timeout server 1s
    errorfile 400 {path}
    errorfile 401 {path}
    errorfile 503 {path}
listen stats
    bind 127.0.0.1:{self.port}
    stats enable
    stats uri /stats
    stats auth a:b
"""), connect(self.port) as client:
            client.sendall(request)
            return read_all(client)

    def test_a_body_without_length_ends_with_the_connection(self):
        self.assertEqual(self.answer("plain", ASK),
                         b"HTTP/1.1 503 Mine\r\nx-mine: yes\r\nconnection: close\r\n\r\nhello\n")

    def test_head_has_no_body(self):
        self.assertEqual(self.answer("plain", ASK.replace(b"GET", b"HEAD")),
                         b"HTTP/1.1 503 Mine\r\nx-mine: yes\r\nconnection: close\r\n\r\n")

    def test_the_version_and_the_status_of_the_file(self):
        self.assertEqual(self.answer("old", ASK), b"HTTP/1.0 404 Mine\r\ncache-control: no-cache\r\n\r\nhello\n")

    def test_a_length_keeps_the_connection(self):
        kept = b"HTTP/1.0 503 Mine\r\ncontent-length: 6\r\nconnection: keep-alive\r\n\r\nhello\n"
        last = b"HTTP/1.0 503 Mine\r\ncontent-length: 6\r\n\r\nhello\n"
        self.assertEqual(self.answer("with_length", ASK + CLOSE), kept + last)

    def test_an_empty_file_is_no_answer(self):
        self.assertEqual(self.answer("empty", ASK), b"")

    def test_the_question_for_a_password_is_added(self):
        self.assertEqual(self.answer("old", ASK.replace(b"/x", b"/stats")),
                         b"HTTP/1.0 404 Mine\r\ncache-control: no-cache\r\n" + PASSWORD + b"\r\nhello\n")

    def test_what_is_no_request_gets_the_answer_of_our_own(self):
        self.assertRegex(self.answer("plain", b"garbage\r\n\r\n"), rb"^HTTP/1\.1 400 Bad request\r\n")


if __name__ == "__main__":
    unittest.main()
