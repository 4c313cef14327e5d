#!/usr/bin/env python3
"""Measures what ddbproxy costs beside haproxy, and nginx's stream module where it is installed, in one run.

Each work is done through each contender in turn, several rounds. The figure is the CPU time of the proxy process for a
unit of work; the table gives medians and ratios to haproxy. Builds an optimised ddbproxy in build-bench by itself.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import configurations
import rules
import table
from contender import answers, contenders, free_port, wait_for
from works import WORKS

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GROUPS = ("wire", "growth", "page", "configurations", "rules")


class Bench:
    """What every work needs: the load program, the back end's port, and how much of it all."""

    def __init__(self, chosen, directory):
        self.directory = directory
        self.seconds, self.gib, self.threads = chosen.seconds, chosen.gib, chosen.threads
        self.load = directory / "load"
        self.backend_port = free_port()
        self.watchers = directory / "watchers"
        for program in (self.load, self.watchers):
            subprocess.run(["g++", "-O2", "-std=c++20", "-pthread", str(HERE / f"{program.name}.cc"), "-o", str(program)],
                           check=True)


def build():
    directory = ROOT / "build-bench"
    if not (directory / "build.ninja").exists():
        subprocess.run(["meson", "setup", str(directory), str(ROOT), "-Dbuildtype=release"], check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", str(directory), "ddbproxy"], check=True, stdout=subprocess.DEVNULL)
    return str(directory / "ddbproxy")


def measure_works(bench, programs, works, rounds):
    rows = []
    for work in works:
        taking_part = [one for one in programs if one.name != "nginx" or (work.servers == 1 and not work.extra)]
        figures = {one.name: [] for one in taking_part}
        for number in range(rounds):
            # Every other round backwards, so that what warms the machine up helps each of them.
            for one in taking_part if number % 2 == 0 else reversed(taking_part):
                with one.run(bench, work.servers, work.extra) as proxy:
                    figures[one.name].append(work.run(bench, proxy))
        rows.append((work.name, work.unit, figures))
        print(f"{work.name}: " + ", ".join(f"{name} {table.median(seen, 'value'):.4g}" for name, seen in figures.items()),
              file=sys.stderr, flush=True)
    return rows


def measure_once(bench, programs, rounds, measure):
    rows = {}
    for _ in range(rounds):
        for one in programs:
            if one.name == "nginx":
                continue
            for name, unit, value in measure(bench, one):
                rows.setdefault((name, unit), {}).setdefault(one.name, []).append({"value": value})
    return [(name, unit, figures) for (name, unit), figures in rows.items()]


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ddbproxy", help="a program to measure instead of the one it would build")
    parser.add_argument("--haproxy", default=shutil.which("haproxy") or "/usr/sbin/haproxy")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measured load")
    parser.add_argument("--gib", type=float, default=2.0, help="moved by each bulk load")
    parser.add_argument("--threads", type=int, default=1, help="of each proxy")
    parser.add_argument("--group", choices=GROUPS, action="append",
                        help="only these works; default: all")
    parser.add_argument("--only", default="", help="only works whose name contains one of these words: a,b")
    parser.add_argument("--markdown", action="store_true")
    return parser.parse_args()


def main():
    chosen = options()
    groups = chosen.group or GROUPS
    works = [work for work in WORKS if work.group in groups
             and (not chosen.only or any(word in work.name for word in chosen.only.split(",") if word))]
    programs = contenders(chosen.ddbproxy or build(), chosen.haproxy)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        bench = Bench(chosen, pathlib.Path(name))
        backend = subprocess.Popen([str(bench.load), "serve", str(bench.backend_port)])
        try:
            wait_for(lambda: answers(bench.backend_port), "the back end")
            rows = measure_works(bench, programs, works, chosen.rounds)
            for group, measure in (("configurations", configurations.measure), ("rules", rules.measure)):
                if group in groups and not chosen.only:
                    rows += measure_once(bench, programs, min(3, chosen.rounds), measure)
        finally:
            backend.kill()
            backend.wait()
    cells = list(table.lines(rows, [one.name for one in programs]))
    print(table.as_markdown(cells) if chosen.markdown else table.as_text(cells))
    print("\n" + table.footer(rows, chosen.rounds, chosen.threads))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
