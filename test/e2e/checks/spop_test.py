"""option spop-check: the hello of an agent, and how it may be wrong."""
import struct
import unittest

from check_cases import ABSENT, CLOSES, HEARS, Case, CheckCasesTest

HELLO = b"\0\0\0N\1\0\0\0\1\0\0\x12supported-versions\x08\x032.0\x0emax-frame-size\x03\xfc\xf0\x06" \
    b"\x0ccapabilities\x08\0\x0bhealthcheck\x11"
WHOLE = 1


def number(value):
    if value < 240:
        return bytes([value])
    out, value = bytes([(value | 240) & 255]), (value - 240) >> 4
    while value >= 128:
        out, value = out + bytes([(value | 128) & 255]), (value - 128) >> 7
    return out + bytes([value])


def name(text):
    return number(len(text)) + text.encode()


def text(value):
    return b"\x08" + name(value)


def uint32(value):
    return b"\x03" + number(value)


def frame(kind, *items, flags=WHOLE, stream=0, frame_id=0, more=b""):
    body = bytes([kind]) + struct.pack(">I", flags) + number(stream) + number(frame_id)
    body += b"".join(name(key) + value for key, value in items) + more
    return struct.pack(">I", len(body)) + body


VERSION, SIZE, ABLE = ("version", text("2.0")), ("max-frame-size", uint32(16380)), ("capabilities", text(""))
GOOD = frame(101, VERSION, SIZE, ABLE)
INVALID = "invalid frame received"


def hello(*items, **how):
    return frame(101, *items, **how)


def disconnect(code, *more, **how):
    return frame(102, ("status-code", uint32(code)), *more, **how)


def passes(title, *part):
    return Case(title, "option spop-check", (HEARS, *part), "UP L7OK 0",
                'succeeded, reason: Layer7 check passed, code: 0, info: "SPOA server is ok"', HELLO)


def fails(title, words, *part):
    return Case(title, "option spop-check", (HEARS, *part), f"DOWN L7RSP  {words}",
                f'failed, reason: Layer7 invalid response, info: "{words}"', HELLO)


REASONS = ("normal", "I/O error", "a timeout occurred", "frame is too big", INVALID, "version value not found",
           "max-frame-size value not found", "capabilities value not found", "unsupported version",
           "max-frame-size too big or too small", "fragmentation not supported", "invalid interlaced frames",
           "frame-id not found", "resource allocation error")

