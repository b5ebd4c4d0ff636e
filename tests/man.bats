#!/usr/bin/env bats
# The man pages tell the truth: SYNOPSIS is what -h prints, EXAMPLES run.

load lib

synopsis() {
	mandoc -T ascii -O width=1000,indent=0 "$1" | sed 's/.\x08//g' |
	    sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' | xargs -d '\n' |
	    tr -s ' ' '\n'
}

usage() {
	"$1" -h | sed '/^$/,$d; s/^usage: //' | tr -s ' ' '\n' | sed '/^$/d'
}

@test "SYNOPSIS is what -h prints" {
	local bad=0 name
	for page in "$TOP"/man/*.1; do
		name=$(basename "$page" .1)
		usage "$name" > usage
		synopsis "$page" | sed '/^$/d' > synopsis
		same synopsis usage || { echo "$name"; bad=1; }
	done
	[ "$bad" -eq 0 ]
}

@test "every option of -h is described" {
	local bad=0 name text
	for page in "$TOP"/man/*.1; do
		name=$(basename "$page" .1)
		mandoc -T ascii -O width=1000 "$page" | sed 's/.\x08//g' \
		    > text
		for option in $("$name" -h | grep -oE -- '--[a-z][a-z-]+' |
		    sort -u); do
			grep -qE -- "^ +(-[A-Za-z0-9].*, *)?$option" text ||
			    { echo "$name: $option"; bad=1; }
		done
	done
	[ "$bad" -eq 0 ]
}

# A scratch directory in which a block finds the captures that it names.
place() {
	mkdir "$2"
	cp "$1" "$2/.block"
	grep -oE "[A-Za-z0-9_./-]+\.pcap(ng)?" "$1" | sort -u |
	    while read -r name; do
		case $name in /*) continue ;; esac
		mkdir -p "$2/$(dirname "$name")"
		cp "$DATA/captures/transfers.pcap" "$2/$name"
	done
}

@test "EXAMPLES run" {
	local bad=0 name status block
	export capture=x.pcap
	for page in "$TOP"/man/*.[17]; do
		name=$(basename "$page")
		awk -v to="$SCRATCH/$name." -f "$TOP/tests/examples.awk" \
		    "$page"
		for block in "$SCRATCH/$name".*.sh; do
			[ -f "$block" ] || continue
			case $block in *.root.sh) continue ;; esac
			place "$block" "$block.d"
			cp "$DATA/captures/transfers.pcap" "$block.d/x.pcap"
			status=0
			(cd "$block.d" && bash -eo pipefail .block) > out 2> err \
			    < /dev/null || status=$?
			[ "$status" -eq 0 ] && ! grep -qE \
			    'not found|usage:' err && continue
			bad=1
			echo "$name: status $status:"
			cat "$block" err
		done
	done
	[ "$bad" -eq 0 ]
}

# heard PROCESS: it listens, or has given up.
heard() {
	grep -q 'listening on' err || ! kill -0 "$1"
}

@test "EXAMPLES for root run, live on an interface" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	need ip
	unshare -n true 2> /dev/null || skip "no network namespaces here"
	local bad=0 n=0 name status block
	for page in "$TOP"/man/*.[17]; do
		name=$(basename "$page")
		awk -v to="$SCRATCH/$name." -f "$TOP/tests/examples.awk" \
		    "$page"
		for block in "$SCRATCH/$name".*.root.sh; do
			[ -f "$block" ] || continue
			n=$((n + 1))
			place "$block" "$block.d"
			(cd "$block.d" && exec timeout -s INT -k 60 1000 \
			    unshare -n sh -c 'ip link set lo name eth0
			    ip link set eth0 up; exec sh -e .block') \
			    > out 2> err < /dev/null 3>&- &
			wait_for heard $!
			# The alarm of timeout(1), early; it says 124
			# whatever the end was.
			kill -ALRM $! 2> /dev/null || :
			status=0
			wait $! || status=$?
			[ "$status" -eq 124 ] &&
			    grep -q 'listening on eth0' err && continue
			bad=1
			echo "$name: status $status:"
			cat "$block" err
		done
	done
	[ "$bad" -eq 0 ] && [ "$n" -ge 2 ]
}
