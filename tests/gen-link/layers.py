# SPDX-License-Identifier: ISC
"""Layers around a TCP segment, each as a function.

A layer is called with the packets that it wraps (a list of bytes), what
they are ("ipv4", "tcp", ...), its argument from the text (or "") and the
direction (0 or 1); it returns its own packets and what those are.
"""
import struct
import zlib

ETHER = {"ipv4": 0x0800, "ipv6": 0x86dd, "vlan": 0x8100, "qinq": 0x88a8,
         "q9100": 0x9100, "mpls": 0x8847, "pppoe": 0x8864, "pbb": 0x88e7,
         "vntag": 0x8926, "etag": 0x893f, "eth": 0x6558, "ppp": 0x880b,
         "arp": 0x0806, "erspan2": 0x88be, "erspan1": 0x88be,
         "erspan3": 0x22eb, "wccp": 0x883e, "trill": 0x22f3,
         "macsec": 0x88e5, "hsr": 0x892f, "fabricpath": 0x8903,
         "metadata": 0x8909, "nsh": 0x894f, "wlan": 0x8210}
PPP = {"ipv4": 0x0021, "ipv6": 0x0057, "mpls": 0x0281, "bridged": 0x0031}
PROTO = {"hop": 0, "ipv4": 4, "tcp": 6, "udp": 17, "ipv6": 41, "route": 43,
         "frag6": 44, "gre": 47, "ah": 51, "icmp": 1, "dest": 60,
         "etherip": 97, "l2tpip": 115, "mobility": 135, "mpls": 137,
         "hip": 139, "shim6": 140, "eth": 143}
MACS = (bytes.fromhex("020000000001"), bytes.fromhex("020000000002"))


def mac(d, depth=0):
    return bytes([2, 0, 0, 0, depth, d + 1])


def sum16(data):
    if len(data) % 2:
        data += b"\0"
    s = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return s


def each(wrap):
    """A layer that wraps packet by packet."""
    def layer(packets, kind, arg, d):
        made = [wrap(p, kind, arg, d) for p in packets]
        return [m[0] for m in made], made[0][1]
    return layer


LAYERS = {}


def layer(*names):
    def add(f):
        for n in names:
            LAYERS[n] = each(lambda p, k, a, d, n=n: f(n, p, k, a, d))
        return f
    return add


def llc(inner, kind):
    if kind == "llc":
        return inner
    return b"\xaa\xaa\x03\0\0\0" + struct.pack(">H", ETHER[kind]) + inner


# Ethernet and its tags

@layer("eth")
def eth(n, p, kind, arg, d):
    if kind == "llc":
        body = struct.pack(">H", len(p)) + p
    else:
        body = struct.pack(">H", ETHER[kind]) + p
    body = mac(1 - d) + mac(d) + body
    if arg == "pad" and len(body) < 60:
        body += bytes([0xee] * (60 - len(body)))
    if arg == "fcs":
        body += b"\xde\xad\xbe\xef"
    if arg.startswith("x"):       # first byte of the destination
        body = bytes.fromhex(arg[1:]) + b"\0\0\x28" + body[4:]
    return body, "eth"


@layer("vlan", "qinq", "q9100")
def vlan(n, p, kind, arg, d):
    type_ = len(p) if kind == "llc" else ETHER[kind]
    return struct.pack(">HH", int(arg or 5), type_) + p, n


@layer("llc")
def llc_layer(n, p, kind, arg, d):
    if arg == "ip":
        return b"\x06\x06\x03" + p, "llc"
    return llc(p, kind), "llc"


@layer("pbb")
def pbb(n, p, kind, arg, d):
    return struct.pack(">I", int(arg or 1000)) + p, n


@layer("vntag")
def vntag(n, p, kind, arg, d):
    return struct.pack(">IH", 0x80010002, ETHER[kind]) + p, n


@layer("etag")
def etag(n, p, kind, arg, d):
    return struct.pack(">HHHH", 0x1000, 0x0064, 0, ETHER[kind]) + p, n


@layer("trill")
def trill(n, p, kind, arg, d):
    return struct.pack(">HHH", 0x0005 | (1 << 6 if arg else 0), 2, 3) + \
        (b"\0\0\0\0" if arg else b"") + p, n


