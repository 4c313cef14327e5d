#!/usr/bin/env python3
"""tidy.py BUILD ROOM...: runs clang-tidy with the repository's short list over the rooms' sources and the headers that
they see; exit 1 when it finds something."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOISE = ("warnings generated", "warning generated", "Suppressed ", "Use -header-filter")


def sources(build, rooms):
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    files = {(pathlib.Path(entry["directory"]) / entry["file"]).resolve() for entry in commands}
    return sorted(path for path in files if any(path.is_relative_to(ROOT / "src" / room) for room in rooms))


def judge(build, path):
    """What clang-tidy says of one file; nothing when it is content."""
    # The build's own options may be g++'s.
    done = subprocess.run(["clang-tidy", "--quiet", "-p", build, "--extra-arg=-Wno-unknown-warning-option", path], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    said = done.stdout.splitlines() + [line for line in done.stderr.splitlines() if not any(n in line for n in NOISE)]
    return "\n".join(said) if done.returncode or said else ""


def main():
    build, rooms = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    if not shutil.which("clang-tidy"):
        print("clang-tidy is not installed")
        return 77  # meson: skipped
    paths = sources(build, rooms)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [said for said in pool.map(lambda path: judge(build, path), paths) if said]
    print("\n".join(found) or f"{len(paths)} files, nothing found")
    return bool(found) or not paths


if __name__ == "__main__":
    sys.exit(main())
