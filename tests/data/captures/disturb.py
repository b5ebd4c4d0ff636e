#!/usr/bin/env python3
"""
Take packets with payload out of a capture and put others in another order,
always the same ones: disturb.py IN.pcap OUT.pcap

Of the packets that carry more than 500 bytes every 17th is left out; every
5th trades places with the one two further on when both are of one connection.
Times stay with the places.
"""
import struct
import sys

HEAD, RECORD, LARGE = 24, 16, 500
ENDS = slice(RECORD + 26, RECORD + 38)      # IPv4 addresses and ports


def main():
    with open(sys.argv[1], "rb") as f:
        data = f.read()
    packets, at = [], HEAD
    while at < len(data):
        n = struct.unpack_from("<I", data, at + 8)[0]
        packets.append(data[at:at + RECORD + n])
        at += RECORD + n
    large = [i for i, p in enumerate(packets) if len(p) > LARGE]
    for k in range(4, len(large) - 2, 5):
        i, j = large[k], large[k + 2]
        a, b = packets[i], packets[j]
        if a[ENDS] != b[ENDS]:
            continue
        packets[i], packets[j] = a[:8] + b[8:], b[:8] + a[8:]
    gone = set(large[16::17])
    with open(sys.argv[2], "wb") as f:
        f.write(data[:HEAD])
        for i, p in enumerate(packets):
            if i not in gone:
                f.write(p)


main()
