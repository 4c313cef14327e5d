"""Clients of the runtime API who mean harm: each is refused, and costs neither memory nor anybody else."""
import random
import unittest

from hostile_api import HostileApiTest
from memory import assert_constant


class HostileTest(HostileApiTest):
    def test_garbage_is_refused(self):
        dice = random.Random(1)
        noise = [dice.randbytes(dice.randrange(1, 3000)) + b"\n" for _ in range(30)]

        def send_all():
            for data in noise:
                self.send(data)
        assert_constant(self.proxy.pid, send_all)
        self.assert_nobody_waits()

    def test_a_payload_of_a_megabyte_is_not_kept(self):
        def refuse():
            for _ in range(20):
                self.send(b"set ssl cert x <<\n" + b"y" * 60 + b"\n" + b"line\n" * 200_000 + b"\n")
        assert_constant(self.proxy.pid, refuse)
        self.assert_nobody_waits()

    def test_a_thousand_lines_at_once_are_all_answered(self):
        def ask():
            self.assertEqual(self.send(b"show cli level\n" * 1000).count(b"admin\n"), 1000)
        assert_constant(self.proxy.pid, ask)

    def test_half_a_line_keeps_nobody_waiting(self):
        self.assert_holding_costs_nothing(b"show st")

    def test_clients_who_leave_are_forgotten(self):
        self.hold(b"prompt\n", 80)
        for client in self.hold(b"show stat\n", 10):
            client.close()
        self.doCleanups()
        self.proxy.wait_for("show info", "^CurrConns: 0$")


if __name__ == "__main__":
    unittest.main()
