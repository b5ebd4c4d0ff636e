#!/bin/sh
# flowpipe in one command, on a bare Debian too: installs what building
# needs, builds, and takes the shipped capture apart.  Options (-o DIR: where
# the files go, -n: install nothing).
set -eu
cd "$(dirname "$0")/.."
packages='gcc libc6-dev make libpcap-dev zlib1g-dev libjansson-dev nettle-dev
	libbrotli-dev libzstd-dev'
capture=tests/data/captures/transfers.pcap
out=build/demo
install=yes
while getopts no: option; do
	case $option in
	n) install=no ;;
	o) out=$OPTARG ;;
	*) echo 'usage: demo.sh [-n] [-o directory]' >&2; exit 2 ;;
	esac
done

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo > /dev/null; then
		sudo "$@"
	else
		echo "demo: not root and no sudo: please run: $*" >&2
		exit 1
	fi
}

missing=
if [ "$install" = yes ] && command -v dpkg-query > /dev/null; then
	for p in $packages; do
		dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2> /dev/null |
		    grep -q '^ii' || missing="$missing $p"
	done
fi
if [ -n "$missing" ]; then
	echo "== installing:$missing"
	as_root apt-get -qq update
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
	    --no-install-recommends install $missing > /dev/null
fi

echo '== building'
make -s -j "$(nproc)"

rm -rf "$out"
mkdir -p "$out"
echo "== tcpflow -r $capture -o $out -e http"
build/bin/tcpflow -r "$capture" -o "$out" -e http

echo "== pcap-demux -r $capture | flow-reasm | flow-show"
build/bin/pcap-demux -r "$capture" | build/bin/flow-reasm |
    build/bin/flow-show

echo "== the files in $out"
ls -l "$out"
echo '== one of them'
cat "$out"/192.000.002.002.02525-*
echo "== the report's first entry, $out/report.xml"
sed -n '/<fileobject>/,/<\/fileobject>/{p;/<\/fileobject>/q;}' \
    "$out/report.xml"
