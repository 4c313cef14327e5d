"""option smtpchk: three replies of a mail server, one line each."""
import unittest

from check_cases import ABSENT, CLOSES, HEARS, Case, CheckCasesTest

CASES = (
    Case("helo", "option smtpchk",
         (b"220 hi there\r\n", HEARS, b"250 mail.ok\r\n", HEARS, b"250 mail.ok\r\n"), "UP L7OK 250 mail.ok",
         'succeeded, reason: Layer7 check passed, code: 250, info: "mail.ok"',
         b"HELO localhost\r\nQUIT\r\n"),
    Case("ehlo", "option smtpchk EHLO dom",
         (b"220 hi there\r\n", HEARS, b"250-mail.ok\r\n250 X\r\n", HEARS, b"250-mail.ok\r\n250 X\r\n"),
         "UP L7OK 250 mail.ok",
         'succeeded, reason: Layer7 check passed, code: 250, info: "mail.ok"',
         b"EHLO dom\r\nQUIT\r\n"),
    Case("hello_refused_waits", "option smtpchk FOO dom",
         (b"220 hi there\r\n", HEARS, b"550 no\r\n"), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout",
         b"HELO localhost\r\n"),
    Case("no_domain", "option smtpchk EHLO",
         (b"220 hi there\r\n", HEARS, b"250 no\r\n", HEARS, b"250 no\r\n"), "UP L7OK 250 no",
         'succeeded, reason: Layer7 check passed, code: 250, info: "no"',
         b"HELO localhost\r\nQUIT\r\n"),
    Case("banner_refuses", "option smtpchk",
         (b"554 go away\r\n",), "DOWN L7STS 554 go away",
         'failed, reason: Layer7 wrong status, code: 554, info: "go away"'),
    Case("not_smtp", "option smtpchk",
         (b"foo bar baz\r\n",), "DOWN L7RSP  foo bar baz",
         'failed, reason: Layer7 invalid response, info: "foo bar baz"'),
    Case("not_smtp_closed", "option smtpchk",
         (b"foo bar baz\r\n", CLOSES), "DOWN L7RSP  foo bar baz",
         'failed, reason: Layer7 invalid response, info: "foo bar baz"'),
    Case("closed", "option smtpchk",
         (CLOSES,), "DOWN L7RSP  TCPCHK got an empty response at step 2",
         'failed, reason: Layer7 invalid response, info: "TCPCHK got an empty response at step 2"'),
    Case("silent", "option smtpchk",
         (), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout"),
    Case("quit", "option smtpchk",
         (b"220 hi\r\n", HEARS, b"250 hello\r\n", HEARS, b"221 bye\r\n"), "UP L7OK 221 bye",
         'succeeded, reason: Layer7 check passed, code: 221, info: "bye"',
         b"HELO localhost\r\nQUIT\r\n"),
    Case("quit_refused", "option smtpchk",
         (b"220 hi\r\n", HEARS, b"250 hello\r\n", HEARS, b"521 bye\r\n"), "DOWN L7STS 521 bye",
         'failed, reason: Layer7 wrong status, code: 521, info: "bye"',
         b"HELO localhost\r\nQUIT\r\n"),
    Case("silent_after_hello", "option smtpchk",
         (b"220 hi\r\n", HEARS, b"250 hello\r\n"), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout",
         b"HELO localhost\r\nQUIT\r\n"),
    Case("banner_of_two_lines", "option smtpchk",
         (b"220-hi\r\n220 there\r\n", HEARS, b"250-hello\r\n250 last\r\n", HEARS, b"221 bye\r\n"),
         "DOWN L7RSP  220-hi",
         'failed, reason: Layer7 invalid response, info: "220-hi"'),
    Case("hello_refused", "option smtpchk",
         (b"220 hi\r\n", HEARS, b"550 no\r\n", CLOSES), "DOWN L7STS 550 no",
         'failed, reason: Layer7 wrong status, code: 550, info: "no"',
         b"HELO localhost\r\n"),
    Case("refused", "option smtpchk",
         ABSENT, "DOWN L4CON  Connection refused",
         'failed, reason: Layer4 connection problem, info: "Connection refused"'),
    Case("closed_after_banner", "option smtpchk",
         (b"220 hi\r\n", HEARS, CLOSES), "DOWN L7STS 0 TCPCHK got an empty response at step 5",
         'failed, reason: Layer7 wrong status, code: 0, info: "TCPCHK got an empty response at step 5"',
         b"HELO localhost\r\n"),
)


class Test(CheckCasesTest):
    cases = CASES


if __name__ == "__main__":
    unittest.main()
