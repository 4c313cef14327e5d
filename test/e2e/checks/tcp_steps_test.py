"""tcp-check connect, send and comment: the steps of a script, their order and their numbers."""
import unittest

from check_cases import ABSENT, CLOSES, HEARS, LEAVES, Case, CheckCasesTest

CASES = (
    Case("send", "option tcp-check|tcp-check send abc",
         (), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"',
         b"abc"),
    Case("send_binary", "option tcp-check|tcp-check send-binary 414200ff",
         (), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"',
         b"AB\x00\xff"),
    Case("two_questions", "option tcp-check|tcp-check send PING\\r\\n|tcp-check expect string +PONG|"
         "tcp-check send QUIT\\r\\n|tcp-check expect string +PONG",
         (HEARS, b"+PONG\r\n", HEARS, b"+PONG\r\n"), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"',
         b"PING\r\nQUIT\r\n"),
    Case("two_questions_second_not_found", "option tcp-check|tcp-check send PING\\r\\n|tcp-check expect string +PONG|"
         "tcp-check send QUIT\\r\\n|tcp-check expect string +OK",
         (HEARS, b"+PONG\r\n", HEARS, b"+PONG\r\n"), "DOWN L7TOUT   at step 4 of tcp-check (expect string '+OK')",
         "failed, reason: Layer7 timeout, info: \" at step 4 of tcp-check (expect string '+OK')\"",
         b"PING\r\nQUIT\r\n"),
    Case("two_questions_second_closed", "option tcp-check|tcp-check send PING\\r\\n|tcp-check expect string +PONG|"
         "tcp-check send QUIT\\r\\n|tcp-check expect string +OK",
         (HEARS, b"+PONG\r\n", CLOSES), "DOWN L7RSP  TCPCHK got an empty response at step 4",
         'failed, reason: Layer7 invalid response, info: "TCPCHK got an empty response at step 4"',
         b"PING\r\nQUIT\r\n"),
    Case("two_expects_of_one_answer", "option tcp-check|tcp-check expect string aa|tcp-check expect string bb",
         (b"aabb",), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"'),
    Case("connect", "option tcp-check|tcp-check connect",
         (), "UP L4OK  (tcp-check)",
         'succeeded, reason: Layer4 check passed, info: "(tcp-check)"'),
    Case("refused", "option tcp-check|tcp-check connect",
         ABSENT, "DOWN L4CON  Connection refused at step 1 of tcp-check (connect)",
         'failed, reason: Layer4 connection problem, info: "Connection refused at step 1 of tcp-check (connect)"'),
    Case("refused_comment", "option tcp-check|tcp-check connect comment why",
         ABSENT, "DOWN L4CON  Connection refused at step 1 of tcp-check (connect) comment: 'why'",
         "failed, reason: Layer4 connection problem, info: \"Connection refused at step 1 of tcp-check (connect) comment: 'why'\""),
    Case("refused_port", "option tcp-check|tcp-check connect port 9",
         ABSENT, "DOWN L4CON  Connection refused at step 1 of tcp-check (connect port 9)",
         'failed, reason: Layer4 connection problem, info: "Connection refused at step 1 of tcp-check (connect port 9)"'),
    Case("second_connect_refused", "option tcp-check|tcp-check connect|tcp-check send a|tcp-check connect port 9",
         (), "DOWN L4CON  Connection refused at step 3 of tcp-check (connect port 9)",
         'failed, reason: Layer4 connection problem, info: "Connection refused at step 3 of tcp-check (connect port 9)"'),
    Case("second_connect_refused_comment",
         "option tcp-check|tcp-check comment c1|tcp-check connect|tcp-check comment c2|"
         "tcp-check connect port 9 linger",
         (), "DOWN L4CON  Connection refused at step 4 of tcp-check (connect port 9) comment: 'c2'",
         "failed, reason: Layer4 connection problem, info: \"Connection refused at step 4 of tcp-check (connect port 9) comment: 'c2'\""),
    Case("send_proxy", "option tcp-check|tcp-check connect send-proxy|tcp-check send a",
         (), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"'),
    Case("connect_silent", "option tcp-check|tcp-check connect|tcp-check expect string hello",
         (), "DOWN L7TOUT   at step 2 of tcp-check (expect string 'hello')",
         "failed, reason: Layer7 timeout, info: \" at step 2 of tcp-check (expect string 'hello')\""),
    Case("refused_without_connect", "option tcp-check|tcp-check expect string hello",
         ABSENT, "DOWN L4CON  Connection refused at initial connection step of tcp-check",
         'failed, reason: Layer4 connection problem, info: "Connection refused at initial connection step of tcp-check"'),
    Case("refused_without_rules", "option tcp-check",
         ABSENT, "DOWN L4CON  Connection refused at initial connection step of tcp-check",
         'failed, reason: Layer4 connection problem, info: "Connection refused at initial connection step of tcp-check"'),
    Case("refused_before_comment", "option tcp-check|tcp-check comment c1|tcp-check expect string hello",
         ABSENT, "DOWN L4CON  Connection refused at initial connection step of tcp-check",
         'failed, reason: Layer4 connection problem, info: "Connection refused at initial connection step of tcp-check"'),
    Case("no_rules", "option tcp-check",
         (), "UP L4OK",
         "succeeded, reason: Layer4 check passed"),
    Case("expects_in_another_order", "option tcp-check|tcp-check expect string bb|tcp-check expect string aa",
         (b"aabb",), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"'),
    Case("send_forgets_the_answer", "option tcp-check|tcp-check expect string aa|tcp-check send x|"
         "tcp-check expect string aa",
         (b"aabb",), "DOWN L7TOUT   at step 3 of tcp-check (expect string 'aa')",
         "failed, reason: Layer7 timeout, info: \" at step 3 of tcp-check (expect string 'aa')\"",
         b"x"),
    Case("connect_again", "option tcp-check|tcp-check connect|tcp-check expect string aa|tcp-check connect|"
         "tcp-check expect string aa",
         (b"aabb",), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"'),
    Case("comment_last", "option tcp-check|tcp-check expect string a|tcp-check comment x",
         (b"a",), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"'),
    Case("sent_to_nobody", "option tcp-check|tcp-check send a|tcp-check expect string b|tcp-check send c",
         (HEARS, b"b", LEAVES), "UP L7OK 0 (tcp-check)",
         'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"'),
    Case("nobody_speaks", "option tcp-check|tcp-check expect string b|tcp-check send c",
         (LEAVES,), "DOWN L7RSP  TCPCHK got an empty response at step 1",
         'failed, reason: Layer7 invalid response, info: "TCPCHK got an empty response at step 1"'),
)


class Test(CheckCasesTest):
    cases = CASES


if __name__ == "__main__":
    unittest.main()
