#!/usr/bin/env bats
# flow-json: records to JSON Lines and back.

load lib

# One record of every type, short.
every_type() {
	cat <<'END'
{"type":"meta","meta":{"program":"x","utime":0.001,"list":[1,null,true]}}
{"type":"source","name":"a.pcap","size":100,"referable":true}
{"type":"segment","src":"::1","dst":"::2","tci":5,"seq":1,"text":"abc"}
{"type":"frame","bytes":"0011"}
{"type":"clock","time":1000000000}
{"type":"open","kind":"tcp","src_mac":"00:01:02:03:04:05","peer":2}
{"type":"name","pattern":"a\u0000C\u0000c"}
{"type":"data","text":"GET /\r\n\u0000\u00ff"}
{"type":"gap","length":7,"cause":"snaplen"}
{"type":"data","ref":{"source":1,"offset":64},"length":80}
{"type":"late","offset":-1,"text":"x","flags":["replace"]}
{"type":"arrival","text":"x"}
{"type":"conflict","text":"ab","kept":{"source":1,"offset":5,"length":2}}
{"type":"stored","path":"out/x","size":96,"shift":1,"limited":true}
{"type":"digest","algorithm":"sha1","value":"00ff","gaps":true}
{"type":"note","note":{"http":{"a":"\u00e9\u0000"}}}
{"type":"close","why":"rst","packets":3}
{"type":"stats","stats":{"program":"x"}}
{"type":300,"stream":9,"offset":-5,"flags":["0x0001"],"body":"000102"}
{"type":"end"}
END
}

# there_and_back FILE: the same records again, byte for byte.
there_and_back() {
	flow-json < "$1" > "$1.json"
	flow-json -r < "$1.json" > "$1.again"
	cmp "$1" "$1.again"
}

@test "what is left out has defaults" {
	flow-json -r > in <<'END'
# a comment, and a blank line

{"type":"open","time":1000000000}
{"type":"data","text":"abc"}
{"type":"gap","length":5}
{"type":"data","text":"de","time":2000000000}
{"type":"close"}
{"type":"end"}
END
	flow-json < in > out
	expect '{"type":"section","major":1,"minor":0}' sed -n 1p out
	expect 1000000000,0,10.0.0.1,1234,10.0.0.2,80,4,tcp jq -r 'select(.type == "open") | [.time, .offset, .src, .sport, .dst, .dport, .family, .kind] | map(tostring) | join(",")' out
	expect '0,8' jq -r '[inputs | select(.type == "data").offset | tostring] | join(",")' out
	expect '10,fin,1000000000,2000000000,10.0.0.1' jq -r 'select(.type == "close") | [.length, .why, .start, .end, .open.src] | map(tostring) | join(",")' out
	expect '5,whole' jq -r 'select(.type == "end") | "\(.records),\(.status)"' out
}

@test "every type there and back" {
	every_type | flow-json -r > in
	there_and_back in
	expect 20 jq -s 'map(.type) | unique | length' in.json
	expect '{"http":{"a":"é\u0000"}}' jq -c 'select(.type == "note").note' in.json
}

@test "sections after each other, and what is between them" {
	every_type | flow-json -r > one
	cat one one > in
	there_and_back in
	expect 2 grep -c '"section"' in.json
}

@test "malformed bodies are there as they were" {
	flow-json -r > in <<'END'
{"type":"open","body":"00"}
{"type":"data","body":"0000"}
{"type":"gap","body":"01000000000000000000000001000000"}
{"type":"gap","body":"0100000000000000000000000000000000"}
{"type":"gap","length":"18446744073709551615","cause":99}
{"type":"close","body":""}
{"type":"meta","text":"{not json"}
{"type":"note","text":"{ \"a\" : 1.50 }"}
{"type":"note","text":"{\"a\":1,\"a\":2}"}
{"type":"note","text":"{\"\\u0000\":1}"}
{"type":"stats","text":"{\"n\":18446744073709551615}"}
{"type":"name","body":"","flags":["suffix","0x8000"]}
{"type":"source","body":"00"}
{"type":"digest","algorithm":77,"value":""}
{"type":0,"body":"ff"}
{"type":"end","status":"whole","records":3}
END
	flow-json < in > out || true
	flow-json -r < out | cmp in -
}

@test "a section with another minor version" {
	flow-json -r > in <<'END'
{"type":"section","minor":7}
{"type":"end"}
END
	there_and_back in
}

@test "every stage's output there and back" {
	f=$DATA/captures/transfers-damaged.pcap
	pcap-demux -r "$f" > a
	flow-reasm < a > b
	flow-http < b | flow-name > c
	for s in a b c; do
		there_and_back $s
	done
}

@test "by reference there are no bytes" {
	f=$DATA/captures/transfers-damaged.pcap
	pcap-demux --by-reference -r "$f" | flow-reasm -r "$f" > in
	there_and_back in
	expect 0 jq -s 'map(select(.flags == ["byref"] and has("bytes"))) |
	    length' in.json
	expect true jq -s 'map(select(.flags == ["byref"])) | length > 0' in.json
}

