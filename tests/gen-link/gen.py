#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""gen.py CASES OUTDIR: small captures from text, one for each line of CASES.

A line: name, file format, link type, then the layers from the outside in,
each NAME or NAME:ARGUMENT (layers.py has them); the innermost is always tcp,
which is not written.  '#' begins a comment.  Formats: pcap, pcap-be, pcap-ns,
pcap-ns-be, pcapng, pcapng-be, pcapng-spb, pcapng-old, modified; snap/N after
the format cuts every packet to N bytes.
"""
import os
import struct
import sys

import layers

START = 1600000000 * 10**9


def conversation(name):
    """(direction, flags, payload) of one small connection."""
    ask = ("GET /%s HTTP/1.0\r\nX: %s\r\n\r\n" % (name, "q" * 90)).encode()
    answer = bytes((i * 7 + len(name)) % 251 for i in range(700))
    return [(0, 0x02, b""), (1, 0x12, b""), (0, 0x10, b""),
            (0, 0x18, ask), (1, 0x10, answer[:400]), (1, 0x18, answer[400:]),
            (0, 0x18, b"bye"), (1, 0x11, b""), (0, 0x11, b""),
            (1, 0x10, b"")]


def segments(name, inner6):
    seq = [1000, 5000000]
    for d, flags, payload in conversation(name):
        yield d, layers.tcp(payload, d, seq[d],
                            seq[1 - d] if flags & 0x10 else 0, flags, inner6)
        seq[d] += len(payload) + (1 if flags & 3 else 0)


def frames(name, stack):
    inner6 = [s for s in stack if s.split(":")[0] in ("ip", "ip6")][-1]
    inner6 = inner6.startswith("ip6")
    for d, segment in segments(name, inner6):
        packets, kind = [segment], "tcp"
        layers.Ip.depth = 0
        for item in reversed(stack):
            what, _, arg = item.partition(":")
            packets, kind = layers.LAYERS[what](packets, kind, arg, d)
        yield from packets


def pcap(packets, link, order, nano, modified=False):
    magic = 0xa1b2cd34 if modified else 0xa1b23c4d if nano else 0xa1b2c3d4
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    for i, (data, length) in enumerate(packets):
        t = START + i * 1000123
        out += struct.pack(order + "IIII", t // 10**9,
                           t % 10**9 // (1 if nano else 1000), len(data),
                           length)
        if modified:
            out += struct.pack(order + "IHBB", 1, 0x800, 0, 0)
        out += data
    return out


def block(order, kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + \
        bytes(-len(value) % 4)


def pcapng(packets, link, order, kind="epb"):
    out = block(order, 0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d,
                                               1, 0, -1))
    out += block(order, 1, struct.pack(order + "HHI", link, 0, 0) +
                 option(order, 9, b"\x09") + option(order, 0, b""))
    out += block(order, 0x0bad, b"something unknown")
    for i, (data, length) in enumerate(packets):
        t = START + i * 1000123
        head = struct.pack(order + "IIII", t >> 32, t & 0xffffffff,
                           len(data), length)
        if kind == "spb":
            out += block(order, 3, struct.pack(order + "I", length) + data)
        elif kind == "old":
            out += block(order, 2, struct.pack(order + "HH", 0, 0) + head +
                         data)
        else:
            out += block(order, 6, struct.pack(order + "I", 0) + head + data)
    return out


def write(text, outdir):
    name, form, link, *stack = text.split()
    form, _, snap = form.partition("/")
    packets = [(p, len(p)) for p in frames(name, stack)]
    if snap:
        packets = [(p[:int(snap)], n) for p, n in packets]
    link = int(link)
    order = ">" if form.endswith("-be") else "<"
    if form.startswith("pcapng"):
        kind = form.partition("-")[2].replace("be", "") or "epb"
        data = pcapng(packets, link, order, kind)
    else:
        data = pcap(packets, link, order, "-ns" in form, form == "modified")
    with open(os.path.join(outdir, name + ".pcap"), "wb") as f:
        f.write(data)


def main():
    os.makedirs(sys.argv[2], exist_ok=True)
    with open(sys.argv[1]) as f:
        for line in f:
            line = line.split("#")[0].split("|")[0].strip()
            if line:
                write(line, sys.argv[2])


if __name__ == "__main__":
    main()
