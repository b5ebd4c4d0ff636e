#!/usr/bin/env bats
# flow-reasm: segments into streams.  Whatever a random conversation may do
# is in tests/reasm; here are the cases that have a name.

load lib

# json: lines "SIDE FLAGS SEQ [TEXT [ACK [TIME]]]" on standard input as a
# record stream in JSON.  SIDE: c or s, client or server; FLAGS: letters SAFRP;
# TEXT: - for none; TIME: in seconds.
json() {
	local side flags seq text ack time n=0 names ends
	while read -r side flags seq text ack time; do
		n=$((n + 1))
		[ "$text" = - ] && text=
		names=
		case $flags in *S*) names="$names,\"syn\"" ;; esac
		case $flags in *A*) names="$names,\"ack\"" ;; esac
		case $flags in *F*) names="$names,\"fin\"" ;; esac
		case $flags in *R*) names="$names,\"rst\"" ;; esac
		ends='"src":"10.0.0.1","sport":1234,"dst":"10.0.0.2","dport":80'
		[ "$side" = s ] &&
		    ends='"src":"10.0.0.2","sport":80,"dst":"10.0.0.1","dport":1234'
		printf '{"type":"segment","time":%d,"offset":%d,%s,"family":4,' \
		    "$((${time:-0} * 1000000000 + n * 1000))" "$n" "$ends"
		printf '"seq":%d,"ack":%d,"tcp_flags":[%s],"window":65535,' \
		    "$seq" "${ack:-0}" "${names#,}"
		printf '"wire_length":%d,"cap_length":%d,"payload_length":%d,' \
		    $((54 + ${#text})) $((54 + ${#text})) ${#text}
		printf '"text":"%s"%s}\n' "$text" "$MORE"
	done
	echo '{"type":"end"}'
}

# segments: the same as records.
segments() {
	json | records
}

# brief: a record stream, a short line for each record about a stream:
# open STREAM peer number session role; data STREAM OFFSET TEXT;
# close STREAM WHY length packets out_of_order violations gaps missing late
# conflicts.
brief() {
	flow-json | sed -nE '
	s/.*"type":"open","stream":([0-9]+),.*"peer":([0-9]+),"number":([0-9]+),"session":([0-9]+),.*"role":"([a-z]+)".*/open \1 \2 \3 \4 \5/p
	s/.*"type":"(data|late|arrival)","stream":([0-9]+),.*"offset":(-?[0-9]+),.*"bytes":"([0-9a-f]*)".*/\1 \2 \3 \4/p
	s/.*"type":"gap","stream":([0-9]+),.*"offset":(-?[0-9]+),"length":([0-9]+),"cause":"([a-z]+)".*/gap \1 \2 \3 \4/p
	s/.*"type":"conflict","stream":([0-9]+),.*"offset":(-?[0-9]+),"length":([0-9]+),.*/conflict \1 \2 \3/p
	s/.*"type":"frame","stream":([0-9]+),.*/frame \1/p
	s/.*"type":"close","stream":([0-9]+),.*"why":"([a-z]+)","length":([0-9]+),"packets":([0-9]+),.*"out_of_order":([0-9]+),"violations":([0-9]+),"gaps":([0-9]+),"missing":([0-9]+),"late":([0-9]+),"conflicts":([0-9]+),.*/close \1 \2 \3 \4 \5 \6 \7 \8 \9/p' |
	while read -r what stream offset bytes rest; do
		case $what in
		data|late|arrival)
			bytes=$(printf '%b' "$(printf %s "$bytes" |
			    sed 's/../\\x&/g')") ;;
		esac
		echo "$what $stream $offset $bytes $rest"
	done | sed 's/ *$//'
}

# gives OPTION...: what comes out for the segments in the file `in` is in the
# file `want`, but for OPEN.
gives() {
	segments < in | flow-reasm "$@" | brief | sed '/^open/d' > got
	same want got
}

# stat MEMBER [OPTION...]: a number in the STATS for the file `in`.
stat() {
	local member=$1
	shift
	segments < in | flow-reasm "$@" | flow-json |
	    sed -n 's/.*"program":"flow-reasm".*"'"$member"'":\([0-9]*\).*/\1/p'
}

@test "a connection from SYN to FIN" {
	cat > in <<-END
		c S 999
		s SA 4999 - 1000
		c A 1000 - 5000
		c A 1000 AAAA 5000
		s A 5000 BB 1004
		c A 1004 CC 5002
		c FA 1006 - 5002
		s FA 5002 - 1007
		c A 1007 - 5003
	END
	segments < in | flow-reasm | brief > got
	cat > want <<-END
		open 1 2 0 0 client
		data 1 0 AAAA
		open 2 1 1 0 server
		data 2 0 BB
		data 1 4 CC
		close 1 fin 6 5 0 0 0 0 0
		close 2 fin 2 3 0 0 0 0 0
	END
	same want got
	expect 2 stat total_flows
	expect 8 stat total_packets
	expect 2 stat max_open_flows
	expect 0 stat open_at_end
	expect 1 stat ignored
}

@test "no data: CLOSE alone, in order of creation" {
	printf '%s\n' 'c S 999' 's SA 4999 - 1000' > in
	printf '%s\n' 'close 1 input 0 1 0 0 0 0 0' \
	    'close 2 input 0 1 0 0 0 0 0' > want
	gives
	segments < in | flow-reasm | flow-json | { ! grep '"type":"open"'; }
}

@test "a bare ACK, FIN or RST begins nothing" {
	printf '%s\n' 'c A 1000' 'c FA 1000' 'c R 1000' 'c SF 999' > in
	: > want
	gives
	expect 4 stat ignored
}

@test "out of order, and again" {
	cat > in <<-END
		c S 999
		c A 1004 BBBB
		c A 1000 AAAA
		c A 1000 AAAA
		c A 1006 BBCC
	END
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		data 1 8 CC
		close 1 input 10 5 2 0 0 0 0
	END
	gives
}

@test "a hole, filled late" {
	cat > in <<-END
		c S 999
		s SA 4999 - 1000
		c A 1000 AAAA
		c A 1008 CCCC
		s A 5000 - 1012
		s A 5000 - 1012
		c A 1004 BBBB
	END
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 4 missed
		data 1 8 CCCC
		late 1 4 BBBB
		close 1 input 12 4 1 0 1 0 4
		close 2 input 0 3 0 0 0 0 0
	END
	gives --ack-slack 1
	expect 0 stat missing --ack-slack 1
	expect 4 stat late --ack-slack 1
}

@test "a hole is waited for until the peer acknowledges, or the end" {
	cat > in <<-END
		c S 999
		c A 1000 AAAA
		c A 1008 CCCC 0 1
		c A 1012 DDDD 0 1000
	END
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 4 unsent
		data 1 8 CCCC
		data 1 12 DDDD
		close 1 input 16 4 0 0 1 4 0
	END
	gives
	sed -i s/unsent/unknown/ want
	gives --no-ack --ack-slack 1
	segments < in | flow-reasm --no-ack | flow-json |
	    grep '"type":"gap".*"time":1000000004000'
}

@test "one acknowledgement of unseen bytes is no proof" {
	cat > in <<-END
		c S 999
		s SA 4999 - 1000
		c A 1000 AAAA
		s A 5000 - 900000
		s A 5000 - 1004
	END
	cat > want <<-END
		data 1 0 AAAA
		close 1 input 4 2 0 0 0 0 0
		close 2 input 0 3 0 0 0 0 0
	END
	gives
	echo 's A 5000 - 1020' >> in
	echo 's A 5000 - 1020' >> in
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 16 missed
		close 1 input 20 2 0 0 1 16 0
		close 2 input 0 5 0 0 0 0 0
	END
	gives
}

@test "acknowledgements of a side that has no stream, or no longer" {
	# In mid-stream, of a transfer in one direction.
	cat > in <<-END
		s A 5000 AAAA
		s A 5008 CCCC
		c A 1000 - 5012
	END
	for i in 1 2 3 4; do
		printf 's A %d D\nc A 1000 - %d\n' $((5011 + i)) $((5012 + i))
	done >> in
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 4 missed
		data 1 8 CCCC
	END
	segments < in | flow-reasm --ack-slack 4 | brief | sed '/^open/d' |
	    head -3 > got
	same want got
	expect 5 stat ignored
	segments < in | flow-reasm --ack-slack 4 | brief |
	    sed -n '/^gap/,/^data 1 14/p' | grep -cx 'data 1 14 D'
	# Of a client that has closed its side, and of one on another VLAN.
	(
		printf '%s\n' 'c S 999' 's SA 4999 - 1000' 'c A 1000 GET 5000' \
		    'c FA 1003 - 5000'
		cat in | sed 's/c A 1000/c A 1004/'
	) > half
	segments < half | flow-reasm --ack-slack 4 | brief > got
	expect 1 grep -cx 'gap 2 4 4 missed' got
	json < in | sed '/"src":"10.0.0.1"/s/"family"/"tci":7,&/' |
	    records | flow-reasm --ack-slack 4 | brief > got
	expect 1 grep -cx 'gap 1 4 4 missed' got
}

@test "a hole that is acknowledged in part is missed in part" {
	cat > in <<-END
		s S 4999
		c S 999
		s A 5000 AAAA 1000
		s A 5010 CC 1000
		c A 1000 - 5006
	END
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 2 missed
		gap 1 6 4 unsent
		data 1 10 CC
	END
	segments < in | flow-reasm | brief | grep '^data\|^gap' > got
	same want got
	# Before a FIN too.
	printf '%s\n' 's FA 5020 - 1000' 'c A 1000 - 5016' \
	    'c A 1000 - 5016' >> in
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 6 missed
		data 1 10 CC
		gap 1 12 4 missed
		gap 1 16 4 unsent
	END
	segments < in | flow-reasm | brief | grep '^data\|^gap' > got
	same want got
}

@test "no SYN: the start is held back; what comes later is before offset 0" {
	cat > in <<-END
		c A 1004 BBBB
		c A 1000 AAAA
		c A 1008 CCCC 0 10
		c A 990 zzzz
	END
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		data 1 8 CCCC
		late 1 -10 zzzz
		close 1 input 12 4 2 0 1 6 4
	END
	gives
}

@test "no SYN: offsets count from the first byte in each record" {
	# Two versions of a range differ before all of the start has come.
	printf '%s\n' 'c A 1006 BBBB' 'c A 1000 AAAAAA' 'c A 1006 xBBx' \
	    'c A 1010 CC' > in
	cat > want <<-END
		conflict 1 6 4
		data 1 0 AAAAAA
		data 1 6 BBBB
		data 1 10 CC
		close 1 input 12 4 1 0 0 0 0
	END
	gives
	segments < in | flow-reasm | flow-json |
	    grep -c '"type":"open".*"first_seq":1000[,}]'
	# The other side is opened because this one closes.
	printf '%s\n' 'c S 99' 's A 1003 BBB' 's A 1000 AAA' \
	    'c A 100 X' 'c R 101' > in
	segments < in | flow-reasm | flow-json |
	    grep -c '"type":"open".*"first_seq":1000[,}]'
	# A FRAME needs its OPEN at once.
	printf '%s\n' 'c A 1006 BBBB' 'c A 1000 AAAAAA' | json |
	    sed '/segment/a {"type":"frame","offset":1}' | records |
	    flow-reasm | brief | sed '/^open/d' > got
	cat > want <<-END
		data 1 0 BBBB
		frame 1
		late 1 -6 AAAAAA
		frame 1
		close 1 input 4 2 1 0 0 0 6
	END
	same want got
}

@test "no SYN: what only lies before the first segment is not acknowledged" {
	printf '%s\n' 'c A 1010 CC' 'c A 1000 AAAA' > in
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 6 unsent
		data 1 10 CC
		close 1 input 12 2 1 0 1 6 0
	END
	gives
}

@test "a SYN that comes after its data" {
	cat > in <<-END
		c A 1004 BBBB
		c S 999
		c A 1000 AAAA
	END
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		close 1 input 8 3 1 0 0 0 0
	END
	gives
}

@test "a SYN too far before what is there is another connection" {
	cat > in <<-END
		c A 100000 AAAA 5000
		s A 5000 BBBB 100004
		c S 30000
		s SA 900 - 30001
		c A 30001 CC 901
	END
	cat > want <<-END
		data 1 0 AAAA
		data 2 0 BBBB
		close 1 skip 4 1 0 0 0 0 0
		close 2 skip 4 1 0 0 0 0 0
		data 3 0 CC
		close 3 input 2 2 0 0 0 0 0
		close 4 input 0 1 0 0 0 0 0
	END
	segments < in | flow-reasm | brief | sed '/^open/d' | sort > got
	sort want > sorted
	same sorted got
}

@test "bytes before the SYN are a violation" {
	printf '%s\n' 'c S 999' 'c A 1000 AAAA' 'c A 990 zzzz' \
	    'c A 1004 BBBB' > in
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		close 1 input 8 4 0 1 0 0 0
	END
	gives
}

@test "SYN with data (TCP fast open), repeated" {
	printf '%s\n' 'c S 999 AAAA' 'c S 999' 'c S 999 AAAA' \
	    'c A 1004 BBBB' > in
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		close 1 input 8 3 1 2 0 0 0
	END
	gives
}

@test "simultaneous open is one session" {
	cat > in <<-END
		c S 999
		s S 4999
		c SA 999 - 5000
		s SA 4999 - 1000
		c A 1000 AA 5000
		s A 5000 BB 1002
	END
	segments < in | flow-reasm | brief > got
	cat > want <<-END
		open 1 2 0 0 client
		data 1 0 AA
		open 2 1 1 0 client
		data 2 0 BB
		close 1 input 2 3 0 0 0 0 0
		close 2 input 2 3 0 0 0 0 0
	END
	same want got
}

@test "keep-alives do no harm, zero-window probes are data" {
	printf '%s\n' 'c S 999' 'c A 1000 AAAA' 'c A 1003 x' 'c A 1003 -' \
	    'c A 1004 B' 'c A 1004 BCCC' > in
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 B
		data 1 5 CCC
		close 1 input 8 6 1 0 0 0 0
	END
	gives
}

@test "one byte: a keep-alive only where nothing was sent behind it" {
	# What waits ends where the keep-alive does.
	printf '%s\n' 'c S 999' 'c A 1004 BBBB' 'c A 1002 xx' 'c A 1007 x' \
	    'c A 1000 AA' > in
	cat > want <<-END
		data 1 0 AA
		data 1 2 xx
		data 1 4 BBBB
		close 1 input 8 5 2 0 0 0 0
	END
	gives
	gives --overlap last
	# A byte that was missed, with more behind it, is no keep-alive.
	cat > in <<-END
		c S 999
		s S 4999
		c A 1000 A 5000
		c A 1003 D 5000
		s A 5000 - 1003
		s A 5000 - 1003
		s A 5000 - 1003
		c A 1002 C 5000
		c A 1001 B 5000
	END
	segments < in | flow-reasm --ack-slack 2 | brief |
	    grep '^data\|^late\|^close 1' > got
	cat > want <<-END
		data 1 0 A
		data 1 3 D
		late 1 2 C
		late 1 1 B
	END
	sed -i '/^close/d' got
	sort want > sorted
	sort got > got.sorted
	same sorted got.sorted
}

@test "a keep-alive after an old retransmission does no harm either" {
	printf '%s\n' 'c S 999' 'c A 1000 AAAA' 'c A 1004 BBBB' \
	    'c A 1000 AAAA' 'c A 1007 x' 'c A 1008 C' > in
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		data 1 8 C
		close 1 input 9 6 1 0 0 0 0
	END
	gives
	gives --overlap last
}

@test "sequence numbers wrap" {
	printf '%s\n' 'c S 4294967291' 'c A 4294967292 AAAA' 'c A 4 CC' \
	    'c A 0 BBBB' 'c FA 6' > in
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		data 1 8 CC
		close 1 fin 10 5 1 0 0 0 0
	END
	gives
}

@test "FIN before the last data; data after the end" {
	printf '%s\n' 'c S 999' 'c FA 1004 BBBB' 'c A 1000 AAAA' \
	    'c A 1002 AABB' 'c FA 1004 BBBB' 'c A 1002 ZZ' > in
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		close 1 fin 8 3 1 0 0 0 0
		data 2 0 ZZ
		close 2 input 2 1 0 0 0 0 0
	END
	gives
	expect 2 stat stragglers
}

@test "stragglers of the last 4096 streams, and of no other, are known" {
	awk 'function say(port, flags, seq, text) {
		printf "{\"type\":\"segment\",\"time\":%d000,\"offset\":%d," \
		    "\"src\":\"10.0.0.1\",\"sport\":%d,\"dst\":\"10.0.0.2\"," \
		    "\"dport\":80,\"family\":4,\"seq\":%d,\"ack\":0," \
		    "\"tcp_flags\":[%s],\"window\":65535,\"wire_length\":58," \
		    "\"cap_length\":58,\"payload_length\":%d,\"text\":\"%s\"}\n",
		    ++n, n, port, seq, flags, length(text), text
	    }
	    BEGIN {
		for (port = 1; port <= 5000; port++) {
			say(port, "\"syn\"", 999, "")
			say(port, "\"ack\"", 1000, "AAAA")
			say(port, "\"rst\"", 1004, "")
		}
		# The newest first: what begins anew takes no place.
		for (port = 5000; port >= 1; port--)
			say(port, "\"ack\"", 1000, "AAAA")
		print "{\"type\":\"end\"}"
	    }' | records | flow-reasm | flow-json > out
	[ "$(sed -n 's/.*"stragglers":\([0-9]*\).*/\1/p' out)" -eq 4096 ]
	[ "$(grep -c '"type":"open"' out)" -eq $((5000 + 5000 - 4096)) ]
}

