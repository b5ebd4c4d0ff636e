#!/usr/bin/env bats
# flow-dfxml: what is in the report, and that it is valid whatever happens.

load lib

# valid FILE: by the schema, without a network.
valid() {
	xmllint --nonet --noout --schema "$TOP/tests/dfxml/dfxml.xsd" "$1" \
	    2> .xml && return 0
	cat .xml
	return 1
}

# xpath FILE EXPRESSION: namespaces do not count.
xpath() {
	xmllint --xpath "$2" "$1"
}

# the report without what differs from run to run
entries() {
	sed -n '/<fileobject>/,/<\/fileobject>/p' "$1"
}

@test "one stream: names, order and omissions of attributes" {
	records > in <<'END'
{"type":"open","time":1223315694796605000,"src":"74.125.19.101","sport":80,"dst":"192.168.1.102","dport":50956,"src_mac":"00:0f:cc:fe:cc:dc","dst_mac":"00:1f:5b:c7:fa:d2"}
{"type":"data","text":"abc"}
{"type":"stored","path":"out/074.125.019.101.00080-192.168.001.102.50956","size":136}
{"type":"digest","value":"ae30a88136feb0655492bdb75e078643","covered":136}
{"type":"close","packets":3,"wire_bytes":342,"end":1223315694850204000}
{"type":"close","stream":2,"start":1223315694000000000,"end":1223315694000000001,"packets":5,"wire_bytes":500,"cap_bytes":400,"out_of_order":2,"violations":1,"gaps":3,"missing":7,"late":4,"conflicts":6,"length":9,"open":{"src":"::1","dst":"fe80::2","tci":20485,"path":[{"kind":"vxlan","id":7,"src":"10.0.0.1","dst":"10.0.0.2"}],"dst_mac":"00:00:00:00:00:01"}}
{"type":"end"}
END
	flow-dfxml < in > report.xml
	valid report.xml
	entries report.xml > got
	cat > want <<'END'
  <fileobject>
    <filename>out/074.125.019.101.00080-192.168.001.102.50956</filename>
    <filesize>136</filesize>
    <hashdigest type='MD5'>ae30a88136feb0655492bdb75e078643</hashdigest>
    <tcpflow xmlns='urn:flowpipe:report' startime='2008-10-06T17:54:54.796605Z' endtime='2008-10-06T17:54:54.850204Z' mac_daddr='00:1f:5b:c7:fa:d2' mac_saddr='00:0f:cc:fe:cc:dc' family='2' src_ipn='74.125.19.101' dst_ipn='192.168.1.102' srcport='80' dstport='50956' packets='3' len='342' />
  </fileobject>
  <fileobject>
    <filesize>0</filesize>
    <tcpflow xmlns='urn:flowpipe:report' startime='2008-10-06T17:54:54Z' endtime='2008-10-06T17:54:54.000000001Z' mac_daddr='00:00:00:00:00:01' family='10' src_ipn='::1' dst_ipn='fe80::2' srcport='1234' dstport='80' packets='5' out_of_order_count='2' violations='1' len='500' caplen='400' length='9' gaps='3' missing='7' late='4' conflicts='6' vlan='5' tunnel='vxlan 7 10.0.0.1&gt;10.0.0.2' />
  </fileobject>
END
	same want got
	expect 2 xpath report.xml 'string(//*[local-name()="total_flows"])'
	expect 8 xpath report.xml 'string(//*[local-name()="total_packets"])'
}

@test "a capture through all stages, by value and by reference" {
	f=$DATA/captures/transfers.pcap
	pcap-demux -r "$f" | flow-reasm | flow-http | flow-name |
	    flow-store -o out | flow-dfxml -o one/two/report.xml
	valid one/two/report.xml
	pcap-demux --by-reference -r "$f" | flow-reasm -r "$f" |
	    flow-http -r "$f" | flow-name | flow-store -o ref -r "$f" |
	    flow-dfxml -o ref/report.xml
	valid ref/report.xml
	entries one/two/report.xml > a
	entries ref/report.xml | sed 's,ref/,out/,g' > b
	same a b
	# every file is there, with its size
	sed -n 's,.*<filename>\(.*\)</filename>,\1,p' a | sort > names
	find out -type f | sort > files
	same files names
	while read -r name; do
		stat -c %s "$name"
	done < <(sed -n 's,.*<filename>\(.*\)</filename>,\1,p' a) > sizes
	grep -A1 '<filename>' a | sed -n 's,.*<filesize>\(.*\)<.*,\1,p' \
	    > reported
	same sizes reported
	expect yes xpath one/two/report.xml \
	    'string(//*[local-name()="summary"]/@complete)'
}

