# SPDX-License-Identifier: ISC
"""Conversations as packets in a pcap file: Ethernet, IPv4, TCP."""
import struct

CLIENT, SERVER = (10, 0, 0, 1), (10, 0, 0, 2)


def frame(src, dst, sport, dport, seq, ack, flags, data):
    tcp = struct.pack(">HHIIBBHHH", sport, dport, seq & 0xffffffff,
                      ack & 0xffffffff, 0x50, flags, 65535, 0, 0)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp) + len(data), 0,
                     0x4000, 64, 6, 0, bytes(src), bytes(dst))
    return b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip + tcp + data


class Capture:
    def __init__(self, path):
        self.f = open(path, "wb")
        self.f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144,
                                 1))
        self.us = 1_700_000_000_000_000

    def packet(self, data):
        self.us += 137
        self.f.write(struct.pack("<IIII", self.us // 1000000,
                                 self.us % 1000000, len(data), len(data)))
        self.f.write(data)


def ends(port):
    return ((CLIENT, SERVER, port, 80), (SERVER, CLIENT, 80, port))


def write(capture, r, port, c):
    seq = [r.randrange(1 << 32), r.randrange(1 << 32)]
    mss = r.choice([1460, 1460, 536, 100, 9000])

    def send(side, flags, data=b""):
        capture.packet(frame(*ends(port)[side], seq[side], seq[1 - side],
                             flags, data))
        seq[side] += len(data) + (flags & 3 != 0)

    send(0, 2)
    send(1, 0x12)
    send(0, 0x10)
    for side, data in c.turns:
        for i in range(0, len(data), mss):
            send(side, 0x18, data[i:i + mss])
        send(1 - side, 0x10)
    send(1, 0x11)
    send(0, 0x11)
    send(1, 0x10)


def name(port, side, message):
    src, dst, sport, dport = ends(port)[side]
    def text(a, p): return ".".join("%03d" % x for x in a) + ".%05d" % p
    return "%s-%s-HTTPBODY-%03d%s" % (text(src, sport), text(dst, dport),
                                      message.number, message.extension)
