#!/usr/bin/env python3
"""A stand-in DolphinDB node: raw API, HTTP and WebSocket on one port, told apart by the client's first bytes.

Scripts it understands: 1+1, NAME=INT and NAME (session variables), getNodeAlias(), take(char(1), COUNT), sleep(MS),
print("TEXT"), throw "TEXT", getRemoteAddress() and push(COUNT, SIZE), after which the node sends without being asked, as it
does after the function publishTable.
"""
import argparse
import asyncio
import json
import os
import random
import re
import signal
import sys

import ddb_wire as wire
from ddb_web import answer_http, is_upgrade, WebSocket

PUSH_TOPIC = b"node/trades/all\0"
# The stream table that can be subscribed to.
COLUMNS = {"sym": wire.STRING, "qty": wire.INT}
ROWS = 1000


class Session:
    """One connection's state: what a cut connection loses."""

    def __init__(self, node, remote):
        self.node = node
        self.remote = remote
        self.id = 0
        self.variables = {}

    async def script(self, text, send):
        text = text.strip().rstrip(";")
        if text == "1+1":
            return [2]
        if text in ("getNodeAlias()", "getRemoteAddress()"):
            return [self.node.name if text == "getNodeAlias()" else self.remote]
        if text in self.variables:
            return [self.variables[text]]
        if match := re.fullmatch(r"(\w+)\s*=\s*(\d+)", text):
            self.variables[match[1]] = int(match[2])
            return []
        if match := re.fullmatch(r"take\(char\(1\),\s*(\d+)\)", text):
            return [b"\1" * int(match[1])]
        if match := re.fullmatch(r"sleep\((\d+)\)", text):
            await asyncio.sleep(int(match[1]) / 1000)
            return [None]
        if match := re.fullmatch(r'print\("(.*)"\)', text):
            await send(wire.message(match[1]))
            return []
        if match := re.fullmatch(r'throw "(.*)"', text):
            raise ValueError(match[1])
        raise ValueError(f"Syntax Error: [line #1] Cannot recognize the token {text.split('(')[0]}")

    async def function(self, name, arguments):
        if name == "isNodeInitialized":
            return [self.node.initialized]
        if name == "getNodeAlias":
            return [self.node.name]
        if name == "login":
            if arguments != ["admin", "123456"]:
                raise ValueError("The user name or password is incorrect.")
            return [None]
        if name == "add":
            return [sum(arguments)]
        raise ValueError(f"Can't recognize function name {name}")

    async def answer(self, body, arguments, send):
        """Runs one request; what it returns is the whole reply."""
        verb, _, rest = body.partition("\n")
        try:
            if verb == "connect":
                self.id = random.randrange(1, 2**31)
                words = rest.split("\n")
                values = await self.function("login", words[1:3]) if words[0] == "login" else []
            elif verb == "script":
                if match := re.fullmatch(r"push\((\d+),\s*(\d+)\)", rest.strip()):
                    await send(wire.reply(self.id))
                    await self.push(int(match[1]), int(match[2]), send)
                    return b""
                values = await self.script(rest, send)
            elif verb == "function" and rest.startswith("publishTable\n"):
                await send(wire.reply(self.id, wire.vector(wire.STRING, list(COLUMNS))))
                await self.publish(arguments[2], send)
                return b""
            elif verb == "function":
                values = await self.function(rest.split("\n")[0], arguments)
            else:
                raise ValueError(f"unknown request {verb}")
            return wire.reply(self.id, *values)
        except ValueError as reason:
            return wire.error(self.id, str(reason))

    async def publish(self, table, send):
        """What a subscriber gets: the table's schema, then ROWS rows in messages of ten."""
        topic = f"node/{table}/all".encode() + b"\0"

        async def tell(number, content):
            await send(b"\1" + bytes(8) + number.to_bytes(8, "little") + topic + content)
        await tell(0, wire.table(table, {name: wire.vector(kind, []) for name, kind in COLUMNS.items()}))
        for first in range(0, ROWS, 10):
            numbers = list(range(first, first + 10))
            columns = {wire.INT: numbers, wire.STRING: [f"s{n}" for n in numbers]}
            await tell(first, wire.vector(wire.ANY, [wire.vector(kind, columns[kind]) for kind in COLUMNS.values()]))

    async def push(self, count, size, send):
        """A streaming subscription: frames that nobody asked for one by one."""
        for number in range(count):
            head = b"\1" + number.to_bytes(8, "little") + bytes(8) + PUSH_TOPIC
            await send(head + wire.encode(b"\1" * size))