@test "the chain of custody" {
	f=$DATA/captures/transfers.pcap
	pcap-demux -r "$f" | flow-reasm | flow-name -T 'it'\''s %A' |
	    flow-dfxml > report.xml
	valid report.xml
	for i in 'pcap-demux 1' 'flow-reasm 2' 'flow-name 3' 'flow-dfxml 4'; do
		expect "${i% *}" xpath report.xml "string(//*[local-name()='pipeline']/*[${i#* }]/@program)"
	done
	for a in version compiler cflags host os_sysname os_release os_version \
	    arch uid pid start_time; do
		expect 4 xpath report.xml "count(//*[local-name()='pipeline']/*[string-length(@$a) > 0])"
	done
	for a in utime stime maxrss end_time pid; do
		expect 4 xpath report.xml "count(//*[local-name()='section']/*[local-name()='stage'][string-length(@$a) > 0])"
	done
	expect "pcap-demux -r $f | flow-reasm | flow-name -T 'it'\\''s %A' | flow-dfxml" \
	    xpath report.xml 'string(//*[local-name()="command_line"])'
	expect "it's %A" xpath report.xml \
	    'string((//*[local-name()="argument"])[7])'
	expect "$f" xpath report.xml 'string(//*[local-name()="image_filename"])'
	expect "$(head -c 65536 "$f" | sha256sum | cut -d' ' -f1)" xpath \
	    report.xml 'string(//*[local-name()="section"]/*[local-name()="source"]/@sha256_64k)'
	expect 1 xpath report.xml 'count(//*[local-name()="library"][@name="jansson"][../@program="flow-dfxml"])'
	expect 1 xpath report.xml 'count(//*[local-name()="counter"][@name="packets"][../@program="pcap-demux"])'
}

@test "totals come from the stage that makes the streams" {
	records > in <<'END'
{"type":"meta","meta":{"program":"flow-reasm"}}
{"type":"stats","stats":{"program":"flow-reasm","pid":1,"total_flows":1}}
{"type":"stats","stats":{"program":"flow-reasm","pid":1,"total_flows":7,"total_packets":50,"max_open_flows":3,"open_at_end":2,"utime":1.5,"inner":{"deep":5}}}
{"type":"stats","stats":{"program":"pcap-demux","pid":2,"utime":0.25}}
{"type":"end"}
END
	flow-dfxml < in > report.xml
	valid report.xml
	expect 7 xpath report.xml 'string(//*[local-name()="total_flows"])'
	expect 50 xpath report.xml 'string(//*[local-name()="total_packets"])'
	expect 3 xpath report.xml 'string(//*[local-name()="max_open_flows"])'
	expect 2 xpath report.xml 'string(//*[local-name()="open_fds_at_end"])'
	expect 5 xpath report.xml 'string(//*[local-name()="counter"][@name="inner.deep"]/@value)'
	expect true xpath report.xml 'number(//*[local-name()="utime"]) >= 1.75'
}