@test "--no-purge: a stream without SYN stays open after its FIN too" {
	local order
	cat > in <<-END
		c A 1000 AAAA 5000
		s A 5000 BB 1004
		c FA 1004 - 5002
		s FA 5002 - 1005
		c A 1005 - 5003
		c A 1000 AAAA 5003
	END
	for order in --ack-slack=0 --arrival; do
		segments < in | flow-reasm --no-purge $order | brief |
		    grep close > got
		cat > want <<-END
			close 1 input 4 4 1 0 0 0 0
			close 2 input 2 2 0 0 0 0 0
		END
		same want got
	done
}

@test "a straggler that a closed stream has not had is not dropped" {
	cat > in <<-END
		c S 999
		c A 1000 AAAA
		c A 1008 CCCC
		c R 1012
		c A 1000 AAAA
		c A 1004 BBBB
		c A 1008 CCCC
	END
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 4 unsent
		data 1 8 CCCC
		close 1 rst 12 4 0 0 1 4 0
		data 2 0 BBBB
		data 2 4 CCCC
		close 2 input 8 2 0 0 0 0 0
	END
	gives
	expect 1 stat stragglers
	# What is no hole is known without the window.
	gives --window 0
	# Not even one byte, at the end; but there it may be a keep-alive.
	cat > in <<-END
		c S 999
		s SA 4999 - 1000
		c A 1000 AAAA
		s A 5000 - 1006
		s A 5000 - 1006
		c R 1006
		c A 1003 x
		c A 1005 C
		c R 1006
		c A 1005 C
		c A 1005 x
	END
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 2 missed
		close 1 rst 6 3 0 0 1 2 0
		data 3 0 x
		gap 3 1 1 unsent
		data 3 2 C
		close 3 rst 3 3 0 0 1 1 0
	END
	segments < in | flow-reasm | brief | grep -v '^open\|^close 2' > got
	same want got
	expect 2 stat stragglers
	# What -b cut is not new.
	cat > in <<-END
		c S 999
		c A 1000 AAAA
		c A 1008 CCCC
		c R 1012
		c A 1000 AAAA
		c A 1008 CCCC
	END
	cat > want <<-END
		data 1 0 AA
		gap 1 2 10 limit
		close 1 rst 12 4 0 0 1 10 0
	END
	gives -b 2
	expect 2 stat stragglers -b 2
}

