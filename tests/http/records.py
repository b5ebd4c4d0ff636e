# SPDX-License-Identifier: ISC
"""Record streams (flow-record(5)) read and written, for the tests."""
import struct

MAGIC = b"\x89FLO\r\n\x1a\n" + struct.pack("<HHI", 1, 0, 0)
META, SOURCE, SEGMENT, FRAME, CLOCK, OPEN, DATA, GAP, LATE = range(1, 10)
ARRIVAL, CONFLICT, NAME, STORED, DIGEST, NOTE, CLOSE, STATS, END = \
    range(10, 19)
BYREF = 0x100
NO_TIME = -1 << 63
FIN, RST, INPUT = 1, 2, 6


class Record:
    def __init__(self, type, stream=0, time=NO_TIME, offset=0, body=b"",
                 flags=0):
        self.type, self.stream, self.time = type, stream, time
        self.offset, self.body, self.flags = offset, body, flags


class Writer:
    """A section on a binary file."""

    def __init__(self, out):
        self.out, self.count = out, 0
        out.write(MAGIC)

    def put(self, type, stream=0, time=NO_TIME, offset=0, body=b"", flags=0):
        self.out.write(struct.pack("<IHHQqq", len(body), type, flags,
                                   stream, time, offset))
        self.out.write(body + b"\0" * (-len(body) % 8))
        self.count += type != END

    def open_body(self, peer, ports, number=0):
        b = struct.pack("<16sQqQQQQ", b"tcp", 0, -1, peer, number,
                        number // 2, 1)
        b += bytes([10, 0, 0, 1]) + b"\0" * 12
        b += bytes([10, 0, 0, 2]) + b"\0" * 12
        b += struct.pack("<HHBBH6s6sBBHII", ports[0], ports[1], 4, 0, 0,
                         b"", b"", 0, 0, 0, 0, 0)
        return b

    def open(self, stream, time, peer, ports):
        self.put(OPEN, stream, time, 0, self.open_body(peer, ports))

    def data(self, stream, time, offset, data):
        for i in range(0, len(data), 60000):
            part = data[i:i + 60000]
            self.put(DATA, stream, time, offset + i,
                     struct.pack("<QII", 0, 0, len(part)) + part)

    def gap(self, stream, time, offset, length, cause=1):
        self.put(GAP, stream, time, offset, struct.pack("<QII", length,
                                                        cause, 0))

    def close(self, stream, time, length, peer, ports, why=FIN):
        b = struct.pack("<HHIQQ", why, 0, 0, length, 1) + b"\0" * 64
        b += struct.pack("<qq", time, time)
        b = b.ljust(128, b"\0") + self.open_body(peer, ports)
        self.put(CLOSE, stream, time, length, b)

    def end(self):
        self.put(END, body=struct.pack("<IIQ", 0, 0, self.count))


def read(data):
    """All records of a byte string."""
    at, out = 0, []
    while at < len(data):
        if data[at:at + 16] == MAGIC:
            at += 16
            continue
        length, type, flags, stream, time, offset = struct.unpack_from(
            "<IHHQqq", data, at)
        at += 32
        out.append(Record(type, stream, time, offset,
                          data[at:at + length], flags))
        at += length + (-length % 8)
    return out


def open_fields(body):
    kind = body[:16].rstrip(b"\0").decode()
    parent, parent_offset, peer = struct.unpack_from("<QqQ", body, 16)
    return kind, parent, parent_offset, peer
