#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""cpu.py GENCAP BIN STATIC-BIN: CPU time of tcpflow with the programs of BIN
and with the static ones, on made-up captures, turn by turn.  The least of
five runs each.  Nothing is judged: the machine may be busy."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile

MODES = {
	"bulk": ["-b", "15000000", "bulk"],
	"tiny": ["-c", "5000", "tiny"],
	"wide": ["-c", "3000", "wide"],
	"lossy": ["-c", "10", "lossy"],
	"web": ["-c", "3000", "web"],
	"churn": ["-c", "2000", "churn"],
}


def seconds(command):
	before = resource.getrusage(resource.RUSAGE_CHILDREN)
	status = subprocess.run(command, stderr=subprocess.DEVNULL).returncode
	after = resource.getrusage(resource.RUSAGE_CHILDREN)
	if status != 0:
		sys.exit("cpu: exit %d: %s" % (status, " ".join(command)))
	return (after.ru_utime - before.ru_utime
	    + after.ru_stime - before.ru_stime)


def main():
	gencap, *folders = sys.argv[1:]
	work = tempfile.mkdtemp(dir="/dev/shm")
	capture, out = os.path.join(work, "x.pcap"), os.path.join(work, "out")
	total = [0.0, 0.0]
	print("capture     dynamic  static   ratio")
	for name, arguments in MODES.items():
		with open(capture, "wb") as f:
			subprocess.run([gencap] + arguments, stdout=f, check=True)
		least = [1e9, 1e9]
		for _ in range(5):
			for i, folder in enumerate(folders):
				least[i] = min(least[i], seconds([
				    os.path.join(folder, "tcpflow"), "-q",
				    "-e", "http", "-o", out, "-r", capture]))
				shutil.rmtree(out)
		total = [total[i] + least[i] for i in (0, 1)]
		print("%-10s %8.3f %8.3f %6.2f" % (name, *least,
		    least[1] / least[0]))
	print("%-10s %8.3f %8.3f %6.2f" % ("all", *total, total[1] / total[0]))
	shutil.rmtree(work)


if __name__ == "__main__":
	main()