@test "derived streams follow their parent and name it" {
	records > in <<'END'
{"type":"open","stream":1}
{"type":"open","stream":2,"kind":"tunnel","parent":1,"parent_offset":5}
{"type":"open","stream":3,"kind":"http-body","parent":2,"parent_offset":9}
{"type":"stored","stream":3,"path":"out/p-2-3","size":3}
{"type":"close","stream":3,"why":"complete","length":3}
{"type":"open","stream":4,"kind":"http-body","parent":1,"parent_offset":20}
{"type":"stored","stream":4,"path":"out/p-4","size":4}
{"type":"digest","stream":4,"value":"00"}
{"type":"close","stream":4,"why":"cut","length":4,"gaps":1,"missing":2}
{"type":"close","stream":9,"length":0}
{"type":"stored","stream":2,"path":"out/p-2","size":2}
{"type":"close","stream":2,"why":"complete","length":2}
{"type":"stored","stream":1,"path":"out/p & q","size":1}
{"type":"close","stream":1,"length":1}
{"type":"end"}
END
	flow-dfxml < in > report.xml
	valid report.xml
	entries report.xml | grep -oE '<filename>[^<]*|parent=.*offset=.[0-9]+.|end=.[a-z]+.|missing=.*/|0</filesize>' > got
	cat > want <<'END'
0</filesize>
<filename>out/p &amp; q
<filename>out/p-4
parent='out/p &amp; q' offset='20'
end='cut'
missing='2' /
<filename>out/p-2
parent='out/p &amp; q' offset='5'
end='complete'
<filename>out/p-2-3
parent='out/p-2' offset='9'
end='complete'
END
	sort want > want.sorted
	sort got > got.sorted
	same want.sorted got.sorted
	# each after its parent
	expect 'out/p & q
out/p-4
out/p-2
out/p-2-3' sh -c "xmllint --xpath '//*[local-name()=\"filename\"]/text()' \
	    report.xml | sed 's/&amp;/\&/'"
}

@test "very many bodies of one connection are held on disk" {
	n=60000
	{
		echo '{"type":"open","stream":1}'
		awk -v n=$n 'BEGIN { for (i = 2; i < n + 2; i++) {
			printf "{\"type\":\"stored\",\"stream\":%d,\"path\":\"out/body-%d-%0400d\",\"size\":3}\n", i, i, 0
			printf "{\"type\":\"close\",\"stream\":%d,\"open\":{\"kind\":\"http-body\",\"parent\":1,\"parent_offset\":%d}}\n", i, i
		} }'
		echo '{"type":"stored","stream":1,"path":"out/parent","size":1}'
		echo '{"type":"close","stream":1}'
		echo '{"type":"end"}'
	} | flow-json -r | flow-dfxml -o report.xml
	expect $((n + 1)) grep -c '<fileobject>' report.xml
	expect $n grep -c "parent='out/parent'" report.xml
	expect 'out/parent' sh -c "sed -n 's,.*<filename>\(.*\)</filename>,\1,p' report.xml | head -1"
	sed -n "s/.*parent='out.parent' offset='\([0-9]*\)'.*/\1/p" \
	    report.xml > offsets
	sort -n offsets | cmp - offsets
	xmllint --noout --huge report.xml
	kib=$(sed -n "s/.*<stage program='flow-dfxml'.* maxrss='\([0-9]*\)'.*/\1/p" report.xml)
	[ -n "${FLOWPIPE_SANITIZED-}" ] || [ "$kib" -lt 65536 ] ||
	    { echo "$kib KiB"; false; }
}

@test "file names with any bytes in them" {
	records > in <<'END'
{"type":"stored","path":"out/a&b<c>'\"\u0000\u0001\n\r\t%41 100% gr\u00fcn gr\u00c3\u00bcn","size":1}
{"type":"close"}
{"type":"meta","meta":{"program":"late"}}
{"type":"end"}
END
	flow-dfxml < in > report.xml
	valid report.xml
	expect 'out/a&amp;b&lt;c&gt;&apos;&quot;%00%01%0A%0D%09%2541 100% gr%FCn grün' \
	    sed -n 's,.*<filename>\(.*\)</filename>,\1,p' report.xml
}

@test "several captures" {
	f=$DATA/captures/transfers.pcap
	g=$DATA/captures/transfers-damaged.pcap
	pcap-demux -r "$f" -r "$g" | flow-reasm | flow-dfxml > report.xml
	valid report.xml
	expect 2 xpath report.xml 'count(//*[local-name()="section"]/*[local-name()="source"])'
}

