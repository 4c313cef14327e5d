"""The raw DolphinDB protocol as both ends speak it: request and reply lines, and the few object types the tests need."""
import struct

VOID, BOOL, CHAR, INT, LONG, DOUBLE, STRING, ANY = 0, 1, 2, 4, 5, 16, 18, 25
SCALAR, VECTOR, TABLE = 0, 1, 6

PACKED = {VOID: "<b", BOOL: "<b", CHAR: "<b", INT: "<i", LONG: "<q", DOUBLE: "<d"}
BYTES_PER_ELEMENT = {BOOL: 1, CHAR: 1, INT: 4, LONG: 8, DOUBLE: 8}


class Encoded(bytes):
    """An object that is encoded already."""


def vector(kind, elements):
    """A vector of INT, STRING or ANY; the elements of the last are Encoded."""
    packed = {INT: lambda n: struct.pack("<i", n), STRING: lambda text: text.encode() + b"\0", ANY: lambda one: one}[kind]
    return Encoded(bytes((kind, VECTOR)) + struct.pack("<ii", len(elements), 1) + b"".join(map(packed, elements)))


def table(name, columns):
    """A table of Encoded columns by their names."""
    rows = struct.unpack("<i", next(iter(columns.values()))[2:6])[0]
    names = b"".join(word.encode() + b"\0" for word in (name, *columns))
    return Encoded(bytes((VOID, TABLE)) + struct.pack("<ii", rows, len(columns)) + names + b"".join(columns.values()))


def encode(value):
    """One object: type byte, form byte, payload. bytes become a vector of CHAR."""
    if isinstance(value, Encoded):
        return value
    if value is None:
        return bytes((VOID, SCALAR, 0))
    if isinstance(value, bool):
        return bytes((BOOL, SCALAR, value))
    if isinstance(value, int):
        return bytes((INT, SCALAR)) + struct.pack("<i", value)
    if isinstance(value, float):
        return bytes((DOUBLE, SCALAR)) + struct.pack("<d", value)
    if isinstance(value, str):
        return bytes((STRING, SCALAR)) + value.encode() + b"\0"
    return bytes((CHAR, VECTOR)) + struct.pack("<ii", len(value), 1) + value


def decode(read, read_until):
    """Reads one object through read(count) and read_until(byte), which the caller's socket provides."""
    kind, form = read(2)
    if form == VECTOR:
        rows, columns = struct.unpack("<ii", read(8))
        return read(rows * columns * BYTES_PER_ELEMENT[kind])
    if kind == STRING:
        return read_until(b"\0").decode()
    value = struct.unpack(PACKED[kind], read(struct.calcsize(PACKED[kind])))[0]
    return {VOID: None, BOOL: bool(value)}.get(kind, value)


def request(session, body, flags=32):
    """A request as today's clients frame it; arguments of a function follow the body and are not counted."""
    body = body.encode()
    return b"API %d %d / %d_1_4_2\n" % (session, len(body), flags) + body


def reply(session, *values):
    return b"%d %d 1\nOK\n" % (session, len(values)) + b"".join(map(encode, values))


def error(session, text):
    return b"%d 0 1\n%s\n" % (session, text.encode())


def message(text):
    """What print() sends before the reply."""
    return b"MSG\n" + text.encode() + b"\0"
