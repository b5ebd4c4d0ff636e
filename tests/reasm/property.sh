#!/bin/sh
# The property test of reassembly: property.sh [-f] [SEED [CASES]]
# Random cases (tests/reasm/trial.c) go through flow-reasm, whose records are
# checked, and through flow-store, whose files are.  The options, -M among
# them, change from batch to batch.  Without a seed one is drawn; it is
# printed, and the same seed gives the same cases.  -f: without end.
# BIN: the programs, BUILD: the variant they belong to.
set -u
BIN=${BIN:-build/bin}
BUILD=${BUILD:-$(dirname "$BIN")}
property=$BUILD/tests/reasm/property
forever=
if [ "${1-}" = -f ]; then
	forever=1
	shift
fi
seed=${1:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
cases=${2:-10000}
dir=$(mktemp -d "${TMPDIR:-/tmp}/flowpipe-property.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

# batch FIRST COUNT CHECK OPTION...: through flow-reasm and flow-store
batch() {
	first=$1 count=$2 check=$3
	shift 3
	rm -rf "$dir/out" && mkdir "$dir/out" || return 1
	"$property" make "$seed" "$first" "$count" |
	    "$BIN/flow-reasm" "$@" > "$dir/records" &&
	    "$property" "$check" "$seed" "$first" "$count" < "$dir/records" &&
	    "$BIN/flow-name" < "$dir/records" |
	    "$BIN/flow-store" -o "$dir/out" > /dev/null &&
	    "$property" files "$seed" "$first" "$count" "$dir/out" && return
	echo "seed $seed, cases $first to $((first + count - 1)):" \
	    "flow-reasm $*: failed"
	return 1
}

# all: every set of options, each on a share of the cases
all() {
	n=0
	share=$((cases / 8))
	while read -r options; do
		# shellcheck disable=SC2086
		batch $((n * share)) "$share" $options || return 1
		n=$((n + 1))
	done <<-END
		check -M 256M
		loose -M 4096
		loose -M 32k
		check -M 256k --window 0
		check -M 1M --ack-slack 0
		check -M 1M --no-ack --ack-slack 3
		check -M 16M --overlap last
		loose -M 20k --ack-slack 5 -m 16777216
	END
}

while :; do
	echo "seed $seed, $cases cases"
	all || exit 1
	[ -n "$forever" ] || exit 0
	seed=$((seed + 1))
done