@test "several sections" {
	f=$DATA/captures/transfers.pcap
	pcap-demux -r "$f" | flow-reasm > one
	cat one one | flow-dfxml > report.xml
	valid report.xml
	expect 2 xpath report.xml 'count(//*[local-name()="section"])'
	expect 2 xpath report.xml 'count(//*[local-name()="section"][@status="whole"])'
	one=$(flow-dfxml < one | xpath - 'string(//*[local-name()="total_flows"])')
	expect $((2 * one)) xpath report.xml 'string(//*[local-name()="total_flows"])'
}

@test "byte runs lead to the same bytes in the capture" {
	f=$DATA/captures/transfers-damaged.pcap
	pcap-demux -r "$f" --by-reference | flow-reasm -r "$f" | flow-name |
	    flow-store --pass-references -o out -r "$f" |
	    flow-dfxml --byte-runs -o report.xml
	valid report.xml
	python3 - "$f" <<'END'
import sys, xml.etree.ElementTree as tree
capture = open(sys.argv[1], "rb").read()
d = "{http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML}"
runs = 0
for o in tree.parse("report.xml").iter(d + "fileobject"):
    name = o.findtext(d + "filename")
    if name is None:
        continue
    data = open(name, "rb").read()
    seen = bytearray(data.__len__())
    last = -1
    for r in o.iter(d + "byte_run"):
        at, n = int(r.get("file_offset")), int(r.get("len"))
        img = int(r.get("img_offset"))
        assert at >= last, (name, at)
        last = at
        assert data[at:at + n] == capture[img:img + n], (name, at)
        seen[at:at + n] = b"\1" * n
        runs += 1
    missing = o.find("{urn:flowpipe:report}tcpflow").get("missing", "0")
    assert seen.count(0) == int(missing), (name, seen.count(0), missing)
assert runs > 10, runs
END
}

# byte_runs: what the report of `in` says of them, to `got`.
byte_runs() {
	flow-dfxml --byte-runs < in > report.xml
	valid report.xml
	grep byte_run report.xml | sed 's/^ *//' > got
}

@test "byte runs of what came late, is limited or lies in no capture" {
	records > in <<'END'
{"type":"open"}
{"type":"data","ref":{"source":1,"offset":100,"length":4},"text":"abcd"}
{"type":"gap","length":4}
{"type":"data","ref":{"source":2,"offset":300,"length":4},"text":"ijkl"}
{"type":"late","offset":4,"ref":{"source":1,"offset":500,"length":4},"text":"efgh"}
{"type":"late","offset":-1,"ref":{"source":1,"offset":90,"length":1},"text":"z"}
{"type":"data","text":"mnop"}
{"type":"stored","path":"out/x","size":15,"shift":1,"limited":true}
{"type":"close","gaps":1,"late":5}
{"type":"end"}
END
	byte_runs
	cat > want <<'END'
<byte_runs xmlns:flow='urn:flowpipe:report'>
<byte_run file_offset='0' img_offset='90' len='1' />
<byte_run file_offset='1' img_offset='100' len='4' />
<byte_run file_offset='5' img_offset='500' len='4' />
<byte_run file_offset='9' img_offset='300' len='4' flow:source='2' />
<byte_run file_offset='13' len='2' />
</byte_runs>
END
	same want got
	grep -q "late='5' limited='1'" report.xml
	# Of runs that overlap the last counts, wherever they begin.
	records > in <<'END'
{"type":"open"}
{"type":"data","ref":{"source":1,"offset":100,"length":4},"text":"abcd"}
{"type":"data","ref":{"source":1,"offset":200,"length":4},"text":"efgh"}
{"type":"late","flags":["replace"],"offset":2,"ref":{"source":1,"offset":300,"length":2},"text":"CD"}
{"type":"late","flags":["replace"],"offset":0,"ref":{"source":1,"offset":400,"length":8},"text":"ABXXEFGH"}
{"type":"stored","path":"out/x","size":8}
{"type":"close"}
{"type":"end"}
END
	byte_runs
	cat > want <<'END'
<byte_runs xmlns:flow='urn:flowpipe:report'>
<byte_run file_offset='0' img_offset='100' len='4' />
<byte_run file_offset='4' img_offset='200' len='4' />
<byte_run file_offset='2' img_offset='300' len='2' />
<byte_run file_offset='0' img_offset='400' len='8' />
</byte_runs>
END
	same want got
}