@test "FIN with a hole: the stream lingers" {
	printf '%s\n' 'c S 999' 's SA 4999 - 1000' 'c FA 1004 BBBB' \
	    's A 5000 - 1009' 's A 5000 - 1009' 'c A 1000 AAAA 0 30' > in
	cat > want <<-END
		gap 1 0 4 missed
		data 1 4 BBBB
		late 1 0 AAAA
		close 1 fin 8 3 1 0 1 0 4
		close 2 input 0 3 0 0 0 0 0
	END
	gives --ack-slack 1
	# ...but not for ever
	printf '%s\n' 'c S 999' 'c FA 1004 BBBB' 's SA 4999 - 1000' \
	    's A 5000 - 1009' 's A 5000 - 1009' 's RA 5000 - 1009' \
	    's S 7000 - 0 100' > in
	segments < in | flow-reasm --ack-slack 1 | brief |
	    grep '^close 1 fin 8 2 0 0 1 4 0'
}

@test "RST in the window and outside it" {
	cat > in <<-END
		c S 999
		s SA 4999 - 1000
		c A 1000 AAAA 5000
		s A 5000 - 1004
		c R 1003
		c R 900000
		c A 1004 BBBB 5000
		c R 1008
		c A 1008 CCCC
	END
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		close 1 rst 8 6 0 0 0 0 0
		data 3 0 CCCC
		close 2 input 0 2 0 0 0 0 0
		close 3 input 4 1 0 0 0 0 0
	END
	gives
	expect 2 stat rst_outside_window
	# Before what was seen, while the start is still held back.
	printf '%s\n' 'c A 1000 AAAA' 'c R 900' 'c A 1004 BBBB' > in
	printf '%s\n' 'data 1 0 AAAA' 'data 1 4 BBBB' \
	    'close 1 input 8 3 0 0 0 0 0' > want
	gives
	expect 1 stat rst_outside_window
}

