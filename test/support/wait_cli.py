#!/usr/bin/env python3
"""wait_cli.py SOCKET COMMAND REGEX: asks the runtime API again and again until its answer matches, at most 15 seconds."""
import re
import socket
import sys
import time

DEADLINE_S = 15


def ask(path, command, timeout=DEADLINE_S):
    """One command on one connection of its own; the whole answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        connection.connect(path)
        connection.sendall(command.encode() + b"\n")
        answer = b""
        while data := connection.recv(65536):
            answer += data
        return answer.decode()


def wait_for(path, command, pattern, deadline=DEADLINE_S):
    ends = time.monotonic() + deadline
    while True:
        try:
            answer = ask(path, command)
            if re.search(pattern, answer, re.MULTILINE):
                return answer
        except OSError as reason:
            answer = str(reason)  # The program under test is still starting, or has many clients.
        if time.monotonic() > ends:
            raise AssertionError(f"{command!r} never matched {pattern!r}; the last answer:\n{answer}")
        time.sleep(0.01)


if __name__ == "__main__":
    wait_for(*sys.argv[1:4])
