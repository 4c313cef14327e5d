"""Every flag that the program knows is explained in ddbproxy.1 and offered by both completions; no other is explained."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMPLETIONS = ("examples/deploy/ddbproxy.bash", "examples/deploy/_ddbproxy")


def flags_of(program):
    """As the program's own help has them."""
    text = subprocess.run([program, "--help"], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"^ {8}(-[A-Za-z]+)", text, re.MULTILINE)) | set(re.findall(r"--[a-z-]+", text))


def in_manual(text):
    return {flag.replace("\\", "") for line in re.findall(r"^\.TP\n(.*)$", text, re.MULTILINE)
            for flag in re.findall(r"\\fB(\\-[\\A-Za-z-]+)\\fR", line)}


def in_completion(text):
    return {word.rstrip("-") for word in re.findall(r"(?<![\w-])-{1,2}[A-Za-z][A-Za-z-]*", text)}


def main():
    known = flags_of(sys.argv[1])
    wrong = []
    manual = in_manual((ROOT / "man/ddbproxy.1").read_text(encoding="utf-8"))
    wrong += [f"ddbproxy.1 does not explain {flag}" for flag in sorted(known - manual)]
    wrong += [f"ddbproxy.1 explains {flag}, which there is not" for flag in sorted(manual - known - {"--"})]
    for path in COMPLETIONS:
        missing = known - in_completion((ROOT / path).read_text(encoding="utf-8"))
        wrong += [f"{path} does not offer {flag}" for flag in sorted(missing)]
    print("\n".join(wrong) or f"{len(known)} flags, all explained")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
