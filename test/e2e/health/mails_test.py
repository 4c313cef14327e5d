"""email-alert: mails about servers that change their state, what is said to mail servers, and to those that do not behave."""
import re
import socket
import time
import unittest

from mail_server import MailServer
from proxy import Proxy, free_port, wait_until
from traffic import Server

TIMEOUT_MS = 1500
# What a mail server answers, and how many lines it is told then; a good one is told all of a mail.
ALL = None
ANSWERS = {
    "no_code": ({"": b"hello\r\n"}, 0),
    "refuses": ({"": b"554 no\r\n"}, 0),
    "no_blank": ({"": b"220\r\n"}, 0),
    "closes": ({"": lambda connection: connection.shutdown(socket.SHUT_RDWR)}, 0),
    "late_code": ({"": b"hello\r\n220 x\r\n", "HELO": b"250-a\r\n250-b\r\n250 c\r\n", "MAIL": b" 250 x", "QUIT": b"x221 "}, ALL),
    "no_line": ({"": b"220 ", "HELO": b"250 ", "MAIL": b"250 ", "RCPT": b"250 ", "DATA": b"354 ", ".": b"250 ", "QUIT": b"221 "}, ALL),
    "hello_wrong": ({"HELO": b"251 a\r\n"}, 1),
    "sender_wrong": ({"MAIL": b"550 a\r\n"}, 2),
    "receiver_wrong": ({"RCPT": b"551 a\r\n"}, 3),
    "data_wrong": ({"DATA": b"250 a\r\n"}, 4),
    "mail_wrong": ({".": b"550 a\r\n"}, ALL),
    "chatters": ({"": b"220 a\r\n250 b\r\n250 c\r\n", "HELO": None}, 1),
    "silent": ({"": None}, 0),
    "silent_later": ({"DATA": None}, 4),
    "cut_short": ({"": b"22"}, 0),
}
SENT = re.compile(
    rb"HELO proxy\.example\r\nMAIL FROM:<from@x>\r\nRCPT TO:<to@y>\r\nDATA\r\n"
    rb"From: from@x\r\nTo: to@y\r\nDate: (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d "
    rb"[+-]\d{4} \(\S+\)\r\nSubject: \[HAProxy Alert\] (.*)\r\n\r\n\1\r\n\r\n\.\r\nQUIT\r\n")


class MailsTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.one, cls.two = MailServer(), MailServer()
        cls.odd = {name: MailServer(answers) for name, (answers, _) in ANSWERS.items()}
        for server in cls.one, cls.two, *cls.odd.values():
            cls.addClassCleanup(server.close)
        cls.dead = free_port()
        cls.good, cls.checked = Server(), Server()
        cls.addClassCleanup(cls.good.close)
        cls.addClassCleanup(cls.checked.close)
        alerts = "email-alert from from@x\n email-alert to to@y\n email-alert myhostname proxy.example"
        sections = "".join(f"mailers {name}\n timeout mail {TIMEOUT_MS}ms\n mailer m 127.0.0.1:{server.port}\n" for name, server in cls.odd.items())
        backends = "".join(f"backend {name}\n {alerts}\n email-alert mailers {name}\n email-alert level notice\n server s 127.0.0.1:1\n" for name in cls.odd)
        cls.proxy = Proxy(f"""
mailers both
 mailer one 127.0.0.1:{cls.one.port}
 mailer two 127.0.0.1:{cls.two.port}
mailers one
 mailer dead 127.0.0.1:{cls.dead}
 mailer one 127.0.0.1:{cls.one.port}
{sections}
defaults
 mode tcp
 timeout connect 5s
 timeout client 5s
 timeout server 5s
 {alerts}
 email-alert mailers one
backend usual
 email-alert mailers both
 server s 127.0.0.1:1
 server t 127.0.0.1:1
backend noticed
 email-alert level notice
 server s 127.0.0.1:{cls.good.port} check inter 100ms
 server t 127.0.0.1:1 track noticed/s
backend checked
 email-alert level info
 option log-health-checks
 server s 127.0.0.1:{cls.checked.port} check inter 100ms fall 1 rise 1
backend checked_noticed
 email-alert level notice
 option log-health-checks
 server s 127.0.0.1:{cls.checked.port} check inter 100ms fall 1 rise 1
backend silent_level
 email-alert level emerg
 server s 127.0.0.1:1
defaults
 mode tcp
 timeout connect 5s
 timeout client 5s
 timeout server 5s
backend lacking
 server s 127.0.0.1:1
{backends}
""")
        cls.addClassCleanup(cls.proxy.close)

    def order(self, backend, *orders, server="s"):
        for order in orders:
            self.proxy.ask(f"set server {backend}/{server} {order}")

    @staticmethod
    def about(mail_server, backend):
        return [subject for subject in mail_server.subjects() if f" {backend}/" in subject]

    def test_1_each_mailer_gets_the_whole_mail(self):
        self.order("usual", "health down")
        down = ("Server usual/s is DOWN, changed from CLI. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, "
                "0 remaining in queue")
        for server in self.one, self.two:
            def talks(server=server):
                return [talk for talk in map(b"".join, server.talks) if b" usual/s " in talk]
            wait_until(lambda: any(b"QUIT" in talk for talk in talks()), "a mail")
            self.assertEqual(len(talks()), 1)
            sent = SENT.fullmatch(talks()[0])
            self.assertTrue(sent, talks())
            self.assertEqual(sent[1].decode(), down)

    def test_2_by_default_only_that_a_server_is_down(self):
        self.order("usual", "health up", "state drain", "state ready", "state maint", "state ready", "health down", server="t")
        wait_until(lambda: len([each for each in self.about(self.two, "usual") if "usual/t" in each]), "a mail")
        self.assertEqual([each.split(",")[0] for each in self.about(self.two, "usual") if "usual/t" in each], ["Server usual/t is DOWN"])

    def test_notices_in_their_order(self):
        self.proxy.ask("disable health noticed/s")
        self.order("noticed", "health down", "health up", "state drain", "state ready", "state maint", "state ready", "health stopping", "health up", "health down")
        self.order("silent_level", "health down")
        self.order("lacking", "health down")
        expected = []
        for change, of_tracker in (("is DOWN, changed from CLI", "is DOWN"), ("is UP, changed from CLI", "is UP"), ("enters drain state", "enters drain state"),
                                   ("is UP, changed from CLI", "is UP"), ("is DOWN, changed from CLI", "is DOWN")):
            expected += [f"Server noticed/s {change}", f"Server noticed/t {of_tracker} via noticed/s"]
        wait_until(lambda: len(self.about(self.one, "noticed")) >= len(expected), "all mails")
        self.assertEqual([each.split(".")[0] for each in self.about(self.one, "noticed")], expected)
        self.assertEqual(self.about(self.one, "silent_level") + self.about(self.one, "lacking"), [])

    def bad_news(self, backend):
        return [each for each in self.about(self.one, backend) if " succeeded" not in each]

    def test_what_checks_find(self):
        self.checked.close()
        # Depending on when it was first checked, there is a line about that, too.
        wait_until(lambda: len(self.bad_news("checked")) >= 2, "the mails")
        failed, down = self.bad_news("checked")
        self.assertRegex(failed, r'^Health check for server checked/s failed, reason: Layer4 connection problem, info: "Connection refused", '
                                 r'check duration: \d+ms, status: 0/1 DOWN$')
        self.assertEqual(down, "Server checked/s is DOWN. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue")
        wait_until(lambda: self.about(self.one, "checked_noticed"), "the mail")
        self.assertEqual([each[:33] for each in self.about(self.one, "checked_noticed")], ["Server checked_noticed/s is DOWN."])

    def test_servers_that_do_not_behave(self):
        for name in self.odd:
            self.order(name, "health down", "health up")
        ends = time.monotonic() + 20
        for name, server in self.odd.items():
            with self.subTest(name):
                # Each mail is tried once, and the second when the first is over.
                wait_until(lambda server=server: len(server.ends) == 2, "two tries", ends - time.monotonic())
                lines = ANSWERS[name][1]
                for talk in server.talks:
                    if lines is ALL:
                        self.assertGreater(len(talk), 10)
                    else:
                        self.assertEqual(len(talk), lines, talk)

    def test_the_time_is_for_all_of_a_mail(self):
        began = []

        def slowly(connection):
            began.append(time.monotonic())
            try:
                for _ in range(10):
                    connection.sendall(b"2")
                    connection.settimeout(0.6)
                    try:
                        if not connection.recv(1):
                            break
                    except socket.timeout:
                        pass
            finally:
                began.append(time.monotonic())

        with Server(slowly) as server, Proxy(f"""
mailers m
 timeout mail {TIMEOUT_MS}ms
 mailer m 127.0.0.1:{server.port}
backend b
 timeout connect 5s
 timeout server 5s
 email-alert from a
 email-alert to b
 email-alert mailers m
 server s 127.0.0.1:1
""") as proxy:
            proxy.ask("set server b/s health down")
            wait_until(lambda: len(began) >= 2, "the end of the try")
            self.assertLess(began[1] - began[0], TIMEOUT_MS / 1000 + 1)


if __name__ == "__main__":
    unittest.main()
