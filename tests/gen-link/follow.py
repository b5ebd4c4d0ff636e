#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""follow.py CASES DIR [NAME ...]: compare pcap-demux with tshark.

For each case that gen.py made in DIR: what went into it, what tshark follows
in each direction, and what pcap-demux sends on.  One line says what differs;
exit 1 if anything does.  BIN says where the programs are.  Without tshark in
PATH, and with FLOWPIPE_SANITIZED (one such run is enough), only pcap-demux is
looked at.

After the | of a case come options for tshark; "-" instead when tshark does
not know the encapsulation, "- less" when not everything can come out: then
what came must be pieces of what went in.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import gen

BIN = os.environ.get("BIN", "build/bin")


def cases(path):
    with open(path) as f:
        for line in f:
            line = line.split("#")[0]
            case, _, options = line.partition("|")
            if case.strip():
                yield case.split()[0], shlex.split(options)


def tshark(path, options):
    """{(address, port): bytes} of stream 0, by sender."""
    out = subprocess.run(
        ["tshark", "-n", "-r", path, "-q", "-o",
         "tcp.reassemble_out_of_order:TRUE"] + options +
        ["-z", "follow,tcp,raw,0"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=False).stdout.decode("latin-1")
    nodes = re.findall(r"^Node [01]: (.*):(\d+)$", out, re.M)
    sides = ["", ""]
    for line in out.splitlines():
        if re.fullmatch(r"\t?([0-9a-f]{2})+", line):
            sides[line.startswith("\t")] += line.strip()
    # An address is in brackets in some versions.
    return {(a.strip("[]"), int(p)): bytes.fromhex(s)
            for (a, p), s in zip(nodes, sides) if p != "0"}


def demux(path):
    first = subprocess.Popen([BIN + "/pcap-demux", "-r", path],
                             stdout=subprocess.PIPE)
    out = subprocess.run([BIN + "/flow-json"], stdin=first.stdout,
                         stdout=subprocess.PIPE, check=True).stdout
    first.stdout.close()
    if first.wait() != 0:
        raise SystemExit("pcap-demux failed on " + path)
    flows = {}
    for line in out.splitlines():
        r = json.loads(line)
        if r["type"] != "segment":
            continue
        key = (r["src"], r["sport"])
        data = payload(r)
        if not data:
            flows.setdefault(key, {})
        else:
            flows.setdefault(key, {})[r["seq"]] = data
    return {k: b"".join(v for _, v in sorted(f.items()))
            for k, f in flows.items()}


def payload(r):
    if "text" in r:
        return r["text"].encode("latin-1")
    return bytes.fromhex(r.get("bytes", ""))


def truth(name):
    """The bytes of each direction, by the sender's port."""
    out = {40000: b"", 80: b""}
    for d, _, data in gen.conversation(name):
        out[80 if d else 40000] += data
    return out


def differs(name, options, path):
    got = demux(path)
    ports = {port: data for (_, port), data in got.items()}
    want = truth(name)
    if options == ["-", "less"]:
        return None if ports and all(
            data in want[port] or pieces(data, want[port])
            for port, data in ports.items()) else "no pieces of it"
    if ports != want:
        return "%s, not %s" % (sizes(ports), sizes(want))
    if options != ["-"] and shutil.which("tshark") and \
            not os.environ.get("FLOWPIPE_SANITIZED"):
        followed = tshark(path, options)
        if followed != got:
            return "%s, but tshark follows %s" % (sizes(got),
                                                  sizes(followed))
    return None


def pieces(data, whole):
    """Is it the whole with some parts left out?"""
    at = 0
    for byte in data:
        at = whole.find(bytes([byte]), at) + 1
        if at == 0:
            return False
    return True


def sizes(flows):
    return {k: len(v) for k, v in flows.items()}


def main():
    bad = 0
    for name, options in cases(sys.argv[1]):
        if sys.argv[3:] and name not in sys.argv[3:]:
            continue
        why = differs(name, options, os.path.join(sys.argv[2],
                                                  name + ".pcap"))
        if why:
            bad += 1
            print(name, why)
    return bad > 0


sys.exit(main())
