# SPDX-License-Identifier: ISC
"""HTTP conversations made up at random, with what they carry known."""
import random

from codings import CODERS

# Types whose extensions tcpflow 1.6.1 has too, and one that has none.
TYPES = [("text/html", ".html"), ("text/css; charset=utf-8", ".css"),
         ("image/png", ".png"), ("application/json", ".json"),
         ("IMAGE/JPEG", ".jpg"), ("text/plain;x=y", ".txt"),
         ("video/x-flv", ".flv"), ("x-nothing/at-all", ""), (None, "")]
WORDS = b"flow stream segment window of the and <p> </p> 1 2 3 \n".split(b" ")


class Message:
    """One message: bytes as sent, and the body that is in them."""

    def __init__(self, wire, body, extension, body_at, head_length):
        self.wire, self.body, self.extension = wire, body, extension
        self.body_at = body_at      # of the first body byte in wire
        self.head_length = head_length
        self.number = 0             # in its direction
        self.offset = 0             # in its stream
        self.encoded = False
        self.head_request = False   # an answer to HEAD


class Conversation:
    """Turns are (side, bytes); side 0 is the client."""

    def __init__(self):
        self.turns = []
        self.messages = ([], [])
        self.pipelined = False
        self.length = [0, 0]

    def say(self, side, message):
        message.number = len(self.messages[side]) + 1
        message.offset = self.length[side]
        self.messages[side].append(message)
        self.length[side] += len(message.wire)
        return message.wire


def make_body(r, limit=40000):
    n = r.choice([0, 1, 5, 63, 64, 65, r.randrange(300),
                  r.randrange(3000), r.randrange(limit)])
    if r.random() < 0.5:
        return r.randbytes(n)
    out = bytearray()
    while len(out) < n:
        out += r.choice(WORDS) + b" "
    return bytes(out[:n])


def chunked(r, data, plain=False):
    """The body in chunks; returns it and where its first byte lies."""
    out, at, first = bytearray(), 0, 0
    while at < len(data):
        n = min(r.choice([1, 7, 100, 1000, 8192, 30000]), len(data) - at)
        size = ("%x" if r.random() < 0.5 else "%04X") % n
        if not plain and r.random() < 0.2:
            size += r.choice([";a=b", ' ; name="v;w"', " "])
        out += size.encode() + b"\r\n"
        first = first or len(out)
        out += data[at:at + n] + b"\r\n"
        at += n
    out += b"0" + (b";last" if not plain and r.random() < 0.1 else b"")
    out += b"\r\n"
    if not plain and r.random() < 0.2:
        out += b"X-Trailer: yes\r\nExpires: never\r\n"
    return bytes(out) + b"\r\n", first or len(out)


def coded(r, body):
    """Maybe some codings: Content-Encoding, Transfer-Encoding, bytes."""
    content, transfer = [], []
    names = list(CODERS)
    if r.random() < 0.45:
        content = [r.choice(names)]
        if r.random() < 0.15:
            content.append(r.choice(names))
    if r.random() < 0.08:
        transfer = [r.choice(["gzip", "deflate"])]
    for name in content + transfer:
        body = CODERS[name](body)
    return content, transfer, body


def fields(r, lines):
    lines = lines or ["Connection: keep-alive"]
    extra = ["Server: made/up", "Date: Sat, 21 Nov 2026 12:00:00 GMT",
             "X-Long: " + "x" * r.randrange(200), "Accept: */*",
             "X-Empty:", "Cookie: a=b; c=d", "Vary:\tAccept-Encoding"]
    lines = lines + r.sample(extra, r.randrange(len(extra)))
    r.shuffle(lines)
    end = "\n" if r.random() < 0.03 else "\r\n"
    return end.join(lines) + end + end