@test "a short connection without SYN: both sides leave before one closes" {
	printf '%s\n' 'c A 1000 AAAA 5000' 's A 5000 BBBB 1004' \
	    's FA 5004 - 1004' 'c FA 1004 - 5005' 's A 5005 - 1005' > in
	cat > want <<-END
		data 1 0 AAAA
		data 2 0 BBBB
		close 1 fin 4 2 0 0 0 0 0
		close 2 fin 4 3 0 0 0 0 0
	END
	gives
}

@test "a stream whose first bytes wait opens before its peer closes" {
	printf '%s\n' 'c S 999' 's SA 4999 - 1000' 'c A 1000 GET 5000' \
	    's A 5003 -end 1003' 'c FA 1003 - 5007' > in
	cat > want <<-END
		open 1 2 0 0 client
		data 1 0 GET
		open 2 1 1 0 server
		close 1 fin 3 3 0 0 0 0 0
		gap 2 0 3 missed
		data 2 3 -end
		close 2 input 7 2 0 0 1 3 0
	END
	segments < in | flow-reasm | brief > got
	same want got
}

@test "a new SYN on a live tuple is a new connection, above and below" {
	local isn
	for isn in 5000 500; do
		cat > in <<-END
			c S 999
			s SA 7777 - 1000
			c A 1000 AAAA 7778
			s A 7778 BBBB 1004
			c S $isn
			s SA 9999 - $((isn + 1))
			c A $((isn + 1)) CC 10000
			s A 10000 DD $((isn + 3))
		END
		segments < in | flow-reasm | brief > got
		cat > want <<-END
			open 1 2 0 0 client
			data 1 0 AAAA
			open 2 1 1 0 server
			data 2 0 BBBB
			close 1 skip 4 2 0 0 0 0 0
			close 2 skip 4 2 0 0 0 0 0
			open 3 4 2 1 client
			data 3 0 CC
			open 4 3 3 1 server
			data 4 0 DD
			close 3 input 2 2 0 0 0 0 0
			close 4 input 2 2 0 0 0 0 0
		END
		same want got
	done
}

