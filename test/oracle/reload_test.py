"""haproxy hands its sockets to ddbproxy, and ddbproxy to haproxy, while clients go on."""
import unittest

from programs import DDBPROXY, HAPROXY
from proxy import scratch_directory
from reloading import Reloading


class ReloadTest(unittest.TestCase):
    def test_each_takes_over_from_the_other(self):
        reloading = Reloading(scratch_directory())
        reloading.run([HAPROXY, DDBPROXY, HAPROXY, DDBPROXY, DDBPROXY])
        self.assertEqual(reloading.failures, [])


if __name__ == "__main__":
    unittest.main()
