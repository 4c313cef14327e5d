"""The works that are measured. Each takes a running proxy and gives its figures: `value`, the cost of a unit; and where
they mean something `rate`, units a second, and `p99`, the slowest hundredth's latency in microseconds.
"""
import json
import socket
import struct
import subprocess
import time
from dataclasses import dataclass
from typing import Callable

import rules
from contender import wait_for

GIB = 1 << 30


@dataclass
class Work:
    name: str
    unit: str
    run: Callable  # (bench, proxy) -> dict of figures
    servers: int = 1
    group: str = "wire"
    extra: Callable = None  # (directory, port) -> more of the configuration


def load(bench, proxy, what, *words):
    """Runs the load and adds what the proxy spent on it."""
    before = proxy.cpu()
    command = [bench.load, what, proxy.port, *words]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise SystemExit(f"load {what}: {done.stderr}")
    seen = json.loads(done.stdout)
    seen["cpu"] = proxy.cpu() - before
    return seen


def bulk(direction, streams):
    def run(bench, proxy):
        seen = load(bench, proxy, direction, streams, int(bench.gib * GIB))
        return {"value": seen["cpu"] / (seen["units"] / GIB), "rate": seen["units"] / seen["seconds"]}
    return run


def each(what, *words):
    """The cost of one round trip, or of one connection, in microseconds."""
    def run(bench, proxy):
        seen = load(bench, proxy, what, *words, bench.seconds)
        return {"value": seen["cpu"] / seen["units"] * 1e6, "rate": seen["units"] / seen["seconds"],
                "p99": seen["p99_us"]}
    return run


class Idle:
    """Connections that are open and silent."""

    def __init__(self, bench, proxy, count):
        self.process = subprocess.Popen([str(bench.load), "idle", str(proxy.port), str(count)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == b"ready\n"
        settle(proxy)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def settle(proxy):
    """Waits until the proxy has finished what was begun: until it uses no CPU time any more."""
    used = proxy.cpu()
    time.sleep(0.1)
    while proxy.cpu() - used > 0.001:
        used = proxy.cpu()
        time.sleep(0.1)


def idle_memory(count):
    def run(bench, proxy):
        with Idle(bench, proxy, 200):
            pass
        settle(proxy)
        before = proxy.memory()
        with Idle(bench, proxy, count):
            return {"value": (proxy.memory() - before) / count}
    return run


def beside_idle(count, then):
    def run(bench, proxy):
        with Idle(bench, proxy, count):
            return then(bench, proxy)
    return run


def slow_reader(count):
    """What the proxy's memory holds for one client that asks for much and reads nothing, in kB."""
    def run(bench, proxy):
        before = proxy.memory()
        clients = []
        for _ in range(count):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", proxy.port))
            client.sendall(struct.pack("c7xQ", b"D", GIB))
            clients.append(client)
        settle(proxy)
        held = proxy.memory() - before
        for client in clients:
            client.close()
        return {"value": held / count / 1024}
    return run


def idle_growth():
    for count in (10, 1000, 8000):
        yield Work(f"64 B messages, 64 clients, beside {count} idle", "us", beside_idle(count, each("echo", 64, 64)),
                   group="growth")
        yield Work(f"connections, beside {count} idle", "us", beside_idle(count, each("conn", 16)), group="growth")


def page(directory, port):
    """Fifty servers beside those with traffic, the page and the runtime API, on sockets that carry the port in their name."""
    servers = "".join(f" server s{number} 127.0.0.1:1\n" for number in range(50))
    return (f"global\n stats socket {directory}/{port}.api level admin\n stats maxconn 200\nbackend nodes\n{servers}"
            f"listen page\n mode http\n bind unix@{directory}/{port}.page\n stats enable\n stats uri /\n")


def round_trip(percentile, watchers):
    """Microseconds of a round trip of 64 bytes, alone or while so many load the page and as many ask the runtime API."""
    def run(bench, proxy):
        if not watchers:
            return {"value": load(bench, proxy, "echo", 1, 64, bench.seconds)[percentile]}
        paths = [str(bench.directory / f"{proxy.port}.{which}") for which in ("page", "api")]
        with subprocess.Popen([str(bench.watchers), *paths, str(watchers)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as watching:
            assert watching.stdout.readline() == b"ready\n"
            time.sleep(1.2)  # By then each of them has asked.
            seen = load(bench, proxy, "echo", 1, 64, bench.seconds)
            answers, _ = watching.communicate()
            assert json.loads(answers)["answers"] > watchers * bench.seconds
        return {"value": seen[percentile]}
    return run


def beside_the_page():
    for name, percentile in (("median", "p50_us"), ("slowest hundredth", "p99_us")):
        for beside, watchers in (("", 0), (", beside 50 pages and 50 polls a second", 50)):
            yield Work(f"64 B round trip, {name}{beside}", "us", round_trip(percentile, watchers), group="page", extra=page)


def connections_through(name, extra):
    return Work(f"connections, {name}", "us", each("conn", 16), group="rules", extra=extra)


WORKS = [
    Work("upload, 1 stream", "s/GiB", bulk("up", 1)),
    Work("download, 1 stream", "s/GiB", bulk("down", 1)),
    Work("download, 8 streams", "s/GiB", bulk("down", 8)),
    Work("64 kB messages, 16 clients", "us", each("echo", 16, 65536)),
    Work("64 B messages, 64 clients", "us", each("echo", 64, 64)),
    Work("64 B messages, 1 client", "us", each("echo", 1, 64)),
    Work("connect, 64 B each way, close", "us", each("conn", 16)),
    Work("idle connection, memory", "B", idle_memory(4000)),
    Work("client that does not read, memory", "kB", slow_reader(50)),
    *idle_growth(),
    *beside_the_page(),
    *(Work(f"connections over {count} servers", "us", each("conn", 16), servers=count, group="growth")
      for count in (4, 100, 2000)),
    connections_through("no rules", lambda *_: ""),
    connections_through("20 ACLs of src and 20 use_backend", rules.chain),
    connections_through("an ACL of 100,000 networks", rules.acl),
    connections_through("a map of 100,000 strings", rules.map_of_strings),
    connections_through("tracked with conn_rate, 2 threads", rules.tracking),
]