CASES = (
    passes("hello", GOOD),
    passes("hello_and_end", GOOD, CLOSES),
    passes("in_pieces", GOOD[:1], 0.05, GOOD[1:3], 0.05, GOOD[3:30], 0.05, GOOD[30:]),
    passes("more_than_a_frame", GOOD + GOOD),
    passes("no_capabilities", hello(VERSION, SIZE)),
    passes("able", hello(VERSION, SIZE, ("capabilities", text("pipelining,async,foo")))),
    passes("blanks_around_the_version", hello(("version", text(" 2.0 ")), SIZE)),
    passes("size_of_another_type", hello(VERSION, ("max-frame-size", b"\x04" + number(1000)))),
    passes("least_size", hello(VERSION, ("max-frame-size", uint32(256)))),
    passes("aborts", hello(VERSION, SIZE, flags=3)),
    passes("other_items", hello(VERSION, SIZE, ("a", b"\0"), ("b", b"\x11"), ("c", b"\x06" + b"1234"),
                                ("d", b"\x07" + b"1" * 16), ("e", b"\x09" + name("x")), ("f", b"\x0f"))),
    fails("version_1", "unsupported version", hello(("version", text("1.0")), SIZE)),
    fails("version_2_1", "unsupported version", hello(("version", text("2.1")), SIZE)),
    fails("version_short", "unsupported version", hello(("version", text("2")), SIZE)),
    fails("version_empty", "unsupported version", hello(("version", text("")), SIZE)),
    fails("version_list", "unsupported version", hello(("version", text("2.0,1.0")), SIZE)),
    fails("version_twice", "unsupported version", hello(VERSION, SIZE, ("version", text("3.0")))),
    fails("begins_like_version", "unsupported version", hello(("versions", text("9.0")), VERSION, SIZE)),
    fails("version_of_another_type", INVALID, hello(("version", uint32(2)), SIZE)),
    fails("version_in_capitals", "version value not found", hello(("Version", text("2.0")), SIZE)),
    fails("nothing", "version value not found", hello()),
    fails("no_size", "max-frame-size value not found", hello(VERSION, ABLE)),
    fails("too_large", "max-frame-size too big or too small", hello(VERSION, ("max-frame-size", uint32(16381)))),
    fails("too_small", "max-frame-size too big or too small", hello(VERSION, ("max-frame-size", uint32(255)))),
    fails("size_is_text", INVALID, hello(VERSION, ("max-frame-size", text("5")))),
    fails("size_is_true", INVALID, hello(VERSION, ("max-frame-size", b"\x11"))),
    fails("capabilities_are_a_number", INVALID, hello(VERSION, SIZE, ("capabilities", uint32(1)))),
    fails("no_name", INVALID, hello(("", text("x")), VERSION, SIZE)),
    fails("a_name_cut_short", INVALID, hello(VERSION, SIZE, more=b"\x05ab")),
    fails("a_name_without_value", INVALID, hello(VERSION, SIZE, more=b"\x01a")),
    fails("a_value_cut_short", INVALID, hello(VERSION, SIZE, ("d", b"\x06" + b"12"))),
    fails("a_number_cut_short", INVALID, hello(VERSION, SIZE, ("d", b"\x03\xff"))),
    fails("a_text_cut_short", INVALID, hello(("version", b"\x08" + number(200) + b"2.0"))),
    fails("in_fragments", "fragmentation not supported", hello(VERSION, SIZE, flags=0)),
    fails("of_a_stream", INVALID, hello(VERSION, SIZE, stream=1)),
    fails("of_a_number", INVALID, hello(VERSION, SIZE, frame_id=1)),
    fails("ours", INVALID, frame(1, VERSION, SIZE)),
    fails("acknowledgement", INVALID, frame(103, VERSION, SIZE)),
    *(fails(f"disconnects_{code}", words, disconnect(code, ("message", text("bye"))))
      for code, words in enumerate(REASONS)),
    fails("disconnects_99", "an unknown error occurred", disconnect(99)),
    fails("disconnects_255", "an unknown error occurred", disconnect(255)),
    fails("disconnects_without_words", REASONS[3], disconnect(3)),
    fails("disconnects_without_code", REASONS[0], frame(102, ("message", text("bye")))),
    fails("disconnects_with_more", REASONS[3], disconnect(3, ("foo", text("x")))),
    fails("disconnects_by_text", INVALID, frame(102, ("status-code", text("3")))),
    fails("disconnects_with_a_number", INVALID, disconnect(3, ("message", uint32(1)))),
    fails("disconnects_a_stream", INVALID, disconnect(3, stream=3)),
    fails("disconnects_in_fragments", "fragmentation not supported", disconnect(3, flags=0)),
    fails("no_frame", INVALID, b"\0\0\0\0"),
    fails("a_frame_of_a_byte", INVALID, b"\0\0\0\1\x65"),
    fails("a_frame_without_numbers", INVALID, b"\0\0\0\5\x65\0\0\0\1"),
    fails("an_empty_hello", "version value not found", b"\0\0\0\7\x65\0\0\0\1\0\0"),
    fails("cut_short", INVALID, GOOD[:20], CLOSES),
    fails("http", INVALID, b"HTTP/1.0 200 OK\r\n\r\n", CLOSES),
    Case("half_an_answer", "option spop-check", (HEARS, GOOD[:20]), "DOWN L7TOUT", "failed, reason: Layer7 timeout"),
    Case("silent", "option spop-check", (), "DOWN L7TOUT", "failed, reason: Layer7 timeout", HELLO),
    Case("closed", "option spop-check", (HEARS, CLOSES), "DOWN L7RSP  TCPCHK got an empty response at step 2",
         'failed, reason: Layer7 invalid response, info: "TCPCHK got an empty response at step 2"'),
    Case("refused", "option spop-check", ABSENT, "DOWN L4CON  Connection refused",
         'failed, reason: Layer4 connection problem, info: "Connection refused"'),
)


class Test(CheckCasesTest):
    cases = CASES


if __name__ == "__main__":
    unittest.main()