@test "half-closed for long; then the tuple is used again at once" {
	cat > in <<-END
		c S 999
		s SA 4999 - 1000
		c FA 1000 AAAA 5000
		s A 5000 BBBB 1005
		s A 5004 CCCC 1005 10000
		s FA 5008 - 1005 10000
		c S 998 - 0 10000
		c A 999 DDDD 0 10000
	END
	cat > want <<-END
		data 1 0 AAAA
		close 1 fin 4 2 0 0 0 0 0
		data 2 0 BBBB
		data 2 4 CCCC
		close 2 fin 8 4 0 0 0 0 0
		data 3 0 DDDD
		close 3 input 4 2 0 0 0 0 0
	END
	gives
}

@test "-m: a jump begins a new stream, one less does not" {
	printf '%s\n' 'c S 999' 'c A 1000 AAAA' 'c A 1010 BBBB' > in
	cat > want <<-END
		data 1 0 AAAA
		close 1 skip 4 2 0 0 0 0 0
		data 2 0 BBBB
		close 2 input 4 1 0 0 0 0 0
	END
	gives -m 5
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 6 unsent
		data 1 10 BBBB
		close 1 input 14 3 0 0 1 6 0
	END
	gives -m 6
	gives -m 5000000000
}

@test "conflicts: first wins, or last; while it waits, and when it has gone" {
	printf '%s\n' 'c S 999' 'c A 1000 AAAA' 'c A 1001 xx' \
	    'c A 1010 DDDD' 'c A 1010 DyyD' 'c A 1004 BBBBBB' > in
	cat > want <<-END
		data 1 0 AAAA
		conflict 1 1 2
		conflict 1 11 2
		data 1 4 BBBBBB
		data 1 10 DDDD
		close 1 input 14 6 3 0 0 0 0 2
	END
	segments < in | flow-reasm | brief | grep -v ^open |
	    sed 's/^close.*/&/' > got
	sed -i 's/^close.*/close 1 input 14 6 3 0 0 0 0/' want
	same want got
	cat > want <<-END
		data 1 0 AAAA
		conflict 1 1 2
		late 1 1 xx
		conflict 1 11 2
		data 1 4 BBBBBB
		data 1 10 DyyD
		close 1 input 14 6 3 0 0 0 0
	END
	gives --overlap last
	expect 2 stat conflicts
	expect 1 stat conflicts --window 0
}

