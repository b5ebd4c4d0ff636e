#!/usr/bin/env bats
# flow-store: streams to files.

load lib

T=1303415757123456789
CONN=010.000.000.001.01234-010.000.000.002.00080

# stream RECORD...: a record stream of these lines; END is put behind.
stream() {
	printf '%s\n' "$@" '{"type":"end"}' | records
}

# open N [MEMBERS]: an OPEN line of stream N.
open() {
	echo '{"type":"open","stream":'"$1,\"time\":$T${2:+,$2}}"
}

name() {
	echo '{"type":"name","stream":'"$1,\"pattern\":\"$2\"}"
}

# data N TEXT [OFFSET], gap N LENGTH [CAUSE], late N TEXT OFFSET, close N
data() {
	echo '{"type":"data","stream":'"$1,\"text\":\"$2\"${3:+,\"offset\":$3}}"
}

gap() {
	echo '{"type":"gap","stream":'"$1,\"length\":$2,\"cause\":\"${3:-missed}\"}"
}

late() {
	echo '{"type":"late","stream":'"$1,\"text\":\"$2\",\"offset\":$3}"
}

close() {
	echo '{"type":"close","stream":'"$1}"
}

# stored: path, size and shift of each STORED on standard input.
stored() {
	flow-json | python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r["type"] == "stored":
        print(r["path"], r["size"], r["shift"])'
}

# holds FILE TEXT: with printf escapes.
holds() {
	printf "$2" > .want
	cmp .want "$1"
}

# A path of text lines, sorted, of every file below a directory.
files() {
	(cd "$1" && find . -type f | sed 's/^\.\///' | LC_ALL=C sort)
}

@test "a stream becomes a file with its time and mode" {
	umask 027
	stream "$(open 1)" "$(data 1 abc)" "$(data 1 def)" "$(close 1)" |
	    flow-store -o out | stored > got
	expect "out/$CONN 6 0" cat got
	expect '640 2011-04-21 19:55:57.123456789 +0000' \
	    stat -c '%a %y' "out/$CONN"
	expect "$(stat -c %y "out/$CONN")" stat -c %x "out/$CONN"
	holds "out/$CONN" abcdef
	expect 750 stat -c %a out
}

@test "STORED stands before CLOSE; DATA is kept, the rest passes" {
	stream "$(open 1)" "$(name 1 x)" "$(data 1 abc)" "$(gap 1 2)" \
	    "$(data 1 d)" '{"type":"note","stream":1,"note":{}}' \
	    "$(close 1)" | flow-store -o out | flow-json |
	    sed -n 's/.*"type":"\([a-z]*\)","stream":1.*/\1/p' > got
	printf '%s\n' open name gap note stored close > want
	same want got
}

@test "the current directory: no prefix" {
	stream "$(open 1)" "$(name 1 x)" "$(data 1 a)" "$(close 1)" > in
	flow-store < in | stored > got
	expect 'x 1 0' cat got
	flow-store -o . < in | stored > got
	expect 'xc1 1 0' cat got
	flow-store -o d/ < in | stored > got
	expect 'd//x 1 0' cat got
}

@test "the counter goes over this run and the one before" {
	for i in 1 2 3; do
		set -- "$@" "$(open $i)" "$(name $i 'f\u0000C\u0000c')" \
		    "$(data $i "$i")" "$(close $i)"
	done
	stream "$@" > in
	flow-store -o out < in > /dev/null
	printf '%s\n' f fc1 fc2 > want
	files out > got
	same want got
	holds out/fc2 3
	rm out/fc1
	flow-store -o out < in | stored > got
	printf '%s\n' 'out/fc1 1 0' 'out/fc3 1 0' 'out/fc4 1 0' > want
	same want got
	holds out/f 1
}

@test "a counter that always shows, and a name without one" {
	stream "$(open 1)" "$(name 1 'f-c\u0000#.x')" "$(data 1 a)" "$(close 1)" \
	    "$(open 2)" "$(name 2 'f-c\u0000#.x')" "$(data 2 b)" "$(close 2)" \
	    "$(open 3)" "$(name 3 g)" "$(data 3 c)" "$(close 3)" \
	    "$(open 4)" "$(name 4 g)" "$(data 4 d)" "$(close 4)" |
	    flow-store -o out > /dev/null
	files out > got
	printf '%s\n' f-c0.x f-c1.x g gc1 > want
	same want got
}

@test "no bytes, no file; a limit upstream leaves an empty one" {
	stream "$(open 1)" "$(name 1 a)" "$(gap 1 3)" "$(close 1)" \
	    "$(open 2)" "$(name 2 b)" "$(gap 2 3 limit)" "$(close 2)" |
	    flow-store -o out | stored > got
	expect 'out/b 0 0' cat got
	expect b files out
}

@test "holes are sparse and a gap at the end is not written" {
	stream "$(open 1)" "$(name 1 a)" "$(data 1 A)" "$(gap 1 10000000)" \
	    "$(data 1 Z)" "$(gap 1 5)" "$(close 1)" | flow-store -o out |
	    stored > got
	expect 'out/a 10000002 0' cat got
	expect 10000002 stat -c %s out/a
	[ "$(du -k out/a | cut -f1)" -lt 1000 ]
	[ "$(tr '\0' ' ' < out/a | tr -s ' ')" = 'A Z' ]
}

