#!/usr/bin/env python3
"""
What flowpipe costs, beside Debian's tcpflow and cp, on generated captures,
and beside what its files alone cost (floor.c).

    bench.py [--build DIR] [--quick] [--rounds N] [--output FILE] speed
    bench.py ... memory         peak memory on the captures made for it
    bench.py ... growth         time per packet as captures grow
    bench.py ... cold           page cache dropped, memory limited

Captures and outputs lie on tmpfs. In each round all commands run on the same
capture, in an order that turns from round to round; a ratio is the median of
the rounds' ratios. Before that each command's output is compared with the
manifest, once, and its memory taken: the largest sum, over all processes of
the command, of anonymous resident memory (RssAnon in /proc/PID/status), seen
every 5 ms. Sampling is off while time is measured.
"""
import argparse
import hashlib
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
MIB = 1 << 20

# name, arguments of gencap, the same for --quick, options of tcpflow,
# bars (wall and CPU to tcpflow, wall to cp)
CASES = [
    ("bulk", ["bulk"], ["-b", "30000000", "bulk"], [], (0.65, 1.0, 1.25)),
    ("bulk -FX", None, None, ["-FX"], (1.0, None, None)),
    ("web", ["web"], ["-c", "4000", "web"], [], (0.45, 0.7, None)),
    ("web -e http", None, None, ["-e", "http"], (0.25, 0.4, None)),
    ("tiny", ["tiny"], ["-c", "20000", "tiny"], [], (0.40, 0.45, None)),
    ("wide", ["wide"], ["-c", "40000", "wide"], [], (0.25, 0.3, None)),
    ("churn", ["churn"], ["-c", "2000", "churn"], [], (0.12, 0.12, None)),
    ("lossy", ["lossy"], ["-b", "500000", "lossy"], [], (0.65, 0.9, None)),
]
TINY_PACKETS = 9        # in each connection of gencap's tiny
# Ceilings of memory in MiB, on the captures of `memory`.
MEMORY = [("churn", ["churn"], 128), ("wide", ["wide"], 160)]


def machine():
    """What the figures were measured on."""
    cpu = "?"
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cc = subprocess.run(["cc", "--version"], capture_output=True,
                        text=True).stdout.splitlines()
    return (f"{cpu}, {os.cpu_count()} cores, {memory // MIB} MiB, "
            f"Linux {platform.release()}, {cc[0] if cc else 'no cc'}, "
            f"{' '.join(platform.libc_ver())}")


def anonymous(session):
    """KiB of anonymous resident memory of all processes of a session."""
    total = 0
    for pid in os.listdir("/proc"):
        if not pid.isdigit():
            continue
        try:
            with open(f"/proc/{pid}/stat") as f:
                if int(f.read().rsplit(")", 1)[1].split()[3]) != session:
                    continue
            with open(f"/proc/{pid}/status") as f:
                for line in f:
                    if line.startswith("RssAnon:"):
                        total += int(line.split()[1])
                        break
        except (OSError, IndexError, ValueError):
            continue
    return total


class Run:
    """One command, measured."""

    def __init__(self, words, cwd, sample=False, stdin=None):
        self.peak = 0
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=cwd, start_new_session=True, stdin=stdin,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if sample:
            self.watch(process)
        self.error = process.stderr.read().decode("latin-1")
        self.status = process.wait()
        self.wall = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = (after.ru_utime + after.ru_stime
                    - before.ru_utime - before.ru_stime)

    def watch(self, process):
        def loop():
            while process.poll() is None:
                self.peak = max(self.peak, anonymous(process.pid))
                time.sleep(0.005)
        threading.Thread(target=loop, daemon=True).start()


def generate(args, words, directory):
    """A capture and its manifest."""
    capture = os.path.join(directory, "x.pcap")
    manifest = os.path.join(directory, "manifest")
    with open(capture, "wb") as f:
        subprocess.run([args.gencap, "-m", manifest] + words, stdout=f,
                       check=True)
    return capture, manifest


def file_digest(path):
    digest = hashlib.sha256()
    with open(path, "rb") as f:
        while block := f.read(MIB):
            digest.update(block)
    return digest.hexdigest()


