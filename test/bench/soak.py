#!/usr/bin/env python3
"""A run under load: clients that send small and large messages both ways, come and go, and account for every byte.

At the end the proxy's counters must equal what clients and servers counted, nothing may be left open, and its memory and
descriptors must not have grown. PROXY_PROGRAM names the program.
"""
import argparse
import asyncio
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from proxy import DEFAULTS, Proxy, free_port, wait_until  # pylint: disable=wrong-import-position

SIZES = (1, 60, 1000, 16000, 16384, 100_000, 1_000_000)
WEIGHTS = (30, 30, 20, 8, 6, 5, 1)
SERVERS = 4
# What the allocator may keep for later without it being a leak.
GROWTH_KB = 8192


class Totals:
    def __init__(self):
        self.sent = self.received = self.sessions = self.messages = 0
        self.server_received = self.server_sent = 0


async def serve(reader, writer, totals):
    """Answers `<size wanted> <size that follows>\\n` and its payload with as many bytes as were wanted."""
    try:
        while line := await reader.readline():
            wanted, follows = map(int, line.split())
            left = follows
            while left:
                data = await reader.read(min(left, 1 << 18))
                if not data:
                    return
                left -= len(data)
            totals.server_received += len(line) + follows
            totals.server_sent += wanted
            writer.write(bytes(wanted))
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def client(number, port, until, totals):
    """Sessions of a few messages each, one after another, until the time is over."""
    dice = random.Random(number)
    while time.monotonic() < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        totals.sessions += 1
        for _ in range(dice.randint(1, 20)):
            wanted, follows = dice.choices(SIZES, WEIGHTS, k=2)
            line = b"%d %d\n" % (wanted, follows)
            writer.write(line + bytes(follows))

            async def take(count=wanted):
                while count:
                    data = await reader.read(min(count, 1 << 18))
                    if not data:
                        raise AssertionError(f"client {number}: {count} bytes of an answer did not come")
                    count -= len(data)
                    totals.received += len(data)
            # Both directions move at the same time.
            await asyncio.gather(writer.drain(), take())
            totals.sent += len(line) + follows
            totals.messages += 1
        writer.close()
        await writer.wait_closed()


def memory_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


async def run(chosen):
    totals = Totals()
    servers = [await asyncio.start_server(lambda r, w: serve(r, w, totals), "127.0.0.1", 0, backlog=1024, limit=1 << 18)
               for _ in range(SERVERS)]
    port = free_port()
    lines = "".join(f"    server s{number} 127.0.0.1:{server.sockets[0].getsockname()[1]}\n"
                    for number, server in enumerate(servers))
    proxy = Proxy(f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{port}\n    balance leastconn\n{lines}")
    try:
        started = time.monotonic()

        async def load(seconds):
            until = time.monotonic() + seconds
            await asyncio.gather(*(client(number, port, until, totals) for number in range(chosen.clients)))

        # The first part fills pools and caches; from then on nothing may grow.
        await load(max(2, chosen.seconds / 5))
        memory, open_files = memory_kb(proxy.pid), descriptors(proxy.pid)
        while time.monotonic() - started < chosen.seconds:
            await load(min(60, chosen.seconds - (time.monotonic() - started)))
            print(f"{time.monotonic() - started:6.0f} s  {totals.sessions} sessions  {totals.messages} messages  "
                  f"{(totals.sent + totals.received) >> 20} MB  {memory_kb(proxy.pid)} kB resident", flush=True)
        await asyncio.to_thread(wait_until, lambda: proxy.column("fe", "BACKEND", "scur") == "0", "every session ended")
        figures = {name: int(proxy.column("fe", "BACKEND", name)) for name in ("stot", "bin", "bout", "econ", "eresp")}
        # The runtime API's own connection closes a moment after its answer.
        await asyncio.to_thread(wait_until, lambda: descriptors(proxy.pid) <= open_files + 2, "every descriptor closed")
        grown = memory_kb(proxy.pid) - memory
    finally:
        proxy.close()
        for server in servers:
            server.close()
    wrong = []
    for what, one, other in (
            ("bytes to the servers", totals.sent, totals.server_received),
            ("bytes to the clients", totals.received, totals.server_sent),
            ("bin", figures["bin"], totals.sent), ("bout", figures["bout"], totals.received),
            ("sessions", figures["stot"], totals.sessions), ("connection errors", figures["econ"], 0),
            ("server errors", figures["eresp"], 0)):
        if one != other:
            wrong.append(f"{what}: {one}, not {other}")
    if grown > GROWTH_KB:
        wrong.append(f"memory grew by {grown} kB")
    print("\n".join(wrong) or f"every byte is accounted for; memory grew by {grown} kB")
    return bool(wrong)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--clients", type=int, default=64)
    return asyncio.run(run(options.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
