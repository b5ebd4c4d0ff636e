#!/usr/bin/env bats
# The classic command over traffic of which every byte is known: generated,
# and recorded from servers whose files are kept.

load lib

GENCAP=$BUILD/tests/gen/gencap

local_setup() {
	[ -x "$GENCAP" ] || skip "make helpers has not been run"
}

# verify DIR [all]: every stream of the manifest is there and as it was sent
# (with zeros in the holes), and no other.  Bodies only with "all".
verify() {
	if [ "${2-}" = all ]; then
		cp manifest wanted
	else
		grep -v HTTPBODY manifest > wanted
	fi
	awk -F '\t' -v d="$1" '{ print $4 "  " d "/" $1 }' wanted > sums
	sha256sum --quiet -c sums
	cut -f 1 wanted | sort > names
	(cd "$1" && ls) | grep -v '^report.xml$' | LC_ALL=C sort > there
	same names there
}

# through OPTIONS...: generate, run, verify.
through() {
	"$GENCAP" -m manifest "$@" > x.pcap
	rm -rf out
	tcpflow -q -o out -r x.pcap 2> log || { cat log; return 1; }
	verify out
}

@test "bulk" {
	through -b 300000 bulk
}

@test "many short connections" {
	through -c 700 tiny
}

@test "many open at once" {
	through -c 700 wide
}

@test "half-open connections" {
	through -c 40 churn
	[ "$(ls out | wc -l)" -eq 81 ]
}

@test "out of order, again, overlapping, missing" {
	for seed in 1 2 3 4 5; do
		through -s "$seed" -c 12 -b 150000 lossy
		# What is missing is told, and just that.
		awk -F '\t' '$3 > 0 { print $1, $3 }' manifest | sort > want
		sed -n -e 's,.*<filename>out/\(.*\)</filename>,name \1,p' \
		    -e "s/.* missing='\([0-9]*\)'.*/missing \1/p" \
		    out/report.xml | awk '$1 == "name" { name = $2 }
		    $1 == "missing" { print name, $2 }' | sort > got
		same want got
	done
}

@test "pcapng, and nanoseconds" {
	through -g -c 20 tiny
	mv out micro
	through -n -c 20 tiny
	diff -r -x report.xml micro out
}

@test "through a pipe, by bytes and by reference: the same" {
	"$GENCAP" -c 30 -b 3000 lossy > x.pcap
	tcpflow -q -o one -r x.pcap
	tcpflow -q -o two -r - < x.pcap
	diff -r -x report.xml one two
	pcap-demux -r x.pcap | flow-reasm | flow-name |
	    flow-store -o three > /dev/null
	diff -r -x report.xml one three
}

@test "the same arguments give the same capture, another seed another" {
	"$GENCAP" -c 10 -s 4 web > a
	"$GENCAP" -c 10 -s 4 web > b
	cmp a b
	"$GENCAP" -c 10 -s 5 web > c
	! cmp -s a c || false
}

@test "HTTP bodies" {
	"$GENCAP" -m manifest -c 60 web > x.pcap
	tcpflow -q -e http -o out -r x.pcap
	verify out all
}

@test "a flood of packets of no connection" {
	"$GENCAP" -c 20000 flood | tcpflow -q -Fk -o out -r - 2> log
}

@test "recorded: what the servers sent" {
	need python3
	mkdir www
	python3 "$DATA/captures/content.py" www
	tcpflow -q -a -o out -r "$DATA/captures/transfers.pcap"
	for f in index.html picture.png table.csv; do
		found=0
		for body in out/*-HTTPBODY-*; do
			cmp -s "www/$f" "$body" && found=$((found + 1))
		done
		[ "$found" -gt 0 ] || { echo "no $f"; false; }
	done
	head -c 3000 www/picture.png | tail -c 2000 > part
	cmp part out/*.42884-HTTPBODY-001.html
	sed '1,/^DATA/d' out/*-192.000.002.002.02525 |
	    head -n "$(wc -l < "$DATA/captures/letter.txt")" > got
	same "$DATA/captures/letter.txt" got
}

@test "recorded and damaged: the same but for holes" {
	for name in transfers transfers-damaged; do
		tcpflow -q -o "$name" -r "$DATA/captures/$name.pcap" 2> log
	done
	ls transfers > a
	ls transfers-damaged > b
	same a b
	# Bytes that are there are the right ones.
	for f in transfers/*.*.*; do
		case $f in *report.xml) continue ;; esac
		cmp -l "$f" "transfers-damaged/${f#*/}" |
		    awk '$3 != 0 { exit 1 }'
	done
	grep -q " missing='" transfers-damaged/report.xml
	! grep -q " missing='" transfers/report.xml || false
}