@test "LATE into a gap, and what replaces" {
	stream "$(open 1)" "$(name 1 a)" "$(data 1 AAAA)" "$(gap 1 4)" \
	    "$(data 1 CCCC)" "$(late 1 BBBB 4)" \
	    '{"type":"late","stream":1,"text":"xx","offset":1,"flags":["replace"]}' \
	    "$(close 1)" | flow-store -o out > /dev/null
	holds out/a AxxABBBBCCCC
}

@test "LATE before offset 0, in memory and on disk" {
	stream "$(open 1)" "$(name 1 a)" "$(data 1 AAAA)" "$(late 1 z -1)" \
	    "$(late 1 wxy -6)" "$(close 1)" | flow-store -o out |
	    stored > got
	expect 'out/a 10 6' cat got
	holds out/a 'wxy\0\0zAAAA'
	stream "$(open 1)" "$(name 1 a)" "$(data 1 AAAA)" \
	    "$(gap 1 1000000)" "$(data 1 BB)" "$(late 1 z -1)" \
	    "$(late 1 wxy -6)" "$(data 1 CC)" "$(close 1)" |
	    flow-store -M 0 -o disk | stored > got
	expect 'disk/a 1000014 6' cat got
	expect a files disk
	tr -d '\0' < disk/a > got
	holds got 'wxyzAAAABBCC'
	expect '2011-04-21 19:55:57.123456789 +0000' stat -c %y disk/a
	[ "$(du -k disk/a | cut -f1)" -lt 100 ]
}

@test "names of all bytes" {
	python3 - > in.json <<-'END'
	import json, random
	random.seed(7)
	pool = "0123456789.-" * 4 + "0000..--" + "".join(map(chr, [1, 9, 10, 32, 34, 39, 92, 127, 128, 200, 255])) + "abc:"
	names = set()
	for i in range(1, 400):
	    n = "".join(random.choice(pool) for _ in range(random.randrange(1, 60)))
	    if n.strip(".") and len(n) < 200:
	        names.add(n)
	for i, n in enumerate(sorted(names), 1):
	    print(json.dumps({"type": "open", "stream": i}))
	    print(json.dumps({"type": "name", "stream": i, "pattern": n + random.choice(["\0C\0c", "\0c", ""])}))
	    print(json.dumps({"type": "data", "stream": i, "text": n}))
	    print(json.dumps({"type": "close", "stream": i}))
	print(json.dumps({"type": "end"}))
	END
	records < in.json | flow-store -o out > /dev/null
	python3 - <<-'END'
	import os
	names = os.listdir(b"out")
	assert len(names) > 300, len(names)
	for n in names:
	    text = open(b"out/" + n, "rb").read()
	    assert text == n, (text, n)
	END
}

@test "-b: cut, created even with 0, and said in STORED" {
	stream "$(open 1)" "$(name 1 a)" "$(data 1 abcdef)" "$(data 1 gh)" \
	    "$(late 1 z -1)" "$(close 1)" > in
	flow-store -b 4 -o out < in > rec
	stored < rec > got
	expect 'out/a 4 1' cat got
	holds out/a zabc
	flow-json < rec | grep '"type":"stored"' | grep '"limited"'
	flow-store -b 0 -o out < in > /dev/null
	holds out/ac1 ''
	flow-store -b 5000000000 -o out < in > /dev/null
	holds out/ac2 zabcdefgh
}

@test "many streams at once over few descriptors and little memory" {
	set --
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		set -- "$@" "$(open $i)" "$(name $i "d$((i % 3))/f$i")"
	done
	for j in a b c d; do
		for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
			set -- "$@" "$(data $i "$i$j")"
		done
	done
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		set -- "$@" "$(close $i)"
	done
	stream "$@" > in
	flow-store -o whole < in > /dev/null
	for f in 1 2 7; do
		flow-store -v -f $f -M 0 -o out$f < in > /dev/null 2> said
		grep "at most $f files open" said
		diff -r whole out$f
		for i in whole out$f; do
			(cd $i && find . -type f -exec stat -c '%n %Y' {} + |
			    sort)
		done | sort | uniq -u > odd
		holds odd ''
	done
	holds whole/d1/f4 4a4b4c4d
}

@test "names never leave the directory" {
	stream "$(open 1)" "$(name 1 ../up)" "$(data 1 a)" "$(close 1)" \
	    "$(open 2)" "$(name 2 'a/../../up')" "$(data 2 a)" "$(close 2)" \
	    "$(open 3)" "$(name 3 "$PWD/abs")" "$(data 3 a)" "$(close 3)" \
	    "$(open 4)" "$(name 4 'a/..')" "$(data 4 a)" "$(close 4)" > in
	fails 1 flow-store -o out < in > rec
	says 'flow-store: out/../up: '
	says 'flow-store: out/a/../../up: '
	[ ! -e up ]
	[ ! -e abs ]
	printf '%s\n' a/..c1 "${PWD#/}/abs" | LC_ALL=C sort > want
	files out > got
	same want got
	stored < rec > got
	printf '%s\n' "out/$PWD/abs 1 0" 'out/a/..c1 1 0' > want
	same want got
}

