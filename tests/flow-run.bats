#!/usr/bin/env bats
# flow-run: one pipeline given as words.

load lib

local_setup() { TMP=$SCRATCH; }

run_it() { "$BIN/flow-run" "$@"; }

@test "flow-run: words become a pipeline" {
	run run_it printf 'b\na\n' '|' sort '|' tr a-z A-Z
	[ "$status" -eq 0 ]
	[ "$output" = "A
B" ]
}

@test "flow-run: no word is read by a shell" {
	run run_it printf '%s\n' 'a  b' '$(exit 3)' ';' '||' "'" '|' cat
	[ "$status" -eq 0 ]
	[ "$output" = "a  b
\$(exit 3)
;
||
'" ]
}

@test "flow-run: programs beside it come before PATH" {
	mkdir "$TMP/dir" "$TMP/path"
	cp "$BIN/flow-run" "$TMP/dir/"
	printf '#!/bin/sh\necho beside\n' >"$TMP/dir/which-one"
	printf '#!/bin/sh\necho path\n' >"$TMP/path/which-one"
	printf '#!/bin/sh\necho only\n' >"$TMP/path/other"
	chmod +x "$TMP"/*/which-one "$TMP/path/other"
	PATH=$TMP/path:$PATH run "$TMP/dir/flow-run" which-one
	[ "$output" = beside ]
	PATH=$TMP/path:$PATH run "$TMP/dir/flow-run" other
	[ "$output" = only ]
}

@test "flow-run: a program that is not there, nothing is started" {
	run run_it touch "$TMP/started" '|' no-such-program-here
	[ "$status" -eq 1 ]
	[ "$output" = "flow-run: no-such-program-here: program not found" ]
	[ ! -e "$TMP/started" ]
}

@test "flow-run: a user that is not there is said once, nothing is started" {
	run run_it --user nosuchuser touch "$TMP/started" '|' cat
	[ "$status" -eq 1 ]
	[ "$output" = "flow-run: nosuchuser: no such user" ]
	run run_it --user 0:nosuchgroup touch "$TMP/started" '|' cat
	[ "$status" -eq 1 ]
	[ "$output" = "flow-run: 0:nosuchgroup: no such group" ]
	[ ! -e "$TMP/started" ]
}

@test "flow-run: a root directory that cannot be is said once" {
	run run_it --chroot "$TMP/nowhere" touch "$TMP/started" '|' cat
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output = "flow-run: $TMP/nowhere: "* ]]
	[ ! -e "$TMP/started" ]
}

@test "flow-run: bad usage" {
	for words in '' '|' 'cat |' '| cat' 'cat | | cat'; do
		# shellcheck disable=SC2086
		run run_it $words
		[ "$status" -eq 2 ]
	done
}

@test "flow-run: the worst status" {
	run run_it sh -c 'exit 3' '|' sh -c 'cat; exit 2' '|' cat
	[ "$status" -eq 3 ]
	run run_it true '|' sh -c 'cat; exit 2' '|' cat
	[ "$status" -eq 2 ]
}

@test "flow-run: who was killed" {
	run run_it true '|' sh -c 'kill -9 $$' '|' cat
	[ "$status" -eq 1 ]
	[ "$output" = "flow-run: sh: killed by signal 9" ]
}

@test "flow-run: a reader that has had enough is no failure" {
	run run_it yes '|' cat '|' head -n 1
	[ "$status" -eq 0 ]
	[ "$output" = y ]
}

@test "flow-run: dies of PIPE when its own reader goes" {
	run bash -c '"$1" yes "|" cat | head -n 1; echo "${PIPESTATUS[0]}"' \
		sh "$BIN/flow-run"
	[ "$output" = "y
141" ]
}

@test "flow-run: the source of a cut pipeline is stopped" {
	run run_it sleep 1000 '|' true
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run run_it sleep 1000 '|' cat '|' sh -c 'kill -9 $$'
	[ "$status" -eq 1 ]
	[ "$output" = "flow-run: sh: killed by signal 9" ]
}

# A source that says which signals came, and ends in order of INT.
source_script='trap "echo usr1" USR1
trap "echo ended; exit 0" INT
echo ready >&3
while :; do sleep 0.05; done'

@test "flow-run: signals are handed on to the source alone" {
	mkfifo "$TMP/ready"
	"$BIN/flow-run" sh -c "$source_script" '|' \
		sh -c 'cat; echo all' >"$TMP/out" 3>"$TMP/ready" &
	pid=$!
	read -r _ <"$TMP/ready"
	kill -USR1 "$pid"
	wait_for grep -q usr1 "$TMP/out"
	kill -INT "$pid"
	wait "$pid"
	[ "$(cat "$TMP/out")" = "usr1
ended
all" ]
}

@test "flow-run: closed descriptors do not become pipes" {
	run bash -c '"$1" echo x "|" sh -c "cat >&2" <&- >&-' sh "$BIN/flow-run"
	[ "$output" = x ]
}

@test "flow-run: -v says what is started" {
	run run_it -v true '|' true
	[ "${#lines[@]}" -eq 2 ]
	[[ "${lines[0]}" == "flow-run: "*"/true: process "* ]]
}

@test "flow-run: a signal before a stage is ready does not kill it" {
	# Not a shell: dash unblocks every signal.
	cat >"$TMP/flow-late" <<-END
	#!/usr/bin/env python3
	import os, time
	while not os.path.exists("$TMP/sent"):
	    time.sleep(0.05)
	os.execv("$BIN/flow-reasm", ["flow-reasm"])
	END
	chmod +x "$TMP/flow-late"
	# The terminal's ^C goes to the whole group.  The shell stays, for
	# flow-run may hand the signal on to it at any time.
	run timeout -s KILL 120 setsid -w "$BIN/flow-run" sh -c \
		'trap "" INT; kill -INT 0; : >"$2"
		"$0" -r "$1"; exit $?' "$BIN/pcap-demux" \
		"$DATA/captures/transfers-damaged.pcap" "$TMP/sent" '|' \
		"$TMP/flow-late" '|' "$BIN/flow-show"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" != *killed* ]]
	# A program that is no stage has them from the start.
	cat >"$TMP/other" <<-END
	#!/usr/bin/env python3
	import os, signal
	signal.signal(signal.SIGINT, signal.SIG_DFL)
	open("$TMP/started", "w").close()
	os.execvp("sleep", ["sleep", "200"])
	END
	chmod +x "$TMP/other"
	run timeout -s KILL 120 setsid -w "$BIN/flow-run" sh -c 'trap "" INT
		until [ -e "$0" ]; do sleep 0.1; done
		kill -INT 0' "$TMP/started" '|' "$TMP/other"
	[ "$status" -eq 1 ]
}