@test "partial digests are no hashdigest of the file" {
	records > in <<'END'
{"type":"stored","path":"out/x","size":15}
{"type":"digest","algorithm":"sha256","value":"00ff","covered":9,"partial":true}
{"type":"digest","algorithm":"sha1","value":"0123","covered":15,"gaps":true}
{"type":"close"}
{"type":"end"}
END
	flow-dfxml < in > report.xml
	valid report.xml
	expect 1 xpath report.xml 'count(/*/*/*[name()="hashdigest"])'
	expect 9 xpath report.xml 'string(//*[local-name()="partial"]/@covered)'
}

@test "-k reports streams of this kind" {
	records > in <<'END'
{"type":"close","open":{"kind":"http-body","parent":2,"parent_offset":0},"stream":1}
{"type":"close","stream":2}
{"type":"end"}
END
	flow-dfxml -k tcp < in > report.xml
	expect 1 grep -c '<fileobject>' report.xml
	grep -q '<tcpflow ' report.xml
	flow-dfxml -k http-body < in > report.xml
	expect 1 grep -c '<fileobject>' report.xml
	grep -q '<derived ' report.xml
}

@test "--names: what a file would have been called" {
	records > in <<'END'
{"type":"name","pattern":"a\u0000C\u0000cb\u0000#"}
{"type":"close","length":5}
{"type":"name","stream":2,"pattern":"x","flags":["unstored"]}
{"type":"close","stream":2,"length":5}
{"type":"end"}
END
	flow-dfxml --names < in > report.xml
	valid report.xml
	expect 'ab0' sed -n 's,.*<filename>\(.*\)</filename>,\1,p' report.xml
	flow-dfxml < in > report.xml
	expect 0 sh -c 'grep -c "<filename>" report.xml || :'
}

@test "--pass: the records go on" {
	f=$DATA/captures/transfers.pcap
	pcap-demux -r "$f" | flow-reasm > in
	flow-dfxml -o report.xml --pass < in > out
	valid report.xml
	flow-json < in | grep -v '"type":"end"' > want
	flow-json < out | grep -v '"type":"end"' |
	    grep -v '"program":"flow-dfxml"' > got
	same want got
	expect 'meta stats' sh -c "flow-json < out | grep '\"program\":\"flow-dfxml\"' | jq -r .type | xargs"
	fails 2 flow-dfxml --pass < in
	need prlimit
	fails 1 bash -o pipefail -c 'prlimit --fsize=8000 \
	    flow-dfxml -o report.xml --pass < in | cat > out'
	says "flow-dfxml: report.xml: File too large"
	expect 1 grep -c . .error
	fails 1 flow-json < out > json
	tail -n 1 json | grep -q '"status":"error".*report.xml: File too large'
	incomplete report.xml "File too large"
}

# incomplete FILE TEXT: valid, and says that it is not whole, and why.
incomplete() {
	valid "$1"
	expect no xpath "$1" 'string(//*[local-name()="summary"]/@complete)'
	xpath "$1" 'string(//*[local-name()="error"]/@text)' |
	    grep -F -- "$2"
}

@test "no END: what came is there, the report says that it is not whole" {
	f=$DATA/captures/transfers.pcap
	pcap-demux -r "$f" | flow-reasm > in
	size=$(stat -c %s in)
	step=$((size / 40 + 1))
	for at in $(seq 0 $step $((size - 1))) $((size - 1)); do
		head -c "$at" in > some
		fails 1 flow-dfxml -o report.xml < some
		[ "$(wc -l < .error)" -eq 1 ]
		incomplete report.xml "standard input: "
	done
	head -c $((size - 48)) in > some
	fails 1 flow-dfxml -o report.xml < some
	expect "$(flow-json < in | grep -c '"type":"close"')" \
	    grep -c '<fileobject>' report.xml
}