@test "symbolic links are not followed" {
	mkdir -p out real
	ln -s ../real out/dir
	ln -s ../real/file out/f
	stream "$(open 1)" "$(name 1 dir/x)" "$(data 1 a)" "$(close 1)" \
	    "$(open 2)" "$(name 2 'f\u0000C\u0000c')" "$(data 2 b)" "$(close 2)" > in
	fails 1 flow-store -o out < in > /dev/null
	says 'flow-store: out/dir/x: '
	[ -z "$(files real)" ]
	holds out/fc1 b
}

@test "a derived stream is named after its parent's settled name" {
	mkdir out
	touch out/p
	stream "$(open 1)" "$(name 1 'p\u0000C\u0000c')" "$(data 1 parent)" \
	    "$(open 9 '"kind":"http-body","parent":1')" \
	    '{"type":"name","stream":9,"pattern":"-BODY/..\u0000.html","flags":["suffix"]}' \
	    "$(data 9 body)" "$(close 9)" "$(close 1)" |
	    flow-store -o out | stored > got
	printf '%s\n' 'out/pc1-BODY_.._.html 4 0' 'out/pc1 6 0' > want
	same want got
	holds out/pc1-BODY_.._.html body
	holds out/pc1 parent
}

@test "-k: only derived streams; the parents' names still count" {
	for i in 1 2; do
		set -- "$@" "$(open $i)" "$(name $i 'p\u0000C\u0000c')" \
		    "$(data $i parent)" \
		    "$(open 9$i '"kind":"http-body","parent":'$i)" \
		    '{"type":"name","stream":9'$i',"pattern":"-B","flags":["suffix"]}' \
		    "$(data 9$i body$i)" "$(close 9$i)" "$(close $i)"
	done
	stream "$@" | flow-store -k http-body -o out > rec
	printf '%s\n' p-B pc1-B > want
	files out > got
	same want got
	expect 2 sh -c "flow-json < rec | grep -c '\"type\":\"data\"'"
}

@test "a derived stream without a parent's name is an error" {
	stream "$(open 9 '"kind":"x","parent":77')" \
	    '{"type":"name","stream":9,"pattern":"-B","flags":["suffix"]}' \
	    "$(data 9 body)" "$(close 9)" > in
	fails 1 flow-store -o out < in > /dev/null
	says 'stream 9: cannot be named'
}

@test "streams of other kinds without a name pass" {
	stream "$(open 1 '"kind":"tunnel"')" "$(data 1 a)" "$(close 1)" |
	    flow-store -o out | flow-json | grep '"type":"data"'
	[ -z "$(files out)" ]
}

@test "-I: sorted, merged, moved by what came in front" {
	stream "$(open 1)" "$(name 1 f)" \
	    '{"type":"data","stream":1,"time":1000000001000,"text":"AA"}' \
	    '{"type":"data","stream":1,"time":1000000001000,"text":"AA"}' \
	    "$(gap 1 4)" \
	    '{"type":"data","stream":1,"time":1000000002000,"text":"CCC"}' \
	    '{"type":"late","stream":1,"time":1000000003001,"offset":4,"text":"BBBB"}' \
	    "$(close 1)" > in
	flow-store -I -o out < in > /dev/null
	printf '%s\n' '0|1000.000001|4' '4|1000.000003001|4' \
	    '8|1000.000002|3' > want
	same want out/f.findx
	stream "$(open 1)" "$(name 1 g)" \
	    '{"type":"data","stream":1,"time":1000000001000,"text":"AA"}' \
	    '{"type":"late","stream":1,"time":1000000005000,"offset":-3,"text":"xyz"}' \
	    "$(close 1)" | flow-store -I -M 0 -o out > /dev/null
	printf '%s\n' '0|1000.000005|3' '3|1000.000001|2' > want
	same want out/g.findx
	holds out/g xyzAA
}

# frame N TIME LINK LENGTH: a FRAME line of stream N.
frame() {
	printf '{"type":"frame","stream":%d,"time":%d,"link_type":%d,"wire_length":%d,"bytes":"' \
	    "$1" "$2" "$3" "$4"
	head -c "$4" /dev/zero | od -An -v -tx1 | tr -d ' \n'
	echo '"}'
}

# packets FILE: link type, time and length of each, as python reads it.
packets() {
	python3 - "$1" <<-'END'
	import struct, sys
	d = open(sys.argv[1], "rb").read()
	magic, = struct.unpack("<I", d[:4])
	at = 0
	links = []
	if magic != 0x0a0d0d0a:
	    nano = magic == 0xa1b23c4d
	    link, = struct.unpack("<I", d[20:24])
	    at = 24
	while at < len(d):
	    if magic != 0x0a0d0d0a:
	        s, f, n, w = struct.unpack("<4I", d[at:at + 16])
	        print("nano" if nano else "micro", link,
	              s * 10**9 + f * (1 if nano else 1000), n, w)
	        at += 16 + n
	        continue
	    kind, size = struct.unpack("<II", d[at:at + 8])
	    assert struct.unpack("<I", d[at + size - 4:at + size])[0] == size
	    if kind == 1:
	        links.append(struct.unpack("<H", d[at + 8:at + 10])[0])
	        assert d[at + 16:at + 21] == b"\x09\0\1\0\x09"
	    if kind == 6:
	        i, h, l, n, w = struct.unpack("<5I", d[at + 8:at + 28])
	        print("ng", links[i], h << 32 | l, n, w)
	    at += size
	END
}

