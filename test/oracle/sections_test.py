"""Lines of the sections that are no proxies, in right, wrong, empty and misplaced forms: -c must judge each as haproxy does.
How they go together is judged by test/configs/bad."""
import unittest

import words_test
from words_test import FEW, TIMES

NAMES = ["", "x", "x y", '""', '"x y"', "x,y", ",", "x!", "-"]
ADDRESSES = ["", "x", "127.0.0.1", "127.0.0.1:5", "127.0.0.1:0", "127.0.0.1:5-6", "127.0.0.1:+5", "[::1]:5", "*:5", ":5", "/tmp/x", "udp@127.0.0.1:5", "tcp@127.0.0.1:5",
             "127.0.0.1:5 x", "127.0.0.1:5,127.0.0.1:6", "127.0.0.1:5,", "127.0.0.1:99999", "abns@x", "unix@/tmp/x", "127.0.0.1:5 name", "127.0.0.1:5 name a"]
# Times without a value, which log-forward does not read, and those that it does not survive.
SOUND_TIMES = ["5", "25d", "70000ms", "3s", "2147483648"]
FORMATS = ["", "raw", "rfc5424", "rfc3164", "local", "short", "timed", "iso", "priority", "RAW", "raw x", '""']
TARGETS = ["", "127.0.0.1:5", "127.0.0.1:5 local0", "127.0.0.1:5 local9", "127.0.0.1:5 len 5 local0", "127.0.0.1:5 len 500 local0 err", "127.0.0.1:5 local0 err x",
           "127.0.0.1:5 local0 err err x", "global", "global x", "stdout daemon", "ring@x daemon", "ring@ daemon", "127.0.0.1:5 sample 1:2 daemon", "127.0.0.1:5 sample x daemon",
           "127.0.0.1:5 format x daemon", "127.0.0.1:5 format raw daemon"]
# What stands before the line, the words that it may begin with, and how it goes on.
TABLE = [
    ("userlist u\n group g\n user a", ["user", "user b", "user c groups", "user d password", "user e insecure-password", "group", "group h", "group g", "group i users"], NAMES),
    ("userlist u", ["user x groups", "group x users", "foo", "no user", "default user"], NAMES),
    ("http-errors e", ["errorfile", "errorfile 503", "errorfile 200", "errorfile 999", "errorloc", "no errorfile 503"], [*NAMES, "/dev/null", "no_such_file"]),
    ("mailers m", ["mailer", "foo", "no mailer"], NAMES),
    ("mailers m", ["mailer x"], ADDRESSES),
    ("mailers m", ["timeout", "timeout mail", "timeout foo"], TIMES),
    ("backend b", ["email-alert", "email-alert from", "email-alert to", "email-alert mailers", "email-alert myhostname"], NAMES),
    ("frontend b", ["email-alert level"], ["", "emerg", "alert", "crit", "err", "error", "warning", "warn", "notice", "info", "debug", "0", "7", "ALERT", "err x"]),
    ("frontend b", ["errorfiles", "errorfiles x"], [*NAMES, "503", "999", "503 400", "503 x"]),
    ("ring r", ["description", "foo", "no description"], NAMES),
    ("ring r", ["format"], FORMATS),
    ("ring r", ["maxlen"], [*FEW, "0", "70000", "5k", '""']),
    ("ring r", ["size"], ["", "0", "abc", "-1", "20000", "20000x", "16384", '""', "3000000 4"]),
    ("ring r", ["timeout connect", "timeout server"], TIMES),
    ("ring r\n timeout connect 1s\n timeout server 1s", ["server", "server x"], [*NAMES[:3], "127.0.0.1:5", "127.0.0.1:5 log-proto", "127.0.0.1:5 log-proto x", "127.0.0.1:5 log-proto legacy",
                                                                               "127.0.0.1:5 log-proto octet-count weight 3", "127.0.0.1", "/tmp/x", "udp@127.0.0.1:5", "127.0.0.1:5 foo"]),
    ("log-forward l\n dgram-bind 127.0.0.1:9", ["maxconn", "backlog"], FEW),
    ("log-forward l\n dgram-bind 127.0.0.1:9", ["timeout client"], SOUND_TIMES),
    ("log-forward l\n dgram-bind 127.0.0.1:9", ["timeout", "timeout foo", "timeout server", "foo", "log-format", "no maxconn", "no timeout"], ["", "5"]),
    ("log-forward l\n dgram-bind 127.0.0.1:9", ["log", "no log"], TARGETS),
    ("log-forward l", ["bind", "dgram-bind"], ADDRESSES),
    ("", ["userlist", "http-errors", "mailers", "ring", "log-forward"], NAMES),
]


class SectionsTest(words_test.WordsTest):
    def test_every_line_is_judged_as_haproxy_judges_it(self):
        texts = [f"{head}\n {word} {form}".rstrip(" ") + "\n" for head, words, forms in TABLE for word in words for form in forms]
        self.assertGreater(len(texts), 300)
        # Behind an unknown line there is another section, for some lines end the reading.
        self.compare([text + "global\n foo\n" for text in texts] + texts)

    def test_what_is_said_of_the_whole_file(self):
        self.skipTest("words_test does that")


if __name__ == "__main__":
    unittest.main()
