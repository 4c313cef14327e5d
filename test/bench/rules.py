"""What rules, lists and stick tables cost: the configurations that use them, and what it takes to load and to fill them."""
import random
import socket

from contender import Running, free_port

ENTRIES = 100_000
TABLE = 1_000_000


def networks():
    """Different networks of all lengths between 12 and 32, none of which holds 127.0.0.1."""
    dice, found = random.Random(1), set()
    while len(found) < ENTRIES:
        length = dice.randint(12, 32)
        address = dice.randrange(1 << 24, 127 << 24) & (0xffffffff << (32 - length)) & 0xffffffff
        found.add(f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}/{length}")
    return sorted(found)


def strings():
    """Keys that look like addresses, so that a client's own is looked up among its like, and their values."""
    return [f"{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}.9 backend{number}" for number in range(ENTRIES)]


def stored(directory, name, lines):
    path = directory / name
    if not path.exists():
        path.write_text("\n".join(lines()) + "\n")
    return path


def chain(*_):
    """Twenty ACLs of a client's address, and as many conditions that do not hold."""
    acls = "".join(f" acl from{number} src 10.{number}.0.0/16 192.168.{number}.0/24\n" for number in range(20))
    uses = "".join(f" use_backend b{number} if from{number}\n" for number in range(20))
    return acls + uses + "".join(f"backend b{number}\n server s 127.0.0.1:1\n" for number in range(20))


def acl(directory, _port):
    return f" tcp-request connection reject if {{ src -f {stored(directory, 'networks.lst', networks)} }}\n"


def map_of_strings(directory, _port):
    return (f" tcp-request connection set-var(sess.where) src,map_str({stored(directory, 'strings.map', strings)},none)\n"
            " tcp-request connection reject if { var(sess.where) -m str refused }\n")


def tracking(*_):
    return (" stick-table type ip size 1m expire 10m store conn_cur,conn_rate(10s)\n tcp-request connection track-sc0 src\n"
            " tcp-request connection reject if { sc0_conn_rate gt 1000000000 }\nglobal\n nbthread 2\n")


def table(directory, port):
    return f"global\n stats socket {directory}/{port}.api level admin\nbackend keys\n stick-table type ip size 2m store conn_cnt,conn_rate(10s)\n"


def ask(path, commands):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(commands.encode() + b"\n")
        while client.recv(1 << 20):
            pass


def fill(path, count):
    """Entries in a table, some hundred a command line, as long as one may be."""
    at_once = 200
    for first in range(0, count, at_once):
        ask(path, ";".join(f"set table keys key {11 + (key >> 24)}.{key >> 16 & 255}.{key >> 8 & 255}.{key & 255} data.conn_cnt 1"
                           for key in range(first, first + at_once)))


def started(bench, contender, extra):
    """CPU seconds until it listens, and megabytes then."""
    port = free_port()
    text = ("global\n nbthread 1\n maxconn 1000\ndefaults\n mode tcp\n timeout client 1m\n timeout server 1m\n timeout connect 5s\n"
            f"listen l\n bind 127.0.0.1:{port}\n server s 127.0.0.1:1\n{extra(bench.directory, port)}")
    with Running(contender, text, port, bench.directory) as running:
        return running.start_cpu, running.memory() / 1048576


def measure(bench, contender):
    """Rows of (name, unit, value)."""
    seconds_of_none, megabytes_of_none = started(bench, contender, lambda *_: "")
    for name, extra in (("an ACL of 100,000 networks", acl), ("a map of 100,000 strings", map_of_strings)):
        seconds, megabytes = started(bench, contender, extra)
        yield f"loading {name}, time", "s", seconds - seconds_of_none
        yield f"loading {name}, memory", "MB", megabytes - megabytes_of_none
    port = free_port()
    api = bench.directory / f"{port}.api"
    text = (f"global\n nbthread 1\n maxconn 1000\ndefaults\n mode tcp\n timeout client 1m\n timeout server 1m\n"
            f" timeout connect 5s\nlisten l\n bind 127.0.0.1:{port}\n server s 127.0.0.1:1\n{table(bench.directory, port)}")
    with Running(contender, text, port, bench.directory) as running:
        ask(api, "show info")
        before, spent = running.memory(), running.cpu()
        fill(api, TABLE // 10)
        tenth = running.cpu() - spent
        spent = running.cpu()
        fill(api, TABLE)
        yield "a stick table's entry, memory", "B", (running.memory() - before) / TABLE
        yield "an entry's coming, of 100,000", "us", tenth / (TABLE // 10) * 1e6
        yield "an entry's coming or change, of 1,000,000", "us", (running.cpu() - spent) / TABLE * 1e6
