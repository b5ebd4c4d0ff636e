#!/usr/bin/env python3
"""What the servers of record.sh serve: content.py DIRECTORY"""
import os
import struct
import sys
import zlib

WIDTH, HEIGHT = 160, 100


def chunk(kind, body):
    crc = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)


def picture():
    """A PNG of interference rings."""
    rows = b"".join(
        b"\0" + bytes(((x * x + y * y) >> 3 ^ x * y) & 255
                      for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def main():
    os.chdir(sys.argv[1])
    with open("index.html", "w") as f:
        f.write("<!DOCTYPE html>\n<title>A page</title>\n"
                "<h1>Transfers</h1>\n<p>A picture and a table:\n"
                "<p><img src=\"picture.png\"> <a href=\"table.csv\">"
                "table</a>\n")
    with open("table.csv", "w") as f:
        f.write("n,square,cube\n")
        for n in range(1, 1001):
            f.write(f"{n},{n * n},{n ** 3}\n")
    with open("picture.png", "wb") as f:
        f.write(picture())


main()