@test "-k leaves out streams of other kinds" {
	flow-json -r > in <<'END'
{"type":"open","stream":1}
{"type":"open","stream":2,"kind":"http-body","parent":1}
{"type":"data","stream":1,"text":"a"}
{"type":"data","stream":2,"text":"b"}
{"type":"close","stream":2}
{"type":"close","stream":1}
{"type":"close","stream":3,"open":{"kind":"http-body"}}
{"type":"end"}
END
	flow-json -k tcp < in > out
	expect 'open 1
data 1
close 1' jq -r 'select(.stream > 0) | "\(.type) \(.stream)"' out
	flow-json -k http-body < in > out
	expect 'open 2
data 2
close 2
close 3' jq -r 'select(.stream > 0) | "\(.type) \(.stream)"' out
}

@test "no END: what came is shown, exit 1, and the same comes back" {
	every_type | flow-json -r > whole
	head -c -48 whole > in
	fails 1 flow-json < in > out
	says "flow-json: standard input: ended after 19 records without END"
	expect 0 sh -c 'grep -c "\"end\"}" out || :'
	flow-json -r < out | cmp in -
}

@test "a cut anywhere is told and does no harm" {
	every_type | flow-json -r > whole
	size=$(stat -c %s whole)
	for at in $(seq 0 7 $((size - 1))); do
		head -c "$at" whole > in
		fails 1 flow-json < in > out
		[ "$(wc -l < .error)" -eq 1 ]
	done
}

@test "raw bytes between the records" {
	flow-json -r > in <<'END'
{"type":"raw","bytes":"d4c3b2a1"}
{"type":"raw","text":"\u0002\u0000\u0004\u0000aaaaaaaaa"}
END
	expect 17 stat -c %s in
	fails 1 flow-json < in
	says "is a pcap capture"
}

@test "bad lines are told by number" {
	bad() {
		printf '{"type":"end"}\n%s\n' "$1" > in
		fails 1 flow-json -r < in > out
		says "flow-json: standard input: line 2: $2"
	}
	bad '{"type":"data"' 'column'
	bad '[]' 'not an object'
	bad '{}' 'no type'
	bad '{"type":"dada"}' 'type: unknown: dada'
	bad '{"type":70000}' 'type: over 65535'
	bad '{"type":"data","lenght":5}' 'unknown member "lenght"'
	bad '{"type":"data","bytes":"0"}' 'bytes: not pairs of hexadecimal'
	bad '{"type":"data","text":"€"}' 'text: a character is over U+00FF'
	bad '{"type":"data","text":"a","bytes":"00"}' 'bytes and text: one'
	bad '{"type":"data","text":"a","ref":{"length":5}}' 'ref: length is'
	bad '{"type":"open","src":"1.2.3"}' 'src: not an address: 1.2.3'
	bad '{"type":"open","src":"1.2.3.4","dst":"::1"}' 'src and dst are of'
	bad '{"type":"open","src_mac":"1:2"}' 'src_mac: not a MAC address'
	bad '{"type":"open","kind":"aaaaaaaaaaaaaaaa"}' 'kind: too long'
	bad '{"type":"open","path":[{"kind":"moon"}]}' 'path: kind: unknown'
	bad '{"type":"open","time":"yesterday"}' 'time: not a time'
	bad '{"type":"close","open":5}' 'open: not an object'
	bad '{"type":"gap","cause":"moth"}' 'cause: unknown: moth'
	bad '{"type":"gap","length":-1}' 'length: not a number from 0'
	bad '{"type":"gap","length":1,"length":2}' 'column'
	bad '{"type":"end","flags":["red"]}' 'flags: unknown: red'
}

@test "-t: times as text, exact through jq and back" {
	every_type | sed '/^{"type":"section"/!s/1000000000/1223315694796605007/' |
	    flow-json -r > in
	flow-json -t < in > out
	grep -q '"time":"2008-10-06T17:54:54.796605007Z"' out
	grep -q '"start":"2008-10-06T17:54:54.796605007Z"' out
	jq -c . out | flow-json -r | cmp in -
	for t in -9223372036854775807 9223372036854775807 -1 0; do
		echo "{\"type\":\"clock\",\"time\":$t}"
	done > lines
	echo '{"type":"end"}' >> lines
	flow-json -r < lines > in
	flow-json -t < in | flow-json -r | cmp in -
	fails 2 flow-json -r -t < out
}

@test "times may be text" {
	flow-json -r > in <<'END'
{"type":"clock","time":"2008-10-06T17:54:54.796605001Z"}
{"type":"clock","time":"1969-12-31T23:59:59Z"}
END
	flow-json < in > out || true
	expect '"time":1223315694796605001' grep -o '"time":1223315694796605001' out
	expect '"time":-1000000000' grep -o '"time":-1000000000' out
}

@test "a full disk on standard output" {
	[ -w /dev/full ] || skip "no /dev/full"
	every_type | flow-json -r > in
	fails 1 flow-json < in > /dev/full
	says "flow-json: standard output: No space left on device"
	every_type > lines
	fails 1 flow-json -r < lines > /dev/full
	says "flow-json: standard output: No space left on device"
}

@test "a body of a megabyte" {
	head -c 1048560 /dev/urandom | od -An -v -tx1 | tr -d ' \n' > hex
	printf '{"type":"data","bytes":"%s"}\n{"type":"end"}\n' "$(cat hex)" |
	    flow-json -r > in
	there_and_back in
	printf '{"type":"data","bytes":"%s00"}\n' "$(cat hex)" > in
	fails 1 flow-json -r < in
	says "line 1: bytes: too long"
}

@test "usage" {
	fails 2 flow-json -x < /dev/null
	fails 2 flow-json -r -k tcp < /dev/null
	says "-k and -t do not go with -r"
	flow-json -V | grep -q '^jansson '
}
