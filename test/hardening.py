"""Looks at the program for what makes an error in it hard to abuse: PIE, full RELRO, no executable stack, and the checks
that the compiler adds. Usage: hardening.py <program> <fortified|plain>"""
import platform
import re
import struct
import sys

ET_DYN = 3
PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_GNU_STACK, PT_GNU_RELRO = 1, 2, 3, 0x6474E551, 0x6474E552
EXECUTABLE = 1
DT_FLAGS, DT_FLAGS_1, DF_BIND_NOW, DF_1_NOW = 30, 0x6FFFFFFB, 8, 1


def segments(image):
    """Of a 64-bit little-endian program: (type, flags, offset, size) of each."""
    offset, = struct.unpack_from("<Q", image, 32)
    size, count = struct.unpack_from("<HH", image, 54)
    for number in range(count):
        kind, flags, at, _, _, length = struct.unpack_from("<IIQQQQ", image, offset + number * size)
        yield kind, flags, at, length


def dynamic(image, at, length):
    return dict(struct.unpack_from("<QQ", image, at + step) for step in range(0, length, 16))


def missing(image, fortified):
    if image[:6] != b"\x7fELF\x02\x01":
        return []  # Another machine's format, which nobody has built for yet.
    parts = {kind: (flags, at, length) for kind, flags, at, length in segments(image)}
    flags = dynamic(image, *parts[PT_DYNAMIC][1:])
    code = b"".join(image[at:at + length] for kind, its, at, length in segments(image)
                    if kind == PT_LOAD and its & EXECUTABLE)
    checks = {
        "position-independent": struct.unpack_from("<H", image, 16)[0] == ET_DYN and PT_INTERP in parts,
        "RELRO": PT_GNU_RELRO in parts,
        "symbols bound at start": bool(flags.get(DT_FLAGS, 0) & DF_BIND_NOW or flags.get(DT_FLAGS_1, 0) & DF_1_NOW),
        "no executable stack": PT_GNU_STACK in parts and not parts[PT_GNU_STACK][0] & EXECUTABLE,
        "stack protector": b"\0__stack_chk_fail\0" in image,
    }
    if fortified:
        checks["_FORTIFY_SOURCE"] = re.search(rb"\0__(read|recv|mem\w+|str\w+|\w+printf)_chk\0", image) is not None
    if platform.machine() == "x86_64":
        # A large frame is touched page by page: orq $0,(%rsp), which nothing else writes.
        checks["stack clash protection"] = b"\x48\x83\x0c\x24\x00" in code
    return [name for name, is_there in checks.items() if not is_there]


def main():
    with open(sys.argv[1], "rb") as program:
        lacking = missing(program.read(), sys.argv[2] == "fortified")
    for name in lacking:
        print(f"{sys.argv[1]}: {name} is missing")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
