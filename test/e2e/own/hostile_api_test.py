"""What makes haproxy 2.6 wait for a time-out while others wait for their turn, and ddbproxy does not."""
import unittest

from hostile_api import HostileApiTest
from memory import assert_constant

MEGABYTE = 1 << 20


class HostileTest(HostileApiTest):
    def test_a_line_of_a_megabyte_is_too_long(self):
        for line in (b"x" * MEGABYTE + b"\n", b"show version" + b" " * MEGABYTE + b"\n", b"x" * MEGABYTE):
            with self.subTest(line[:20]):
                def refuse(data=line):
                    for _ in range(20):
                        self.assertEqual(self.send(data), b"Command line too long.\n\n")
                assert_constant(self.proxy.pid, refuse)
        self.assert_nobody_waits()

    def test_a_huge_answer_that_nobody_reads_costs_a_piece_of_it(self):
        self.assert_holding_costs_nothing(b"show stat;" * 100 + b"\n")


if __name__ == "__main__":
    unittest.main()
