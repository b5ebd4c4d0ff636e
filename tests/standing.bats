#!/usr/bin/env bats
# What every program that reads records must stand, whatever it does with
# them.  tests/standing/programs says which, tests/standing/standing.c how.

load lib

STANDING=$BUILD/tests/standing/standing

local_setup() {
	[ -x "$STANDING" ] || skip "make helpers has not been run"
	# One case in eleven for the sanitizers, which start slowly.
	[ -z "${FLOWPIPE_SANITIZED-}" ] || export STEP=11
	flow-json -r < "$TOP/tests/standing/stream.jsonl" > stream
}

# each CHECK: it, on every filter and sink.
each() {
	local bad=0 name class words
	while read -r name class words; do
		case $class in
		filter) unset SINK ;;
		sink) export SINK=1 ;;
		*) continue ;;
		esac
		# shellcheck disable=SC2086
		"$STANDING" "$1" "$BIN/$name" $words < stream || bad=1
	done < <(sed 's/#.*//' "$TOP/tests/standing/programs")
	[ "$bad" -eq 0 ]
}

@test "every program has a class" {
	for p in "$TOP"/cmd/*/; do
		basename "$p"
	done | sort > have
	sed 's/#.*//' "$TOP/tests/standing/programs" | awk 'NF { print $1 }' |
	    sort > known
	same known have
}

@test "README names every program" {
	for p in "$TOP"/cmd/*/; do
		p=$(basename "$p")
		grep -q "^| $p |" "$TOP/README.md" || { echo "$p"; return 1; }
	done
}

@test "unknown records pass, unknown critical ones do not" {
	each unknown
}

@test "a record stream cut at any byte is damaged" {
	each cut
}

@test "absurd lengths are damage" {
	each length
}

@test "malformed bodies of every type crash nothing" {
	each body
}

@test "a capture is no record stream, and that is what is said" {
	local name class words
	"$BUILD/tests/gen/gencap" -g -c 2 tiny > x.pcapng
	while read -r name class words; do
		case $class in filter | sink) ;; *) continue ;; esac
		for input in "$DATA/captures/transfers.pcap" x.pcapng \
		    "$TOP/README.md" /dev/null; do
			# shellcheck disable=SC2086
			fails 1 "$name" $words < "$input" > output
			says "$name: "
			[ "$(wc -l < .error)" -eq 1 ] || { cat .error; false; }
		done
		case $class in
		filter)
			fails 1 flow-json < output > json
			grep -qE '"status":"(error|truncated)"' json ;;
		esac
	done < <(sed 's/#.*//' "$TOP/tests/standing/programs")
}

@test "damage is told once, by the stage that saw it" {
	head -c 900 stream > cut
	fails 1 sh -c 'flow-name < cut > named'
	says 'flow-name: '
	fails 1 sh -c 'flow-store -o out < named > stored'
	[ ! -s .error ]
	fails 1 sh -c 'flow-json < stored > json'
	[ ! -s .error ]
	grep -q '"status":"truncated".*"program":"flow-name"' json
}

@test "two sections are two results, joined by cat" {
	cat stream stream > two
	local name class words
	while read -r name class words; do
		case $class in filter) ;; *) continue ;; esac
		# shellcheck disable=SC2086
		"$name" $words < two > output
		[ "$(flow-json < output | grep -c '"status":"whole"')" -eq 2 ]
	done < <(sed 's/#.*//' "$TOP/tests/standing/programs")
}

@test "what cannot be written to is told, be it full or closed" {
	local name class words to
	while read -r name class words; do
		case $class in filter | sink) ;; *) continue ;; esac
		for to in '>/dev/full' '>&-'; do
			[ "$name" != flow-exec ] || continue # writes nothing
			fails 1 sh -c "$name $words < stream $to"
			says "$name: standard output: "
			[ "$(wc -l < .error)" -eq 1 ] || { cat .error; false; }
		done
	done < <(sed 's/#.*//' "$TOP/tests/standing/programs")
}

@test "a terminal is no input, and that is said in one line" {
	need script
	script -qec "$BIN/flow-reasm" typescript < /dev/null > got || :
	tr -d '\r' < got > lines
	expect 'flow-reasm: standard input is a terminal: it must be a record stream' \
	    cat lines
}
