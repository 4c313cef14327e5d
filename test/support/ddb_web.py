"""The web half of the stand-in node: a page, a JSON answer, and the WebSocket framing of RFC 6455."""
import asyncio
import base64
import hashlib
import json
import re

ACCEPT_SALT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def header(head, name):
    match = re.search(rb"\r\n" + name + rb":[ \t]*([^\r]*)", head, re.IGNORECASE)
    return match[1] if match else None


def is_upgrade(head):
    return (header(head, b"upgrade") or b"").lower() == b"websocket"


async def answer_http(head, reader, send, node_name):
    """GET answers a small page, POST (the web interface's own calls) a JSON object that names the node."""
    while True:
        body = await reader.readexactly(int(header(head, b"content-length") or 0))
        if head.startswith(b"POST"):
            kind, page = b"application/json", json.dumps({"node": node_name, "received": len(body)}).encode()
        else:
            kind, page = b"text/html", f"<html><body><h1>{node_name}</h1></body></html>\n".encode()
        if header(head, b"x-forwarded-for"):
            page += b"for " + header(head, b"x-forwarded-for") + b"\n"
        last = b"close" in (header(head, b"connection") or b"").lower()
        await send(b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n%s\r\n%s"
                   % (kind, len(page), b"connection: close\r\n" if last else b"", b"" if head[:4] == b"HEAD" else page))
        if last:
            return
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return


class WebSocket:
    """Server side of one upgraded connection: whole binary messages in, whole binary messages out."""

    def __init__(self, reader, send):
        self.reader = reader
        self.send = send

    async def accept(self, head):
        key = base64.b64encode(hashlib.sha1(header(head, b"sec-websocket-key") + ACCEPT_SALT).digest())
        wanted = header(head, b"sec-websocket-protocol")
        await self.send(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                        + (b"sec-websocket-protocol: " + wanted.split(b",")[0] + b"\r\n" if wanted else b"")
                        + b"sec-websocket-accept: " + key + b"\r\n\r\n")

    async def receive(self):
        """The next message, or None when the client says goodbye."""
        whole = b""
        while True:
            first, second = await self.reader.readexactly(2)
            size = second & 127
            if size > 125:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
            mask = await self.reader.readexactly(4)
            data = await self.reader.readexactly(size)
            data = bytes(byte ^ mask[at & 3] for at, byte in enumerate(data))
            if first & 15 == 8:
                return None
            whole += data
            if first & 128:
                return whole

    async def transmit(self, data):
        size = len(data)
        head = bytes((0x82, size)) if size < 126 else (
            b"\x82\x7e" + size.to_bytes(2, "big") if size < 65536 else b"\x82\x7f" + size.to_bytes(8, "big"))
        await self.send(head + data)
