"""Stick tables that two processes of one program share."""
import unittest

from peer_cases import PeerCases


class PeersTest(PeerCases, unittest.TestCase):
    pass


if __name__ == "__main__":
    unittest.main()
