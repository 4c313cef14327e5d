"""What a check's script computes: variables, log formats in what is sent, expected and reported, ports and codes by expressions."""
import unittest

from check_cases import HEAD, HEARS, Case, CheckCasesTest

PASSED = 'succeeded, reason: Layer7 check passed, code: 0, info: "(tcp-check)"'
UP = "UP L7OK 0 (tcp-check)"
OK = (HEARS, b"+OK\n")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: v\r\n\r\nabc"


def tcp(name, lines, shown=UP, logged=PASSED, heard=None, part=OK):
    return Case(name, f"option tcp-check|tcp-check connect|{lines}", part, shown, logged, heard)


def passes(name, lines, heard):
    return tcp(name, f"{lines}|tcp-check expect string OK", heard=heard)


def fails(name, lines, words):
    return tcp(name, lines, f"DOWN L7RSP  {words}", f'failed, reason: Layer7 invalid response, info: "{words}"')


def http(name, lines, shown, logged, heard=None):
    return Case(name, f"option httpchk|{lines}", (HEAD, ANSWER), shown, logged, heard)


CASES = (
    passes("variables", "tcp-check set-var(check.a) str(one)|tcp-check set-var-fmt(check.b) \"%[var(check.a)] x  y\"|"
           "tcp-check send-lf \"%[var(check.a)]!%[var(check.b)]!%[var(check.none)]!  z\"", b"one!one x  y!!  z"),
    passes("unset", "tcp-check set-var(check.a) str(one)|tcp-check unset-var(check.a)|tcp-check send-lf [%[var(check.a)]]", b"[]"),
    passes("scopes", "tcp-check set-var(sess.a) str(1)|tcp-check set-var(txn.a) str(2)|tcp-check set-var(req.a) str(3)|"
           "tcp-check set-var(res.a) str(4)|tcp-check set-var(proc.of_checks) str(5)|"
           "tcp-check send-lf %[var(sess.a)],%[var(txn.a)],%[var(req.a)],%[var(res.a)],%[var(proc.of_checks)]", b"1,,,,5"),
    passes("conditions", "tcp-check set-var(check.a) str(one)|tcp-check set-var(check.a,ifset) str(two)|"
           "tcp-check set-var(check.a,ifnotset) str(three)|tcp-check send-lf %[var(check.a)]", b"two"),
    Case("before_the_connection", "option tcp-check|tcp-check set-var(check.a) str(one)|tcp-check send-lf %[var(check.a)]|"
         "tcp-check expect string OK", OK, UP, PASSED, b"one"),
    passes("nothing_to_send", "tcp-check send-lf %[var(check.a)]|tcp-check send x", b"x"),
    passes("places", "tcp-check send-lf %[be_name]/%[srv_name],%[srv_id],%[bc_dst],%[src],%[res.len],%f,%b,%s,%ci,%ts,%Tc",
           b"places/s,1,127.0.0.1,,0,CHECKS-FE,places,s,,PR,-1"),
    passes("binary", "tcp-check send-binary-lf 41%[str(42)]0a", b"AB\n"),
    fails("binary_that_is_none", "tcp-check send-binary-lf 41%[str(4z)]0a comment why|tcp-check expect string OK",
          "tcp-check send : failed to build log-format string at step 2"),
    fails("binary_of_odd_length", "tcp-check send-binary-lf 414|tcp-check expect string OK",
          "tcp-check send : failed to build log-format string at step 2"),
    tcp("expected", "tcp-check set-var(check.a) str(OK)|tcp-check send x|tcp-check expect string-lf +%[var(check.a)]"),
    fails("expected_in_vain", "tcp-check send x|tcp-check expect min-recv 3 comment c string-lf +%[str(NO)]",
          "TCPCHK did not match content (log-format string) at step 3 comment: c"),
    fails("nothing_expected", "tcp-check send x|tcp-check expect string-lf %[var(check.none)]",
          "log-format string evaluated to an empty string"),
    tcp("binary_expected", "tcp-check send x|tcp-check expect binary-lf 2B%[str(4f)]"),
    fails("binary_expected_in_vain", "tcp-check send x|tcp-check expect min-recv 4 binary-lf 2B%[str(41)]",
          "TCPCHK did not match content (log-format binary) at step 3"),
    fails("none_expected", "tcp-check send x|tcp-check expect comment c binary-lf 2B%[str(zz)]",
          "Failed to parse hexastring resulting of eval of a log-format string comment: c"),
    tcp("words_of_success", "tcp-check send x|tcp-check expect on-success \"got %[res.payload(0,3)] of %[srv_name]\" string OK",
        "UP L7OK 0 got +OK of s", 'succeeded, reason: Layer7 check passed, code: 0, info: "got +OK of s"'),
    tcp("words_of_failure", "tcp-check send x|tcp-check expect on-error \"got %[res.payload(1,2)]\" comment cc status-code int(77) "
        "min-recv 3 string NO", "DOWN L7RSP  got OK comment: cc",
        'failed, reason: Layer7 invalid response, info: "got OK comment: cc"'),
    tcp("code", "tcp-check send x|tcp-check expect status-code int(42) string OK", "UP L7OK 42 (tcp-check)",
        'succeeded, reason: Layer7 check passed, code: 42, info: "(tcp-check)"'),
    tcp("code_that_is_none", "tcp-check send x|tcp-check expect status-code res.payload(1,2) string OK"),
    tcp("answer_kept", "tcp-check send x|tcp-check expect string OK|tcp-check set-var(check.n) res.len|"
        "tcp-check set-var(check.t) res.payload(0,3)|tcp-check send-lf %[var(check.n)],%[var(check.t)]", heard=b"x4,+OK"),
    tcp("port_that_nobody_has", "tcp-check connect port int(9) comment zz",
        "DOWN L4CON  Connection refused at step 2 of tcp-check (connect) comment: 'zz'",
        "failed, reason: Layer4 connection problem, info: \"Connection refused at step 2 of tcp-check (connect) comment: 'zz'\""),
    tcp("port_that_is_none", "tcp-check connect port var(check.none)|tcp-check send x", part=()),
    http("request", "http-check connect|http-check set-var(check.a) str(one)|http-check send meth GET "
         "uri-lf /%[var(check.a)]?n=%[srv_name] ver HTTP/1.1 hdr Host %[be_name] hdr X-B \"a  %[var(check.none)] b\" body-lf \"b %[srv_id]\"|"
         "http-check expect status 200", "UP L7OK 200", 'succeeded, reason: Layer7 check passed, code: 200',
         b"GET /one?n=s HTTP/1.1\r\nhost: request\r\nx-b: a   b\r\ncontent-length: 3\r\nconnection: close\r\n\r\nb 1"),
    http("empty_request", "http-check send meth GET uri-lf %[var(check.a)] hdr X-B %[var(check.none)]|http-check expect status 200",
         "UP L7OK 200", 'succeeded, reason: Layer7 check passed, code: 200', b"GET / HTTP/1.0\r\n\r\n"),
    http("body", "http-check send meth GET|http-check expect string-lf %[str(abc)]", "UP L7OK 200",
         'succeeded, reason: Layer7 check passed, code: 200'),
    http("body_in_vain", "http-check send meth GET|http-check expect comment c string-lf %[str(abd)]",
         "DOWN L7RSP  HTTP content check did not match comment: c",
         'failed, reason: Layer7 invalid response, info: "HTTP content check did not match comment: c"'),
    http("header", "http-check send meth GET|http-check expect hdr name-lf %[str(x-a)] value-lf %[str(v)]", "UP L7OK 200",
         'succeeded, reason: Layer7 check passed, code: 200'),
    http("header_in_vain", "http-check send meth GET|http-check expect hdr name-lf %[str(x-a)] value-lf %[str(w)]",
         "DOWN L7STS 200 OK", 'failed, reason: Layer7 wrong status, code: 200, info: "OK"'),
    http("words_of_http", "http-check send meth GET|http-check expect on-error \"no %[srv_name]\" status-code int(5) status 201",
         "DOWN L7STS 5 no s", 'failed, reason: Layer7 wrong status, code: 5, info: "no s"'),
)


class Test(CheckCasesTest):
    cases = CASES


if __name__ == "__main__":
    unittest.main()