@test "--summary: one line, when there is something to say" {
	printf '%s\n' 'c S 999' 'c A 1000 AAAA' 'c A 1010 BBBB' > in
	echo 'c A 1000 AxAA' >> in
	segments < in | flow-reasm --summary 2> got > /dev/null
	echo 'flow-reasm: 6 bytes missing in 1 gaps, 1 conflicts' > want
	same want got
	printf '%s\n' 'c S 999' 'c A 1000 AAAA' > in
	segments < in | flow-reasm --summary -b 2 2> got > /dev/null
	[ ! -s got ]
}

@test "-b: the rest is a GAP" {
	printf '%s\n' 'c S 999' 'c A 1000 AAAAAA' 'c A 1006 BBBBBB' > in
	cat > want <<-END
		data 1 0 AAAAAA
		data 1 6 BB
		gap 1 8 4 limit
		close 1 input 12 3 0 0 1 4 0
	END
	gives -b 8
	expect 0 stat missing -b 8
	sed -i '/^data/d; s/gap 1 8 4/gap 1 0 12/; s/4 0$/12 0/' want
	gives -b 0
}

@test "--arrival: bytes as they came" {
	printf '%s\n' 'c S 999' 'c A 1004 BBBB' 'c A 1000 AAAA' \
	    'c A 1000 AAAA' > in
	cat > want <<-END
		arrival 1 4 BBBB
		arrival 1 0 AAAA
		arrival 1 0 AAAA
		close 1 input 8 4 2 0 0 0 0
	END
	gives --arrival
	# What is missing is counted all the same, and what came for it.
	cat > in <<-END
		c S 999
		s SA 4999 - 1000
		c A 1000 AAAA
		c A 1008 CCCC
		s A 5000 - 1012
		s A 5000 - 1012
		s A 5000 - 1012
		c A 1014 DD
	END
	expect 6 stat missing --arrival --ack-slack 1
	expect 2 stat gaps --arrival --ack-slack 1
	echo 'c A 1004 BBBB' >> in
	expect 2 stat missing --arrival --ack-slack 1
	segments < in | flow-reasm --arrival --ack-slack 1 --summary 2>&1 \
	    > /dev/null | grep -x 'flow-reasm: 2 bytes missing in 2 gaps, 0 conflicts'
}

@test "--idle and --half-open, in whole seconds; time running backwards" {
	printf '%s\n' 'c S 999 - 0 1000' 'c A 1000 AAAA 0 1001' \
	    's S 1 - 0 1100' 'c A 1004 BBBB 0 1101' > in
	segments < in | flow-reasm --idle 98 | brief |
	    grep '^close 1 timeout 4 2'
	segments < in | flow-reasm --idle 99 | brief |
	    { ! grep timeout; }
	printf '%s\n' 'c S 999 - 0 1000' 's A 4 x 0 900' \
	    'c A 1000 AAAA 0 1000' > in
	segments < in | flow-reasm --idle 10 | brief | { ! grep timeout; }
	printf '%s\n' 'c S 999 - 0 1000' > in
	json < in | sed '$d' > records
	printf '%s\n' '{"type":"clock","time":1100000000000}' \
	    '{"type":"end"}' >> records
	records < records | flow-reasm --half-open 50 | brief |
	    grep '^close 1 timeout 0 1'
	records < records | flow-reasm --half-open 100 | brief |
	    grep '^close 1 input 0 1'
}

