"""option redis-check: the answer to a ping."""
import unittest

from check_cases import ABSENT, CLOSES, HEARS, Case, CheckCasesTest

CASES = (
    Case("pong", "option redis-check",
         (HEARS, b"+PONG\r\n"), "UP L7OK 0 Redis server is ok",
         'succeeded, reason: Layer7 check passed, code: 0, info: "Redis server is ok"',
         b"*1\r\n$4\r\nPING\r\n"),
    Case("error_waits_for_more", "option redis-check",
         (HEARS, b"-ERR foo\r\n"), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout",
         b"*1\r\n$4\r\nPING\r\n"),
    Case("error", "option redis-check",
         (HEARS, b"-ERR foo\r\n", CLOSES), "DOWN L7STS 0 -ERR foo",
         'failed, reason: Layer7 wrong status, code: 0, info: "-ERR foo"',
         b"*1\r\n$4\r\nPING\r\n"),
    Case("cut_short", "option redis-check",
         (HEARS, b"-E", CLOSES), "DOWN L7STS 0 -E",
         'failed, reason: Layer7 wrong status, code: 0, info: "-E"',
         b"*1\r\n$4\r\nPING\r\n"),
    Case("silent", "option redis-check",
         (), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout",
         b"*1\r\n$4\r\nPING\r\n"),
    Case("closed", "option redis-check",
         (CLOSES,), "DOWN L7STS 0 TCPCHK got an empty response at step 2",
         'failed, reason: Layer7 wrong status, code: 0, info: "TCPCHK got an empty response at step 2"',
         b"*1\r\n$4\r\nPING\r\n"),
    Case("refused", "option redis-check",
         ABSENT, "DOWN L4CON  Connection refused",
         'failed, reason: Layer4 connection problem, info: "Connection refused"'),
)


class Test(CheckCasesTest):
    cases = CASES


if __name__ == "__main__":
    unittest.main()
