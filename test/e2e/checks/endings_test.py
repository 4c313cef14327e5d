"""How checks leave their servers: some say farewell with a FIN, the others reset, unless the server has closed before."""
import unittest

from check_cases import CLOSES, HEAD, HEARS, Case, CheckCases

GREETING = b"\n\x00\x00\x00\n5.5.5\x00abc"
TCP = "option tcp-check|tcp-check connect{}|tcp-check send x|tcp-check expect string y"

# By their endings; what the checks say is tested with their kinds.
CASES = {
    "FIN": (
        ("mysql", "option mysql-check", (GREETING,)),
        ("mysql_login", "option mysql-check user u", (GREETING, HEARS, b"\x07\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00")),
        ("mysql_refused", "option mysql-check user u", (b"\x14\x00\x00\x00\xff\x15\x04Host is blocked!!",)),
        ("mysql_silent", "option mysql-check user u", ()),
        ("pgsql", "option pgsql-check user u", (HEARS, b"R\x00\x00\x00\x08\x00\x00\x00\x00")),
        ("pgsql_refused", "option pgsql-check user u", (HEARS, b"E\x00\x00\x00\x08xxxxx")),
        ("pgsql_silent", "option pgsql-check user u", (HEARS,)),
        ("smtp", "option smtpchk", (b"220 hi\r\n", HEARS, b"250 ok\r\n", HEARS, b"221 bye\r\n")),
        ("smtp_refused", "option smtpchk", (b"554 no\r\n",)),
        ("smtp_silent", "option smtpchk", (b"220 hi\r\n", HEARS)),
        ("tcp_linger", TCP.format(" linger"), (HEARS, b"y")),
        ("tcp_linger_silent", TCP.format(" linger"), (HEARS,)),
        ("redis_closed", "option redis-check", (HEARS, b"-ERR\r\n", CLOSES)),
        ("http_closed", "option httpchk|http-check expect string y", (HEAD, b"HTTP/1.0 200 OK\r\n\r\nx", CLOSES)),
    ),
    "RST": (
        ("redis", "option redis-check", (HEARS, b"+PONG\r\n")),
        ("ldap", "option ldap-check", (HEARS, bytes.fromhex("300c02010161070a010004000400"))),
        ("ssl", "option ssl-hello-chk", (HEARS, b"\x15\3\0\0\2\2\x28")),
        ("http", "option httpchk", (HEAD, b"HTTP/1.0 200 OK\r\n\r\n")),
        ("tcp", TCP.format(""), (HEARS, b"y")),
        ("tcp_silent", TCP.format(""), (HEARS,)),
    ),
}


class EndingsTest(unittest.TestCase):
    def test_every_check_leaves_as_its_kind_does(self):
        run = CheckCases([Case(*case, None, None) for cases in CASES.values() for case in cases])
        self.addCleanup(run.close)
        for ending, cases in CASES.items():
            for name, *_ in cases:
                with self.subTest(name):
                    self.assertEqual(run.ending(name), ending)


if __name__ == "__main__":
    unittest.main()
