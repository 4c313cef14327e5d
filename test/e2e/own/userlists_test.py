"""A reload in place changes no list of users for who is connected: a stream goes by the configuration that it began with."""
import base64
import unittest

from proxy import Proxy, free_port
from traffic import connect


class UserListsReloadTest(unittest.TestCase):
    def setUp(self):
        self.port = free_port()
        self.proxy = Proxy(self.text("userlist a\n user x insecure-password a\nuserlist b\n user x insecure-password b\n"))
        self.addCleanup(self.proxy.close)

    def text(self, lists):
        return f"""
{lists}
listen page
  mode http
  timeout client 10s
  timeout http-keep-alive 60s
  bind 127.0.0.1:{self.port}
  stats enable
  stats uri /
  stats http-request auth realm R unless {{ http_auth(b) }}
"""

    def reload(self, lists):
        with open(self.proxy.file, encoding="utf-8") as file:
            head = file.read().split("userlist", 1)[0].rstrip("\n")
        with open(self.proxy.file, "w", encoding="utf-8") as file:
            file.write(head + "\n" + self.text(lists))
        answer = self.proxy.ask("reload")
        self.assertIn("Reloaded", answer)
        self.assertNotIn("password", answer)

    @staticmethod
    def status(client, password):
        login = base64.b64encode(f"x:{password}".encode())
        client.sendall(b"HEAD /;csv HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " + login + b"\r\n\r\n")
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = client.recv(4096)
            if not part:
                raise ConnectionError(answer)
            answer += part
        return int(answer.split()[1])

    def test_lists_over_a_reload(self):
        with connect(self.port) as old:
            self.assertEqual([self.status(old, word) for word in "ba"], [200, 401])
            self.reload("userlist b\n user x insecure-password c\n")
            self.assertEqual([self.status(old, word) for word in "bac"], [200, 401, 401])
            with connect(self.port) as new:
                self.assertEqual([self.status(new, word) for word in "bac"], [401, 401, 200])


if __name__ == "__main__":
    unittest.main()
