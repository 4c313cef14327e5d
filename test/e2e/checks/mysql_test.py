"""option mysql-check: the server's greeting, its answer to a login, and its errors."""
import re
import unittest

from check_cases import ABSENT, CLOSES, HEARS, Case, CheckCasesTest, ScriptedServer
from log_collector import LogCollector
from proxy import DEFAULTS, Proxy

CASES = (
    Case("silent", "option mysql-check",
         (), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout"),
    Case("logged_in", "option mysql-check user bob",
         (b"\n\x00\x00\x00\n5.5.5\x00abc", HEARS, b"\x07\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00"), "UP L7OK 0",
         'succeeded, reason: Layer7 check passed, code: 0, info: "5.5.5"',
         b"%\x00\x00\x01\x00\x82\x00\x00\x00\x80\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
         b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("silent_after_greeting_pre_41", "option mysql-check user bob pre-41",
         (b"\n\x00\x00\x00\n5.5.5\x00abc",), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout",
         b"\n\x00\x00\x01\x00\x80\x00\x00\x01bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("logged_in_pre_41", "option mysql-check user bob pre-41",
         (b"\n\x00\x00\x00\n5.5.5\x00abc", HEARS, b"\x07\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00"), "UP L7OK 0",
         'succeeded, reason: Layer7 check passed, code: 0, info: "5.5.5"',
         b"\n\x00\x00\x01\x00\x80\x00\x00\x01bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("greeting", "option mysql-check",
         (b"\n\x00\x00\x00\n5.5.5\x00abc",), "UP L7OK 0",
         'succeeded, reason: Layer7 check passed, code: 0, info: "5.5.5"'),
    Case("error_greeting", "option mysql-check",
         (b"\x14\x00\x00\x00\xff\x15\x04Host is blocked!!",), "DOWN L7STS 1045 Host is blocked!!",
         'failed, reason: Layer7 wrong status, code: 1045, info: "Host is blocked!!"'),
    Case("login_refused", "option mysql-check user bob",
         (b"\n\x00\x00\x00\n5.5.5\x00abc", HEARS, b"\x18\x00\x00\x02\xff\x15\x04#28000Access denied!!"),
         "DOWN L7STS 1045 #28000Access denied!!",
         'failed, reason: Layer7 wrong status, code: 1045, info: "#28000Access denied!!"',
         b"%\x00\x00\x01\x00\x82\x00\x00\x00\x80\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
         b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("not_mysql_closed", "option mysql-check user bob",
         (b"garbage garbage", CLOSES), "DOWN L7RSP",
         "failed, reason: Layer7 invalid response",
         b"%\x00\x00\x01\x00\x82\x00\x00\x00\x80\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
         b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("not_mysql", "option mysql-check user bob",
         (b"garbage garbage",), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout",
         b"%\x00\x00\x01\x00\x82\x00\x00\x00\x80\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
         b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("cut_short", "option mysql-check user bob",
         (b"gar", CLOSES), "DOWN L7RSP",
         "failed, reason: Layer7 invalid response",
         b"%\x00\x00\x01\x00\x82\x00\x00\x00\x80\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
         b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("closed", "option mysql-check user bob",
         (CLOSES,), "DOWN L7RSP  TCPCHK got an empty response at step 3",
         'failed, reason: Layer7 invalid response, info: "TCPCHK got an empty response at step 3"',
         b"%\x00\x00\x01\x00\x82\x00\x00\x00\x80\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
         b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("old_protocol", "option mysql-check",
         (b"\n\x00\x00\x00\t5.5.5\x00abc",), "UP L7OK 0",
         'succeeded, reason: Layer7 check passed, code: 0, info: "5.5.5"'),
    Case("silent_after_greeting", "option mysql-check user bob",
         (b"\n\x00\x00\x00\n5.5.5\x00abc",), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout",
         b"%\x00\x00\x01\x00\x82\x00\x00\x00\x80\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
         b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("closed_after_greeting", "option mysql-check user bob",
         (b"\n\x00\x00\x00\n5.5.5\x00abc", HEARS, CLOSES), "DOWN L7RSP",
         "failed, reason: Layer7 invalid response",
         b"%\x00\x00\x01\x00\x82\x00\x00\x00\x80\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
         b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00bob\x00\x00\x01\x00\x00\x00\x01"),
    Case("refused", "option mysql-check user bob",
         ABSENT, "DOWN L4CON  Connection refused",
         'failed, reason: Layer4 connection problem, info: "Connection refused"'),
)


GREETING = b"\n\0\0\0\n5.5.5\0abc"


class Test(CheckCasesTest):
    cases = CASES

    def test_a_check_that_passes_counts_twice(self):
        log = LogCollector()
        self.addCleanup(log.close)
        server = ScriptedServer(ABSENT)
        proxy = Proxy(f"    log {log.address} local0\n{DEFAULTS}    log global\n    option log-health-checks\n"
                      "backend b\n    option mysql-check\n"
                      f"    server s 127.0.0.1:{server.port} check inter 100ms rise 4 fall 1\n")
        self.addCleanup(proxy.close)
        log.wait_for("Server b/s is DOWN")
        server.part = (GREETING,)
        server.listen()
        self.addCleanup(server.close)
        words = [re.sub(r"check duration: \d+ms", "", line.split("code: 0, ")[1])
                 for line in log.wait_for("Health check for server b/s succeeded", 4)]
        self.assertEqual(words, ['info: "5.5.5", , status: 1/4 DOWN.', ", status: 2/4 DOWN.",
                                 'info: "5.5.5", , status: 3/4 DOWN.', ", status: 1/1 UP."])


if __name__ == "__main__":
    unittest.main()
