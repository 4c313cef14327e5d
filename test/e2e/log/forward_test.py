"""log-forward: what becomes of messages that come in by UDP and TCP, in every format, and of those who do not behave.

forward.expected is what haproxy 2.6 makes of MESSAGES; "forward_test.py --write" writes it anew with the PROXY_PROGRAM that is set."""
import os
import re
import signal
import socket
import sys
import time
import unittest

from proxy import Proxy, free_port, scratch_directory, wait_until
from traffic import connect

EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "forward.expected")
# What a log line says behind its address.
LINES = ["format rfc5424 local3", "format rfc3164 local3", "format local local3", "format raw local3", "format short local3", "format priority local3",
         "format timed local3", "format iso local3", "local3", "local3 notice err", "format rfc3164 local3 notice err", "len 80 format rfc5424 local3"]
ISO = "2026-11-29T12:34:56Z"
OLD = "<14>Nov 29 12:34:56 "
NEW = f"<14>1 {ISO} "
MESSAGES = [
    "hello", "<14>hello world", "", "<14>", "<", "<14>x y", "<999>x", "<12345>x", "<>x", "<a>x", "<1x>y", "<0>x", "<01>x", "<14 >x", "< 14>x", "<14> x y",
    *(f"<{level}>level" for level in range(8)), "<191>x", "x" * 400, "<14>" + "y" * 400, "<14>a\nb", "<14>x\r\n", "<14>x\0", "<14>\n", "<14>x\n\n",
    OLD + "host tag[123]: text", OLD + "host tag: text", OLD + "tag: text", OLD + "host tag[123]:text", OLD + "host tag: ", OLD + "host tag:", OLD + "host",
    OLD, OLD[:-1], OLD + "host tag text", OLD + "host tag[1 text: x", OLD + "host tag[] x", OLD + "host tag[]: x", OLD + "host tag[5] x", OLD + "host: x",
    OLD + "h[1]: t: x", OLD + "host /a/b.c-d: x", OLD + "host a:b: x", OLD + " host tag: x", "<14>Xyz 29 12:34:56 host tag: x", "<14>Nov 32 12:34:56 host tag: x",
    "<14>Nov 29 99:34:56 host tag: x", "<14>nov 29 12:34:56 host tag: x", "<14>Nov  9 12:34:56 host tag: x", "<14>Nov 09 12:34:56 host tag: x",
    "<14>Jan  1 12:34:56 host tag: x", "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8", "Nov 29 12:34:56 host tag: x",
    NEW + "host - - - - x", NEW + "- app - - - x", NEW + "- - pid - - x", NEW + "- - - mid - x", NEW + "- - - - [a] x", NEW + "host app - - - x",
    NEW + "host app pid - - x", NEW + "host app pid mid - x", NEW + 'host app 99 mid [a b="c"][d e="f"] text of it', NEW + "host app - - - ",
    "<14>1 - - - - - - x", "<14>1 - host app - - - x", f"<14>2 {ISO} host app - - - x", "<14>1 2026-11-29T12:34:56+01:00 host app - - - x",
    "<14>1 2026-11-29T12:34:56.1+01:00 host app - - - x", "<14>1 2026-11-09T12:34:56.123456Z host app - - - x", "<14>1 2026-99-99T99:99:99Z host app - - - x",
    f"1 {ISO} host app - - - x", f"<14>{ISO} rest of it",
]
# Streams, the messages in them, and whether they are ended for it; None: haproxy does not always.
STREAMS = [
    (b"<14>one\n<14>two\n", [b"one", b"two"], False), (b"7 <14>one8 <14>four", [b"one", b"four"], False), (b"<14>a\r\n5 <14>b<14>c\n", [b"a", b"b", b"c"], False),
    (b"8 <14>a\nbc<14>d\n", [b"a\nbc", b"d"], False), (b"<14>part", [], False), (b"9 <14>part", [], False), (b"junk", [], True), (b"\n<14>q\n", [], True),
    (b"0 <14>x", [], True), (b"05 <14>x", [], True), (b"3x <14>a", [], True), (b"99999 x", [], None), (b"5 <14>x\n5 <14>y", [b"x"], True), (b" <14>x\n", [], True),
    (b"17000 <14>" + b"z" * 20000, [], True), (b"<14>" + b"z" * 20000 + b"\n<14>after\n", [], None),
    (b"15000 <14>" + b"z" * 14996 + b"6 <14>af", [b"z" * 14996, b"af"], False),
]
MARK = b"MARK"
# When a message came, but no time that one of these says of itself.
NOW = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d|\b\w{3} [ \d]\d (?!12:34:56|99:34:56|22:14:15)\d\d:\d\d:\d\d")


class ForwardTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        def receiver():
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            receiver.bind(("127.0.0.1", 0))
            receiver.settimeout(15)
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            cls.addClassCleanup(receiver.close)
            return receiver
        cls.receivers = [receiver() for _ in LINES]
        cls.streamed, cls.sampled = receiver(), receiver()
        cls.port, cls.stream_port, cls.sample_port, cls.ring_port = (free_port() for _ in range(4))
        cls.path = os.path.join(scratch_directory(), "relay.sock")

        def lines(receivers, words):
            return "".join(f"  log 127.0.0.1:{each.getsockname()[1]} {line}\n" for each, line in zip(receivers, words, strict=True))
        # With more threads haproxy gives two messages to two of them, and the later may overtake.
        cls.proxy = Proxy(f"""
  nbthread 1
ring kept
  format short
log-forward formats
  dgram-bind 127.0.0.1:{cls.port}
  dgram-bind {cls.path} mode 600
{lines(cls.receivers, LINES)}
log-forward streams
  bind 127.0.0.1:{cls.stream_port}
  maxconn 100
{lines([cls.streamed], ["len 20000 format raw local0"])}
log-forward samples
  dgram-bind 127.0.0.1:{cls.sample_port}
{lines([cls.sampled], ["format raw sample 2,4-5:5 local0"])}
log-forward rings
  dgram-bind 127.0.0.1:{cls.ring_port}
  log ring@kept local0
  log ring@kept local0 err
""")
        cls.addClassCleanup(cls.proxy.close)
        cls.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        cls.addClassCleanup(cls.sender.close)

    def until_mark(self, receiver):
        """What came before the mark, without line ends."""
        heard = []
        while not (message := receiver.recv(70000)).endswith(MARK + b"\n"):
            heard.append(message.removesuffix(b"\n"))
        return heard

    def told(self):
        for message in MESSAGES:
            yield f"> {message[:120]!r}"
            for each in message, "<0>" + MARK.decode():
                self.sender.sendto(each.encode(), ("127.0.0.1", self.port))
            for line, receiver in zip(LINES, self.receivers, strict=True):
                for heard in self.until_mark(receiver):
                    text = re.sub(r"20\d\d(?=-\d\d-\d\dT\d\d:\d\d:\d\d-00:00)", "YEAR", NOW.sub("NOW", heard.decode()))
                    # A cut at a length depends on how long the time is.
                    yield f"{line}: {text[:90]!r} {len(heard)}"

    def test_every_message_in_every_format(self):
        with open(EXPECTED, encoding="ascii") as expected:
            self.assertEqual(list(self.told()), expected.read().splitlines())

    def test_a_unix_socket_takes_messages_too(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            for each in b"<14>by unix", b"<0>" + MARK:
                sender.sendto(each, self.path)
            self.assertEqual(self.until_mark(self.receivers[3]), [b"by unix"])
            for receiver in self.receivers[:3] + self.receivers[4:]:
                self.until_mark(receiver)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o600)

    def test_streams(self):
        for stream, messages, ended in STREAMS:
            for pieces in (1, 3) if len(stream) < 100 else (1,):
                with self.subTest(stream[:40], pieces=pieces), connect(self.stream_port) as client:
                    try:
                        for at in range(0, len(stream), len(stream) // pieces or 1):
                            client.sendall(stream[at:at + (len(stream) // pieces or 1)])
                            if pieces > 1:
                                time.sleep(0.01)  # so that they come in pieces, whatever becomes of them
                        client.settimeout(15 if ended else 0.2)
                        self.assertEqual(client.recv(1), b"")
                    except ConnectionError:
                        pass
                    except socket.timeout:
                        self.assertIsNot(ended, True)
                    with connect(self.stream_port) as other:
                        other.sendall(b"<0>" + MARK + b"\n")
                        heard = self.until_mark(self.streamed)
                    # A diff of long ones takes too long.
                    self.assertEqual([(each[:50], len(each)) for each in heard], [(each[:50], len(each)) for each in messages])

    def test_samples(self):
        for number in range(1, 12):
            self.sender.sendto(b"<14>%d" % number, ("127.0.0.1", self.sample_port))
        heard = [self.sampled.recv(100).strip() for _ in range(6)]
        self.assertEqual(heard, [b"2", b"4", b"5", b"7", b"9", b"10"])

    def events(self):
        return [line for line in self.proxy.ask("show events kept").splitlines() if line]

    def test_rings_are_targets(self):
        for message in b"<14>to ring", b"<11>error", b"<0>" + MARK:
            self.sender.sendto(message, ("127.0.0.1", self.ring_port))
        wait_until(lambda: sum("MARK" in line for line in self.events()) == 2, "the mark")
        self.assertEqual([line for line in self.events() if line.startswith(("<6>to", "<3>err"))], ["<6>to ring", "<3>error", "<3>error"])
        self.assertGreater(int(re.search(r"CumRecvLogs: (\d+)", self.proxy.ask("show info"))[1]), 0)


class StopTest(unittest.TestCase):
    def test_a_soft_stop_is_said_of_each_section(self):
        port = free_port()
        proxy = Proxy(f"log-forward relay\n dgram-bind 127.0.0.1:{port}\nlog-forward other\n bind 127.0.0.1:{free_port()}\n")
        self.addCleanup(proxy.close)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"<14>x", ("127.0.0.1", port))
            wait_until(lambda: "CumRecvLogs: 1" in proxy.ask("show info"), "the message")
        proxy.signal(signal.SIGUSR1)
        self.assertEqual(proxy.wait_exit(), 0)
        self.assertIn("Proxy relay stopped (cumulated conns: FE: 0, BE: 0).", proxy.stderr())
        self.assertIn("Proxy other stopped (cumulated conns: FE: 0, BE: 0).", proxy.stderr())


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        ForwardTest.setUpClass()
        with open(EXPECTED, "w", encoding="ascii") as file:
            file.writelines(line + "\n" for line in ForwardTest().told())
        ForwardTest.doClassCleanups()
    else:
        unittest.main()
