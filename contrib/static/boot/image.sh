#!/bin/sh
# SPDX-License-Identifier: ISC
#
# image.sh SET CAPTURES IMAGE: an initramfs with busybox, the static set and
# the captures of a directory; /init is the one beside this script.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
set_=$1 captures=$2 image=$3
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/opt/flowpipe" "$root/captures" "$root/www" \
    "$root/etc"
cp "$(command -v busybox)" "$root/bin/busybox"
cp -R "$set_/bin" "$root/opt/flowpipe/"
cp "$captures"/* "$root/captures/"
printf 'http\t80/tcp\n' > "$root/etc/services"
printf '127.0.0.1\tlocalhost\n' > "$root/etc/hosts"
# Any bytes will do; these need no file of their own.
head -c 50000 "$(command -v busybox)" > "$root/www/page.bin"
cp "$here/init" "$root/init"
chmod 755 "$root/init"
(cd "$root" && find . | LC_ALL=C sort |
    cpio --quiet -o -H newc -R 0:0) | gzip -1n > "$image"
# An image without its programs would boot, and prove nothing.
[ "$(wc -c < "$image")" -gt 500000 ] || {
	echo "image: $image is too small to be whole" >&2
	exit 1
}
