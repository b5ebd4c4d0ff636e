# What the .bats files share.  BIN: where the programs are; DATA: the test
# data; each test starts in a scratch directory of its own, $SCRATCH.

TOP=$(cd "$BATS_TEST_DIRNAME" && while [ ! -f DESIGN.md ]; do cd ..; done; pwd)
BIN=${BIN:-$TOP/build/bin}
DATA=$TOP/tests/data
BUILD=${BUILD:-$(dirname "$BIN")}
PATH=$BIN:$PATH
export TOP BIN DATA BUILD PATH
export TZ=UTC LC_ALL=C
# Nothing of who runs the tests: no settings of other programs, no proxy.
unset http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY
umask 022

setup() {
	SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/flowpipe.XXXXXX")
	cd "$SCRATCH" || return 1
	export HOME=$SCRATCH/.home
	if declare -F local_setup > /dev/null; then
		local_setup
	fi
}

teardown() {
	if declare -F local_teardown > /dev/null; then
		local_teardown
	fi
	# What a failed test left running.
	local pid
	for pid in $(jobs -p); do
		kill "$pid" 2> /dev/null || :
	done
	cd / && rm -rf "$SCRATCH"
}

# same EXPECTED-FILE ACTUAL-FILE: or show how they differ.
same() {
	cmp -s "$1" "$2" && return 0
	diff -u --text "$1" "$2" | head -n 40
	return 1
}

# expect TEXT COMMAND...: the command prints just that on standard output.
expect() {
	local want=$1
	shift
	"$@" > "$SCRATCH/.actual"
	printf '%s\n' "$want" > "$SCRATCH/.expected"
	same "$SCRATCH/.expected" "$SCRATCH/.actual"
}

# fails STATUS COMMAND...: it ends with that status; what it says on
# standard error is in $SCRATCH/.error.
fails() {
	local want=$1 status=0
	shift
	"$@" 2> "$SCRATCH/.error" || status=$?
	if [ "$status" -ne "$want" ]; then
		echo "status $status, not $want: $*"
		cat "$SCRATCH/.error"
		return 1
	fi
}

# says TEXT: the last fails() said it on standard error.
says() {
	grep -qF -- "$1" "$SCRATCH/.error" && return 0
	echo "not said: $1; but:"
	cat "$SCRATCH/.error"
	return 1
}

# records: record streams written by hand as JSON Lines on standard input.
records() {
	flow-json -r
}

# wait_for COMMAND...: until it succeeds.  No machine is so slow that it does
# not in two minutes.
wait_for() {
	local n
	for n in $(seq 1200); do
		"$@" > /dev/null 2>&1 && return 0
		sleep 0.1
	done
	echo "never: $*" >&2
	return 1
}

# need COMMAND: or the test is skipped, by name.
need() {
	command -v "$1" > /dev/null || skip "no $1 here"
}
