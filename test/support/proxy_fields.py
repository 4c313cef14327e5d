"""Fields behind the addresses of a PROXY header of version 2, and their checksum."""
import struct


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def field(kind, value):
    return bytes([kind]) + struct.pack("!H", len(value)) + value
