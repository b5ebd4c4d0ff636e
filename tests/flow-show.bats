#!/usr/bin/env bats
# flow-show: the listing and the content of streams.

load lib

local_setup() { TMP=$SCRATCH; }

records() { "$BIN/flow-json" -r; }
show() { "$BIN/flow-show" "$@"; }

@test "flow-show: one line for each stream" {
	records >"$TMP/in" <<-'END'
	{"type":"open","stream":1,"time":1223315694694099000}
	{"type":"data","stream":1,"text":"abcd"}
	{"type":"close","stream":1,"start":1223315694694099000}
	{"type":"open","stream":2,"time":1223315694694099000}
	{"type":"gap","stream":2,"length":5,"cause":"missed"}
	{"type":"data","stream":2,"text":"x"}
	{"type":"close","stream":2,"start":1223315694694099000,"why":"rst","gaps":1,"missing":5,"conflicts":2}
	{"type":"end"}
	END
	run show <"$TMP/in"
	[ "$status" -eq 0 ]
	[ "$output" = "2008-10-06 17:54:54.694099 10.0.0.1:1234 > 10.0.0.2:80: 4 bytes, fin
2008-10-06 17:54:54.694099 10.0.0.1:1234 > 10.0.0.2:80: 6 bytes, rst, 5 missing in 1 gap, 2 conflicts" ]
}

one_stream() {
	records <<-'END'
	{"type":"open","stream":1,"time":1}
	{"type":"name","stream":1,"pattern":"d/flow\u0000C\u0000c\u0000#"}
	{"type":"data","stream":1,"text":"ab\tc\r\nd\u001b[31m"}
	{"type":"gap","stream":1,"length":3,"cause":"snaplen"}
	{"type":"data","stream":1,"text":"ef"}
	{"type":"late","stream":1,"offset":12,"text":"XY"}
	{"type":"close","stream":1}
	{"type":"end"}
	END
}

@test "flow-show: content, and marks for what is missing" {
	one_stream >"$TMP/in"
	show -c <"$TMP/in" >"$TMP/out"
	printf 'd/flow0: ab.c\r\nd.[31m\nd/flow0: [missing: 3 bytes at 12, snaplen]\nd/flow0: ef\nd/flow0: [late: 2 bytes at 12]\nd/flow0: XY\n' >"$TMP/expected"
	cmp "$TMP/expected" "$TMP/out"
	show -C --no-marks -0 <"$TMP/in" >"$TMP/out"
	printf 'ab.c\r\nd.[31mefXY' >"$TMP/expected"
	cmp "$TMP/expected" "$TMP/out"
}

@test "flow-show: raw content is never marked" {
	one_stream >"$TMP/in"
	show -CB0 <"$TMP/in" >"$TMP/out" 2>"$TMP/err"
	printf 'ab\tc\r\nd\033[31mef' >"$TMP/expected"
	cmp "$TMP/expected" "$TMP/out"
	[ "$(wc -l <"$TMP/err")" -eq 2 ]
}

@test "flow-show: names below a directory, limit, colours" {
	one_stream >"$TMP/in"
	show -c -g -b 4 -o 'o/' --no-marks <"$TMP/in" >"$TMP/out"
	printf '\033[0;31mo//d/flow0: ab.c\033[0m\n' >"$TMP/expected"
	cmp "$TMP/expected" "$TMP/out"
}

@test "flow-show: hex is padded to the widest line of its packet" {
	records >"$TMP/in" <<-'END'
	{"type":"open","stream":1,"time":1}
	{"type":"data","stream":1,"text":"0123456789abcdef0123456789ABCDEFxyz"}
	{"type":"data","stream":1,"text":"AAAA"}
	{"type":"close","stream":1}
	{"type":"end"}
	END
	run show -CD <"$TMP/in"
	[ "${lines[0]}" = "0000: 3031 3233 3435 3637 3839 6162 6364 6566 3031 3233 3435 3637 3839 4142 4344 4546  0123456789abcdef0123456789ABCDEF" ]
	[ "${lines[1]}" = "$(printf '%-86s xyz' '0020: 7879 7a')" ]
	[ "${lines[2]}" = "0000: 4141 4141  AAAA" ]
}

@test "flow-show: JSON has the addresses of the stream, not of its name" {
	one_stream >"$TMP/in"
	show -J -b 2 --no-marks <"$TMP/in" >"$TMP/out"
	echo '{"src_host":"10.0.0.1","src_port":1234,"dst_host":"10.0.0.2","dst_port":80,"payload": [97,98]}' >"$TMP/expected"
	cmp "$TMP/expected" "$TMP/out"
}

@test "flow-show: nothing from the wire moves a terminal's cursor" {
	command -v script >/dev/null || skip "no script(1)"
	records >"$TMP/in" <<-'END'
	{"type":"open","stream":1,"time":1}
	{"type":"data","stream":1,"text":"a\rb\r\nc\u001b]0;x\u0007d"}
	{"type":"close","stream":1}
	{"type":"end"}
	END
	script -qec "'$BIN/flow-show' -C <'$TMP/in'" /dev/null >"$TMP/out"
	run tr -d '\r\n' <"$TMP/out"
	[ "$output" = "a.bc.]0;x.d" ]
}

@test "flow-show: HTTP transactions instead of their streams" {
	records >"$TMP/in" <<-'END'
	{"type":"open","stream":1,"time":1,"role":"client"}
	{"type":"data","stream":1,"text":"x"}
	{"type":"open","stream":2,"time":1,"role":"server","src":"10.0.0.2","sport":80,"dst":"10.0.0.1","dport":1234}
	{"type":"data","stream":2,"text":"x"}
	{"type":"note","stream":1,"note":{"http":{"kind":"request","method":"GET","url":"http://h/"}}}
	{"type":"note","stream":2,"note":{"http":{"kind":"response","status":200,"end":"complete","body":{"type":"text/html","size":5},"request":{"method":"GET","url":"http://h/\u001b\u00e9","time":1000000001.25}}}}
	{"type":"note","stream":1,"note":{"http":{"kind":"unanswered","method":"POST","url":"http://h/2","time":1000000002}}}
	{"type":"close","stream":1}
	{"type":"close","stream":2}
	{"type":"end"}
	END
	run show <"$TMP/in"
	[ "$status" -eq 0 ]
	[ "$output" = "2001-09-09 01:46:41.250000 10.0.0.1:1234 > 10.0.0.2:80 GET http://h/.. 200 text/html 5 complete
2001-09-09 01:46:42.000000 10.0.0.1:1234 > 10.0.0.2:80 POST http://h/2 unanswered" ]
}

@test "flow-show: segments, where no stage has put them together" {
	records >"$TMP/in" <<-'END'
	{"type":"segment","time":1000000000,"seq":7,"ack":9,"tcp_flags":["syn","ack"],"payload_length":0}
	{"type":"segment","time":2000000000,"seq":8,"tcp_flags":[],"text":"abc"}
	{"type":"end"}
	END
	run show <"$TMP/in"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "1970-01-01 00:00:01.000000 10.0.0.1:1234 > 10.0.0.2:80: [S.] seq 7 ack 9 length 0" ]
	[[ "${lines[1]}" == *"[none] seq 8 length 3" ]]
}

@test "flow-show: -q reads and judges" {
	one_stream >"$TMP/in"
	run show -q <"$TMP/in"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	head -c 500 "$TMP/in" >"$TMP/cut"
	run show -q <"$TMP/cut"
	[ "$status" -eq 1 ]
}

@test "flow-show: a full disk is said once, the input is drained" {
	[ -c /dev/full ] || skip "no /dev/full"
	one_stream >"$TMP/in"
	run bash -c '"$1" -c <"$2" >/dev/full' sh "$BIN/flow-show" "$TMP/in"
	[ "$status" -eq 1 ]
	[ "$(grep -c 'standard output: ' <<<"$output")" -eq 1 ]
}

@test "flow-show: -L takes turns" {
	for i in 1 2; do
		{
			printf '{"type":"open","time":1}\n'
			for _ in 1 2 3 4 5 6 7 8; do
				printf '{"type":"data","text":"%s"}\n' \
					"$(printf "%20000s" | tr ' ' $i)"
			done
			printf '{"type":"close"}\n{"type":"end"}\n'
		} | records >"$TMP/in$i"
	done
	show -C -L "$TMP/lock" <"$TMP/in1" >>"$TMP/out" 3>&- &
	show -C -L "$TMP/lock" <"$TMP/in2" >>"$TMP/out"
	wait
	[ "$(grep -Ecx '1{20000}|2{20000}' "$TMP/out")" -eq 16 ]
	[ "$(wc -l <"$TMP/out")" -eq 16 ]
}
