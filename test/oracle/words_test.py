"""Many words of the configuration in right, wrong, empty, negative, huge and misplaced forms: -c must judge each as haproxy
does. What ddbproxy says in addition (a word that it does not support, a number that is none) is known.py's."""
import concurrent.futures
import os
import re
import subprocess
import tempfile
import unittest

import known
from programs import DDBPROXY, HAPROXY

# haproxy reads no further once 50 lines of a file were wrong.
LINES_IN_A_FILE = 48

NUMBERS = ["", "-1", "0", "7", "12abc", "abc", "0x10", "+5", '" 5"', '"5 "', "65536", "2147483648", "4294967297",
           "99999999999", "-4294967297", "9223372036854775808", '""', "-", "3 4"]
TIMES = ["", "-1", "5", "5x", "0x10", "abc", "25d", "1.5", "70000ms", "10us", '" 5"', "2147483648", '""', "3 4"]
FEW = ["", "-1", "5", "abc", "99999999999", "3 4"]
CHOICES = ["", "on", "x", "on off", "none", "h2", "http", "Tcp", '"tcp "', "-1", '""', "tcp http"]
SETS = ["", "1-", "1-x", "1x", "0-1", "odd", "4294967297", "1-1-1", '" 1"', "1", "2", "ALL", "1/x", "1/65"]
WORDS = ["", "x", "x y", '""', "x 500", "x 600"]
CONDITIONS = ["", "x", "if", "unless TRUE", "status", "status 500", "status x"]
CAPTURES = ["", "x"] + [f"capture {form}" for form in ("", "x", "request", "request x", "request len", "request len 0",
                                                       "response len x", 'response len " 5"', "request len 5")]
SECTIONS = ("defaults", "frontend", "backend", "listen")

TABLE = [
    ("global", NUMBERS, "nbthread thread-groups tune.comp.maxlevel tune.fail-alloc tune.http.maxhdr tune.lua.forced-yield "
     "tune.ssl.default-dh-param"),
    ("global", FEW, "maxconn ulimit-n fd-hard-limit spread-checks maxsslconn maxcomprate maxzlibmem maxcompcpuusage maxsslrate "
     "tune.buffers.limit tune.buffers.reserve tune.h2.header-table-size tune.h2.initial-window-size "
     "tune.h2.max-concurrent-streams tune.h2.max-frame-size tune.http.cookielen tune.http.logurilen tune.lua.maxmem "
     "tune.maxaccept tune.maxpollevents tune.maxrewrite tune.pattern.cache-size tune.peers.max-updates-at-once tune.pipesize "
     "tune.pool-high-fd-ratio tune.pool-low-fd-ratio tune.rcvbuf.client tune.recv_enough tune.runqueue-depth "
     "tune.sndbuf.server tune.ssl.cachesize tune.ssl.capture-buffer-size tune.ssl.capture-cipherlist-size "
     "tune.ssl.hard-maxrecord tune.ssl.maxrecord tune.ssl.ssl-ctx-cache-size tune.vars.check-max-size"),
    ("global", TIMES, "tune.idletimer tune.ssl.lifetime tune.lua.session-timeout max-spread-checks"),
    ("global", CHOICES[:5], "tune.idle-pool.shared tune.listener.multi-queue tune.sched.low-latency tune.ssl.keylog "
     "tune.fd.edge-triggered"),
    ("global", SETS[8:], "stats+bind-process"),
    ("global", ["1", "x", "", "99"], "log+sockpair@"),
    ("server", NUMBERS, "weight id pool-max-conn rise"),
    ("server", FEW, "maxconn max-reuse pool-low-conn fall error-limit agent-addr agent-port port"),
    ("server", TIMES[1:12], "slowstart tcp-ut"),
    ("server", TIMES[1:7], "pool-purge-delay inter agent-inter"),
    ("server", CHOICES[2:8], "ws observe on-error"),
    ("default-server", FEW[:5], "weight id ws pool-max-conn tcp-ut"),
    ("bind", NUMBERS, "backlog id shards mode"),
    ("bind", FEW[:5], "maxconn nice mss accept-netscaler-cip"),
    ("bind", TIMES[:7], "tcp-ut"),
    ("bind", SETS, "process thread"),
    ("listen", NUMBERS, "id clitcpka-cnt"),
    *[(section, FEW, "retries maxconn backlog fullconn id rate-limit+sessions clitcpka-cnt srvtcpka-cnt max-keep-alive-queue "
       "max-session-srv-conns dispatch") for section in SECTIONS],
    *[(section, FEW[1:], "description") for section in SECTIONS],  # without a text haproxy drops the rest of the file
    *[(section, FEW, "clitcpka-idle srvtcpka-intvl timeout+client timeout+server") for section in ("frontend", "backend")],
    ("frontend", CHOICES[5:], "mode"),
    *[(section, WORDS, "errorfiles use-fcgi-app monitor-uri default_backend retry-on") for section in SECTIONS],
    ("listen", CONDITIONS, "http-error force-persist ignore-persist"),
    *[(section, CAPTURES, "declare") for section in ("frontend", "backend")],
    ("defaults", CAPTURES[:1], "declare"),
    *[(section, ["", "x"], "http-check tcp-check hash-balance-factor transparent") for section in SECTIONS[:2]],
    ("frontend", ["x"], "http-check+disable-on-404"),
    ("frontend", [""], "tcp-check+send"),
    ("backend", ["401", "505", "503x"], "retry-on"),
    ("listen", SETS[:10], "bind-process"),
]

