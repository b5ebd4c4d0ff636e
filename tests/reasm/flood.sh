#!/bin/sh
# A flood takes time in proportion to its packets: twice as many need at most
# 2.2 times the instructions.  flood.sh [PACKETS]
set -u
BIN=${BIN:-build/bin}
BUILD=${BUILD:-$(dirname "$BIN")}
packets=${1:-40000}
dir=$(mktemp -d "${TMPDIR:-/tmp}/flowpipe-flood.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

# count PACKETS TUPLES OPTION...: instructions that flow-reasm needs
count() {
	p=$1 t=$2
	shift 2
	"$BUILD/tests/reasm/flood" "$p" "$t" > "$dir/records" &&
	    valgrind --tool=callgrind --callgrind-out-file="$dir/callgrind" \
	    "$BIN/flow-reasm" --no-confine "$@" < "$dir/records" \
	    > /dev/null 2> "$dir/error" &&
	    sed -n 's/^summary: //p; s/^totals: //p' "$dir/callgrind" |
	    head -n 1
}

# ratio TUPLES OPTION...
ratio() {
	if ! one=$(count "$packets" "$@") ||
	    ! two=$(count $((2 * packets)) "$@"); then
		cat "$dir/error"
		exit 1
	fi
	awk -v a="$one" -v b="$two" -v what="$*" 'BEGIN {
		printf "tuples %s: %.0f, %.0f instructions, %.2f times\n",
		    what, a, b, b / a
		exit !(a > 0 && b / a <= 2.2)
	}' || exit 1
}

ratio 0
ratio 0 --max-connections 1000
ratio 4 -M 1M
ratio 100 -M 256k --overlap last
