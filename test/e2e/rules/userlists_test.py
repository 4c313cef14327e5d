"""Lists of users: whose password a request has, and to which groups they belong, in rules of mode tcp and before the page."""
import base64
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import connect, read_all

# Of "foo", by SHA-512 and by DES.
SHA = "$6$abcdefgh$j0MVxgmPHdViHdU0fAVeXckk8X1/NT/aW8qH8f/E9EOXiODjOVOMxvfuGhvV3BoHalJReG2ivQ7nqTG.TS54n."
DES = "abQ9KY.KfrYrc"
GROUPS = "g", "h", "k"
# Who comes, with which password; whether it is theirs, and their groups.
USERS = [
    ("plain:foo", True, ""), ("plain:bar", False, ""), ("plain:", False, ""), ("PLAIN:foo", False, ""), ("PLAIN:FOO", True, "g"),
    ("sha:foo", True, "gk"), ("sha:bar", False, ""), ("sha:" + SHA, False, ""), ("des:foo", True, "h"), ("des:fooo", False, ""),
    ("no_hash:", False, ""), ("no_hash:x", False, ""), ("no_word:", True, ""), ("empty:", True, ""), ("empty:x", False, ""),
    ("both:foo", False, ""), ("both:bar", True, ""), ("both2:foo", False, ""), ("both2:" + DES, True, ""), ("both2:bar", False, ""), ("star:*0", False, ""),
    ("star:*1", False, ""), ("twice:foo", True, "h"), ("colon:a:b", True, ""), ("blank:a b", True, "ghk"), ("nobody:x", False, ""), (":", False, ""),
]


def basic(account):
    return b"Authorization: Basic " + base64.b64encode(account.encode()) + b"\r\n"


class UserListsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        cls.rules, cls.page = free_port(), free_port()
        lines = "\n  ".join
        cls.proxy = Proxy(f"""
  log {cls.log.address} len 4096 local0
userlist other
  user plain insecure-password other groups g
  group g
userlist staff
  group g users PLAIN,blank
  group h
  group k users none_yet users sha,blank
  user plain insecure-password foo
  user PLAIN insecure-password FOO
  user none_yet insecure-password x
  user sha password {SHA} groups g
  user des password {DES} groups h
  user no_hash password
  user no_word insecure-password
  user empty insecure-password ""
  user both insecure-password foo password {DES} insecure-password bar
  user both2 insecure-password bar password {DES}
  user star password *0
  user twice insecure-password foo groups g groups h
  user colon insecure-password a:b
  user blank insecure-password "a b" groups h
defaults
  timeout connect 5s
  timeout client 10s
  timeout server 10s
frontend rules
  mode tcp
  log global
  bind 127.0.0.1:{cls.rules}
  tcp-request inspect-delay 10s
  acl any http_auth_group(staff) g
  acl any http_auth_group(staff) h k
  tcp-request content set-var(txn.auth) http_auth(staff)
  tcp-request content set-var(txn.user) http_auth_group(staff)
  {lines(f"tcp-request content set-var(txn.{group}) str({group}) if {{ http_auth_group(staff) {group} }}" for group in GROUPS)}
  tcp-request content set-var(txn.any) str(any) if any
  tcp-request content set-var(txn.other) str(other) if {{ http_auth(other) }} {{ http_auth_group(other) g }}
  tcp-request content reject
  log-format "%cp|%[var(txn.auth)]|%[var(txn.user)]|%[var(txn.g)]|%[var(txn.h)]|%[var(txn.k)]|%[var(txn.any)]|%[var(txn.other)]"
listen page
  mode http
  bind 127.0.0.1:{cls.page}
  stats enable
  stats uri /
  stats http-request deny if {{ http_auth_group(staff) h }}
  stats http-request auth realm Staff unless {{ http_auth(staff) }}
""")
        cls.addClassCleanup(cls.proxy.close)

    def logged(self, head):
        self.log.forget()
        with connect(self.rules) as client:
            mine = client.getsockname()[1]
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n")
            line = self.log.wait_for(rf": {mine}\|", deadline=15)[0].split(f": {mine}|", 1)[1]
            return ["" if value == "-" else value for value in line.split("|")]

    def test_users_and_their_groups(self):
        for account, good, groups in USERS:
            with self.subTest(account):
                name = account.split(":")[0] if good else ""
                expected = [str(int(good)), name, *(group if group in groups else "" for group in GROUPS), "any" if groups else "", ""]
                self.assertEqual(self.logged(basic(account)), expected)

    def test_of_two_lists_each_has_its_own_passwords(self):
        self.assertEqual(self.logged(basic("plain:other")), ["0", "", "", "", "", "", "other"])

    def test_who_does_not_say_who_they_are_is_nobody(self):
        for head in b"", b"Authorization: Bearer cGxhaW46Zm9v\r\n", b"Authorization: Basic cGxhaW4=\r\n", b"Authorization: Basic !!\r\n":
            with self.subTest(head):
                self.assertEqual(self.logged(head), [""] * 7)

    def get_page(self, head):
        with connect(self.page) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + head + b"\r\n")
            head = read_all(client).split(b"\r\n\r\n", 1)[0].split(b"\r\n")
            asked = [line.split(b": ", 1)[1].decode() for line in head if line.lower().startswith(b"www-authenticate: ")]
            return int(head[0].split()[1]), asked

    def test_the_page_is_shown_to_users(self):
        self.assertEqual(self.get_page(b""), (401, ['Basic realm="Staff"']))
        self.assertEqual(self.get_page(basic("plain:bar")), (401, ['Basic realm="Staff"']))
        for account in "plain:foo", "sha:foo", "sha:foo":
            self.assertEqual(self.get_page(basic(account)), (200, []))
        self.assertEqual(self.get_page(basic("des:foo")), (403, []))


if __name__ == "__main__":
    unittest.main()