@test "--max-connections: the least active one goes" {
	for i in 1 2 3; do
		printf '{"type":"segment","src":"10.0.0.%d","seq":1,"time":%d,"tcp_flags":["ack"],"text":"a"}\n' $i $i
	done > records
	echo '{"type":"end"}' >> records
	records < records | flow-reasm --max-connections 2 | brief |
	    grep ^close > got
	printf '%s\n' 'close 1 evicted 1 1 0 0 0 0 0' \
	    'close 2 input 1 1 0 0 0 0 0' 'close 3 input 1 1 0 0 0 0 0' > want
	same want got
}

@test "VLANs: part of the key; the peer may be untagged" {
	MORE=',"tci":5'
	{
		echo 'c S 999' | json | sed '$d'
		MORE=',"tci":6'
		echo 'c S 999' | json | sed '$d'
		MORE=
		echo 's SA 4999 - 1000' | json
	} > records
	records < records | flow-reasm | flow-json |
	    sed -n 's/.*"type":"close".*"peer":\([0-9]*\),"number":\([0-9]*\),"session":\([0-9]*\).*/\1 \2 \3/p' > got
	same <(printf '%s\n' '3 0 0' '0 1 1' '1 2 0') got ||
	    same <(printf '%s\n' '0 0 0' '3 1 1' '2 2 1') got
	records < records | flow-reasm --ignore-vlan | brief > got
	printf '%s\n' 'close 1 input 0 2 0 0 0 0 0' \
	    'close 2 input 0 1 0 0 0 0 0' > want
	same want got
}

@test "the two directions on different VLANs are one session" {
	local client=',"tci":5' server=',"tci":6'
	{
		MORE=$client
		echo 'c S 999' | json | sed '$d'
		MORE=$server
		echo 's SA 4999 - 1000' | json | sed '$d'
		MORE=$client
		echo 'c A 1000 AAAA 5000' | json | sed '$d'
		MORE=$server
		echo 's A 5000 BBBB 1004' | json
	} > records
	records < records | flow-reasm | brief > got
	cat > want <<-END
		open 1 2 0 0 client
		data 1 0 AAAA
		open 2 1 1 0 server
		data 2 0 BBBB
		close 1 input 4 2 0 0 0 0 0
		close 2 input 4 2 0 0 0 0 0
	END
	same want got
}

@test "snaplen: what was cut is a gap, and may come yet" {
	local segment='"src":"10.0.0.1","seq":%d,"tcp_flags":[%s],"payload_length":%d,"text":"%s"}\n'
	{
		printf '{"type":"segment",'"$segment" 999 '"syn"' 0 ''
		printf '{"type":"segment",'"$segment" 1000 '"ack"' 8 AAAA
		printf '{"type":"segment",'"$segment" 1008 '"ack"' 4 CCCC
		printf '{"type":"segment",'"$segment" 1004 '"ack"' 4 BBBB
		echo '{"type":"end"}'
	} > records
	records < records | flow-reasm | brief | grep -v ^open > got
	cat > want <<-END
		data 1 0 AAAA
		gap 1 4 4 snaplen
		data 1 8 CCCC
		late 1 4 BBBB
		close 1 input 12 4 1 0 1 0 4
	END
	same want got
}

@test "--checksums drops segments with a bad one" {
	MORE=',"info":["checksum-bad"]'
	printf '%s\n' 'c S 999' > in
	expect 0 stat bad_checksum
	expect 1 stat bad_checksum --checksums
	expect 0 stat total_flows --checksums
}

@test "a source that may begin no streams" {
	{
		echo '{"type":"source","index":1,"name":"a"}'
		echo 'c A 1000 AAAA' | json | sed '$d'
		echo '{"type":"source","index":2,"name":"b","flags":["no-new"]}'
		echo 'c A 1004 BBBB' | json | sed '$d'
		echo 's A 1000 XX' | json
	} > records
	records < records | flow-reasm | brief | grep -v ^open > got
	cat > want <<-END
		data 1 0 AAAA
		data 1 4 BBBB
		close 1 input 8 2 0 0 0 0 0
	END
	same want got
}

@test "FRAMEs are stamped, also that of the last segment" {
	{
		echo 'c S 999' | json | sed '$d'
		echo '{"type":"frame","offset":1}'
		echo 'c FA 1000 AA' | json | sed '$d'
		echo '{"type":"frame","offset":2}'
		echo 'c A 1003' | json | sed '$d'
		echo '{"type":"frame","offset":3}'
		echo '{"type":"end"}'
	} > records
	records < records | flow-reasm | brief | grep -v ^open > got
	cat > want <<-END
		frame 1
		data 1 0 AA
		frame 1
		close 1 fin 2 2 0 0 0 0 0
		frame 0
	END
	same want got
}