@test "-K: a capture for each connection, both directions" {
	stream "$(open 1)" "$(name 1 'a\u0000C\u0000c')" \
	    "$(frame 1 1000000 1 60)" \
	    "$(open 2 '"peer":1')" "$(name 2 b)" "$(frame 2 2000000 1 62)" \
	    "$(data 1 abc)" "$(close 1)" "$(frame 2 3000000 1 64)" \
	    "$(close 2)" "$(open 3)" "$(name 3 'a\u0000C\u0000c')" \
	    "$(frame 3 4000000 1 66)" "$(close 3)" |
	    flow-store -K -o out | stored > got
	printf '%s\n' 'out/a.pcap 258 0' 'out/ac1.pcap 106 0' > want
	same want got
	printf '%s\n' 'micro 1 1000000 60 60' 'micro 1 2000000 62 62' \
	    'micro 1 3000000 64 64' > want
	packets out/a.pcap > got
	same want got
	expect 'micro 1 4000000 66 66' packets out/ac1.pcap
	printf '%s\n' a.pcap ac1.pcap > want
	files out > got
	same want got
}

@test "-K: nanoseconds and link types are kept" {
	stream "$(open 1)" "$(name 1 a)" "$(frame 1 1000000 1 60)" \
	    "$(frame 1 2000001 1 61)" "$(close 1)" \
	    "$(open 2)" "$(name 2 b)" "$(frame 2 1000000 1 60)" \
	    "$(frame 2 2000000 113 61)" "$(frame 2 3000001 1 63)" \
	    "$(frame 2 4000000 101 0)" "$(close 2)" |
	    flow-store -K -o out > /dev/null
	printf '%s\n' 'nano 1 1000000 60 60' 'nano 1 2000001 61 61' > want
	packets out/a.pcap > got
	same want got
	printf '%s\n' 'ng 1 1000000 60 60' 'ng 113 2000000 61 61' \
	    'ng 1 3000001 63 63' 'ng 101 4000000 0 0' > want
	packets out/b.pcap > got
	same want got
}

@test "FRAMEs pass without -K and of streams that are not stored" {
	stream "$(open 1)" "$(name 1 a)" "$(frame 1 1000000 1 60)" \
	    "$(close 1)" > in
	flow-store -o out < in | flow-json | grep '"type":"frame"'
	flow-store -k x -K -o out < in | flow-json | grep '"type":"frame"'
	[ -z "$(files out)" ]
}

# source FILE: a SOURCE line of this capture.
source_of() {
	echo '{"type":"source","index":1,"link_type":1,"snaplen":65535,"format":"pcap","referable":true,"size":'"$(stat -c %s "$1")"',"fingerprint":"'"$(head -c 65536 "$1" | sha256sum | cut -d' ' -f1)"'","name":"'"$1"'"}'
}

# byref TYPE N OFFSET WHERE LENGTH
byref() {
	echo '{"type":"'"$1"'","stream":'"$2"',"offset":'"$3"',"flags":["byref"],"ref":{"source":1,"offset":'"$4"',"length":'"$5"'}}'
}

@test "by reference: the same files, whatever is held" {
	seq 100000 > capture
	for i in $(seq 0 199); do
		set -- "$@" "$(byref data 1 $((i * 1000)) $((i * 1500)) 1000)"
		dd if=capture bs=500 skip=$((i * 3)) count=2 status=none
	done > want.1
	stream "$(source_of capture)" "$(open 1)" "$(name 1 f)" "$@" \
	    "$(byref late 1 -100 7 100)" "$(data 1 end 200000)" \
	    "$(byref late 1 5 0 50)" "$(close 1)" > in
	(tail -c +8 capture | head -c 100; head -c 5 want.1
	    head -c 50 capture; tail -c +56 want.1; printf end) > want
	flow-store -o out -r capture < in | stored > got
	expect 'out/f 200103 100' cat got
	cmp want out/f
	flow-store -M 0 -f 1 -o small -r capture < in > /dev/null
	cmp want small/f
	cp capture other
	flow-store -o other.d -r nothing -r other < in > /dev/null
	cmp want other.d/f
}

@test "by reference: no capture, or one that is another" {
	seq 1000 > capture
	seq 2 1001 > different
	stream "$(source_of capture)" "$(open 1)" "$(name 1 f)" \
	    "$(byref data 1 0 0 100)" "$(close 1)" \
	    "$(open 2)" "$(name 2 g)" "$(data 2 good)" "$(close 2)" > in
	fails 1 flow-store -o out < in > /dev/null
	says 'flow-store: source 1: no file of -r matches it'
	holds out/g good
	stream "$(open 1)" "$(name 1 f)" \
	    '{"type":"data","stream":1,"flags":["byref"],"ref":{"source":0,"offset":0,"length":1000}}' \
	    "$(data 1 x 1000)" "$(close 1)" > nowhere
	fails 1 flow-store -o out3 < nowhere > /dev/null
	says 'flow-store: source 0: no file of -r matches it'
	fails 1 flow-store -o out2 -r different < in > /dev/null
	says 'flow-store: source 1: no file of -r matches it'
}