def wrong(manifest, out, bodies):
    """How many streams of the manifest are not in the output as they are."""
    bad = 0
    with open(manifest) as f:
        for line in f:
            name, length, _, digest, _ = line.rstrip("\n").split("\t")
            if "-HTTPBODY-" in name and not bodies:
                continue
            path = os.path.join(out, name)
            if (not os.path.exists(path)
                    or os.path.getsize(path) != int(length)
                    or file_digest(path) != digest):
                bad += 1
    return bad


def commands(args, capture, options):
    """Name -> words; all write below `out` of the current directory."""
    tail = options + ["-o", "out", "-r", capture]
    return {
        "flowpipe": [os.path.join(args.build, "bin", "tcpflow"), "-q"] + tail,
        "tcpflow": [args.reference, "-q"] + tail,
        "cp": ["cp", capture, "copy"],
    }


def floor(args, manifest, options):
    """The files of the manifest, made by one process out of nothing."""
    bodies = ["-b"] if "http" in options else []
    return [os.path.join(args.build, "tests", "bench", "floor"), *bodies,
            manifest, "out"]


def fresh(directory):
    work = os.path.join(directory, "work")
    shutil.rmtree(work, ignore_errors=True)
    os.mkdir(work)
    return work


def prove(args, name, words, manifest, options, directory):
    """Run once for the output and the memory: (MiB, note)."""
    work = fresh(directory)
    run = Run(words, work, sample=True)
    note = ""
    if run.status != 0:
        note = f"exit {run.status}: {run.error.strip()[-200:]}"
    elif name not in ("cp", "floor") and "-FX" not in options:
        bad = wrong(manifest, os.path.join(work, "out"), "http" in options)
        if bad > 0:
            note = f"{bad} streams wrong"
    return run.peak / 1024, note


def measure(args, case, capture, manifest, directory):
    name, _, _, options, bars = case
    plan = commands(args, capture, options)
    if "-FX" not in options:            # it makes no files
        plan["floor"] = floor(args, manifest, options)
    rounds = {tool: [] for tool in plan}
    memory, notes = {}, {}
    for tool, words in plan.items():
        memory[tool], notes[tool] = prove(args, tool, words, manifest,
                                          options, directory)
    for i in range(args.rounds):
        order = list(plan)
        order = order[i % len(order):] + order[:i % len(order)]
        for tool in order:
            rounds[tool].append(Run(plan[tool], fresh(directory)))
    fresh(directory)
    report(args, name, rounds, memory, notes, bars)


def ratio(rounds, tool, other, what):
    return statistics.median(
        getattr(a, what) / max(getattr(b, what), 1e-6)
        for a, b in zip(rounds[tool], rounds[other]))


def say(args, line=""):
    print(line, flush=True)
    if args.file:
        args.file.write(line + "\n")
        args.file.flush()


def report(args, name, rounds, memory, notes, bars):
    for tool in rounds:
        wall = statistics.median(r.wall for r in rounds[tool])
        cpu = statistics.median(r.cpu for r in rounds[tool])
        line = f"{name:12} {tool:9} {wall:8.3f} {cpu:8.3f} {memory[tool]:8.1f}"
        if tool == "flowpipe":
            w = ratio(rounds, tool, "tcpflow", "wall")
            c = ratio(rounds, tool, "tcpflow", "cpu")
            copy = ratio(rounds, tool, "cp", "wall")
            over = any(bar is not None and got > bar
                       for got, bar in zip((w, c, copy), bars))
            for got, bar in zip((w, c, copy), bars):
                line += f"  {got:5.2f} <= {'-' if bar is None else bar:<4}"
            line = line.rstrip() + ("  OVER" if over else "")
            args.over += over
        if notes[tool]:
            line += f"  [{notes[tool]}]"
            args.over += tool == "flowpipe"
        say(args, line)


