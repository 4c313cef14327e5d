#!/usr/bin/env python3
"""count.py LABEL=testlog.json[:TESTS]...: adds up what the test programs themselves report; prints "N passed, N failed".

A Catch2 or unittest program counts with the cases that it ran; any other test counts as one. Where TESTS says how many
there should be, each that the log does not have has failed.
"""
import json
import re
import sys


def cases(test):
    """(passed, failed) of one meson test."""
    output = test.get("stdout", "") + test.get("stderr", "")
    if match := re.findall(r"All tests passed \(.* in (\d+) test cases?\)", output):
        return int(match[-1]), 0
    if match := re.findall(r"test cases: +(\d+) \|.*?(\d+) failed", output):
        total, failed = map(int, match[-1])
        return total - failed, failed
    if match := re.findall(r"^Ran (\d+) tests? in ", output, re.MULTILINE):
        bad = sum(map(int, re.findall(r"(?:failures|errors)=(\d+)", output)))
        skipped = sum(map(int, re.findall(r"skipped=(\d+)", output)))
        # Sub-cases can make the failures outnumber the tests that they belong to.
        bad = min(bad, int(match[-1]) - skipped)
        return int(match[-1]) - skipped - bad, bad
    return 1, 0


def count(path, expected):
    passed = failed = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            test = json.loads(line)
            expected -= 1
            good, bad = cases(test)
            if test["result"] == "SKIP":
                continue
            if test["result"] not in ("OK", "EXPECTEDFAIL"):
                # A crash or a timeout is a failure whatever the program had said before.
                good, bad = (0, 1) if bad == 0 else (good, bad)
                print(f"  failed: {test['name']} ({test['result']})")
            passed += good
            failed += bad
    if expected > 0:
        print(f"  failed: {expected} did not get as far as a result")
    return passed, failed + max(expected, 0)


def main():
    passed = failed = 0
    for argument in sys.argv[1:]:
        label, _, log = argument.rpartition("=")
        path, _, expected = log.partition(":")
        try:
            good, bad = count(path, int(expected or 0))
        except OSError:
            good, bad = 0, 1
            print(f"  failed: {label} (it did not get as far as its tests)")
        print(f"{label}: {good} passed, {bad} failed")
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