def build(r, start, lines, body, closing, framing=None):
    """A message with a body in some framing."""
    type, extension = r.choice(TYPES)
    content, transfer, wire = coded(r, body)
    framing = framing or r.choice(["length", "length", "chunked"])
    if transfer:
        framing = "chunked"
    if closing and not transfer and r.random() < 0.7:
        framing = "close"
    if type:
        lines.append("Content-Type: " + type)
    if content:
        lines.append("Content-Encoding: " + ", ".join(content))
    first = 0
    if framing == "chunked":
        wire, first = chunked(r, wire)
        lines.append("Transfer-Encoding: " +
                     ", ".join(transfer + ["chunked"]))
    elif framing == "length":
        lines.append(r.choice(["Content-Length", "content-length"]) +
                     ": %d" % len(wire))
    head = (start + "\r\n" + fields(r, lines)).encode()
    m = Message(head + wire, body, extension, len(head) + first, len(head))
    m.encoded = bool(content or transfer)
    return m, framing == "close"


def request(r, method, adversary):
    target = "/" + "".join(r.choice("abcdef/%20?=&") for _ in range(
        r.randrange(60)))
    start = "%s %s HTTP/1.1" % (method, target)
    lines = ["Host: example.test"]
    if method in ("POST", "PUT", "PATCH"):
        return build(r, start, lines, adversary or make_body(r), False)[0]
    head = (start + "\r\n" + fields(r, lines)).encode()
    return Message(head, b"", "", len(head), len(head))


def empty(r, start, lines):
    head = (start + "\r\n" + fields(r, lines)).encode()
    return Message(head, b"", "", len(head), len(head))


def response(r, method, closing, adversary):
    """Returns (message, whether the connection must close)."""
    if method == "HEAD":
        how = r.choice(["Content-Length: 777", "Transfer-Encoding: chunked",
                        "Content-Length: 12\r\nContent-Encoding: gzip"])
        m = empty(r, "HTTP/1.1 200 OK", [how])
        m.head_request = True
        return m, False
    kind = r.random()
    if kind < 0.06:
        return empty(r, "HTTP/1.1 204 No Content", []), False
    if kind < 0.12:
        return empty(r, "HTTP/1.1 304 Not Modified",
                     ["Content-Length: 4321"]), False
    start = r.choice(["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found",
                      "HTTP/1.1 206 Partial Content", "HTTP/1.1 200 ",
                      "HTTP/1.1 500 Oh"])
    if closing:
        start = r.choice([start, "HTTP/1.0 200 OK"])
    return build(r, start, [], adversary or make_body(r), closing)


def adversary(r):
    """A body that looks like messages."""
    return b"x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nGET / " \
        b"HTTP/1.1\r\nHost: a\r\n\r\n" + r.randbytes(r.randrange(100))


def converse(r, tricky=True, most=12):
    """One connection."""
    c = Conversation()
    c.pipelined = r.random() < 0.25
    waiting = []
    closing = False
    for i in range(r.randrange(1, most)):
        method = r.choice(["GET", "GET", "GET", "POST", "PUT", "HEAD",
                           "DELETE", "OPTIONS", "PATCH"])
        evil = adversary(r) if tricky and r.random() < 0.05 else None
        wire = c.say(0, request(r, method, evil))
        if tricky and method == "PUT" and r.random() < 0.3:
            head = c.messages[0][-1].head_length
            c.turns.append((0, wire[:head]))
            c.turns.append((1, c.say(1, empty(
                r, "HTTP/1.1 100 Continue", []))))
            wire = wire[head:]
            if not wire:
                wire = None
        if wire:
            c.turns.append((0, wire))
        waiting.append(method)
        if c.pipelined and r.random() < 0.6:
            continue
        closing = answer(r, c, waiting, tricky)
        waiting = []
        if closing:
            break
    if not closing:
        answer(r, c, waiting, tricky)
    return c


def answer(r, c, waiting, tricky):
    closing = False
    for i, method in enumerate(waiting):
        last = i + 1 == len(waiting) and r.random() < 0.1
        evil = adversary(r) if tricky and r.random() < 0.05 else None
        m, closing = response(r, method, last, evil)
        c.turns.append((1, c.say(1, m)))
    return closing


def conversations(seed, n, **kw):
    r = random.Random(seed)
    return [converse(r, **kw) for _ in range(n)]