# By the process $pid.
capture_opened() {
	[ -n "$(find /proc/$pid/fd -lname '*/capture')" ]
}

@test "by reference: a capture that has grown since flow-store opened it" {
	"$BUILD/tests/gen/gencap" -c 20 tiny > whole
	head -c 2000 whole > capture
	mkfifo pipe
	flow-store -v -o out -r capture < pipe > rec 3>&- &
	pid=$!
	exec 9> pipe
	wait_for capture_opened
	tail -c +2001 whole >> capture
	pcap-demux --by-reference -r capture | flow-reasm >&9
	exec 9>&-
	wait $pid
	pcap-demux -r whole | flow-reasm | flow-store -o want > /dev/null
	diff -r want out
}

@test "by reference: a capture that grows while it is read ends where it did" {
	"$BUILD/tests/gen/gencap" -c 2000 tiny > capture
	[ "$(stat -c %s capture)" -gt 2000000 ]
	pcap-demux -r capture | flow-reasm | flow-store -o want > /dev/null
	mkfifo pipe
	pcap-demux --by-reference -r capture > pipe 3>&- &
	pid=$!
	exec 9< pipe
	head -c 1 <&9 > rec
	tail -c +25 capture | head -c 500000 > more
	cat more >> capture
	cat <&9 >> rec
	exec 9<&-
	wait $pid
	flow-reasm < rec | flow-store -o out -r capture > /dev/null
	diff -r want out
}

@test "by reference: a capture that shrinks while it is read" {
	head -c 300000 /dev/zero | tr '\0' x > capture
	stream "$(source_of capture)" "$(open 2)" "$(name 2 g)" \
	    "$(data 2 good)" "$(close 2)" > first
	stream "$(source_of capture)" "$(open 2)" "$(name 2 g)" \
	    "$(data 2 good)" "$(close 2)" "$(open 1)" "$(name 1 f)" \
	    "$(byref data 1 0 0 100)" "$(byref data 1 100 200000 100000)" \
	    "$(close 1)" > in
	# The first file is there: the capture has been bound.
	n=$(($(stat -c %s first) - 48))
	{
		head -c $n in
		wait_for test -e out/g
		truncate -s 100000 capture
		tail -c +$((n + 1)) in
	} | fails 1 flow-store -o out -r capture > rec
	says 'flow-store: capture: '
	says 'shorter'
	holds out/g good
	flow-json < rec | grep '"type":"end"' | grep '"status":"error"'
}

@test "--share: two in series store what one does" {
	python3 - > in.json <<-'END'
	import json
	def say(**r):
	    print(json.dumps(r))
	# Both directions of 20 connections under one name, bodies in each.
	for i in range(40):
	    port = 1000 + i // 2
	    key = {"src": "10.0.0.1", "sport": port, "dst": "10.0.0.2", "dport": 80}
	    if i % 2:
	        key = {"dst": "10.0.0.1", "dport": port, "src": "10.0.0.2", "sport": 80}
	    n, d = i + 1, i + 1001
	    say(type="open", stream=n, **key)
	    say(type="name", stream=n, pattern="f%d\0C\0c" % port)
	    say(type="data", stream=n, text="content %d" % i)
	    say(type="open", stream=d, kind="http-body", parent=n, **key)
	    say(type="name", stream=d, pattern="-B", flags=["suffix"])
	    say(type="data", stream=d, text="body %d" % i)
	    say(type="close", stream=d)
	    say(type="close", stream=n)
	say(type="end")
	END
	records < in.json > in
	flow-store -o one < in > rec.one
	flow-store --share 1/2 -o two < in > half
	[ "$(ls two | wc -l)" -gt 10 ]
	[ "$(ls two | wc -l)" -lt 70 ]
	flow-store --share 2/2 -o two < half > rec.two
	diff -r one two
	for i in one two; do
		flow-json < rec.$i | sed "s/$i\//out\//g" |
		    grep -v -e '"type":"meta"' -e '"type":"stats"' \
		    -e '"type":"end"' > $i.json
	done
	same one.json two.json
	flow-store --share 1/1 -o three < in > /dev/null
	diff -r one three
	fails 2 flow-store --share 3/2 < in
	fails 2 flow-store --share 0/2 < in
	fails 2 flow-store --share 2 < in
	fails 2 flow-store --share 1/65 < in
}

@test "--conflicts: the losing versions" {
	stream "$(open 1)" "$(name 1 f)" "$(data 1 abcdef)" \
	    '{"type":"conflict","stream":1,"offset":2,"length":2,"text":"XY"}' \
	    '{"type":"conflict","stream":1,"offset":5,"length":1,"text":"Z"}' \
	    "$(close 1)" > in
	flow-store --conflicts -o out < in > rec
	holds out/f abcdef
	holds out/f.conflict-1 XY
	holds out/f.conflict-2 Z
	expect 2 sh -c "flow-json < rec | grep -c '\"type\":\"conflict\"'"
	flow-store -o plain < in > /dev/null
	expect f files plain
}

