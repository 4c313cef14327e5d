"""A mail server that takes mails, or does not, for tests of those who send them."""
import threading

from traffic import Server

GOOD = {"": b"220 test\r\n", "HELO": b"250 hello\r\n", "MAIL": b"250 sender\r\n", "RCPT": b"250 receiver\r\n", "DATA": b"354 go on\r\n",
        ".": b"250 taken\r\n", "QUIT": b"221 bye\r\n"}


class MailServer(Server):
    """mails are those that it took, each as the lines of its data; talks are all lines of each connection, in their order.

    answers replaces some of GOOD: bytes, or a function of the connection; None keeps silent."""

    def __init__(self, answers=None, port=0):
        self.answers = {**GOOD, **(answers or {})}
        self.mails, self.talks, self.ends = [], [], []
        self.lock = threading.Lock()
        super().__init__(self._talk, port)

    def _answer(self, connection, word):
        answer = self.answers.get(word, b"500 what\r\n")
        if callable(answer):
            answer(connection)
        elif answer:
            connection.sendall(answer)

    def _talk(self, connection):
        talk = []
        with self.lock:
            self.talks.append(talk)
        try:
            self._answer(connection, "")
            with connection.makefile("rb") as lines:
                self._hear(connection, lines, talk)
            self.ends.append("end")
        except ConnectionError:
            self.ends.append("reset")

    def _hear(self, connection, lines, talk):
        data = None
        for line in lines:
            talk.append(line)
            if data is None:
                word = line.split()[0].decode() if line.split() else "none"
                if word == "DATA":
                    data = []
                self._answer(connection, word)
                if word == "QUIT":
                    return
            elif line == b".\r\n":
                with self.lock:
                    self.mails.append(data)
                data = None
                self._answer(connection, ".")
            else:
                data.append(line)

    def subjects(self):
        start = b"Subject: [HAProxy Alert] "
        with self.lock:
            return [line[len(start):].decode().rstrip("\r\n") for mail in self.mails for line in mail if line.startswith(start)]
