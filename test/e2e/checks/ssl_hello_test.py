"""option ssl-hello-chk: any answer that looks like TLS passes."""
import unittest

from check_cases import ABSENT, CLOSES, HEARS, Case, CheckCasesTest

CASES = (
    Case("server_hello", "option ssl-hello-chk",
         (HEARS, b"\x16\x03\x00\x00J\x02"), "UP L6OK",
         "succeeded, reason: Layer6 check passed"),
    Case("alert", "option ssl-hello-chk",
         (HEARS, b"\x15\x03\x00\x00\x02\x02("), "UP L6OK",
         "succeeded, reason: Layer6 check passed"),
    Case("not_tls", "option ssl-hello-chk",
         (HEARS, b"garbage", CLOSES), "DOWN L6RSP",
         "failed, reason: Layer6 invalid response"),
    Case("silent", "option ssl-hello-chk",
         (), "DOWN L6TOUT",
         "failed, reason: Layer6 timeout"),
    Case("closed", "option ssl-hello-chk",
         (HEARS, CLOSES), "DOWN L6RSP  TCPCHK got an empty response at step 2",
         'failed, reason: Layer6 invalid response, info: "TCPCHK got an empty response at step 2"'),
    Case("refused", "option ssl-hello-chk",
         ABSENT, "DOWN L4CON  Connection refused",
         'failed, reason: Layer4 connection problem, info: "Connection refused"'),
)


class Test(CheckCasesTest):
    cases = CASES


if __name__ == "__main__":
    unittest.main()
