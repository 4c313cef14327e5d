"""Stick tables that haproxy and ddbproxy share, each at either end; a process of the one that takes the place of the other."""
import unittest

from peer_cases import Pair, PeerCases, wait_entry
from programs import DDBPROXY, HAPROXY


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


if __name__ == "__main__":
    unittest.main()