@test "--strip: dots for what is not text" {
	stream "$(open 1)" "$(name 1 f)" \
	    '{"type":"data","stream":1,"bytes":"00410a0d097eff80207f"}' \
	    "$(close 1)" | flow-store --strip -o out > /dev/null
	holds out/f '.A\n\r.~.. .'
}

@test "--pass-references: DATA passes without its bytes" {
	stream "$(open 1)" "$(name 1 f)" "$(data 1 abc)" "$(close 1)" |
	    flow-store --pass-references -o out | flow-json |
	    grep '"type":"data"' > got
	grep byref got
	holds out/f abc
}

@test "two sections; a stream that is not closed is still stored" {
	stream "$(open 1)" "$(name 1 'f\u0000C\u0000c')" "$(data 1 abc)" > one
	cat one one | flow-store -o out | stored > got
	printf '%s\n' 'out/f 3 0' 'out/fc1 3 0' > want
	same want got
}

@test "input cut short: what came is on disk, exit 1" {
	stream "$(open 1)" "$(name 1 f)" "$(data 1 abc)" "$(close 1)" \
	    "$(open 2)" "$(name 2 g)" "$(data 2 def)" > whole
	head -c $(($(stat -c %s whole) - 20)) whole > cut
	fails 1 flow-store -o out < cut > rec
	says 'flow-store: standard input: '
	holds out/f abc
	holds out/g def
	expect 2 sh -c "flow-json < rec | grep -c '\"type\":\"stored\"'"
}

@test "a directory that cannot be: one line, exit 1, END says so" {
	touch file
	stream "$(open 1)" "$(name 1 f)" "$(data 1 a)" "$(close 1)" > in
	fails 1 flow-store -o file < in > rec
	expect 'flow-store: file: Not a directory' cat .error
	flow-json < rec | grep '"type":"end"' | grep '"status":"error"'
	fails 1 flow-store -o file/such < in > rec
	expect 'flow-store: file/such: Not a directory' cat .error
	flow-store -o no/such/dir/ < in > rec
	holds no/such/dir/f a
	flow-store -o "$PWD/abs/dir" < in > rec
	holds abs/dir/f a
}

@test "an unwritable directory: one line, exit 1" {
	mkdir out
	chmod 555 out
	[ "$(id -u)" -ne 0 ] || need setpriv
	stream "$(open 1)" "$(name 1 f)" "$(data 1 a)" "$(close 1)" \
	    "$(open 2)" "$(name 2 g)" "$(data 2 a)" "$(close 2)" > in
	chmod 755 .
	cp "$(command -v flow-store)" .
	as=
	[ "$(id -u)" -ne 0 ] ||
	    as='setpriv --reuid 65534 --regid 65534 --clear-groups'
	fails 1 $as ./flow-store -o out < in > rec
	expect 'flow-store: out: Permission denied' cat .error
	flow-json < rec | grep '"type":"end"' | grep '"status":"error"'
}

@test "a derived stream of a file that failed is not told apart" {
	mkdir out
	touch out/d
	stream "$(open 1)" "$(name 1 d/x)" "$(data 1 a)" \
	    "$(open 9 '"kind":"http-body","parent":1')" \
	    '{"type":"name","stream":9,"pattern":"-B","flags":["suffix"]}' \
	    "$(data 9 body)" "$(close 9)" "$(close 1)" > in
	fails 1 flow-store -o out < in > rec
	expect 'flow-store: out/d/x: Not a directory' cat .error
	expect d files out
}

@test "a file size limit: named, the others go on, exit 1" {
	head -c 3000 /dev/zero | tr '\0' x > big
	stream "$(open 1)" "$(name 1 a)" "$(data 1 "$(cat big)")" "$(close 1)" \
	    "$(open 2)" "$(name 2 b)" "$(data 2 small)" "$(close 2)" > in
	fails 1 bash -c '(ulimit -f 1; exec flow-store -o out < in) |
	    cat > rec; exit ${PIPESTATUS[0]}'
	expect 'flow-store: out/a: File too large' cat .error
	holds out/b small
	flow-json < rec | grep '"type":"end"' | grep 'out/a: File too large'
	[ "$(stat -c %s out/a)" -lt 3000 ]
}

@test "a full disk: named, the others go on, exit 1" {
	[ "$(id -u)" -eq 0 ] || skip 'not root: no file system of its own'
	mkdir out
	mount -t tmpfs -o size=64k none out || skip 'no mount here'
	head -c 300000 /dev/zero | tr '\0' x > capture
	stream "$(source_of capture)" \
	    "$(open 1)" "$(name 1 a)" "$(data 1 first)" "$(close 1)" \
	    "$(open 2)" "$(name 2 b)" "$(byref data 2 0 0 300000)" \
	    "$(close 2)" > in
	fails 1 flow-store -o out -r capture < in > rec || { umount out; false; }
	cat out/a > got
	umount out
	expect 'flow-store: out/b: No space left on device' cat .error
	holds got first
	flow-json < rec | grep '"type":"end"' | grep 'out/b: No space'
}

