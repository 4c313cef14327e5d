#!/usr/bin/env python3
"""count.py LABEL=testlog.json...: adds up what the test programs themselves report and prints "N passed, N failed".

A Catch2 or unittest program counts with the cases that it ran; any other test counts as one.
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


def count(path):
    passed = failed = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            test = json.loads(line)
            good, bad = cases(test)
            if test["result"] == "SKIP":
                continue
            if test["result"] not in ("OK", "EXPECTEDFAIL"):
                # A crash or a timeout is a failure whatever the program had said before.
                good, bad = (0, 1) if bad == 0 else (good, bad)
                print(f"  failed: {test['name']} ({test['result']})")
            passed += good
            failed += bad
    return passed, failed


def main():
    passed = failed = 0
    for argument in sys.argv[1:]:
        label, _, path = argument.rpartition("=")
        try:
            good, bad = count(path)
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
