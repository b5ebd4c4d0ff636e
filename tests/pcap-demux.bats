#!/usr/bin/env bats
# pcap-demux: captures to segments.

load lib

GEN=$BATS_TEST_DIRNAME/gen-link

# What a test has left running.
local_teardown() {
	exec 7>&-
	[ -z "${pid-}" ] || kill "$pid" 2> /dev/null || :
}

# make_case NAME FORMAT LINKTYPE LAYER ...: NAME.pcap in the scratch folder.
make_case() {
	printf '%s\n' "$*" > cases
	PYTHONDONTWRITEBYTECODE=1 python3 "$GEN/gen.py" cases .
}

# follow PATTERN: the cases whose name it matches, against their text and
# against tshark.
follow() {
	grep -E "^($1)" "$GEN/cases" > cases
	export PYTHONDONTWRITEBYTECODE=1 BIN
	python3 "$GEN/gen.py" cases made
	python3 "$GEN/follow.py" cases made
}

# segments ARGUMENT ...: what pcap-demux sends on, one line each.  (Not out
# of jq, whose numbers are doubles: times would be rounded.)
segments() {
	pcap-demux "$@" | flow-json | grep '"type":"segment"'
}

# segments_of CAPTURE: the same into the file got, and its exit status.
segments_of() {
	pcap-demux -r "$1" > records || set -- "$1" $?
	flow-json < records | grep '"type":"segment"' > got
	return "${2:-0}"
}

# flow_time FILE NS: its one record has this time.
flow_time() {
	grep -qF "\"time\":$2," "$1" || { cat "$1"; return 1; }
}

# stats ARGUMENT ...: the STATS record.
stats() {
	pcap-demux "$@" | flow-json | jq -c 'select(.type == "stats").stats'
}

# payload: of segments on standard input, all of it as hexadecimal digits
# and texts, sorted by place.
payload() {
	jq -r 'select(.payload_length > 0) |
	    [.sport, .seq, .text // .bytes] | @tsv' | sort -n
}

@test "link types" {
	follow 'ether|token|null|loop|raw|ipv|ppp|chdlc|frelay|slip|atm|sll'
}

@test "link types: 802.11 and others" {
	follow 'wlan|radiotap|prism|avs|ppi|enc|pflog|nflog|ipnet|mpls_link|arc|erf|fddi|fire|neta|pktap'
}

@test "file formats" {
	follow 'format'
}

@test "tags, MPLS, PPPoE, IP headers" {
	follow 'vlan|qinq|llc|mpls|ppp|pbb|vntag|etag|trill|fabric|macsec|hsr|meta|nsh|ip_|ip6_'
}

@test "tunnels over IP" {
	follow 'ipip|sixin|fourin|gre|pptp|nvgre|etherip|l2tp|erspan'
}

@test "tunnels over UDP" {
	follow 'vxlan|gpe|geneve|gtpu|teredo|tunnel_in|ayiya|lisp'
}

@test "fragments" {
	follow 'frag'
}

@test "the outermost tag is the VLAN, the others are the path" {
	make_case a pcap 1 eth vlan:57349 vlan:6 ip
	segments -r a.pcap | head -n 1 > one
	expect 57349 jq .tci one
	expect '[["vlan",6]]' jq -c '[.path[] | [.kind, .id]]' one
	make_case b pcap 1 eth qinq:7 vlan:5 ip
	segments -r b.pcap | head -n 1 > one
	expect null jq .tci one
	expect '[["vlan",7],["vlan",5]]' jq -c '[.path[] | [.kind, .id]]' one
}

@test "the path tells the tunnel, its ends and its id" {
	make_case a pcap 1 eth ip udp vxlan:42 eth vlan:9 ip
	segments -r a.pcap | head -n 1 > one
	expect '["vxlan",42,"192.0.1.1","192.0.1.2"]' \
	    jq -c '.path[0] | [.kind, .id, .src, .dst]' one
	expect '["vlan",9]' jq -c '.path[1] | [.kind, .id]' one
	expect '["02:00:00:00:00:01","02:00:00:00:00:02"]' \
	    jq -c '[.src_mac, .dst_mac]' one
}

@test "a GRE key too small for NVGRE is told whole" {
	make_case a pcap 1 eth ip gre:small eth ip
	expect '["gre",1]' jq -c '.path[0] | [.kind, .id]' \
	    <(segments -r a.pcap | head -n 1)
	make_case b pcap 1 eth ip gre:key eth ip
	expect '["nvgre",48879]' jq -c '.path[0] | [.kind, .id]' \
	    <(segments -r b.pcap | head -n 1)
}

@test "a jumbogram is as long as its option says" {
	python3 - > a.pcap <<-'EOF'
		import struct, sys
		tcp = struct.pack(">HHIIBBHHH", 1, 2, 3, 4, 80, 16, 5, 0, 0)
		tcp += b"x" * 70000
		hop = struct.pack(">BBBBI", 6, 0, 0xc2, 4, 8 + len(tcp))
		ip = struct.pack(">IHBB", 6 << 28, 0, 0, 64) + bytes(32)
		frame = bytes(12) + b"\x86\xdd" + ip + hop + tcp + b"FCS!"
		sys.stdout.buffer.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4,
		    0, 0, 262144, 1) + struct.pack("<IIII", 1, 0, len(frame),
		    len(frame)) + frame)
	EOF
	expect 70000 jq .payload_length <(segments -r a.pcap)
}