@layer("fabricpath")
def fabricpath(n, p, kind, arg, d):
    return struct.pack(">H", 1 << 6 | 32) + p, n


@layer("macsec")
def macsec(n, p, kind, arg, d):
    """arg: sci, encrypted"""
    tci = (0x20 if arg == "sci" else 0) | (0x0c if arg == "encrypted" else 0)
    return struct.pack(">BBI", tci, 0, 7) + \
        (bytes(8) if arg == "sci" else b"") + \
        struct.pack(">H", ETHER[kind]) + p + bytes([0xee] * 16), n


@layer("hsr")
def hsr(n, p, kind, arg, d):
    return struct.pack(">HHH", len(p) + 6, 1, ETHER[kind]) + p, n


@layer("metadata")
def metadata(n, p, kind, arg, d):
    return struct.pack(">BBHHH", 1, 1, 1, 100, ETHER[kind]) + p, n


@layer("mpls")
def mpls(n, p, kind, arg, d):
    """arg: labels, "cw" for a control word: mpls:16+17+cw"""
    labels = [x for x in (arg or "100").split("+")]
    word = b"\0\0\0\0" if labels[-1] == "cw" else b""
    labels = [int(x) for x in labels if x != "cw"]
    if kind == "mpls":
        last = 0
    else:
        last = 0x100
    out = b""
    for i, label in enumerate(labels):
        s = last if i == len(labels) - 1 else 0
        out += struct.pack(">I", label << 12 | s | 64)
    return out + word + p, n


@layer("pppoe")
def pppoe(n, p, kind, arg, d):
    return struct.pack(">BBHH", 0x11, 0, int(arg or 77), len(p)) + p, n


@layer("ppp")
def ppp(n, p, kind, arg, d):
    """arg: "short" compressed protocol, "bare" no address and control"""
    proto = PPP[kind]
    if arg == "short":
        return bytes([proto]) + p, n
    head = b"" if arg == "bare" else b"\xff\x03"
    return head + struct.pack(">H", proto) + p, n


@layer("bridged")
def bridged(n, p, kind, arg, d):
    """arg: fcs, with one and with padding"""
    if arg == "fcs":
        return b"\x83\1" + p + bytes(3) + b"\xde\xad\xbe\xef", n
    return b"\0\1" + p, n


@layer("pppdir")
def ppp_with_dir(n, p, kind, arg, d):
    return bytes([d]) + p, n


@layer("pppd")
def pppd(n, p, kind, arg, d):
    return bytes([d, 3]) + p, n


# IP

def address4(depth, end):
    return bytes([10, 1 + depth, 0, end + 1]) if depth == 0 else \
        bytes([192, 0, depth, end + 1])


def address6(depth, end):
    return bytes.fromhex("20010db8") + bytes([0, depth]) + bytes(9) + \
        bytes([end + 1])


class Ip:
    """IPv4 and IPv6 headers number their depth from the inside."""
    depth = 0


def header4(p, proto, depth, d, ident, frag=0, options=b"", total=None):
    length = 20 + len(options) + len(p) if total is None else total
    h = struct.pack(">BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, length,
                    ident, frag, 64, proto, 0, address4(depth, d),
                    address4(depth, 1 - d)) + options
    return h[:10] + struct.pack(">H", 0xffff & ~sum16(h)) + h[12:]


def ip4(packets, kind, arg, d):
    """arg: options, tso, lie; or frag/SIZE/ORDER"""
    depth, Ip.depth = Ip.depth, Ip.depth + 1
    Ip.ident = getattr(Ip, "ident", 0) + 1
    proto = PROTO[kind]
    out = []
    for p in packets:
        Ip.ident += 1
        if arg.startswith("frag"):
            _, size, order = arg.split("/")
            out += fragments4(p, proto, depth, d, int(size), order)
        elif arg == "options":
            out.append(header4(p, proto, depth, d, Ip.ident,
                               options=b"\x94\x04\0\0\x01\x01\x01\0") + p)
        elif arg == "tso":
            out.append(header4(p, proto, depth, d, Ip.ident, total=0) + p)
        elif arg == "lie":
            out.append(header4(p, proto, depth, d, Ip.ident,
                               total=20 + len(p) + 500) + p)
        else:
            out.append(header4(p, proto, depth, d, Ip.ident) + p)
    return out, "ipv4"