class Node:
    def __init__(self, name, initialized=True):
        self.name = name
        self.initialized = initialized
        self.server = None

    async def start(self, host, port):
        self.server = await asyncio.start_server(self.serve, host, port, limit=2**20, backlog=1024)
        return self.server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        async def send(data):
            writer.write(data)
            await writer.drain()
        try:
            remote = writer.get_extra_info("peername")[0]
            line = await reader.readline()
            if line.startswith(b"PROXY "):
                remote = line.split()[2].decode()
                line = await reader.readline()
            session = Session(self, remote)
            if line.startswith((b"GET ", b"POST ", b"HEAD ")):
                await self.serve_web(line, reader, send, session)
            else:
                await self.serve_raw(line, reader, send, session)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # The client left, or sent what is no request: a node closes.
        finally:
            writer.close()

    async def serve_raw(self, line, reader, send, session):
        while line:
            await send(await self.one_request(line, reader, send, session))
            line = await reader.readline()

    async def one_request(self, line, reader, send, session):
        words = line.split()
        if len(words) < 3 or words[0] not in (b"API", b"API2"):
            raise ValueError("not a request")
        body = (await reader.readexactly(int(words[2]))).decode()
        arguments = []
        verb, _, rest = body.partition("\n")
        if verb == "function":
            for _ in range(int(rest.split("\n")[1])):
                arguments.append(await read_object(reader))
        return await session.answer(body, arguments, send)

    async def serve_web(self, line, reader, send, session):
        head = line + await reader.readuntil(b"\r\n\r\n")
        if not is_upgrade(head):
            await answer_http(head, reader, send, self.name)
            return
        socket = WebSocket(reader, send)
        await socket.accept(head)
        while (frame := await socket.receive()) is not None:
            inside = asyncio.StreamReader()
            inside.feed_data(frame)
            inside.feed_eof()
            # What pushed has replied already: an empty message would be one that no client can read.
            if answer := await self.one_request(await inside.readline(), inside, socket.transmit, session):
                await socket.transmit(answer)


async def read_object(reader):
    kind, form = await reader.readexactly(2)
    if form != wire.SCALAR:
        raise ValueError("the stand-in takes scalar arguments only")
    if kind == wire.STRING:
        return (await reader.readuntil(b"\0"))[:-1].decode()
    size = wire.struct.calcsize(wire.PACKED[kind])
    return wire.struct.unpack(wire.PACKED[kind], await reader.readexactly(size))[0]


async def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--name", default="node1")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, nargs="+", default=[0], help="one for each node, or the first's, which others follow")
    options.add_argument("--count", type=int, default=1, help="nodes in this process, on ports that follow each other")
    options.add_argument("--not-initialized", action="store_true", help="isNodeInitialized() answers false")
    chosen = options.parse_args()
    nodes = []
    for number in range(chosen.count):
        name = chosen.name if chosen.count == 1 else f"node{number + 1}"
        node = Node(name, not chosen.not_initialized)
        port = chosen.port[number] if number < len(chosen.port) else chosen.port[0] and chosen.port[0] + number
        try:
            port = await node.start(chosen.host, port)
        except OSError as error:
            sys.exit(f"ddb_node: cannot listen on {chosen.host}:{port}: {os.strerror(error.errno)}")
        nodes.append(node)
        print(json.dumps({"node": name, "port": port}), flush=True)
    done = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, done.set)
    await done.wait()


if __name__ == "__main__":
    asyncio.run(main())