@test "hardware addresses only from links that have them" {
	make_case a pcap 101 ip
	make_case b pcap 113 sll ip
	make_case c pcap 105 wlan:from ip
	expect null jq .src_mac <(segments -r a.pcap | head -n 1)
	expect null jq .src_mac <(segments -r b.pcap | head -n 1)
	expect '"02:00:00:00:00:01"' \
	    jq .src_mac <(segments -r c.pcap | head -n 1)
}

@test "--no-tunnels leaves the outer traffic alone" {
	make_case a pcap 1 eth ip udp vxlan eth ip
	make_case b pcap 1 eth vlan:5 ip gre ip
	expect '{"udp":10}' jq -c '.became | with_entries(select(.value > 0))' \
	    <(stats --no-tunnels -r a.pcap)
	expect '{"other_ip":10}' \
	    jq -c '.became | with_entries(select(.value > 0))' \
	    <(stats --no-tunnels -r b.pcap)
}

@test "a filter acts on frames, the inner filter on what is in them" {
	make_case a pcap 1 eth ip udp vxlan eth ip
	expect 0 jq .segments <(stats -r a.pcap tcp port 80)
	expect 10 jq .became.filtered <(stats -r a.pcap tcp port 80)
	expect 10 jq .segments <(stats -r a.pcap udp and 'dst port 4789')
	expect 10 jq .segments \
	    <(stats -r a.pcap --inner-filter 'tcp port 80')
	expect 5 jq .segments \
	    <(stats -r a.pcap --inner-filter 'tcp src port 80')
	expect 5 jq .became.inner_filtered \
	    <(stats -r a.pcap --inner-filter 'tcp src port 80')
	make_case b pcap 1 eth ip:frag/64/reverse
	expect 5 jq .segments \
	    <(stats -r b.pcap --inner-filter 'tcp src port 80')
}

@test "filters are compiled for each link type" {
	make_case a pcap 1 eth vlan:5 ip
	make_case b pcap 101 ip
	make_case c pcap 113 sll ip
	expect 10 jq .segments \
	    <(stats -r b.pcap -r c.pcap 'src host 10.1.0.2')
	expect 10 jq .segments <(stats -r a.pcap vlan and host 10.1.0.1)
}

@test "filters know the numbers of other systems, in their byte order" {
	make_case a pcap-be 0 null:be/2 ip
	make_case b pcap 0 null:le/30 ip6
	make_case c pcap 108 null:be/24 ip6
	make_case d pcapng-be 0 null:be/28 ip6
	make_case e pcap 14 ip
	for f in a b c d e; do
		expect 10 jq .segments <(stats -r $f.pcap tcp port 80)
		expect 0 jq .segments <(stats -r $f.pcap udp)
	done
	expect 40 jq .segments <(stats -r a.pcap -r b.pcap -r c.pcap \
	    -r d.pcap port 80)
}

@test "a filter that is wrong is said, exit 1" {
	make_case a pcap 1 eth ip
	fails 1 pcap-demux -r a.pcap 'tcp prot 80' > /dev/null
	says 'a.pcap: filter'
	head -c 24 a.pcap > none.pcap
	fails 1 pcap-demux -r none.pcap 'tcp prot 80' > /dev/null
	fails 1 pcap-demux -r a.pcap --inner-filter nonsense > /dev/null
	says 'pcap-demux: --inner-filter: '
}

