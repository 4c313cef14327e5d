#!/usr/bin/env python3
"""run.py NINJA BUILD PROGRAM: builds one unit-test program, if that is to do, and runs it."""
import fcntl
import os
import subprocess
import sys


def main():
    ninja, build, program = sys.argv[1:]
    with open(os.path.join(build, "unit-tests.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Two ninjas at once would write the same files.
        built = subprocess.run([ninja, "-C", build, os.path.relpath(program, build)], capture_output=True, text=True, check=False)
    if built.returncode:
        print(built.stdout, built.stderr)
        return built.returncode
    os.execv(program, [program])


if __name__ == "__main__":
    sys.exit(main())
