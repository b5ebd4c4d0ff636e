#!/bin/sh
# Instructions per packet of each stage alone, counted by callgrind: from a
# file to /dev/null, payload by reference, on a fixed small capture.
#	instructions.sh BUILD		prints the table
#	instructions.sh BUILD check	compares it with the record: a stage
#					that needs 5 % more fails.  Exit 77
#					where the record does not apply.
#	instructions.sh BUILD record	renews tests/bench/instructions.txt
# The figures depend on compiler and libc, which the record names.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:?}" && pwd)
what=${2:-print}
record=$here/instructions.txt
bin=$build/bin
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

made_by() {
	printf '# %s; %s; %s\n' "$(cc --version | head -n 1)" \
	    "$(ldd --version | head -n 1)" "$(uname -m)"
}

if [ "$what" = check ] && ! { [ -f "$record" ] &&
    [ "$(sed -n 2p "$record")" = "$(made_by)" ] &&
    command -v valgrind > /dev/null; }; then
	echo "instructions: no record for this compiler, or no valgrind"
	exit 77
fi

"$build/tests/gen/gencap" -c 400 -b 4000 -s 1 web > x.pcap
"$bin/pcap-demux" --by-reference -r x.pcap > segments
packets=$("$bin/flow-json" < segments | grep -c '"type":"segment"')
"$bin/flow-reasm" -r x.pcap < segments > streams
"$bin/flow-name" < streams > names
"$bin/flow-store" -o out -r x.pcap < names > stored

# count STAGE INPUT ARGUMENT...: one line of the table.
count() {
	stage=$1
	input=$2
	shift 2
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
	    "$bin/$stage" --no-confine "$@" < "$input" > /dev/null 2> log ||
	    { cat log >&2; exit 1; }
	n=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' log)
	printf '%s\t%d\n' "$stage" $((n / packets))
}

table() {
	count pcap-demux /dev/null --by-reference -r x.pcap
	count flow-reasm segments -r x.pcap
	count flow-name streams
	count flow-http names -r x.pcap
	count flow-store names -o out2 -r x.pcap
	count flow-dfxml stored
}

table > now
case $what in
print)
	made_by
	cat now
	;;
record)
	{
		echo "# Instructions per packet of each stage: instructions.sh"
		made_by
		cat now
	} > "$record"
	cat "$record"
	;;
check)
	awk -F '\t' 'NR == FNR { if (!/^#/) was[$1] = $2; next }
	    { printf "%s\t%d\t%d\n", $1, was[$1], $2 }
	    $2 > was[$1] * 1.05 { bad = 1; print $1 ": more than 5 % over" }
	    END { exit bad }' "$record" now
	;;
esac
