#!/bin/sh
# All 720 orders of six segments of some conversations give the same file,
# and no other: with packets 1 ms and 1 s apart.
set -u
BIN=${BIN:-build/bin}
BUILD=${BUILD:-$(dirname "$BIN")}
orders=$BUILD/tests/reasm/orders
dir=$(mktemp -d "${TMPDIR:-/tmp}/flowpipe-orders.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
bad=0

# all_same: 720 files, each with the expected bytes
all_same() {
	n=0
	while [ $n -lt 720 ]; do
		echo "$dir/expected"
		n=$((n + 1))
	done | xargs cat > "$dir/all"
	n=$(find "$dir/out" -type f | wc -l)
	[ "$n" -eq 720 ] || { echo "$n files, not 720"; return 1; }
	cat "$dir"/out/* | cmp - "$dir/all"
}

for name in plain ends overlap hole wrap no-syn last-fin; do
	for apart in 1000000 1000000000; do
		rm -rf "$dir/out" && mkdir "$dir/out" || exit 1
		"$orders" expect $name > "$dir/expected" || exit 1
		"$orders" make $name $apart | "$BIN/flow-reasm" |
		    "$BIN/flow-name" | "$BIN/flow-store" -o "$dir/out" \
		    > /dev/null || exit 1
		all_same && continue
		echo "$name, $apart ns apart: not all files are the same"
		bad=1
	done
done
exit $bad