@test "by reference: the same bytes at the same places" {
	make_case a pcap 1 eth vlan:5 ip
	make_case b pcapng 1 eth ip:frag/96/reverse
	pcap-demux --by-reference -r a.pcap -r b.pcap > ref
	pcap-demux -r a.pcap -r b.pcap > bytes
	[ "$(wc -c < ref)" -lt "$(wc -c < bytes)" ]
	for f in ref bytes; do
		flow-json < $f | jq -c 'select(.type == "segment") |
		    [.seq, .payload_length, .ref]' > $f.places
	done
	same bytes.places ref.places
	flow-json < ref | jq -r 'select(.type == "segment" and
	    .payload_length == 400).ref | [.source, .offset, .length] | @tsv' |
	    head -n 1 > where
	read -r source offset length < where
	[ "$source" = 1 ]
	[ "$length" = 400 ]
	tail -c +$((offset + 1)) a.pcap | head -c 400 > piece
	python3 -c 'import sys; sys.stdout.buffer.write(bytes(
	    (i * 7 + 1) % 251 for i in range(400)))' > want
	same want piece
}

@test "nanoseconds are kept, --tdelta shifts" {
	make_case a pcap-ns 1 eth ip
	segments -r a.pcap | sed -n 2p > got
	flow_time got 1600000000001000123
	segments -r a.pcap --tdelta -1.5 | sed -n 2p > got
	flow_time got 1599999998501000123
	segments -r a.pcap --tdelta 3600 | sed -n 2p > got
	flow_time got 1600003600001000123
}

@test "limits: --packets, --seconds" {
	make_case a pcap 1 eth ip
	expect 4 jq .packets <(stats -r a.pcap --packets 4)
	expect 11 jq .packets <(stats -r a.pcap -r a.pcap --packets 11)
	make_case b pcap 1 eth ip
	expect 10 jq .packets <(stats -r a.pcap --seconds 1)
}

@test "--frames: each frame after its segment" {
	make_case a pcap 1 eth ip
	pcap-demux --frames -r a.pcap | flow-json |
	    jq -c 'select(.type == "frame" or .type == "segment") |
	    [.type, .offset]' | head -n 4 > got
	printf '%s\n' '["segment",1]' '["frame",1]' '["segment",2]' \
	    '["frame",2]' > want
	same want got
}

@test "-R: a source that begins nothing; order is kept" {
	make_case a pcap 1 eth ip
	make_case b pcap 1 eth ip
	pcap-demux -r a.pcap -R b.pcap | flow-json |
	    jq -c 'select(.type == "source") | [.index, .name, .flags]' > got
	printf '%s\n' '[1,"a.pcap",null]' '[2,"b.pcap",["no-new"]]' > want
	same want got
}

@test "--checksums judges" {
	make_case a pcap 1 eth ip
	expect '[10,0]' jq -c '[.checksums_good, .checksums_bad]' \
	    <(stats --checksums -r a.pcap)
	# A bit in the last byte of the request.
	python3 - <<-'END'
	d = bytearray(open("a.pcap", "rb").read())
	d[d.index(b"\r\n\r\n") + 3] ^= 1
	open("a.pcap", "wb").write(d)
	END
	expect '[9,1]' jq -c '[.checksums_good, .checksums_bad]' \
	    <(stats --checksums -r a.pcap)
}

@test "a lying length is believed no further than the frame" {
	make_case a pcap 1 eth ip:lie
	expect 817 jq .payload <(stats -r a.pcap)
	expect 0 jq .clipped <(stats -r a.pcap)
}

@test "what the snaplen cut off is told" {
	make_case a pcap/200 1 eth ip
	segments -r a.pcap | jq -c 'select(.payload_length == 400) |
	    .ref.length' > got
	echo 146 > want
	same want got
}