def speed(args, directory):
    say(args, "Wall and CPU time in seconds, memory in MiB; medians of "
        f"{args.rounds} rounds.")
    say(args, "Ratios to tcpflow 1.6.1 and to cp, each with the bar to keep.")
    say(args)
    say(args, f"{'capture':12} {'command':9} {'wall':>8} {'cpu':>8} "
        f"{'memory':>8}  {'wall ratio':13}  {'cpu ratio':13}  to cp (wall)")
    capture = manifest = words = None
    for case in CASES:
        if case[1] is not None:
            words = case[2] if args.quick else case[1]
            capture = None
        if args.only and case[0] not in args.only:
            continue
        if capture is None:
            capture, manifest = generate(args, words, directory)
        measure(args, case, capture, manifest, directory)


def memory(args, directory):
    say(args, "Peak anonymous resident memory of all processes, MiB")
    say(args)
    say(args, f"{'capture':12} {'command':9} {'memory':>8}")
    for name, words, bar in MEMORY:
        capture, manifest = generate(args, words, directory)
        for tool, line in commands(args, capture, []).items():
            if tool == "cp":
                continue
            used, note = prove(args, tool, line, manifest, [], directory)
            over = tool == "flowpipe" and used > bar
            args.over += over
            text = f"{name:12} {tool:9} {used:8.1f}"
            if tool == "flowpipe":
                text += f" <= {bar}{'  OVER' if over else ''}"
            say(args, text + (f"  [{note}]" if note else ""))


def packets(capture):
    count = 0
    with open(capture, "rb") as f:
        data = f.read()
    at = 24
    while at < len(data):
        at += 16 + int.from_bytes(data[at + 8:at + 12], "little")
        count += 1
    return count


def archive(args, capture):
    """The pipeline into an archive that nobody keeps, and a report."""
    tool = {name: os.path.join(args.build, "bin", name) for name in
            ("flow-run", "pcap-demux", "flow-reasm", "flow-name",
             "flow-store", "flow-dfxml")}
    if capture == "-":
        source, read = ["-r", "-"], []
    else:
        source, read = ["--by-reference", "-r", capture], ["-r", capture]
    return [tool["flow-run"],
            tool["pcap-demux"], *source, "|",
            tool["flow-reasm"], "--summary", *read, "|",
            tool["flow-name"], "|",
            tool["flow-store"], "--tar", "/dev/null", *read, "|",
            tool["flow-dfxml"]]


def grown(args, kind, size, count, runs):
    """One line of the table of growth."""
    bad = [r for r in runs if r.status != 0]
    if bad:
        sys.exit(f"bench: {kind} {size}: exit {bad[0].status}: "
                 f"{bad[0].error}")
    wall = statistics.median(r.wall for r in runs[1:] or runs)
    cpu = statistics.median(r.cpu for r in runs[1:] or runs)
    peak = runs[0].peak / 1024
    say(args, f"{kind}\t{size}\t{count}\t{wall / count * 1e9:.0f}\t"
        f"{cpu / count * 1e9:.0f}\t{peak:.1f}")


