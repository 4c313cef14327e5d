"""How each side of a session may leave it, in each of its phases, and what the other side, the log and the counters see:
the cells of endings.table, each held against the program under test. `endings_test.py --record VARIANT` plays them and prints
what was seen instead."""
import os
import re
import signal
import socket
import sys
import threading
import unittest

from endings import Scene
from log_collector import LogCollector
from proxy import PROGRAM, Proxy, free_port

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "endings.table")
NAME = "haproxy" if os.path.basename(PROGRAM) == "haproxy" else "ddbproxy"

# What is changed of the plain configuration: lines of the global section, the frontends, the backends; arguments.
VARIANTS = {
    "plain": ("", "", "", []),
    "no-splice": ("", "", "", ["-dS"]),
    "two-threads": ("nbthread 2", "", "", []),
    "nolinger-frontend": ("", "option nolinger", "", []),
    "nolinger-backend": ("", "", "option nolinger", []),
}
# Words of the bind line, of the frontend, of the backend, of the server; `full` is a server whose queue is full.
KINDS = {
    "plain": ("", "", "", ""),
    "header": ("accept-proxy", "", "", ""),
    "queue": ("", "", "", "maxconn 1"),
    "queue-abort": ("", "", "option abortonclose", "maxconn 1"),
    "abort": ("", "", "option abortonclose", ""),
    "unreachable": ("", "", "", "full"),
    "unreachable-abort": ("", "", "option abortonclose", "full"),
    "no-server": ("", "", "", None),
    "fin-timeouts": ("", "timeout client-fin 300ms", "timeout server-fin 300ms", ""),
    "client-first": ("", "timeout client 250ms", "", ""),
    "send-proxy": ("", "", "", "send-proxy"),
}
PLAYERS = 8


class Table:
    """cells[(kind, steps)] = {(variant, program): set of outcomes}; program `both` stands for either."""

    def __init__(self, path=TABLE):
        self.cells = {}
        cell = None
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith("#") or not line.strip():
                    continue
                if not line.startswith(" "):
                    kind, steps = line.strip().split(": ", 1)
                    cell = self.cells.setdefault((kind, steps), {})
                else:
                    variant, program, outcome = line.split(None, 2)
                    cell.setdefault((variant, program), set()).add(outcome.strip())

    def expected(self, cell, variant, program):
        """The outcomes that are right; None when the cell is not played in this variant."""
        for place in (variant, "plain"):
            found = cell.get((place, program)) or cell.get((place, "both"))
            if found == {"not played"}:
                return None
            if found:
                return found
        return None


class Player:
    """A proxy of its own and the server behind it."""

    def __init__(self, variant):
        global_line, front, back, arguments = VARIANTS[variant]
        self.log = LogCollector()
        self.server = socket.socket()
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.server.bind(("127.0.0.1", 0))
        self.server.listen(64)
        self.full = socket.socket()
        self.full.bind(("127.0.0.1", 0))
        self.full.listen(0)
        self.fillers = []
        for _ in range(4):
            self.fillers.append(socket.socket())
            self.fillers[-1].setblocking(False)
            self.fillers[-1].connect_ex(self.full.getsockname())
        self.ports = {kind: free_port() for kind in KINDS}
        buffers = "".join(f"    tune.{way}buf.{side} 65536\n" for way in ("snd", "rcv") for side in ("client", "server"))
        text = (f"    log {self.log.address} local0\n    {global_line}\n{buffers}"
                "defaults\n    mode tcp\n    log global\n    option tcplog\n    retries 0\n    timeout client 600ms\n"
                "    timeout server 400ms\n    timeout queue 500ms\n    timeout connect 400ms\n")
        for kind, (bind, fe, be, server) in KINDS.items():
            port = (self.full if server == "full" else self.server).getsockname()[1]
            line = "" if server is None else f"server one 127.0.0.1:{port} {'' if server == 'full' else server}"
            text += (f"backend {kind}\n    {back}\n    {be}\n    {line}\n"
                     f"frontend f{kind}\n    bind 127.0.0.1:{self.ports[kind]} {bind}\n    {front}\n    {fe}\n"
                     f"    default_backend {kind}\n")
        self.proxy = Proxy(text, *arguments)

    def play(self, kind, steps):
        scene = Scene(self.proxy, self.log, self.ports[kind], self.server, kind)
        try:
            return scene.play(steps)
        except AssertionError as error:
            return f"!! {error}"
        finally:
            os.kill(self.proxy.pid, signal.SIGCONT)
            scene.close()

    def close(self):
        self.proxy.close()
        self.log.close()
        for sock in (self.server, self.full, *self.fillers):
            sock.close()


def play_all(variant, cells, judge, players=PLAYERS):
    """Each cell on one of the players; judge(cell, player's play) says what is wrong with it, if anything."""
    left = list(cells)
    lock = threading.Lock()
    results = {}

    def work():
        player = Player(variant)
        try:
            while True:
                with lock:
                    if not left:
                        return
                    cell = left.pop()
                results[cell] = judge(cell, player.play)
        finally:
            player.close()
    threads = [threading.Thread(target=work) for _ in range(players)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def is_race(variant, cell, outcome):
    """How early haproxy notices a reset, and what of its last bytes gets through before one, depends on the moment: there, the
    table has only what was seen. But it notices."""
    may_reset = re.search(r"[cs][RX]", cell[1]) or "nolinger" in variant
    return may_reset and " | log " in outcome and "log none" not in outcome and "LEFT" not in outcome


class EndingsTest(unittest.TestCase):
    """The table says what is right, and why, where it is not what haproxy does."""

    def check(self, variant):
        table = Table()

        def judge(cell, play, times=2):
            expected = table.expected(table.cells[cell], variant, NAME)
            if not expected:
                return None
            seen = []
            while len(seen) < times:
                seen.append(play(*cell))
                if seen[-1] in expected or (NAME == "haproxy" and is_race(variant, cell, seen[-1])):
                    return None
            return "\n".join([f"{cell[0]}: {cell[1]}", *(f"    seen     {x}" for x in seen),
                              *(f"    expected {x}" for x in sorted(expected))])
        wrong = [cell for cell, text in play_all(variant, table.cells, judge).items() if text]
        # On a busy machine a step may come later than a timeout, or than the next step; what is wrong is always wrong.
        again = play_all(variant, wrong, lambda cell, play: judge(cell, play, 10), 1) if wrong else {}
        wrong = [text for text in again.values() if text]
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_plain(self):
        self.check("plain")

    def test_without_splicing(self):
        self.check("no-splice")

    def test_with_two_threads(self):
        self.check("two-threads")

    def test_nolinger_in_the_frontend(self):
        self.check("nolinger-frontend")

    def test_nolinger_in_the_backend(self):
        self.check("nolinger-backend")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--record"]:
        for (kind_, steps_), seen_ in play_all(sys.argv[2], Table().cells, lambda cell, play: play(*cell)).items():
            print(f"{kind_}: {steps_}\n  {sys.argv[2]} {NAME} {seen_}")
    else:
        unittest.main()
