#!/usr/bin/env python3
"""Checks the configurations of good/, bad/ and own/ with `BINARY -c`: good ones without a word, bad ones as their .expect
says in haproxy's words, those of own/ with all that ddbproxy adds to them.

run.py BINARY          the test
run.py --write BINARY  writes each .expect of bad/ anew, with haproxy; files that only ddbproxy refuses keep theirs
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Stands first in an .expect that haproxy would not give.
OWN = "ddbproxy only"
# What ddbproxy says behind haproxy's sentence: the column, and what may help.
ASIDE = re.compile(r" \([^()]*\bcolumn \d+[^()]*\)$")
# Variables that the files use must not come from outside.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("DDB_")}


def check(binary, path):
    """Exit status and messages of one file, without process numbers and introduction."""
    done = subprocess.run([binary, "-c", "-f", path.name], cwd=path.parent, env=ENVIRONMENT, capture_output=True,
                          check=False, timeout=60)
    lines = [f"exit {done.returncode}"]
    for line in done.stderr.decode(errors="backslashreplace").split("\n"):
        line = re.sub(r"^\[(\w+)\] +\(\d+\) : (config : )?", r"[\1] ", line)
        if line and not re.match(r"\[NOTICE\] (haproxy version|path to executable)", line):
            lines.append(line)
    return lines


def expected(path):
    return path.with_suffix(".expect").read_text(encoding="utf-8").splitlines()


def write(binary):
    for path in sorted((HERE / "bad").glob("*.cfg")):
        expect = path.with_suffix(".expect")
        if not expect.exists() or expect.read_text(encoding="utf-8").splitlines()[0] != OWN:
            expect.write_text("\n".join(check(binary, path)) + "\n", encoding="utf-8")
    return 0


def main():
    if sys.argv[1] == "--write":
        return write(sys.argv[2])
    failed = total = 0
    for path in sorted(HERE.glob("*/*.cfg")):
        want = ["exit 0"] if path.parent.name == "good" else expected(path)
        got = check(os.path.abspath(sys.argv[1]), path)
        if want[0] == OWN:
            want = want[1:]
        if path.parent.name != "own":
            got = [ASIDE.sub("", line) for line in got]
        total += 1
        if got != want:
            failed += 1
            print(f"{path.parent.name}/{path.name}:")
            print("\n".join(difflib.unified_diff(want, got, "expected", "got", lineterm="", n=0)))
    print(f"{total - failed} configurations as expected, {failed} not")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
