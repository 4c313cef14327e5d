"""option ldap-check: the answer to an anonymous bind."""
import unittest

from check_cases import ABSENT, CLOSES, HEARS, Case, CheckCasesTest

CASES = (
    Case("bound", "option ldap-check",
         (HEARS, b"0\x0c\x02\x01\x01a\x07\n\x01\x00\x04\x00\x04\x00"), "UP L7OK 0",
         'succeeded, reason: Layer7 check passed, code: 0, info: "Success"',
         b"0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\x00\x80\x00"),
    Case("bind_refused", "option ldap-check",
         (HEARS, b"0\x0c\x02\x01\x01a\x07\n\x011\x04\x00\x04\x00"),
         "DOWN L7STS 49 See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9",
         'failed, reason: Layer7 wrong status, code: 49, info: "See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9"',
         b"0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\x00\x80\x00"),
    Case("not_ldap", "option ldap-check",
         (HEARS, b"garbage garbage!!"), "DOWN L7RSP  Not LDAPv3 protocol",
         'failed, reason: Layer7 invalid response, info: "Not LDAPv3 protocol"',
         b"0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\x00\x80\x00"),
    Case("cut_short", "option ldap-check",
         (HEARS, b"garb", CLOSES), "DOWN L7RSP  Not LDAPv3 protocol",
         'failed, reason: Layer7 invalid response, info: "Not LDAPv3 protocol"',
         b"0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\x00\x80\x00"),
    Case("silent", "option ldap-check",
         (), "DOWN L7TOUT",
         "failed, reason: Layer7 timeout",
         b"0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\x00\x80\x00"),
    Case("long_lengths", "option ldap-check",
         (HEARS, b"0\x84\x00\x00\x00\x10\x02\x01\x01a\x84\x00\x00\x00\x07\n\x01\x00\x04\x00\x04\x00"), "UP L7OK 0",
         'succeeded, reason: Layer7 check passed, code: 0, info: "Success"',
         b"0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\x00\x80\x00"),
    Case("closed", "option ldap-check",
         (HEARS, CLOSES), "DOWN L7RSP  TCPCHK got an empty response at step 2",
         'failed, reason: Layer7 invalid response, info: "TCPCHK got an empty response at step 2"',
         b"0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\x00\x80\x00"),
    Case("refused", "option ldap-check",
         ABSENT, "DOWN L4CON  Connection refused",
         'failed, reason: Layer4 connection problem, info: "Connection refused"'),
)


class Test(CheckCasesTest):
    cases = CASES


if __name__ == "__main__":
    unittest.main()
