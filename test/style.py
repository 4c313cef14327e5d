#!/usr/bin/env python3
"""Holds every source file against the house style: clang-format, an opening sentence, no unfinished work; exit 1 else."""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("src", "include", "test", "examples", "man")
# Put together here so that this file does not find itself.
UNFINISHED = re.compile("|".join(word + r"\b" for word in ("TO" + "DO", "FIX" + "ME", "HA" + "CK")))
LONGEST = 600


def sources():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".cc", ".h", ".py", ".sh", ".vtc") and path.is_file():
                yield path


def judge(path):
    """What is wrong with one file, in words."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if not text.endswith("\n"):
        yield "does not end with a newline"
    if UNFINISHED.search(text):
        yield "has a mark of unfinished work"
    if len(lines) > LONGEST:
        yield f"has {len(lines)} lines: look for the second type in it"
    if any(line.rstrip() != line or "\t" in line for line in lines):
        yield "has a tab or blanks at the end of a line"
    mirrors = path.name.endswith("_test.cc") or path.suffix == ".cc" and path.with_suffix(".h").exists()
    if path.suffix in (".cc", ".h") and not mirrors:
        if not lines[0].startswith("// "):
            yield "does not open with a sentence that says what it is for"
    if path.suffix == ".py" and not any(line.startswith('"""') for line in lines[:2]):
        yield "does not open with a sentence that says what it is for"


def badly_formatted(paths):
    program = shutil.which("clang-format")
    if not program:
        print("clang-format is not installed: the format was not checked")
        return []
    done = subprocess.run([program, "--dry-run", "-Werror", *paths], cwd=ROOT, capture_output=True, text=True, check=False)
    return sorted({line.split(":")[0] for line in done.stderr.splitlines() if ": error:" in line})


def main():
    wrong = [f"{path.relative_to(ROOT)} {what}" for path in sources() for what in judge(path)]
    code = [str(path.relative_to(ROOT)) for path in sources() if path.suffix in (".cc", ".h")]
    wrong += [f"{path} is not formatted as .clang-format has it" for path in badly_formatted(code)]
    print("\n".join(wrong) or f"{len(list(sources()))} files, all in style")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
