"""cpu-map: which CPUs the threads are bound to."""
import collections
import os
import unittest

from proxy import DEFAULTS, Proxy, free_port, wait_until

OWN = tuple(sorted(os.sched_getaffinity(0)))
FIRST, LAST = OWN[0], OWN[-1]  # The same where there is one CPU only.
THREADS = 4
NOWHERE = 1023


class CpuMapTest(unittest.TestCase):
    def check(self, lines, *expected):
        """As many threads as that are bound to each of the CPUs; all others may run everywhere."""
        wanted = collections.Counter((cpu,) for cpu in expected)
        cpu_map = "".join(f"  cpu-map {line}\n" for line in lines)
        with Proxy(f"  nbthread {THREADS}\n{cpu_map}{DEFAULTS}listen l\n  bind 127.0.0.1:{free_port()}\n") as proxy:
            def bound():
                sets = (tuple(sorted(os.sched_getaffinity(int(thread)))) for thread in os.listdir(f"/proc/{proxy.pid}/task"))
                return collections.Counter(each for each in sets if each != OWN)
            if len(OWN) == 1:
                wanted.clear()
            wait_until(lambda: bound() == wanted, f"the threads of {lines} are bound")

    def test_threads(self):
        self.check([f"1/2 {LAST}"], LAST)
        self.check([f"1/all {FIRST}"], *[FIRST] * THREADS)
        self.check([f"1/odd {FIRST}", f"1/4 {LAST}"], FIRST, FIRST, LAST)
        self.check([f"2/3- {FIRST}-{FIRST} {NOWHERE}"], FIRST, FIRST)

    def test_one_each(self):
        self.check([f"auto:1/2-3 {LAST} {FIRST}"], *sorted({FIRST, LAST}))
        self.check([f"auto:1/1-4 {FIRST}"], FIRST)

    def test_later_lines_take_the_place_of_earlier_ones(self):
        self.check([f"1/1-3 {FIRST}", f"1/2 {LAST}"], FIRST, LAST, FIRST)

    def test_the_first_thread_alone_limits_the_others(self):
        self.check([f"1/1 {FIRST}", f"1/2 {LAST}", f"1/3 {FIRST} {NOWHERE}"], *[FIRST] * (1 if FIRST != LAST else 2))
        self.check([f"1 {FIRST}"])


if __name__ == "__main__":
    unittest.main()