@test "a live source: bytes are on disk while the stream is open" {
	mkfifo pipe
	flow-store -o out < pipe > /dev/null 3>&- &
	exec 9> pipe
	stream '{"type":"source","index":1,"format":"live","name":"lo"}' \
	    "$(open 1)" "$(name 1 f)" "$(data 1 abc)" > in
	head -c $(($(stat -c %s in) - 48)) in >&9
	wait_for holds out/f abc
	tail -c 48 in >&9
	exec 9>&-
	wait
	expect '2011-04-21 19:55:57.123456789 +0000' stat -c %y out/f
}

# listing DIRECTORY: names, sizes, times and modes below it.
listing() {
	(cd "$1" && find . -type f -printf '%P %s %T@ %m\n' | LC_ALL=C sort)
}

# unpacks OPTION...: --tar of `in` gives what -o gives, by two programs.
unpacks() {
	rm -rf out gnu bsd x.tar
	flow-store "$@" -o out < in > rec.dir
	flow-store "$@" --tar x.tar < in > rec.tar
	flow-store "$@" --tar - < in > y.tar
	cmp x.tar y.tar
	[ $(($(stat -c %s x.tar) % 10240)) -eq 0 ]
	mkdir gnu bsd
	tar -C gnu -xf x.tar
	listing out > want
	listing gnu > got
	same want got
	diff -r out gnu
	stored < rec.dir | sed 's/^out\///' | LC_ALL=C sort > want
	stored < rec.tar | LC_ALL=C sort > got
	same want got
	command -v bsdtar > /dev/null || return 0
	bsdtar -C bsd -xpf x.tar
	diff -r out bsd
	listing out > want
	listing bsd > got
	same want got
}

@test "--tar: the same files, times and holes" {
	long=$(printf '%0120d' 7)
	stream "$(open 1)" "$(name 1 'a\u0000C\u0000c')" "$(data 1 abc)" "$(close 1)" \
	    "$(open 2)" "$(name 2 'a\u0000C\u0000c')" "$(data 2 defg)" "$(close 2)" \
	    "$(open 3)" "$(name 3 ac1)" "$(data 3 x)" "$(close 3)" \
	    "$(open 4)" "$(name 4 "d/$long/$long")" "$(data 4 long)" "$(close 4)" \
	    "$(open 5)" "$(name 5 d/hole)" "$(gap 5 5000000)" "$(data 5 Z)" \
	    "$(gap 5 100000)" "$(data 5 Y)" "$(close 5)" \
	    "$(open 6)" "$(name 6 late)" "$(data 6 AA)" "$(gap 6 2)" \
	    "$(data 6 CC)" "$(late 6 BB 2)" "$(late 6 zz -7)" "$(close 6)" \
	    "$(open 7)" "$(name 7 empty)" "$(gap 7 2 limit)" "$(close 7)" \
	    '{"type":"open","stream":8,"time":-2000000000}' "$(name 8 old)" \
	    "$(data 8 before)" "$(close 8)" \
	    "$(open 9)" "$(name 9 'd/\u00fcml\u00e4ut')" "$(data 9 u)" "$(close 9)" \
	    "$(open 11)" "$(name 11 "d/\\u00fc$long")" "$(data 11 u)" "$(close 11)" \
	    "$(open 12)" "$(name 12 none)" "$(gap 12 9)" "$(close 12)" > in
	unpacks
	holds gnu/late 'zz\0\0\0\0\0AABBCC'
	[ "$(du -k gnu/d/hole | cut -f1)" -lt 100 ]
	[ "$(stat -c %s x.tar)" -lt 100000 ]
	unpacks -M 0 -f 1
	unpacks -b 3
	unpacks -b 4900000
	unpacks -k tcp --strip
}

@test "--tar: index, captures, losing versions, derived streams" {
	stream "$(open 1)" "$(name 1 p)" "$(data 1 abc)" \
	    '{"type":"conflict","stream":1,"offset":2,"length":2,"text":"XY"}' \
	    "$(late 1 z -1)" "$(frame 1 1000000 1 60)" \
	    "$(frame 1 2000001 1 60)" "$(frame 1 3000000 113 60)" \
	    "$(open 9 '"kind":"http-body","parent":1')" \
	    '{"type":"name","stream":9,"pattern":"-B","flags":["suffix"]}' \
	    "$(data 9 body)" "$(close 9)" "$(close 1)" > in
	unpacks -I --conflicts
	unpacks -K
	unpacks -k http-body
}

@test "--tar: by reference, and a capture that is missing" {
	seq 100000 > capture
	for i in $(seq 0 99); do
		set -- "$@" "$(byref data 1 $((i * 1000)) $((i * 1500)) 1000)"
	done
	stream "$(source_of capture)" "$(open 1)" "$(name 1 f)" "$@" \
	    "$(close 1)" "$(open 2)" "$(name 2 g)" "$(data 2 good)" \
	    "$(close 2)" > in
	unpacks -r capture
	unpacks -r capture -M 0
	fails 1 flow-store --tar bad.tar < in > rec
	says 'flow-store: source 1: no file of -r matches it'
	tar -xf bad.tar
	holds g good
}

