# SPDX-License-Identifier: ISC
"""Content codings for the tests: zlib's from Python, brotli's and zstd's
from their C libraries."""
import ctypes
import ctypes.util
import gzip
import os
import zlib


def library(name):
    for path in (ctypes.util.find_library(name), "lib%s.so.1" % name):
        try:
            if path:
                return ctypes.CDLL(path)
        except OSError:
            pass
    return None


BROTLI, ZSTD = library("brotlienc"), library("zstd")


def raw_deflate(data):
    c = zlib.compressobj(6, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


def brotli(data):
    size = ctypes.c_size_t(len(data) * 2 + 4096)
    out = ctypes.create_string_buffer(size.value)
    if not BROTLI.BrotliEncoderCompress(5, 22, 0, ctypes.c_size_t(len(data)),
                                        data, ctypes.byref(size), out):
        raise RuntimeError("brotli")
    return out.raw[:size.value]


def zstd(data):
    room = len(data) * 2 + 4096
    out = ctypes.create_string_buffer(room)
    ZSTD.ZSTD_compress.restype = ctypes.c_size_t
    n = ZSTD.ZSTD_compress(out, ctypes.c_size_t(room), data,
                           ctypes.c_size_t(len(data)), 3)
    return out.raw[:n]


def members(data):
    """gzip in two members."""
    half = len(data) // 2
    return gzip.compress(data[:half], mtime=0) + \
        gzip.compress(data[half:], mtime=0)


# What a server says: what it does.
CODERS = {"gzip": lambda d: gzip.compress(d, mtime=0), "x-gzip": members,
          "deflate": zlib.compress, "Deflate": raw_deflate}
if BROTLI is not None:
    CODERS["br"] = brotli
if ZSTD is not None:
    CODERS["zstd"] = zstd
# Those that flow-http was built without.
for without in os.environ.get("HTTP_WITHOUT", "").split():
    CODERS.pop(without, None)