@test "every packet is accounted for" {
	: > all
	grep -v '^#' "$GEN/cases" | grep -v '^$' > cases
	PYTHONDONTWRITEBYTECODE=1 python3 "$GEN/gen.py" cases made
	stats $(printf -- '-r %s ' made/*.pcap) > got
	expect true jq '.packets == ([.became[]] | add)' got
	[ "$(jq .packets got)" -gt 1500 ]
}

@test "protected and damaged 802.11 frames are counted, not used" {
	make_case a pcap 105 wlan:to+protected ip
	make_case b pcap 127 radiotap:fcs+bad wlan:to ip
	expect 10 jq .became.protected <(stats -r a.pcap)
	expect 10 jq .became.bad_link <(stats -r b.pcap)
	expect 10 jq .segments <(stats --no-check-fcs -r b.pcap)
	make_case c pcap 105 wlan:to+later ip
	expect '{"tcp":0,"not_ip":10}' jq -c '.became | {tcp, not_ip}' \
	    <(stats -r c.pcap)
}

@test "overlapping fragments of IPv6 spoil the datagram" {
	make_case a pcap 1 eth ip6 frag6:96/overlap
	expect 3 jq .fragments.spoiled <(stats -r a.pcap)
	expect true jq '.became.bad_fragment >= 3' <(stats -r a.pcap)
}

@test "an incomplete datagram gives its beginning" {
	make_case a pcap 1 eth ip:frag/96/lost
	stats -r a.pcap > got
	expect '[3,0]' jq -c '[.fragments.incomplete, .fragments.whole]' got
	segments -r a.pcap | jq -c 'select(.payload_length > 10 and
	    .sport == 80) | .payload_length > .ref.length, .info' |
	    head -n 1 | grep -q .
}

@test "fragments: bounded memory, the oldest go first" {
	python3 - <<-'END'
	import struct
	out = struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
	for i in range(2000):
	    ip = struct.pack(">BBHHHBB2x4s4s", 0x45, 0, 20 + 1400, i, 0x2000,
	        64, 6, b"\x0a\0\0\1", b"\x0a\0\0\2") + bytes(12) + b"\x50" + \
	        bytes(1387)
	    out += struct.pack("<IIII", 1600000000, i, len(ip), len(ip)) + ip
	open("a.pcap", "wb").write(out)
	END
	stats --frag-memory 1M -r a.pcap > got
	expect true jq '.fragments.evicted > 1500' got
	expect 2000 jq '.fragments.evicted + .fragments.incomplete' got
	expect 2000 jq .segments got
}

@test "-w: what is not TCP, with its link type and resolution" {
	make_case tcp pcap 1 eth ip
	python3 - <<-'END'
	import struct
	eth = bytes(12) + b"\x08\x06" + bytes(46)
	for name, magic, link in (("arp", 0xa1b23c4d, 1), ("raw", 0xa1b2c3d4, 101)):
	    f = eth if link == 1 else struct.pack(">BBHHHBB2x4s4s", 0x45, 0, 28,
	        1, 0, 64, 17, bytes(4), bytes(4)) + struct.pack(">HHHH", 1, 2, 8, 0)
	    out = struct.pack("<IHHIIII", magic, 2, 4, 0, 0, 65535, link)
	    out += struct.pack("<IIII", 1600000000, 123456, len(f), len(f)) + f
	    open(name + ".pcap", "wb").write(out)
	END
	pcap-demux -r arp.pcap -w rest.pcap > /dev/null
	same <(tail -c +25 arp.pcap) <(tail -c +25 rest.pcap)
	pcap-demux -r arp.pcap -w none.pcap ip > /dev/null
	same <(head -c 24 rest.pcap) none.pcap
	expect 4d3cb2a1 sh -c 'head -c 4 rest.pcap | od -An -tx1 | tr -d " "'
	pcap-demux -r tcp.pcap -w none.pcap > /dev/null
	expect 24 sh -c 'wc -c < none.pcap'
	pcap-demux -r arp.pcap -r raw.pcap -r tcp.pcap -w both.pcap > /dev/null
	expect '[2,{"arp":1,"udp":1}]' jq -Sc '[.packets, (.became |
	    with_entries(select(.value > 0)))]' <(stats -r both.pcap)
	cat arp.pcap raw.pcap > mixed.pcap
	fails 1 pcap-demux -r mixed.pcap -w rest.pcap > out
	says 'rest.pcap: packets of another link type were left out'
	expect '[2,1]' jq -c '[.packets, .saved]' <(flow-json < out |
	    jq -c 'select(.type == "stats").stats')
	same <(tail -c +25 arp.pcap) <(tail -c +25 rest.pcap)
	need tshark
	tshark -n -r both.pcap -T fields -e frame.protocols \
	    -e frame.time_epoch > got 2> /dev/null
	printf '%s\t%s\n' eth:ethertype:arp 1600000000.000123456 \
	    raw:ip:udp 1600000000.123456000 > want
	same want got
}

@test "-w: a capture that cannot be made is said once" {
	make_case a pcap 1 eth ip
	fails 1 sh -c 'pcap-demux -w no/where -r a.pcap | flow-reasm >got'
	expect 'pcap-demux: no/where: No such file or directory' cat .error
	fails 1 pcap-demux -w no/where >/dev/null
}

@test "compressed captures, from files and standard input" {
	make_case a pcap 1 eth ip
	segments -r a.pcap | payload > want
	for z in gzip zstd xz bzip2 lz4 'xz --format=lzma'; do
		command -v "${z%% *}" > /dev/null || continue
		$z -c < a.pcap > packed
		segments -r packed | payload > got
		same want got
		cat packed | segments -r - | payload > got
		same want got
	done
	head -c 700 a.pcap | gzip > two.gz
	tail -c +701 a.pcap | gzip >> two.gz
	segments -r two.gz | payload > got
	same want got
}

@test "a compressed capture that is cut short is damaged" {
	make_case a pcap 1 eth ip
	for z in gzip zstd xz; do
		command -v "$z" > /dev/null || continue
		$z -c < a.pcap | head -c 300 > packed
		fails 1 pcap-demux -r packed > /dev/null
		says 'pcap-demux: packed: '
		expect 1 sh -c "wc -l < .error"
	done
}

@test "a compressed capture with a wrong check sum: all of it is used" {
	make_case a pcap 1 eth ip
	segments -r a.pcap | payload > want
	for z in gzip zstd xz; do
		command -v "$z" > /dev/null || continue
		$z -c < a.pcap > packed
		tail -c 1 packed | tr '\000-\377' '\001-\377\000' > last
		truncate -s -1 packed
		cat last >> packed
		fails 1 segments_of packed
		payload < got > got.text
		same want got.text
		expect 1 sh -c "wc -l < .error"
	done
}

@test "gzip: zeros behind the last member are padding, else it is damage" {
	make_case a pcap 1 eth ip
	{ gzip -c a.pcap; head -c 100 /dev/zero; } > zeros.gz
	expect 10 jq .packets <(stats -r zeros.gz)
	head -c 418 a.pcap > first		# whole packets
	{ gzip -c first; tail -c +419 a.pcap | gzip | tr '\037' x; } > lost.gz
	fails 1 pcap-demux -r lost.gz > out
	says 'lost.gz: byte 418, after packet 4: garbage after the compressed'
}

@test "bzip2: what follows and is not bzip2 is damage" {
	need bzip2
	make_case a pcap 1 eth ip
	head -c 418 a.pcap > first		# whole packets
	{ bzip2 -c first; tail -c +419 a.pcap | bzip2; } > two
	expect 10 jq .packets <(stats -r two)
	{ bzip2 -c first; tail -c +419 a.pcap | bzip2 | tr B x; } > lost
	fails 1 pcap-demux -r lost > out
	says 'lost: garbage after the compressed data'
	expect 4 jq .packets <(flow-json < out |
	    jq -c 'select(.type == "stats").stats')
}

@test "a decompressor that waits for more ends with a signal" {
	need xz
	make_case a pcap 1 eth ip
	mkfifo fifo
	pcap-demux -r fifo > out 3>&- &
	pid=$!
	exec 7> fifo
	xz -c a.pcap | head -c 40 >&7
	kill -TERM $pid
	wait $pid
	exec 7>&-
	expect 0 jq .packets <(flow-json < out |
	    jq -c 'select(.type == "stats").stats')
}

@test "zstd and lz4: frames to skip, and the legacy format" {
	make_case a pcap 1 eth ip
	segments -r a.pcap | payload > want
	if command -v zstd > /dev/null; then
		for magic in P Z _; do
			{ printf '%s*M\030\004\000\000\000size' $magic
			    zstd -c a.pcap; } > b
			segments -r b | payload > got
			same want got
		done
	fi
	need lz4
	lz4 -lc a.pcap > b
	segments -r b | payload > got
	same want got
}

@test "a zip archive: its first file, and a word about the others" {
	make_case a pcap 1 eth ip
	segments -r a.pcap | payload > want
	python3 - <<-'END'
	import io, zipfile
	class Pipe(io.RawIOBase):		# so that sizes follow the data
	    def __init__(self, name): self.file = open(name, "wb")
	    def writable(self): return True
	    def write(self, b): return self.file.write(b)
	def archive(to, names, method=zipfile.ZIP_DEFLATED):
	    with zipfile.ZipFile(to, "w", method) as z:
	        for name in names:
	            z.writestr(name, b"" if name[-1] == "/" else
	                open("a.pcap", "rb").read())
	archive("deflated.zip", ["a.pcap"])
	archive("stored.zip", ["a.pcap"], zipfile.ZIP_STORED)
	archive("folder.zip", ["x/", "x/a.pcap"])
	archive(Pipe("streamed.zip"), ["a.pcap"])
	archive("two.zip", ["a.pcap", "b.pcap"])
	archive(Pipe("two-streamed.zip"), ["a.pcap", "b.pcap"])
	archive("bzip2.zip", ["a.pcap"], zipfile.ZIP_BZIP2)
	whole = open("deflated.zip", "rb").read()
	def changed(to, at, byte):
	    open(to, "wb").write(whole[:at] + bytes([byte]) + whole[at + 1:])
	changed("encrypted.zip", 6, 1)
	changed("sum.zip", 14, whole[14] ^ 1)
	END
	for z in deflated stored folder streamed; do
		segments -r $z.zip | payload > got
		same want got
		cat $z.zip | segments -r - | payload > got
		same want got
	done
	for z in two two-streamed sum; do
		fails 1 segments_of $z.zip
		payload < got > got.text
		same want got.text
		expect 1 sh -c "wc -l < .error"
	done
	says 'after packet 10: zip: wrong check sum'
	fails 1 pcap-demux -r two.zip > /dev/null
	says 'more files in the zip archive; only the first was read'
	fails 1 pcap-demux -r encrypted.zip > /dev/null
	says 'pcap-demux: encrypted.zip: the zip archive is encrypted'
	fails 1 pcap-demux -r bzip2.zip > /dev/null
	says 'pcap-demux: bzip2.zip: a zip archive of a kind that is not read here'
	for n in 3 10 40 300; do
		head -c $n deflated.zip > cut.zip
		fails 1 pcap-demux -r cut.zip > /dev/null
		expect 1 sh -c "wc -l < .error"
	done
}

@test "bad captures: one line that names them, exit 1, the others are read" {
	make_case a pcap 1 eth ip
	make_case b pcap 1 eth ip
	head -c 500 a.pcap > cut.pcap
	: > empty.pcap
	echo 'this is not a capture, not at all' > text
	fails 1 pcap-demux -r cut.pcap -r missing -r empty.pcap -r text -r . \
	    -r b.pcap > out
	says 'pcap-demux: cut.pcap: cut short at byte 500, after packet 4: '
	says 'pcap-demux: missing: No such file or directory'
	says 'pcap-demux: empty.pcap: empty file'
	says 'pcap-demux: text: not a packet capture'
	says 'pcap-demux: .: Is a directory'
	expect 5 sh -c "wc -l < .error"
	expect 14 jq .packets <(flow-json < out |
	    jq -c 'select(.type == "stats").stats')
	flow-json < out | jq -c 'select(.type == "end")' | grep -q truncated
}

@test "a decompressor that is not there is said" {
	command -v xz > /dev/null || skip "no xz here"
	make_case a pcap 1 eth ip
	xz < a.pcap > a.xz
	demux=$(command -v pcap-demux)
	PATH=/nonexistent fails 1 "$demux" -r a.xz > out
	says 'a.xz: the program that decompresses it is not installed'
	expect 1 sh -c "wc -l < .error"
}

@test "pcap files put together are read as one" {
	make_case a pcap 1 eth ip
	make_case b pcap-ns 101 ip6
	cat a.pcap b.pcap a.pcap > all.pcap
	expect '[30,30]' jq -c '[.packets, .segments]' <(stats -r all.pcap)
	{ segments -r a.pcap; segments -r b.pcap; segments -r a.pcap; } |
	    jq -c '[.time, .src, .seq]' > want
	segments -r all.pcap | jq -c '[.time, .src, .seq]' > got
	same want got
	cat all.pcap | expect 30 jq .segments <(stats -r -)
}

@test "zeros where a packet should begin are damage" {
	make_case a pcap 1 eth ip
	size=$(wc -c < a.pcap)
	head -c 4096 /dev/zero >> a.pcap
	fails 1 pcap-demux -r a.pcap > out
	says "a.pcap: byte $size, after packet 10: zeros where a packet should"
	expect 10 jq .packets <(flow-json < out |
	    jq -c 'select(.type == "stats").stats')
}

@test "pcap of DG/UX, pcapng that does not count its padding" {
	make_case a pcap 1 eth ip
	printf '\037\002\000\000' | dd of=a.pcap bs=1 seek=4 conv=notrunc 2> /dev/null
	expect 10 jq .segments <(stats -r a.pcap)
	python3 - > b.pcap <<-'EOF'
		import struct, sys
		def block(kind, body):
		    size = struct.pack("<I", 12 + len(body))
		    return struct.pack("<I", kind) + size + body + \
		        bytes(-len(body) % 4) + size
		out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
		out += block(1, struct.pack("<HHI", 147, 0, 0))
		for n in (41, 42, 43):
		    out += block(6, struct.pack("<IIIII", 0, 0, 0, n, n) + bytes(n))
		sys.stdout.buffer.write(out)
	EOF
	fails 1 pcap-demux -r b.pcap > out
	says 'b.pcap: packet 1: link type 147 is not known'
	expect '[3,126]' jq -c '[.packets, .bytes]' <(flow-json < out |
	    jq -c 'select(.type == "stats").stats')
}

@test "pcapng cut in a block that is stepped over" {
	make_case a pcapng 1 eth ip
	head -c 100 a.pcap > cut.pcap
	fails 1 pcap-demux -r cut.pcap > out
	says 'cut.pcap: cut short at byte 100, after packet 0: '
}

@test "damage in the middle: all before it is used" {
	make_case a pcap 1 eth ip
	python3 - <<-'END'
	d = bytearray(open("a.pcap", "rb").read())
	at = 24 + 3 * (16 + 54)
	d[at + 8:at + 12] = b"\xff\xff\xff\x7f"
	open("a.pcap", "wb").write(d)
	END
	fails 1 pcap-demux -r a.pcap > out
	says 'a.pcap: byte 234, after packet 3: packet of an impossible length'
	expect 3 jq .packets <(flow-json < out |
	    jq -c 'select(.type == "stats").stats')
}

@test "a capture cut at every byte never ends with 0 within a packet" {
	make_case a pcap 1 eth ip
	size=$(wc -c < a.pcap)
	n=25
	while [ "$n" -lt 330 ]; do
		head -c "$n" a.pcap > cut.pcap
		status=0
		pcap-demux -r cut.pcap > out 2> err || status=$?
		want=1
		case $n in 94 | 164 | 234) want=0 ;; esac
		[ "$status" -eq "$want" ] || { echo "$n: $status"; false; }
		n=$((n + 3))
	done
}

@test "pcapng: several sections and interfaces, each with its own ways" {
	python3 - <<-'END'
	import struct, sys
	def block(o, kind, body):
	    body += bytes(-len(body) % 4)
	    size = struct.pack(o + "I", 12 + len(body))
	    return struct.pack(o + "I", kind) + size + body + size
	def opt(o, code, value):
	    return struct.pack(o + "HH", code, len(value)) + value + \
	        bytes(-len(value) % 4)
	def shb(o):
	    return block(o, 0x0a0d0d0a, struct.pack(o + "IHHq", 0x1a2b3c4d, 1, 0, -1))
	def epb(o, i, t, data):
	    return block(o, 6, struct.pack(o + "IIIII", i, t >> 32,
	        t & 0xffffffff, len(data), len(data)) + data)
	ip = struct.pack(">BBHHHBB2x4s4s", 0x45, 0, 40, 1, 0, 64, 6,
	    b"\x0a\0\0\1", b"\x0a\0\0\2")
	tcp = struct.pack(">HHIIBBHHH", 1, 2, 3, 4, 0x50, 16, 5, 0, 0)
	eth = bytes(12) + b"\x08\0"
	out = shb("<")
	out += block("<", 1, struct.pack("<HHI", 1, 0, 0))
	out += block("<", 1, struct.pack("<HHI", 101, 0, 0) +
	    opt("<", 9, b"\x03") + opt("<", 14, struct.pack("<q", 1000)))
	out += epb("<", 1, 1600000000123, ip + tcp)
	out += epb("<", 0, 1600000000123456, eth + ip + tcp)
	out += shb(">") + block(">", 1, struct.pack(">HHI", 101, 0, 0) +
	    opt(">", 9, b"\x8a"))
	out += epb(">", 0, 1600000000 << 10 | 512, ip + tcp)
	open("a.pcapng", "wb").write(out)
	END
	segments -r a.pcapng | grep -o '"time":[0-9]*' > got
	printf '"time":%s\n' 1600001000123000000 1600000000123456000 \
	    1600000000500000000 > want
	same want got
}

# The stream so far has this many segments.
has_segments() {
	[ "$(flow-json < out 2> /dev/null | grep -c '"segment"')" -eq "$1" ]
}

@test "of one kind ten messages are said, and how many more there were" {
	fails 1 pcap-demux $(printf -- '-r missing%d ' $(seq 15)) > out
	expect 11 sh -c "wc -l < .error"
	says '5 more messages like "missing10: No such file or directory"'
}

@test "a pipe: what has come leaves before more is waited for" {
	make_case a pcap 1 eth ip
	mkfifo in
	pcap-demux -r - < in > out 3>&- &
	pid=$!
	exec 7> in
	head -c 164 a.pcap >&7
	wait_for has_segments 2
	tail -c +165 a.pcap >&7
	exec 7>&-
	wait "$pid"
	has_segments 10
}

@test "a pipe by name is opened once, when its turn comes" {
	make_case a pcap 1 eth ip
	mkfifo first second
	cat a.pcap > second 3>&- &
	timeout 120 pcap-demux -w rest -r first -r second > out 3>&- &
	pid=$!
	cat a.pcap > first
	wait "$pid"
	has_segments 20
}

@test "a pipe: a signal ends it in order" {
	make_case a pcap 1 eth ip
	mkfifo in
	pcap-demux -r in > out 3>&- &
	pid=$!
	exec 7> in
	head -c 170 a.pcap >&7
	wait_for has_segments 2
	kill -INT "$pid"
	wait "$pid"
	exec 7>&-
	expect '"whole"' jq .status <(flow-json < out | grep '"end"')
}

@test "usage: unknown options, -i with -r, bad numbers: exit 2" {
	fails 2 pcap-demux --nonsense
	fails 2 pcap-demux -i lo -r a.pcap
	fails 2 pcap-demux --packets zero -r a.pcap
	fails 2 pcap-demux --tdelta 1x -r a.pcap
	says '--tdelta'
	pcap-demux -h | grep -q '^usage: pcap-demux'
	pcap-demux -V | grep -q '^pcap-demux [0-9]'
}

@test "-v prints a table that adds up" {
	make_case a pcap 1 eth ip
	pcap-demux -v --no-confine -r a.pcap 2> err > /dev/null
	expect '          10  packets read, of which' grep 'packets read' err
	expect '          10  TCP segments' grep 'TCP segments' err
}

# It listens, or has given up.
heard() {
	grep -q 'listening on lo' err || ! kill -0 "$pid"
}

has_segment() {
	flow-json < out 2> /dev/null | grep -q '"segment"'
}

@test "live: an interface, kernel drops, TERM ends it in order" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	ip link show lo > /dev/null 2>&1 || skip "no lo here"
	pcap-demux -i lo tcp port 40999 > out 2> err 3>&- &
	pid=$!
	wait_for heard
	grep -q 'listening on lo' err || skip "cannot capture: $(cat err)"
	python3 -c 'import socket
socket.socket().connect_ex(("127.0.0.1", 40999))'
	wait_for has_segment
	kill -TERM "$pid"
	wait "$pid"
	flow-json < out > records
	expect true jq 'select(.type == "stats").stats |
	    has("kernel_dropped") and .packets >= 1' records
	expect '"whole"' jq 'select(.type == "end").status' records
}