@test "an earlier stage failed: its message is in the report, once" {
	records > in <<'END'
{"type":"stored","path":"out/x","size":15}
{"type":"end","status":"error","program":"flow-store","text":"out/y: No space left on device"}
END
	fails 1 flow-dfxml < in > report.xml
	expect 0 stat -c %s .error
	incomplete report.xml "out/y: No space left on device"
	expect flow-store xpath report.xml 'string(//*[local-name()="error"]/@program)'
	# the file that was never closed is there
	expect out/x sed -n 's,.*<filename>\(.*\)</filename>,\1,p' report.xml
}

@test "records after END, malformed bodies, endless META" {
	records > in <<'END'
{"type":"close"}
{"type":"end"}
{"type":"raw","text":"garbage, and more of it"}
END
	fails 1 flow-dfxml < in > report.xml
	incomplete report.xml "after the END"
	records > in <<'END'
{"type":"close","body":"00"}
{"type":"stored","body":"00"}
{"type":"digest","body":"00"}
{"type":"source","body":"00"}
{"type":"stats","text":"nothing"}
{"type":"meta","text":"[1]"}
{"type":"close"}
{"type":"end"}
END
	fails 1 flow-dfxml < in > report.xml
	incomplete report.xml "malformed"
	expect 1 grep -c '<fileobject>' report.xml
	{
		awk 'BEGIN { for (i = 0; i < 100; i++)
			print "{\"type\":\"meta\",\"meta\":{\"program\":\"x\"}}" }'
		echo '{"type":"end"}'
	} | records > in
	fails 1 flow-dfxml < in > report.xml
	incomplete report.xml "more than 64 META"
}

@test "a full disk: the file is named, exit 1, the report well formed" {
	need prlimit
	awk 'BEGIN { for (i = 1; i < 400; i++)
		printf "{\"type\":\"close\",\"stream\":%d}\n", i
		print "{\"type\":\"end\"}" }' | records > in
	flow-dfxml -o whole.xml < in
	whole=$(stat -c %s whole.xml)
	# the process id and the resources used make two reports differ by
	# some bytes: the last limit is well within the end of any of them
	for limit in 6000 20000 65536 70000 $((whole - 100)); do
		fails 1 prlimit --fsize="$limit" flow-dfxml -o report.xml < in
		says "flow-dfxml: report.xml: File too large"
		incomplete report.xml "File too large"
		[ "$(stat -c %s report.xml)" -le "$limit" ]
	done
	# nearly all of what fitted is there
	[ "$(grep -c '<fileobject>' report.xml)" -gt 380 ]
	[ -w /dev/full ] || skip "no /dev/full"
	fails 1 flow-dfxml < in > /dev/full
	says "flow-dfxml: standard output: No space left on device"
}

@test "the report can be read as it grows, and after kill -9" {
	mkfifo pipe
	flow-dfxml -o report.xml < pipe &
	pid=$!
	exec 8> pipe
	wait_for test -s report.xml
	xmllint --noout report.xml
	records >&8 <<'END'
{"type":"meta","meta":{"program":"x"}}
{"type":"stored","path":"out/x","size":15}
{"type":"close"}
END
	wait_for grep -q 'out/x' report.xml
	incomplete report.xml "not finished"
	expect 1 grep -c '<fileobject>' report.xml
	kill -9 "$pid"
	wait "$pid" || true
	exec 8>&-
	incomplete report.xml "not finished"
}

@test "a sink that cannot write takes its input to the end" {
	[ -w /dev/full ] || skip "no /dev/full"
	"$BUILD/tests/gen/gencap" -c 2000 tiny > x.pcap ||
	    skip "make gencap has not been run"
	set -o pipefail
	pcap-demux -r x.pcap | flow-reasm | flow-name |
	    flow-store -o out > stored
	{ flow-json < stored > /dev/null && cat stored && : > finished; } |
	    fails 1 flow-dfxml > /dev/full
	[ -e finished ]
}

@test "an output that cannot be made" {
	: > file
	fails 1 flow-dfxml -o file/report.xml < /dev/null
	says "flow-dfxml: file/report.xml: Not a directory"
}

@test "no input at all" {
	fails 1 flow-dfxml < /dev/null > report.xml
	says "flow-dfxml: standard input: empty"
	incomplete report.xml "empty"
}
