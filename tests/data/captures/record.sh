#!/bin/sh
# How transfers.pcap was recorded: real servers and clients in two network
# namespaces joined by a pair of virtual Ethernet devices.
#	sh record.sh OUT.pcap		(root; python3 curl tcpdump busybox iproute2)
set -eu
out=${1:?}
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
a=fpa$$ b=fpb$$
finish() {
	# shellcheck disable=SC2046
	kill $(ip netns pids "$a"; ip netns pids "$b") 2> /dev/null || :
	ip netns del "$a" 2> /dev/null || :
	ip netns del "$b" 2> /dev/null || :
	rm -rf "$dir"
}
trap finish EXIT
in_a() { ip netns exec "$a" "$@"; }
in_b() { ip netns exec "$b" "$@"; }

ip netns add "$a"
ip netns add "$b"
ip link add va netns "$a" address 02:00:00:00:00:01 type veth \
    peer name vb netns "$b" address 02:00:00:00:00:02
for n in a:1 b:2; do
	ns=$a
	[ "$n" = b:2 ] && ns=$b
	ip -n "$ns" link set lo up
	# No segments larger than a frame: what a wire would show.
	ip -n "$ns" link set "v${n%:*}" gso_max_segs 1 up
	ip -n "$ns" addr add "192.0.2.${n#*:}/24" dev "v${n%:*}"
	ip -n "$ns" addr add "2001:db8::${n#*:}/64" dev "v${n%:*}" nodad
done

mkdir "$dir/www"
python3 "$here/content.py" "$dir/www"
in_b python3 -m http.server -d "$dir/www" -b :: 8000 > /dev/null 2>&1 &
in_b busybox httpd -f -p 80 -h "$dir/www" &
in_b python3 "$here/talk.py" 2525 &
sleep 1
in_a tcpdump -U -i va -w "$dir/x.pcap" tcp 2> /dev/null &
sleep 1
base=http://192.0.2.2
in_a curl -s -o "$dir/1" "$base:8000/index.html" "$base:8000/picture.png" \
    -o "$dir/2"
in_a curl -s -o "$dir/3" --http1.1 "$base/index.html" -o "$dir/4" \
    "$base/table.csv" -o "$dir/5" "$base/none.html"
in_a curl -s -o "$dir/6" -r 1000-2999 "$base/picture.png"
in_a curl -s -I -o "$dir/7" "$base/picture.png"
in_a curl -s -g -o "$dir/8" "http://[2001:db8::2]:8000/table.csv"
in_a curl -s --mail-from a@example.org --mail-rcpt b@example.org \
    -T "$here/letter.txt" smtp://192.0.2.2:2525/
sleep 1
cp "$dir/x.pcap" "$out"
