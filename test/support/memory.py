"""How much memory the program under test holds, and whether doing something again and again makes it more."""
from proxy import PROGRAM, Proxy, wait_until

# What the allocator may keep for later without it being a leak.
TOLERATED_KB = 3072


def resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def mapped_files_mb():
    """Of the address space of the program under test: what its own file and those of its libraries take, MB of 2^20 bytes."""
    with Proxy("\ndefaults\n    mode tcp\n    timeout connect 1s\n    timeout client 1s\n    timeout server 1s\n") as proxy, \
            open(f"/proc/{proxy.pid}/maps", encoding="utf-8") as maps:
        mappings = [line.split() for line in maps]
    borders = [mapping[0].split("-") for mapping in mappings if mapping[-1].startswith("/")]
    return sum(int(end, 16) - int(begin, 16) for begin, end in borders) / (1 << 20)


def sanitized(program=PROGRAM):
    """A sanitizer keeps what was freed, so its program's memory says nothing."""
    with open(program, "rb") as file:
        content = file.read()
    return b"__asan_init" in content or b"__tsan_init" in content


def assert_constant(pid, action, times=3, tolerated_kb=TOLERATED_KB):
    """Doing it fills pools and caches, which a busy machine may make larger once more; a leak grows every time."""
    for _ in range(5):
        action()
        before = resident_kb(pid)
        for _ in range(times):
            action()
        if sanitized() or resident_kb(pid) - before <= tolerated_kb:
            return
    wait_until(lambda: resident_kb(pid) - before <= tolerated_kb, f"no more than {before} kB of memory are held")
