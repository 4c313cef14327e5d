"""Thousands of expressions in rules of mode tcp, judged and evaluated by haproxy and ddbproxy: the same words of what is wrong with each, and the
same value, which a variable of the process keeps. converters.table has what is worth a line of its own."""
import concurrent.futures
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import expressions
from programs import DDBPROXY, HAPROXY

# haproxy reads no further once 50 lines of a file were wrong.
LINES_TO_JUDGE = 45
# More rules than this in one file, and haproxy itself falls over.
LINES_TO_RUN = 400
DEADLINE_S = 30
HEAD = """global
  stats socket {directory}/api level admin
  set-var proc.one int(1)
  set-var proc.min int(-9223372036854775808)
  set-var proc.abc str(abc)
  set-var proc.ip6 ipv6(2001:db8::1)
  set-var proc.key str(AAECAwQFBgcICQoLDA0ODw==)
defaults
  mode tcp
  timeout client 20s
  timeout server 21s
  timeout connect 5s
  timeout tunnel 1h
userlist ul
  user u1 insecure-password p1 groups g1
  group g1
backend tip
  stick-table type ip size 100 expire 1h store gpc0,gpc0_rate(1h),gpc1,gpc1_rate(1h),conn_cnt,conn_cur,conn_rate(1h),sess_cnt,\
sess_rate(1h),http_req_cnt,http_req_rate(1h),http_err_cnt,http_err_rate(1h),http_fail_cnt,http_fail_rate(1h),bytes_in_cnt,\
bytes_in_rate(1h),bytes_out_cnt,bytes_out_rate(1h),gpt0,server_id
backend tip6
  stick-table type ipv6 size 100 expire 1h store gpc(3),gpc_rate(3,1h),gpt(3),conn_cnt
backend tstr
  stick-table type string len 8 size 100 expire 1h store gpc0,gpt0,conn_cur
backend tint
  stick-table type integer size 100 store gpc0,conn_cnt
backend tbin
  stick-table type binary len 4 size 100 expire 1h store gpc0,sess_cnt
backend tnone
  stick-table type ip size 5 nopurge
backend alldown
  server x1 127.0.0.1:1 disabled
backend b
  id 815
  server s1 127.0.0.1:{server} id 99 weight 5 maxconn 10
  server s2 127.0.0.1:{server} disabled
{response}frontend f
  bind 127.0.0.1:{port} name nn id 77
  id 4711
  default_backend b
  tcp-request connection track-sc0 src table tip
  tcp-request session track-sc1 src table tip6
  tcp-request session sc-inc-gpc(1,1)
  tcp-request session sc-inc-gpc0(0)
  tcp-request session sc-set-gpt0(0) 17
  tcp-request session sc-set-gpt(2,1) 18
  tcp-request inspect-delay 10s
  tcp-request content reject unless {{ req.len gt 0 }}
  tcp-request content track-sc2 str(abcdefghijk) table tstr
  tcp-request content set-var(txn.t) int(-7)
  tcp-request content set-var(req.r) ipv6(::1)
{request}  tcp-request content accept
"""
RESPONSE_HEAD = "  tcp-response inspect-delay 10s\n  tcp-response content reject unless { res.len gt 0 }\n"
HTTP = b"GET /p?q=1&x=y HTTP/1.1\r\nHost: a\r\nX: 1.2.3.4, 5\r\nCookie: x=3; a-b=4\r\n\r\nbody"
RDP = b"\x03\x00\x00\x2b\x26\xe0\x00\x00\x00\x00\x00Cookie: mstshash=user;\r\n\x01\x00\x08\x00\x00\x00\x00\x00"
HTTP_RESPONSE = b"HTTP/1.1 200 OK\r\nSet-Cookie: x=1;a-b=2\r\nHost: q\r\nContent-Length: 2\r\n\r\nhi"
TLS_RESPONSE = bytes.fromhex("160303000502000001" "00")


def client_hello():
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    said = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), said, server_hostname="www.Example.com").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return said.read()


def quoted(text):
    """As the configuration's own level of quoting leaves it alone."""
    return "".join(c if c.isalnum() or c in "().,_-" else f"\\x{ord(c):02x}" for c in text.replace("~", " "))


def configuration(directory, lines, port=1, server=1, response=False):
    """Its text, and the number of the line in front of the first of `lines`."""
    kind = "response" if response else "request"
    rules = "".join(f"  tcp-{kind} content set-var(proc.r{i}) {quoted(line)}\n" for i, line in enumerate(lines))
    text = HEAD.format(directory=directory, port=port, server=server, request="" if response else rules,
                       response=RESPONSE_HEAD + rules if response else "")
    first = text.index(rules) if rules else 0
    return text, text[:first].count("\n")