# crowd STREAMS: they are all open at once, each has seven runs, two of them
# are longer than a megabyte; every third closes early and another follows it.
crowd() {
	python3 - "$1" <<-'END'
	import sys
	streams = int(sys.argv[1])
	offset = {}

	def begin(i):
	    offset[i] = 0
	    print('{"type":"open","stream":%d,"time":%d}' % (i, i))
	    print('{"type":"name","stream":%d,"pattern":"f%d"}' % (i, i))

	def data(i, text):
	    print('{"type":"data","stream":%d,"offset":%d,"text":"%s"}'
	          % (i, offset[i], text))
	    offset[i] += len(text)

	def end(i):
	    print('{"type":"close","stream":%d}' % i)

	for i in range(1, streams + 1):
	    begin(i)
	for part in range(7):
	    for i in range(1, streams + 1):
	        long = 200000 if i in (5, 7) else i * 37 % 613 + 1
	        if i % 3 == 0 and part == 3:
	            end(i)
	            begin(i + streams)
	        data(i + streams if i % 3 == 0 and part >= 3 else i,
	             '%d.%d ' % (i, part) + 'x' * long)
	for i in range(1, streams + 1):
	    end(i + streams if i % 3 == 0 else i)
	print('{"type":"end"}')
	END
}

@test "--tar: more streams at once than memory has room for" {
	crowd 600 | records > in
	for memory in 0 20K 300K 1M; do
		unpacks -M $memory
	done
	expect 800 sh -c 'ls gnu | wc -l'
}

two_files() {
	[ "$(ls "$1" | wc -l)" -eq 2 ]
}

@test "--tar: what waits does so in one file, which has no name" {
	crowd 200 | grep -v '"type":"close"' > open.json
	grep -v '"type":"end"' open.json | records > in
	mkfifo pipe
	mkdir tmp
	TMPDIR=$PWD/tmp flow-store -M 0 --tar x.tar < pipe > /dev/null 3>&- &
	pid=$!
	exec 9> pipe
	cat in >&9
	# the two that are longer than a megabyte have files of their own
	wait_for two_files tmp
	[ "$(find "/proc/$pid/fd" -lname '*/tmp/flow-store-*' | wc -l)" -eq 3 ]
	exec 9>&-
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 1 ]
	[ -z "$(ls tmp)" ]
}

@test "--tar: the disk where streams wait is full: the rest is kept" {
	need prlimit
	crowd 300 | records > in
	fails 1 bash -o pipefail -c 'prlimit --fsize=150000 \
	    flow-store -M 0 --tar - < in | cat > x.tar'
	says 'flow-store: -/f'
	says 'File too large'
	flow-store --tar good.tar < in > /dev/null
	mkdir got want
	tar -C got -xf x.tar
	tar -C want -xf good.tar
	[ "$(ls got | wc -l)" -gt 0 ]
	for f in $(cd got && ls); do
		cmp "got/$f" "want/$f"
	done
}

@test "--tar: nothing is overwritten; errors are said, exit 1" {
	stream "$(open 1)" "$(name 1 ../f)" "$(data 1 a)" "$(close 1)" > in
	fails 1 flow-store --tar x.tar < in > rec
	expect 'flow-store: x.tar/../f: Permission denied' cat .error
	[ -z "$(tar -tf x.tar)" ]
	fails 1 flow-store --tar x.tar < in > rec
	expect 'flow-store: x.tar: File exists' cat .error
	flow-json < rec | grep '"type":"end"' | grep '"status":"error"'
	fails 2 flow-store --tar x.tar -o out < in
	if [ -w /dev/full ]; then
		fails 1 flow-store --tar - < in > /dev/full
		says 'flow-store: standard output: No space left on device'
	fi
}

@test "when the reader goes away the files are finished, exit 1" {
	for i in $(seq 1 200); do
		set -- "$@" "$(open $i)" "$(name $i f$i)" \
		    "$(data $i "content $i")" "$(close $i)"
	done
	stream "$@" > in
	mkfifo to from
	flow-store -o out < to > from 3>&- &
	pid=$!
	exec 9> to
	: < from
	cat in >&9
	exec 9>&-
	status=0
	wait $pid || status=$?
	[ "$status" -eq 1 ]
	expect 200 sh -c 'ls out | wc -l'
	holds out/f200 'content 200'
}

@test "more than 10,000 files in one directory: said, unless -q" {
	python3 - > in.json <<-'END'
	for i in range(1, 10006):
	    print('{"type":"open","stream":%d}' % i)
	    print('{"type":"name","stream":%d,"pattern":"f%d"}' % (i, i))
	    print('{"type":"data","stream":%d,"text":"x"}' % i)
	    print('{"type":"close","stream":%d}' % i)
	print('{"type":"end"}')
	END
	records < in.json > in
	fails 0 flow-store -o out < in > /dev/null
	says 'flow-store: out: 10007 entries in one directory'
	fails 0 flow-store -q -o quiet < in > /dev/null
	[ ! -s .error ]
}

@test "bad usage: exit 2" {
	fails 2 flow-store -o '' < /dev/null
	fails 2 flow-store -b x < /dev/null
	says 'flow-store: -b: not a number: x'
	fails 2 flow-store -f -1 < /dev/null
	fails 2 flow-store operand < /dev/null
	fails 2 flow-store --nosuch < /dev/null
}
