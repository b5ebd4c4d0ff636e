#!/usr/bin/env bats
# flow-hash: digests of streams as they pass, and of the files they became.

load lib

local_setup() {
	[ -x "$BIN/flow-hash" ] || skip "built without nettle"
}

# digests of a record stream on standard input: one a line
digests() {
	flow-json | jq -r 'select(.type == "digest") | "\(.stream) \(.algorithm) \(.value) \(.covered)\(if .gaps then " gaps" else "" end)\(if .partial then " partial" else "" end)"'
}

sum() {
	"${1}sum" | cut -d' ' -f1
}

@test "known digests, all algorithms" {
	records > in <<'END'
{"type":"open"}
{"type":"data","text":"a"}
{"type":"data","text":"bc"}
{"type":"close"}
{"type":"end"}
END
	flow-hash -a md5,sha1 -a sha256 < in > out
	expect '1 md5 900150983cd24fb0d6963f7d28e17f72 3
1 sha1 a9993e364706816aba3e25717850c26c9cd0d89d 3
1 sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3' digests < out
	flow-hash < in > out
	expect '1 sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3' digests < out
	# everything passes, DIGEST before CLOSE
	expect 'meta open data data digest close stats end' sh -c "flow-json < out | jq -r 'select(.type != \"section\").type' | xargs"
}

@test "a stream without bytes has no digest" {
	records > in <<'END'
{"type":"close"}
{"type":"open","stream":2}
{"type":"data","stream":2,"text":""}
{"type":"close","stream":2}
{"type":"end"}
END
	flow-hash -a md5 < in > out
	expect '2 md5 d41d8cd98f00b204e9800998ecf8427e 0' digests < out
}

@test "gaps are zeros, and said" {
	records > in <<'END'
{"type":"open"}
{"type":"gap","length":100000}
{"type":"data","text":"abc"}
{"type":"gap","length":1}
{"type":"close"}
{"type":"end"}
END
	want=$({ head -c 100000 /dev/zero; printf 'abc\0'; } | sum md5)
	flow-hash -a md5 < in > out
	expect "1 md5 $want 100004 gaps" digests < out
}

@test "a gap over the limit takes no time: partial, up to it" {
	records > in <<'END'
{"type":"open"}
{"type":"data","text":"abc"}
{"type":"gap","length":10}
{"type":"gap","length":4611686018427387904}
{"type":"data","text":"abc"}
{"type":"close"}
{"type":"end"}
END
	want=$(printf 'abc\0\0\0\0\0\0\0\0\0\0' | sum md5)
	flow-hash -a md5 < in > out
	expect "1 md5 $want 13 gaps partial" digests < out
	flow-hash -a md5 --gap-limit 5 < in > out
	expect "1 md5 900150983cd24fb0d6963f7d28e17f72 3 partial" digests < out
}

@test "late bytes in a gap: as it passes, only what is before is sure" {
	records > in <<'END'
{"type":"open"}
{"type":"data","text":"abc"}
{"type":"gap","length":1}
{"type":"data","text":"e"}
{"type":"late","offset":3,"text":"d"}
{"type":"close"}
{"type":"open","stream":2}
{"type":"data","stream":2,"text":"abc"}
{"type":"late","stream":2,"offset":-1,"text":"d"}
{"type":"close","stream":2}
{"type":"open","stream":3}
{"type":"data","stream":3,"text":"abc"}
{"type":"gap","stream":3,"length":1}
{"type":"late","stream":3,"offset":1,"text":"d","flags":["replace"]}
{"type":"close","stream":3}
{"type":"end"}
END
	flow-hash -a md5 < in > out
	expect "1 md5 900150983cd24fb0d6963f7d28e17f72 3 partial
2 md5  0 partial
3 md5  0 partial" digests < out
}

@test "--files: late, replaced, before offset 0, cut" {
	cat > lines <<'END'
{"type":"open"}
{"type":"name","pattern":"one"}
{"type":"data","text":"abc"}
{"type":"gap","length":1}
{"type":"data","text":"e"}
{"type":"late","offset":3,"text":"d"}
{"type":"late","offset":-2,"text":"yz"}
{"type":"close","late":3}
{"type":"open","stream":2}
{"type":"name","stream":2,"pattern":"dir/two"}
{"type":"data","stream":2,"text":"abc"}
{"type":"late","stream":2,"offset":0,"text":"X","flags":["replace"]}
{"type":"close","stream":2}
{"type":"open","stream":3}
{"type":"name","stream":3,"pattern":"three"}
{"type":"data","stream":3,"text":"abc"}
{"type":"gap","stream":3,"length":1000}
{"type":"data","stream":3,"text":"abc"}
{"type":"close","stream":3,"gaps":1,"missing":1000}
{"type":"end"}
END
	records < lines > in
	flow-store -o out < in | flow-hash -a md5 --files out > digested
	digests < digested > got
	cat > want <<END
1 md5 $(printf yzabcde | sum md5) 7
2 md5 $(printf Xbc | sum md5) 3
3 md5 $(sum md5 < out/three) 1006 gaps
END
	same want got
	for f in one:1 dir/two:2 three:3; do
		grep -q "^${f#*:} md5 $(sum md5 < "out/${f%:*}")" got
	done
	flow-store -b 2 -o cut < in | flow-hash -a md5 --files cut > digested
	expect "2 md5 $(printf Xb | sum md5) 2" sh -c "flow-json < digested | jq -r 'select(.type == \"digest\" and .stream == 2) | \"\(.stream) \(.algorithm) \(.value) \(.covered)\"'"
	# in the current directory, and one that is not there yet
	mkdir here && cd here
	flow-store -o . < ../in | flow-hash -a md5 --files . > ../digested
	cd ..
	digests < digested | same want -
	flow-store -o fresh/ < in | flow-hash -a md5 --files fresh > digested
	digests < digested | same want -
}

