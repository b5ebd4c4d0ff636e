#!/usr/bin/env bats
# flow-exec: a command for each stored stream, and word of it.

load lib

local_setup() { TMP=$SCRATCH; }

# Two flows with files, one without, one body of the first.
stream() {
	"$BIN/flow-json" -r <<-'END'
	{"type":"open","stream":1,"time":1000000000}
	{"type":"data","stream":1,"text":"abc"}
	{"type":"open","stream":3,"kind":"http-body","parent":1,"time":1000000000}
	{"type":"stored","stream":3,"path":"out/-HTTPBODY-001"}
	{"type":"close","stream":3}
	{"type":"stored","stream":1,"path":"out/a b'$(touch pwned)"}
	{"type":"close","stream":1}
	{"type":"close","stream":2}
	{"type":"open","stream":4,"time":1000000000}
	{"type":"stored","stream":4,"path":"-rf"}
	{"type":"close","stream":4}
	{"type":"end"}
	END
}

@test "flow-exec: the path is an argument, whatever is in it" {
	cd "$TMP"
	stream >in
	run "$BIN/flow-exec" -j 1 -c 'printf "<%s>\n" x' <in
	[ "$status" -eq 0 ]
	[ "$output" = "<x>
<out/a b'\$(touch pwned)>
<x>
<./-rf>" ]
	[ ! -e pwned ]
}

@test "flow-exec: rules for several kinds" {
	stream >"$TMP/in"
	run "$BIN/flow-exec" -j 1 -k http-body -c 'echo body' -k tcp \
		-c 'echo flow' <"$TMP/in"
	[ "$status" -eq 0 ]
	[ "$output" = "body out/-HTTPBODY-001
flow out/a b'\$(touch pwned)
flow ./-rf" ]
}

@test "flow-exec: the alert descriptor" {
	stream >"$TMP/in"
	"$BIN/flow-exec" -a 7 <"$TMP/in" 7>"$TMP/alerts"
	printf 'open\t%s\nclose\t%s\nclose\t\nopen\t%s\nclose\t%s\n' \
		"out/a b'\$(touch pwned)" "out/a b'\$(touch pwned)" \
		-rf -rf >"$TMP/expected"
	diff "$TMP/expected" "$TMP/alerts"
}

@test "flow-exec: failures are said and make the status 1" {
	stream >"$TMP/in"
	run "$BIN/flow-exec" -j 1 -c 'exit 3;' <"$TMP/in"
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = \
	    "flow-exec: out/a b'\$(touch pwned): exit 3;: exit status 3" ]
	run "$BIN/flow-exec" -j 1 -k http-body -c 'kill -9 $$;' <"$TMP/in"
	[ "$status" -eq 1 ]
	[ "$output" = \
	    "flow-exec: out/-HTTPBODY-001: kill -9 \$\$;: killed by signal 9" ]
}

@test "flow-exec: commands whose reader has had enough" {
	stream >"$TMP/in"
	for command in 'kill -s PIPE $$;' 'exit 141;'; do
		run "$BIN/flow-exec" -c "$command" <"$TMP/in"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
}

@test "flow-exec: a descriptor that is not open" {
	stream >"$TMP/in"
	run "$BIN/flow-exec" -a 99 <"$TMP/in"
	[ "$status" -eq 2 ]
	[[ "$output" == "flow-exec: descriptor 99: "* ]]
}

@test "flow-exec: never more commands at once than -j" {
	for i in 1 2 3 4 5 6; do
		echo "{\"type\":\"open\",\"stream\":$i,\"time\":1}"
		echo "{\"type\":\"stored\",\"stream\":$i,\"path\":\"f$i\"}"
		echo "{\"type\":\"close\",\"stream\":$i}"
	done >"$TMP/lines"
	echo '{"type":"end"}' >>"$TMP/lines"
	"$BIN/flow-json" -r <"$TMP/lines" >"$TMP/in"
	mkdir "$TMP/running"
	# Each leaves a mark while it runs and counts the marks it sees.
	cat >"$TMP/job" <<-'END'
	cd "$1/running" && : >$$ && ls | wc -l >>../counts
	sleep 0.1
	rm $$
	END
	"$BIN/flow-exec" -j 2 -c "sh '$TMP/job' '$TMP'" <"$TMP/in"
	[ "$(wc -l <"$TMP/counts")" -eq 6 ]
	[ "$(sort -n "$TMP/counts" | tail -n 1)" -le 2 ]
}

@test "flow-exec: an input that is cut" {
	stream | head -c 600 >"$TMP/in"
	run "$BIN/flow-exec" -c true <"$TMP/in"
	[ "$status" -eq 1 ]
	[[ "$output" == "flow-exec: standard input: cut short"* ]]
}
