"""A program that does not end when its check is over: haproxy 2.6 leaves it running beside the next one."""
import os
import unittest

from proxy import Proxy, scratch_directory, wait_until


class ExternalCheckTest(unittest.TestCase):
    def test_a_program_that_does_not_listen_is_killed_before_the_next_try(self):
        directory = scratch_directory()
        program, pids = f"{directory}/program", f"{directory}/pids"
        with open(program, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\ntrap '' TERM\necho $$ >> {pids}\nfor i in $(/bin/seq 500); do /bin/sleep 0.01; done\n")
        os.chmod(program, 0o755)
        with Proxy(f"""
    external-check
    insecure-fork-wanted
    max-spread-checks 50
backend b
    option external-check
    external-check command {program}
    server s 127.0.0.1:1 check inter 100ms
""") as proxy:
            def tried():
                if not os.path.exists(pids):
                    return []
                with open(pids, encoding="ascii") as file:
                    return file.read().split()

            wait_until(lambda: len(tried()) >= 4, "it was tried again and again")
            first = tried()[:2]
            wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in first), "the first are gone, and buried")
            self.assertEqual(proxy.ask("show cli level").strip(), "admin")


if __name__ == "__main__":
    unittest.main()
