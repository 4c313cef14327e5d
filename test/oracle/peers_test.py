"""Stick tables that haproxy and ddbproxy share, each at either end; a process of the one that takes the place of the other."""
import re
import unittest

from peer_cases import Pair, PeerCases, wait_entry
from programs import DDBPROXY, HAPROXY
from proxy import Proxy, free_port


class DdbproxyAndHaproxy(PeerCases, unittest.TestCase):
    programs = (DDBPROXY, HAPROXY)


class HaproxyAndDdbproxy(PeerCases, unittest.TestCase):
    programs = (HAPROXY, DDBPROXY)


class Successors(unittest.TestCase):
    def take_over(self, before, after):
        pair = Pair(self, (before, before))
        old = pair.start("a")
        old.ask("set table text key kept data.gpc0 5")
        # haproxy teaches only what it thinks is all that there is.
        old.wait_for("show peers both", "resync_timeout=<PAST>", 30)
        pair.programs = (after, after)
        new = pair.start("a", "-sf", str(old.pid))
        wait_entry(new, "text", "kept", gpc0=5)
        self.assertEqual(old.wait_exit(30), 0)

    def test_ddbproxy_after_haproxy(self):
        self.take_over(HAPROXY, DDBPROXY)

    def test_haproxy_after_ddbproxy(self):
        self.take_over(DDBPROXY, HAPROXY)


class Figures(unittest.TestCase):
    """What both say of sections that differ in how many peers and listeners they have."""
    maxDiff = None

    def sections(self):
        port = free_port
        peers = lambda *names: "".join(f"    peer {name} 127.0.0.1:{port()}\n" for name in names)
        return {"alone": f"peers p\n{peers('me')}", "two": f"peers p\n{peers('me', 'o')}", "three": f"peers p\n{peers('me', 'o', 'z')}",
                "not among them": f"peers p\n{peers('o')}", "two sections": f"peers p\n{peers('me', 'o')}peers q\n{peers('me', 'o')}",
                "disabled": f"peers p\n    disabled\n{peers('me', 'o')}",
                "bind": f"peers p\n    bind 127.0.0.1:{port()}\n    server me\n    server o 127.0.0.1:1\n",
                "without an address": "peers p\n    peer me\n    peer o 127.0.0.1:1\n"}

    def figures(self, program, section):
        configuration = f"""
    localpeer me
    nbthread 1
    maxconn 100
{section}
backend b
    stick-table type ip size 100 store gpc0{'' if "peers q" in section else " peers p"}
"""
        with Proxy(configuration, program=program) as proxy:
            lines = [line for line in proxy.ask("show info").splitlines() if re.match("Maxsock|Listeners|Maxconn", line)]
            shown = [re.findall(r"id=(\S+)|addr=(\S+)", line) for line in proxy.ask("show peers").splitlines() if "id=" in line]
            return lines, shown, "No such peers" in proxy.ask("show peers p"), proxy.ask("show table")

    def test_sockets_and_peers_are_counted_alike(self):
        for name, section in self.sections().items():
            with self.subTest(name):
                known = self.figures(HAPROXY, section)
                self.assertEqual([list(map(self.without_state, known[1])), *known[:1], *known[2:]],
                                 [list(map(self.without_state, (ours := self.figures(DDBPROXY, section))[1])), *ours[:1], *ours[2:]])

    @staticmethod
    def without_state(found):
        """Whether a peer is tried at this very moment is chance."""
        return [re.sub(r",(in)?active", "", word) for pair in found for word in pair]


if __name__ == "__main__":
    unittest.main()