def growth(args, directory):
    """
    Lines of: kind, size, packets, nanoseconds a packet (wall, CPU), MiB.

    packets: short connections in a file of so many packets, into an archive;
    pipe: the same, generated while it is read, never on any disk;
    open: so many connections open at once, into a directory on tmpfs.
    """
    say(args, "# kind\tsize\tpackets\tns/packet\tcpu ns/packet\tMiB")
    top = 6 if args.quick else 7
    for n in range(5, top + 1):
        words = ["-c", str(10 ** n // TINY_PACKETS), "tiny"]
        capture, _ = generate(args, words, directory)
        line = archive(args, capture)
        runs = [Run(line, fresh(directory), sample=i == 0)
                for i in range(4)]
        grown(args, "packets", 10 ** n, packets(capture), runs)
    os.remove(capture)
    for n in range(5, top + 2):
        words = ["-c", str(10 ** n // TINY_PACKETS), "tiny"]
        runs = []
        for i in range(1 if n > 7 else 4):
            with subprocess.Popen([args.gencap, *words],
                                  stdout=subprocess.PIPE) as source:
                runs.append(Run(archive(args, "-"), fresh(directory),
                                sample=i == 0, stdin=source.stdout))
        grown(args, "pipe", 10 ** n, 10 ** n // TINY_PACKETS * TINY_PACKETS,
              runs)
    for n in range(3, top):
        capture, _ = generate(args, ["-c", str(10 ** n), "wide"], directory)
        line = commands(args, capture, ["-Fk"])["flowpipe"]
        runs = [Run(line, fresh(directory), sample=i == 0)
                for i in range(3 if n < 6 else 1)]
        grown(args, "open", 10 ** n, packets(capture), runs)


def limited_group(limit):
    """A control group whose processes get so much memory, or the reason."""
    for group, knob in (("/sys/fs/cgroup/memory/flowpipe-bench",
                         "memory.limit_in_bytes"),
                        ("/sys/fs/cgroup/flowpipe-bench", "memory.max")):
        try:
            os.mkdir(group)
        except FileExistsError:
            pass
        except OSError as e:
            why = str(e)
            continue
        try:
            # Only a control group has the file already.
            fd = os.open(os.path.join(group, knob), os.O_WRONLY)
            os.write(fd, str(limit).encode())
            os.close(fd)
            return group
        except OSError as e:
            why = str(e)
            os.rmdir(group)
    sys.exit(f"bench: cold: no memory limit can be set here: {why}")


def cold(args, directory):
    """
    A capture larger than the memory that its reader may use, on a disk, as
    is the output; tmpfs would count as memory.
    """
    limit = 256 * MIB
    group = limited_group(limit)
    directory = tempfile.mkdtemp(dir=args.disk)
    try:
        capture, manifest = generate(
            args, ["-b", "60000000" if args.quick else "125000000", "bulk"],
            directory)
        say(args, f"Page cache dropped, memory limited to {limit // MIB} MiB,"
            f" capture of {os.path.getsize(capture) // MIB} MiB on disk")
        plan = commands(args, capture, [])
        walls = {tool: [] for tool in plan}
        bad = {}
        for i in range(args.rounds):
            for tool, words in plan.items():
                work = fresh(directory)
                os.sync()
                with open("/proc/sys/vm/drop_caches", "w") as f:
                    f.write("3")
                run = Run(["sh", "-c", f"echo $$ > {group}/cgroup.procs; "
                           'exec "$@"', "sh"] + words, work)
                if run.status != 0:
                    sys.exit(f"bench: {tool}: {run.error}")
                walls[tool].append(run.wall)
                if i == 0 and tool != "cp":
                    bad[tool] = wrong(manifest, os.path.join(work, "out"),
                                      False)
        for tool in plan:
            say(args, f"{tool:9} {statistics.median(walls[tool]):8.3f} s"
                + (f"  [{bad[tool]} streams wrong]" if bad.get(tool) else ""))
            args.over += tool == "flowpipe" and bad[tool] > 0
    finally:
        shutil.rmtree(directory)
        os.rmdir(group)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse
                                .RawDescriptionHelpFormatter)
    p.add_argument("--build", default=os.path.join(TOP, "build"))
    p.add_argument("--quick", action="store_true")
    p.add_argument("--rounds", type=int)
    p.add_argument("--only", action="append", metavar="CAPTURE",
                   help="just this line of the table (repeatable)")
    p.add_argument("--output", help="also write the table to this file")
    p.add_argument("--reference", default="/usr/bin/tcpflow")
    p.add_argument("--tmpfs", default="/dev/shm")
    p.add_argument("--disk", default="/var/tmp")
    p.add_argument("what", choices=["speed", "memory", "growth", "cold"])
    args = p.parse_args()
    args.rounds = args.rounds or (3 if args.quick else 5)
    args.build = os.path.abspath(args.build)
    args.gencap = os.path.join(args.build, "tests", "gen", "gencap")
    args.over = 0
    args.file = open(args.output, "w") if args.output else None
    if not os.access(args.reference, os.X_OK) and args.what != "growth":
        sys.exit(f"bench: {args.reference}: Debian's package tcpflow, to "
                 "compare with, is not installed")
    say(args, f"# {machine()}")
    directory = tempfile.mkdtemp(prefix="flowpipe-bench.", dir=args.tmpfs)
    try:
        globals()[args.what](args, directory)
    finally:
        shutil.rmtree(directory)
    return 1 if args.over else 0


sys.exit(main())