@test "by reference: compared only with -r, and to the same end" {
	local capture=$DATA/captures/transfers-damaged.pcap
	pcap-demux -r "$capture" | flow-reasm -M 1M | flow-json |
	    grep '"type":"close"' > bytes
	pcap-demux --by-reference -r "$capture" |
	    flow-reasm -M 1M -r "$capture" | flow-json |
	    grep '"type":"close"' > reference
	same bytes reference
}

@test "holes that were forgotten: what comes for them is not lost" {
	local i
	# Holes after the first byte, which are forgotten for -M; then holes
	# before it, which are forgotten too.
	for i in $(seq 0 99); do
		echo "c A $((20000 + i * 4)) DD"
	done > in
	for i in $(seq 1 99); do
		echo "c A $((20000 - i * 4)) BB"
	done >> in
	for i in $(seq 0 98); do
		echo "c A $((20002 + i * 4)) LL"
	done >> in
	segments < in | flow-reasm -M 4096 | flow-json > out
	expect 1 grep -c '"evicted_holes":[1-9]' out
	sed -n 's/.*"type":"late".*"offset":\([0-9]*\),.*"bytes":"4c4c".*/\1/p' \
	    out > got
	seq 2 4 394 > want
	same want got
}

@test "every way through the same numbers: -M 64k and 1G store the same" {
	"$BUILD/tests/gen/gencap" -b 300000 -c 20 lossy > lossy.pcap
	pcap-demux -r lossy.pcap > records
	for m in 64k 1M 1G; do
		flow-reasm -M $m < records | flow-name |
		    flow-store -o $m > /dev/null
	done
	diff -r 64k 1G
	diff -r 1M 1G
}

@test "bad usage" {
	fails 2 flow-reasm --overlap middle < /dev/null
	says "neither first nor last"
	fails 2 flow-reasm -M 10 < /dev/null
	fails 2 flow-reasm -m x < /dev/null
	fails 2 flow-reasm --max-connections 0 < /dev/null
}

@test "a malformed SEGMENT is said, and the rest goes on" {
	{
		echo '{"type":"clock","time":0}'
		echo '{"type":"raw","bytes":"0800000003000000000000000000000000000000000000000100000000000000"}'
		echo '{"type":"raw","bytes":"0000000000000000"}'
		echo 'c A 1000 AAAA' | json
	} > records
	records < records > in.rec
	fails 1 flow-reasm < in.rec > out.rec
	says "malformed segment"
	flow-json < out.rec 2> /dev/null | grep '"text":"AAAA"\|"bytes":"41414141"'
}

@test "random conversations: every byte, no other, nothing twice" {
	# The same cases each time; `make soak` draws others.
	sh "$TOP/tests/reasm/property.sh" 1
}

@test "all 720 orders of six segments give the same file" {
	sh "$TOP/tests/reasm/orders.sh"
}

@test "hostile segments: every stream is closed, once" {
	local options seed=0
	for options in "" "-M 4096 --max-connections 30 --idle 3" \
	    "--overlap last -b 100 -m 2147483647" "--ignore-vlan --no-ack" \
	    "--arrival --half-open 1" "--no-purge --ack-slack 0"; do
		seed=$((seed + 1))
		"$BUILD/tests/reasm/wild" 8000 $seed | flow-reasm $options |
		    flow-json > out
		sed -n 's/.*"type":"close","stream":\([0-9]*\),.*/\1/p' out |
		    sort -n > got
		seq "$(sed -n 's/.*"total_flows":\([0-9]*\).*/\1/p' out)" > want
		cmp want got
	done
}

# With over 4096 connections flow-reasm looks at packets before their turn.
@test "packets that were looked at ahead are taken as any other" {
	local bare='"type":"\(meta\|stats\)"'
	"$BUILD/tests/reasm/flood" 60000 6000 > records
	flow-reasm < records | flow-json | grep -v "$bare" > want
	# Little is read at a time: little is seen ahead.
	dd if=records bs=200 status=none | flow-reasm | flow-json |
	    grep -v "$bare" > got
	[ "$(grep -c '"type":"close"' want)" -gt 4096 ]
	cmp want got
}

@test "a stream of 20 GB: sequence numbers wrap four times" {
	"$BUILD/tests/reasm/long" 20 | flow-reasm | flow-json |
	    sed -n 's/.*"type":"close".*"why":"\([a-z]*\)","length":\([0-9]*\),"packets":\([0-9]*\),.*"out_of_order":\([0-9]*\),.*"gaps":\([0-9]*\),.*/\1 \2 \3 \4 \5/p' > got
	echo 'fin 20000000000 320002 20000 0' > want
	same want got
}

@test "a flood takes time in proportion" {
	[ -z "${FLOWPIPE_SANITIZED-}" ] || skip "instructions of the plain build"
	need valgrind
	sh "$TOP/tests/reasm/flood.sh" 10000
}