def cut(p, size):
    size -= size % 8
    return [(i, p[i:i + size], i + size < len(p))
            for i in range(0, len(p), size)]


def shuffle(pieces, order):
    if order == "reverse":
        return pieces[::-1]
    if order == "twice":
        return [q for q in pieces for _ in (0, 1)]
    if order == "middle":
        return pieces[1:] + pieces[:1]
    if order == "lost" and len(pieces) > 1:
        return pieces[:-1]
    if order == "overlap" and len(pieces) > 1:
        # The second comes once more, longer to the left, with other bytes.
        at, data, more = pieces[1]
        return pieces[:1] + [(at - 8, b"XXXXXXXX" + data, more)] + pieces[2:]
    return pieces


def fragments4(p, proto, depth, d, size, order):
    return [header4(data, proto, depth, d, Ip.ident,
                    (0x2000 if more else 0) | at // 8) + data
            for at, data, more in shuffle(cut(p, size), order)]


def header6(p, proto, depth, d):
    return struct.pack(">IHBB", 6 << 28, len(p), proto, 64) + \
        address6(depth, d) + address6(depth, 1 - d)


def ip6(packets, kind, arg, d):
    """arg: teredo, for addresses of that kind; via, on the way to another"""
    depth, Ip.depth = Ip.depth, Ip.depth + 1
    out = [header6(p, PROTO[kind], depth, d) + p for p in packets]
    if arg == "teredo":
        out = [p.replace(address6(0, 0)[:4], bytes.fromhex("20010000"))
               for p in out]
    if arg == "via":
        out = [p[:24] + address6(9, 0) + p[40:] for p in out]
    return out, "ipv6"


def frag6(packets, kind, arg, d):
    """arg: SIZE/ORDER, or atomic"""
    out = []
    for p in packets:
        Ip.ident = getattr(Ip, "ident", 0) + 1
        if arg == "atomic":
            pieces = [(0, p, False)]
        else:
            size, order = arg.split("/")
            pieces = shuffle(cut(p, int(size)), order)
        out += [struct.pack(">BBHI", PROTO[kind], 0, at | more, Ip.ident)
                + data for at, data, more in pieces]
    return out, "frag6"


LAYERS["ip"] = ip4
LAYERS["ip6"] = ip6
LAYERS["frag6"] = frag6


@layer("hop", "dest", "mobility", "hip", "shim6")
def extension(n, p, kind, arg, d):
    return bytes([PROTO[kind], 1]) + b"\x01\x0c" + bytes(12) + p, n


@layer("route")
def route(n, p, kind, arg, d):
    """arg: TYPE/LEFT; with segments left it says where it goes in the end"""
    type_, left = (int(x) for x in (arg or "0/0").split("/"))
    end = address6(0, 1 - d) if left else address6(9, 0)
    if type_ == 4:
        return bytes([PROTO[kind], 4, 4, left, 1, 0, 0, 0]) + end + \
            address6(9, 0) + p, n
    return bytes([PROTO[kind], 2, type_, left]) + bytes(4) + end + p, n


@layer("mobile")
def mobile(n, p, kind, arg, d):
    """A mobile client's home address, in either direction."""
    home = address6(7, 0)
    if d == 0:
        return bytes([PROTO[kind], 2]) + b"\x01\x02\0\0\xc9\x10" + home + p, \
            "dest"
    return bytes([PROTO[kind], 2, 2, 1]) + bytes(4) + home + p, "route"


@layer("ah")
def ah(n, p, kind, arg, d):
    return bytes([PROTO[kind], 4, 0, 0]) + struct.pack(">II", 256, 1) + \
        bytes(12) + p, n


# Tunnels over IP

@layer("gre")
def gre(n, p, kind, arg, d):
    """arg: + of sum, key, small (a key that NVGRE has not), seq, routes"""
    flags, rest = 0, b""
    if "sum" in arg:
        flags |= 0x8000
    if "routes" in arg:
        flags |= 0x4000
    if "key" in arg or "small" in arg:
        flags |= 0x2000
    if "seq" in arg or kind in ("erspan2", "erspan3"):
        flags |= 0x1000
    head = struct.pack(">HH", flags, ETHER[kind])
    if "key" in arg:
        rest += struct.pack(">I", 0x00beef01)
    if "small" in arg:
        rest += struct.pack(">I", 1 + d)
    if flags & 0x1000:
        rest += struct.pack(">I", 7)
    if "routes" in arg:
        rest += b"\x08\0\0\x08" + bytes(8) + b"\0\0\0\0"
    if "sum" in arg or "routes" in arg:
        whole = head + b"\0\0\0\0" + rest + p
        rest = struct.pack(">HH", 0xffff & ~sum16(whole), 0) + rest
    return head + rest + p, n


@layer("pptp")
def pptp(n, p, kind, arg, d):
    ack = 0x80 if arg == "ack" else 0
    return struct.pack(">HHHHI", 0x3001 | ack, 0x880b, len(p), 50 + d, 1) + \
        (b"\0\0\0\1" if ack else b"") + p, "gre"


@layer("erspan1")
def erspan1(n, p, kind, arg, d):
    return p, n


@layer("erspan2")
def erspan2(n, p, kind, arg, d):
    return struct.pack(">HHI", 0x1005, 0x0800 | 33, 0) + p, n


@layer("erspan3")
def erspan3(n, p, kind, arg, d):
    sub = 1 if arg == "sub" else 0
    frame = 0 if kind == "eth" else 2 << 10
    return struct.pack(">HHIHH", 0x2005, 33, 1000, 0, frame | sub) + \
        (bytes([0x04] + [0] * 7) if sub else b"") + p, n


@layer("wccp")
def wccp(n, p, kind, arg, d):
    return (b"\0\0\0\0" if arg == "2" else b"") + p, n


@layer("etherip")
def etherip(n, p, kind, arg, d):
    return b"\x30\0" + p, n


def cookie(arg):
    """arg: a length, or x and the bytes"""
    return bytes.fromhex(arg[1:]) if arg[:1] == "x" else bytes(int(arg or 0))


@layer("l2tpip")
def l2tpip(n, p, kind, arg, d):
    return struct.pack(">I", 900 + d) + cookie(arg) + p, n


# UDP and what it carries

def udp(packets, kind, arg, d):
    ports = {"vxlan": (50000, 4789), "vxlan8472": (50000, 8472),
             "gpe": (50000, 4790), "geneve": (50000, 6081),
             "gtpu": (2152, 2152), "teredo": (51000, 3544),
             "ayiya": (50000, 5072), "lisp": (50000, 4341),
             "mpls": (50000, 6635), "gre": (50000, 4754),
             "l2tp": (1701, 1701), "l2tp3": (1701, 1701),
             "junk": (9999, 9998)}[kind]
    if arg == "peers":
        ports = (51000, 52000)
    if (kind == "teredo" or arg == "peers") and d:
        ports = ports[::-1]
    return [struct.pack(">HHHH", ports[0], ports[1], 8 + len(p), 0) + p
            for p in packets], "udp"


LAYERS["udp"] = udp


@layer("vxlan", "vxlan8472")
def vxlan(n, p, kind, arg, d):
    return struct.pack(">II", 0x08000000, int(arg or 42) << 8) + p, n


@layer("gpe")
def gpe(n, p, kind, arg, d):
    proto = {"ipv4": 1, "ipv6": 2, "eth": 3, "nsh": 4, "mpls": 5}[kind]
    return struct.pack(">II", 0x0c000000 | proto, 43 << 8) + p, n


@layer("nsh")
def nsh(n, p, kind, arg, d):
    proto = {"ipv4": 1, "ipv6": 2, "eth": 3}[kind]
    return struct.pack(">HBBI", 0x0fc2, 2, proto, 0x000001ff) + p, n


@layer("geneve")
def geneve(n, p, kind, arg, d):
    options = b"\x01\x02\x03\x01abcd" if arg == "options" else b""
    return struct.pack(">BBHI", len(options) // 4, 0, ETHER[kind], 44 << 8) \
        + options + p, n


@layer("ayiya")
def ayiya(n, p, kind, arg, d):
    return struct.pack(">BBBBI", 0x41, 0x52, 0x11, PROTO[kind], 1600000000) \
        + bytes(16) + bytes(20) + p, n


@layer("lisp")
def lisp(n, p, kind, arg, d):
    return struct.pack(">II", 0x08000000, 9 << 8) + p, n


@layer("gtpu")
def gtpu(n, p, kind, arg, d):
    """arg: seq, or ext for an extension header"""
    extra, flags = b"", 0x30
    if arg == "seq":
        extra, flags = b"\0\x01\0\0", 0x32
    if arg == "ext":
        extra, flags = b"\0\0\0\x85\x01\x10\x09\0", 0x34
    return struct.pack(">BBHI", flags, 255, len(extra) + len(p), 500 + d) \
        + extra + p, n


@layer("teredo")
def teredo(n, p, kind, arg, d):
    origin = b"\0\0" + b"\x31\x32\x33\x34\x35\x36" if arg == "origin" else b""
    return origin + p, n


@layer("l2tp")
def l2tp(n, p, kind, arg, d):
    """arg: + of length, seq, offset"""
    flags, rest = 2, b""
    if "seq" in arg:
        flags |= 0x0800
        rest += b"\0\1\0\0"
    if "offset" in arg:
        flags |= 0x0200
        rest += b"\0\3abc"
    if "length" in arg:
        flags |= 0x4000
        length = struct.pack(">H", 8 + len(rest) + len(p))
    else:
        length = b""
    return struct.pack(">H", flags) + length + \
        struct.pack(">HH", 30 + d, 40 + d) + rest + p, n


@layer("l2tp3")
def l2tp3(n, p, kind, arg, d):
    return struct.pack(">HHI", 3, 0, 900 + d) + cookie(arg) + p, n


# Link layers

@layer("tr")
def token_ring(n, p, kind, arg, d):
    src = mac(d)
    rif = b""
    if arg == "routed":
        src = bytes([src[0] | 0x80]) + src[1:]
        rif = struct.pack(">HHH", 0x0630, 0x0011, 0x0020)
    return b"\x10\x40" + mac(1 - d) + src + rif + llc(p, kind), n


@layer("null")
def null(n, p, kind, arg, d):
    """arg: ORDER/FAMILY"""
    order, family = arg.split("/")
    return struct.pack("<I" if order == "le" else ">I", int(family)) + p, n


@layer("slip")
def slip(n, p, kind, arg, d):
    return bytes([d, 0x45]) + bytes(14) + p, n


@layer("chdlc")
def chdlc(n, p, kind, arg, d):
    return b"\x0f\0" + struct.pack(">H", ETHER[kind]) + p, n


@layer("fr")
def frame_relay(n, p, kind, arg, d):
    head = b"\x18\x41"
    if arg == "snap":
        return head + b"\x03\0\x80\0\0\0" + \
            struct.pack(">H", ETHER[kind]) + p, n
    if arg == "cisco":
        return head + struct.pack(">H", ETHER[kind]) + p, n
    if arg == "bridged":
        return head + b"\x03\0\x80\0\x80\xc2\0\x07" + p, n
    return head + b"\x03" + (b"\xcc" if kind == "ipv4" else b"\x8e") + p, n


@layer("atm")
def atm(n, p, kind, arg, d):
    if arg == "bridged":
        return b"\xaa\xaa\x03\0\x80\xc2\0\x07\0\0" + p, n
    return llc(p, kind), n


@layer("sll")
def sll(n, p, kind, arg, d):
    if kind == "radiotap":
        return struct.pack(">HHH", 0, 803, 6) + mac(d) + b"\0\0\0\x04" + \
            p, n
    if kind == "llc":
        return struct.pack(">HHH", 0, 1, 6) + mac(d) + b"\0\0\0\x04" + p, n
    return struct.pack(">HHH", 0, 1, 6) + mac(d) + b"\0\0" + \
        struct.pack(">H", ETHER[kind]) + p, n


@layer("sll2")
def sll2(n, p, kind, arg, d):
    return struct.pack(">HHIHBB", ETHER[kind], 0, 3, 1, 0, 6) + mac(d) + \
        b"\0\0" + p, n


@layer("enc")
def enc(n, p, kind, arg, d):
    family = 2 if kind == "ipv4" else 24
    return struct.pack("<III", family, 0x11223344, 0) + p, n


@layer("pflog")
def pflog(n, p, kind, arg, d):
    family = 2 if kind == "ipv4" else 24
    head = bytes([61, family, 0, 0]) + b"em0".ljust(16, b"\0") + bytes(16) + \
        struct.pack(">IIIIII", 1, 0, 0, 0, 0, 0)
    return head.ljust(64, b"\0") + p, n


@layer("nflog")
def nflog(n, p, kind, arg, d):
    """arg: be; bridge, the family of tables that logged"""
    order = ">" if arg == "be" else "<"
    prefix = b"x:\0"
    family = 7 if arg == "bridge" else 2 if kind == "ipv4" else 10
    out = bytes([family, 0]) + b"\0\x05"
    out += struct.pack(order + "HH", 8, 1) + \
        struct.pack(">HBB", ETHER[kind], 1, 0)
    out += struct.pack(order + "HH", 4 + len(prefix), 10) + prefix + b"\0"
    out += struct.pack(order + "HH", 4 + len(p), 9) + p
    return out + bytes(-len(p) % 4), n


@layer("ipnet")
def ipnet(n, p, kind, arg, d):
    return struct.pack(">BBHIIIII", 1, 2 if kind == "ipv4" else 26, 2,
                       len(p), 1, 1, 0, 0) + p, n


@layer("arcnet")
def arcnet(n, p, kind, arg, d):
    if arg == "old":
        return bytes([1 + d, 2 - d, 240]) + p, n
    return bytes([1 + d, 2 - d, 212 if kind == "ipv4" else 196]) + \
        b"\0\0\x01" + p, n


@layer("arcnetlinux")
def arcnet_linux(n, p, kind, arg, d):
    return bytes([1 + d, 2 - d, 0, 0, 212]) + b"\0\0\x01" + p, n


@layer("erf")
def erf(n, p, kind, arg, d):
    type_, more = 2, b""
    if arg == "more":
        type_, more = 0x82, bytes([0x03]) + bytes(7)
    frame = p + b"\0\0\0\0"
    padding = b"\0\0"
    if kind == "ppp":
        type_, padding = type_ - 1, b""
    rlen = 16 + len(more) + len(padding) + len(frame)
    return struct.pack("<Q", 1600000000 << 32) + \
        struct.pack(">BBHHH", type_, 4, rlen, 0, len(frame)) + more + \
        padding + frame, n


@layer("fddi")
def fddi(n, p, kind, arg, d):
    return b"\x50" + mac(1 - d) + mac(d) + llc(p, kind), n


@layer("fc")
def fibre_channel(n, p, kind, arg, d):
    return b"\x10\0" + mac(1 - d) + b"\x10\0" + mac(d) + llc(p, kind), n


@layer("firewire")
def firewire(n, p, kind, arg, d):
    return bytes(16) + struct.pack(">H", ETHER[kind]) + p, n


@layer("netanalyzer")
def netanalyzer(n, p, kind, arg, d):
    return b"\x0e\x10\0\0" + p + b"\xde\xad\xbe\xef", n


@layer("pktap")
def pktap(n, p, kind, arg, d):
    head = struct.pack("<III", 108, 1, 1) + b"en0".ljust(24, b"\0")
    return head.ljust(108, b"\0") + p, n


# 802.11

def frame80211(p, kind, arg, d):
    """arg: + of to, from, wds (4 addresses), qos, htc (HT control), amsdu,
    many (frames in an A-MSDU), mesh, extended (mesh addresses), protected,
    later (a part of a frame, not the first), pad"""
    flags, sub = 0, 0x08
    if "to" in arg:
        flags |= 1
    if "from" in arg:
        flags |= 2
    if "wds" in arg:
        flags |= 3
    if "protected" in arg:
        flags |= 0x40
    qos = mesh = b""
    if "qos" in arg or "amsdu" in arg or "mesh" in arg:
        sub |= 0x80
        qos = bytes([0x80 * ("amsdu" in arg), "mesh" in arg])
    if "htc" in arg:
        flags |= 0x80
        qos += b"\x03\0\0\0"
    if "mesh" in arg:
        more = b"\2\0\0\0\0\x77" * (2 * ("extended" in arg))
        mesh = bytes([len(more) // 6, 31, 1, 0, 0, 0]) + more
    bss = bytes.fromhex("020000000099")
    a = {0: (mac(1 - d), mac(d), bss), 1: (bss, mac(d), mac(1 - d)),
         2: (mac(1 - d), bss, mac(d)), 3: (bss, bss, mac(1 - d))}[flags & 3]
    head = bytes([sub, flags, 0, 0]) + b"".join(a) + \
        (b"\x11\0" if "later" in arg else b"\x10\0")
    if flags & 3 == 3:
        head += mac(d)
    head += qos
    if "pad" in arg:
        head += bytes(-len(head) % 4)
    if "amsdu" in arg:
        return head + amsdu(p, kind, d, 40 if "many" in arg else 1, mesh)
    return head + mesh + llc(p, kind)


def amsdu(p, kind, d, before, mesh):
    """Several frames in one: ARP-like ones first, then ours."""
    first = mesh + llc(bytes(20), "arp")
    second = mesh + llc(p, kind)
    out = mac(1 - d) + mac(d) + struct.pack(">H", len(first)) + first
    out += bytes(-len(out) % 4)
    return out * before + mac(1 - d) + mac(d) + \
        struct.pack(">H", len(second)) + second


@layer("wlan")
def wlan(n, p, kind, arg, d):
    return frame80211(p, kind, arg, d), n


@layer("radiotap")
def radiotap(n, p, kind, arg, d):
    """arg: + of fcs, tsft, pad, more (a second bitmap), bad"""
    present, body = 2, b""
    flags = (0x10 if "fcs" in arg else 0) | (0x20 if "pad" in arg else 0) | \
        (0x40 if "bad" in arg else 0)
    words = [present]
    if "tsft" in arg:
        words[0] |= 1
    if "more" in arg:
        words[0] |= 0x80000000
        words.append(0)
    at = 4 + 4 * len(words)
    if "tsft" in arg:
        body += bytes(-at % 8) + bytes(8)
    body += bytes([flags])
    head = struct.pack("<BBH", 0, 0, at + len(body)) + \
        b"".join(struct.pack("<I", w) for w in words) + body
    if "fcs" in arg:
        p += struct.pack("<I", zlib.crc32(p))
    return head + p, n


@layer("prism")
def prism(n, p, kind, arg, d):
    return struct.pack("<II", 0x44, 144) + b"wlan0".ljust(136, b"\0") + p, n


@layer("avs")
def avs(n, p, kind, arg, d):
    return struct.pack(">II", 0x80211001, 64) + bytes(56) + p, n


@layer("ppi")
def ppi(n, p, kind, arg, d):
    fcs = arg == "fcs"
    field = struct.pack("<HH", 2, 20) + bytes(8) + \
        struct.pack("<H", 1 if fcs else 0) + bytes(10)
    if fcs:
        p += struct.pack("<I", zlib.crc32(p))
    return struct.pack("<BBHI", 0, 0, 8 + len(field), 105) + field + p, n


# TCP

def tcp(payload, d, seq, ack, flags, inner6):
    h = struct.pack(">HHIIBBHHH", 40000 if d == 0 else 80,
                    80 if d == 0 else 40000, seq, ack, 0x50, flags, 8192, 0,
                    0) + payload
    if inner6:
        pseudo = address6(0, d) + address6(0, 1 - d) + \
            struct.pack(">IHBB", len(h), 0, 0, 6)
    else:
        pseudo = address4(0, d) + address4(0, 1 - d) + \
            struct.pack(">BBH", 0, 6, len(h))
    s = 0xffff & ~sum16(pseudo + h)
    return h[:16] + struct.pack(">H", s) + h[18:]