class Played:
    """One program, one connection, and what its rules have left behind."""

    def __init__(self, program, lines, request, answer, response):
        self.directory = tempfile.mkdtemp(prefix="ddbproxy-test-")
        try:
            with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as holder:
                holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                holder.bind(("127.0.0.1", 0))
                threading.Thread(target=self.serve, args=(server, answer), daemon=True).start()
                text, _ = configuration(self.directory, lines, holder.getsockname()[1], server.getsockname()[1], response)
                self.values = self.play(program, text, holder.getsockname(), request, len(lines))
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def serve(server, answer):
        try:
            client, _ = server.accept()
            with client:
                client.sendall(answer)
                client.shutdown(socket.SHUT_WR)
                while client.recv(4096):
                    pass
        except OSError:
            pass

    def play(self, program, text, address, request, count):
        prepare(self.directory)
        with open(os.path.join(self.directory, "cfg"), "w", encoding="latin-1") as file:
            file.write(text)
        process = subprocess.Popen([program, "-db", "-f", "cfg"], cwd=self.directory, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            with self.connect(process, address) as client:
                client.settimeout(DEADLINE_S)
                client.sendall(request)
                while client.recv(4096):
                    pass
            return self.ask(count)
        finally:
            process.terminate()
            process.wait(DEADLINE_S)

    @staticmethod
    def connect(process, address):
        deadline = time.monotonic() + DEADLINE_S
        while True:
            try:
                return socket.create_connection(address)
            except ConnectionRefusedError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def ask(self, count):
        values = {}
        for first in range(0, count, 200):
            with socket.socket(socket.AF_UNIX) as api:
                api.settimeout(DEADLINE_S)
                api.connect(os.path.join(self.directory, "api"))
                api.sendall((";".join(f"get var proc.r{i}" for i in range(first, min(first + 200, count))) + "\n").encode())
                said = b"".join(iter(lambda: api.recv(65536), b"")).decode("latin-1")
            for number, value in re.findall(r"proc\.r(\d+): (type=\w+ value=<.*?>)\n(?=proc\.|Variable|\n*\Z)", said, re.S):
                values[int(number)] = value
        return [values.get(i, "none") for i in range(count)]


def prepare(directory):
    for name, text in expressions.MAPS.items():
        with open(os.path.join(directory, name), "w", encoding="ascii") as file:
            file.write(text)


def said_of(program, lines, response=False):
    """What is said of each line, in order."""
    with tempfile.TemporaryDirectory(prefix="ddbproxy-test-") as directory:
        prepare(directory)
        text, before = configuration("/d", lines, response=response)
        with open(os.path.join(directory, "cfg"), "w", encoding="latin-1") as file:
            file.write(text)
        done = subprocess.run([program, "-c", "-f", "cfg"], cwd=directory, capture_output=True, check=False, timeout=60)
    found = {}
    for level, words in re.findall(r"^\[(ALERT|WARNING)\] +\(\d+\) : (.*(?:\n[ \t].*)*)", done.stderr.decode("latin-1"), re.M):
        for number, text in re.findall(r"parsing \[cfg:(\d+)\] ?:? ?(.*)", words):
            # The column is ddbproxy's own.
            text = re.sub(r" \((cfg:\d+, )?column \d+[^()]*\)$", "", text).rstrip(". ")
            found.setdefault(int(number) - before - 1, []).append((level, text))
    return [found.get(i, []) for i in range(len(lines))]


def is_wrong(said):
    return any(level == "ALERT" for level, _ in said)


def judge(program, lines, response=False):
    """What names something is looked up only when all else is right, so those lines are asked for a second time."""
    said = said_of(program, lines, response)
    right = [i for i, each in enumerate(said) if not is_wrong(each)]
    if len(right) < len(lines):
        for i, each in zip(right, said_of(program, [lines[i] for i in right], response)):
            said[i] = each
    return said


def evaluate(program, lines, request, answer, response):
    try:
        return Played(program, lines, request, answer, response).values
    except OSError:
        if len(lines) == 1:
            return ["it fell over"]
    half = len(lines) // 2
    return [value for part in (lines[:half], lines[half:]) for value in evaluate(program, part, request, answer, response)]


class ExpressionsTest(unittest.TestCase):
    maxDiff = None

    def judged(self, lines, response=False):
        """The lines that are right."""
        parts = [lines[first:first + LINES_TO_JUDGE] for first in range(0, len(lines), LINES_TO_JUDGE)]
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            expected, got = ([each for said in pool.map(lambda part, p=program: judge(p, part, response), parts) for each in said]
                             for program in (HAPROXY, DDBPROXY))
        for line, there, here in zip(lines, expected, got):
            if there != here:
                with self.subTest(line):
                    self.assertEqual(here, there)
        return [line for line, there, here in zip(lines, expected, got) if not is_wrong(there) and not is_wrong(here)]

    def compare(self, lines, request=b"hello\0world\r\nGET", answer=b"answer", response=False):
        compared = 0
        for first in range(0, len(lines), LINES_TO_RUN):
            part = lines[first:first + LINES_TO_RUN]
            values = evaluate(HAPROXY, part, request, answer, response)
            known = [i for i, value in enumerate(values) if value != "it fell over"]
            for i, here in zip(known, evaluate(DDBPROXY, [part[i] for i in known], request, answer, response)):
                if here != values[i]:
                    with self.subTest(part[i]):
                        self.assertEqual(here, values[i])
            compared += len(known)
        return compared

    def hexed(self, lines):
        """Values with zero bytes are shown up to the first, so their bytes are compared, too."""
        forms = [line + ",hex" for line in lines]
        right = {form for form in self.judged(forms)}
        return [each for line, form in zip(lines, forms) for each in (line, form) if each == line or form in right]

    def test_converters_on_every_type(self):
        lines = self.hexed(self.judged(expressions.products()))
        self.assertGreater(self.compare(lines), 3000)

    def test_arguments_of_converters(self):
        self.assertGreater(self.compare(self.judged(expressions.converters() + expressions.ODD), HTTP), 400)

    def test_fetches(self):
        right = self.judged(expressions.fetches())
        for request in (HTTP, RDP, client_hello(), client_hello()[:-2]):
            self.assertGreater(self.compare(right, request), 300)
        right = self.judged(expressions.fetches(), response=True)
        for answer in (HTTP_RESPONSE, TLS_RESPONSE):
            self.assertGreater(self.compare(right, b"x", answer, response=True), 300)

    def test_in_a_row(self):
        self.assertGreater(self.compare(self.judged(expressions.SEQUENCE), HTTP), 80)


if __name__ == "__main__":
    unittest.main()
