"""-c over every configuration of test/configs and examples: status, severity, line and text must agree with haproxy's."""
import glob
import os
import subprocess
import unittest

import known
from programs import DDBPROXY, HAPROXY

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
# Beside a configuration that only ddbproxy refuses ("not supported yet") lies this file, which says why.
ONLY_HERE = ".only"


def configurations():
    for folder in ("test/configs/good", "test/configs/bad", "examples"):
        yield from sorted(glob.glob(os.path.join(ROOT, folder, "*.cfg")))


def check(program, path):
    done = subprocess.run([program, "-c", "-f", os.path.basename(path)], cwd=os.path.dirname(path), capture_output=True,
                          text=True, timeout=10, stdin=subprocess.DEVNULL, errors="replace", check=False)
    # Some of haproxy's messages end with two newlines.
    errors = "\n".join(line for line in known.mask(done.stderr).split("\n") if line)
    return done.returncode, done.stdout, errors


class CheckTest(unittest.TestCase):
    maxDiff = None

    def test_there_is_something_to_compare(self):
        self.assertGreaterEqual(len(list(configurations())), 5)

    def test_every_configuration_is_judged_as_haproxy_judges_it(self):
        for path in configurations():
            with self.subTest(os.path.relpath(path, ROOT)):
                if os.path.exists(path + ONLY_HERE):
                    status, _, errors = check(DDBPROXY, path)
                    self.assertEqual(status, 1)
                    self.assertIn(known.REFUSAL, errors)
                else:
                    self.assertEqual(check(DDBPROXY, path), check(HAPROXY, path))

    def test_what_is_said_beyond_haproxy_changes_no_exit_status(self):
        for path in sorted(glob.glob(os.path.join(ROOT, "test/configs/own/*.cfg"))):
            with self.subTest(os.path.relpath(path, ROOT)):
                if os.path.exists(path + ONLY_HERE):
                    continue
                self.assertEqual(check(DDBPROXY, path)[0], check(HAPROXY, path)[0])


if __name__ == "__main__":
    unittest.main()