@test "every flow and body of a capture has the digest of its file" {
	f=$DATA/captures/transfers-damaged.pcap
	pcap-demux --by-reference -r "$f" | flow-reasm -r "$f" |
	    flow-http -r "$f" | flow-name | flow-store -o out -r "$f" |
	    flow-hash --files out -a sha256 | flow-dfxml -o report.xml
	(cd out && find . -type f | sort | xargs sha256sum) |
	    sed 's, *\./, out/,' | sort > want
	awk -F '[<>]' '/<filename>/ { name = $3 }
	    /<hashdigest/ { print $3, name }' report.xml | sort > got
	same want got
	[ "$(wc -l < got)" -gt 10 ]
	# as they pass, by reference, where nothing came late
	pcap-demux --by-reference -r "$f" | flow-reasm -r "$f" |
	    flow-name | flow-hash -r "$f" | flow-store -o again -r "$f" |
	    flow-dfxml -o report.xml
	awk -F '[<>]' '/<filename>/ { name = $3 }
	    /<hashdigest/ { print $3, name }' report.xml |
	    sed 's, again/, out/,' | sort > passed
	[ "$(wc -l < passed)" -gt 10 ]
	comm -13 want passed > wrong
	expect 0 stat -c %s wrong
}

@test "a huge hole in a file takes no time" {
	mkdir out
	truncate -s 1T out/x
	records > in <<'END'
{"type":"stored","path":"out/x","size":1099511627776}
{"type":"close"}
{"type":"end"}
END
	flow-hash -a md5 --files out < in > digested
	expect '1 md5 d41d8cd98f00b204e9800998ecf8427e 0 partial' \
	    digests < digested
}

@test "nothing is read outside of the directory, or through links" {
	mkdir out
	echo secret > secret
	ln -s ../secret out/link
	ln -s .. out/up
	for path in secret out/../secret out/link out/up/secret /etc/passwd \
	    outside out/./link ./out/x; do
		printf '%s\n' "{\"type\":\"stored\",\"path\":\"$path\",\"size\":7}" \
		    '{"type":"close"}' '{"type":"end"}' | records > in
		fails 1 flow-hash --files out < in > digested
		says "flow-hash: "
		[ -z "$(digests < digested)" ]
	done
}

@test "a file that is not what was stored" {
	mkdir out
	echo abc > out/x
	mkfifo out/fifo
	for path in out/x out/fifo out/gone; do
		printf '%s\n' "{\"type\":\"stored\",\"path\":\"$path\",\"size\":7}" \
		    '{"type":"close"}' '{"type":"end"}' | records > in
		fails 1 flow-hash --files out < in > digested
		says "flow-hash: $path: "
		fails 1 flow-json < digested > /dev/null
		[ -z "$(digests < digested)" ]
	done
}

@test "behind flow-store without --files: said" {
	records > in <<'END'
{"type":"stored","path":"out/x","size":7}
{"type":"close"}
{"type":"end"}
END
	fails 1 flow-hash < in > /dev/null
	says "flow-hash: stream 1: was stored before it came here: --files is needed"
}

@test "-k" {
	records > in <<'END'
{"type":"open","stream":1}
{"type":"data","stream":1,"text":"abc"}
{"type":"open","stream":2,"kind":"http-body","parent":1}
{"type":"data","stream":2,"text":"abc"}
{"type":"close","stream":2}
{"type":"close","stream":1}
{"type":"end"}
END
	flow-hash -a md5 -k http-body < in > out
	expect '2 md5 900150983cd24fb0d6963f7d28e17f72 3' digests < out
	flow-hash -a md5 < in > out
	expect 2 sh -c "flow-json < out | grep -c '\"type\":\"digest\"'"
}

@test "damage: records that do not tile, bytes that are nowhere" {
	records > in <<'END'
{"type":"open"}
{"type":"data","text":"abc"}
{"type":"data","offset":5,"text":"abc"}
{"type":"close","length":8}
{"type":"end"}
END
	fails 1 flow-hash -a md5 < in > out
	says "flow-hash: standard input: stream 1: data at 5, not at 3"
	flow-json < out > json || true
	grep -q '"value":"900150983cd24fb0d6963f7d28e17f72","covered":3,"gaps":false,"partial":true' json
	records > in <<'END'
{"type":"open"}
{"type":"data","ref":{"source":1,"offset":5,"length":100}}
{"type":"close"}
{"type":"end"}
END
	fails 1 flow-hash -a md5 < in > out
	says "flow-hash: source 1: no file of -r matches it"
}

@test "usage" {
	fails 2 flow-hash -a md4
	says "unknown algorithm: md4"
	fails 2 flow-hash -a md5,
	fails 2 flow-hash --gap-limit much
	flow-hash -V | grep -q '^nettle '
}