TIMEOUTS = "defaults\n timeout client 1s\n timeout connect 1s\n timeout server 1s\n"
# Said of the whole file, when no line is wrong by itself.
FILES = [
    "mode http\n errorfiles nope\n errorfiles nope2 500\nfrontend f\n bind abns@f\nbackend b\n use-fcgi-app xx\n",
    "mode tcp\nbackend b\n use-fcgi-app xx\n errorfiles nope\n server s 127.0.0.1 check\nbackend c\n use-fcgi-app yy\n"
    " http-check send-state\n option tcp-check\n",
    "mode tcp\nbackend b\n disabled\n use-fcgi-app xx\n errorfiles nope\n default_backend n\n",
    "mode tcp\n default_backend nope\nfrontend f\n bind abns@f\nbackend b2\n default_backend b\nbackend b\n"
    " default_backend b\n",
    "mode http\nbackend b\n default_backend none\n default_backend t\nbackend t\n mode tcp\n",
    "mode tcp\n http-check disable-on-404\n http-check send-state\nfrontend f\n bind abns@f\nbackend b\n",
    "mode tcp\n http-check disable-on-404\n http-check send-state\n option tcp-check\nfrontend f\n bind abns@f\nbackend b\n"
    "listen l\n bind abns@l\n",
    "mode http\n option httpchk\n http-check disable-on-404\nfrontend f\n bind abns@f\nbackend b\nbackend b2\n"
    " option tcp-check\n",
    "mode tcp\n monitor-uri /x\nbackend b\nbackend b2\n monitor-uri /y\nlisten l\n bind abns@l\n",
    "mode tcp\nbackend b\n server s localhost:1 resolvers nope\nlisten l\n bind abns@l\n server s localhost:1 resolvers nope\n",
]


def wrapped(section, number, line):
    """The line in a section of its own."""
    if section == "global":
        return f"global\n {line}\n"
    if section == "defaults":
        return f"{TIMEOUTS} {line}\n"
    if section == "bind":
        return f"frontend p{number}\n bind 127.0.0.1:1 {line}\n"
    if section == "server":
        return f"backend p{number}\n server s 127.0.0.1:1 {line}\n"
    if section == "default-server":
        return f"backend p{number}\n default-server {line}\n"
    return f"{section} p{number}\n {line}\n"


def cases():
    for section, forms, words in TABLE:
        for word in words.split():
            for form in forms:
                glue = "" if word.endswith("@") else " "
                yield section, f"{word.replace('+', ' ')}{glue}{form}".rstrip(" ")


def judge(program, text):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "t.cfg"), "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run([program, "-c", "-f", "t.cfg"], cwd=folder, capture_output=True, timeout=30, text=True,
                              stdin=subprocess.DEVNULL, errors="replace", check=False)
    lines = [line for line in known.mask(done.stderr).split("\n") if line and not re.search(known.ADDED, line)]
    return done.returncode, lines


class WordsTest(unittest.TestCase):
    maxDiff = None

    def compare(self, texts):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            ours, theirs = (list(pool.map(judge, [program] * len(texts), texts)) for program in (DDBPROXY, HAPROXY))
        for text, our, their in zip(texts, ours, theirs):
            if our != their:
                with self.subTest(text):
                    self.assertEqual(our, their)

    def test_every_line_is_judged_as_haproxy_judges_it(self):
        lines = [wrapped(section, number, line) for number, (section, line) in enumerate(cases())]
        texts = ["".join(lines[first:first + LINES_IN_A_FILE]) for first in range(0, len(lines), LINES_IN_A_FILE)]
        self.assertGreater(len(texts), 20)
        self.compare([f"{TIMEOUTS}{text}" for text in texts])

    def test_what_is_said_of_the_whole_file(self):
        self.compare([f"{TIMEOUTS} {text}" for text in FILES])


if __name__ == "__main__":
    unittest.main()
