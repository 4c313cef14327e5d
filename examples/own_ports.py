#!/usr/bin/env python3
"""own_ports.py CONFIGURATION COPY [--free]: copies a configuration with free ports in the place of those that somebody
listens on, and says who does. With --free it takes others in any case.

Prints the ports of its bind and server lines as two assignments for a shell: binds='8080' servers='9301 9302'.
"""
import argparse
import glob
import os
import re
import socket
import sys

LINE = re.compile(r"^(?P<before>\s*(?P<kind>bind|server)\s+(?:\S+\s+)?(?P<host>\S*):)(?P<port>\d+)(?P<after>.*)$", re.DOTALL)


def can_listen(host, port):
    """Without SO_REUSEPORT, so that nobody's port is shared."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError:
            return None
        return probe.getsockname()[1]


def holder(port):
    """Who listens there, as far as /proc shows it to this user."""
    inodes = set()
    for table in "/proc/net/tcp", "/proc/net/tcp6":
        try:
            with open(table, encoding="ascii") as file:
                rows = [line.split() for line in file][1:]
        except OSError:
            continue
        inodes |= {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
    for link in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            if os.readlink(link) in inodes:
                pid = link.split("/")[2]
                with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
                    return f"{file.read().strip()} (pid {pid})"
        except OSError:
            continue  # It has gone, or is somebody else's.
    return "another process"


def choose(host, port, taken, free):
    """The port itself, or the next that is free."""
    if free:
        return can_listen(host, 0)
    chosen = port
    while chosen in taken or not can_listen(host, chosen):
        chosen = chosen + 1 if chosen < 65535 else 1024
    if chosen != port:
        why = "is used already" if port in taken else f"is held by {holder(port)}"
        print(f"Port {port} {why}: {chosen} takes its place.", file=sys.stderr)
    return chosen


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("configuration")
    options.add_argument("copy")
    options.add_argument("--free", action="store_true")
    chosen = options.parse_args()
    ports = {"bind": [], "server": []}
    with open(chosen.configuration, encoding="utf-8") as file:
        lines = file.readlines()
    # All at once, so that one that moves does not take the place of a later one.
    found = [LINE.match(line) for line in lines]
    wanted = {int(one["port"]) for one in found if one}
    for number, one in enumerate(found):
        if not one:
            continue
        host, port = one["host"].replace("*", "") or "0.0.0.0", int(one["port"])
        wanted.discard(port)
        port = choose(host, port, wanted | {p for all_ports in ports.values() for p in all_ports}, chosen.free)
        ports[one["kind"]].append(port)
        lines[number] = f"{one['before']}{port}{one['after']}"
    with open(chosen.copy, "w", encoding="utf-8") as file:
        file.writelines(lines)
    print(*(f"{kind}s='{' '.join(map(str, numbers))}'" for kind, numbers in ports.items()))


if __name__ == "__main__":
    main()
