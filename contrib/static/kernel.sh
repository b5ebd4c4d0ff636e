#!/bin/sh
# SPDX-License-Identifier: ISC
#
# kernel.sh DIRECTORY: Debian's cloud kernel as DIRECTORY/vmlinuz, unpacked
# from its package and not installed.  The newest that can be had.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
# Two tests may want it at once: the second waits for the first.
exec 9> lock
flock 9
[ -s vmlinuz ] && exit 0
# shellcheck source=contrib/static/apt-private.sh
. "$here/apt-private.sh"
apt_private "$PWD/apt" deb
apt_run apt-get -qq update > log 2>&1 || cat log >&2

# The packages that some version of the one for all cloud machines names,
# newest first.
names()
{
	apt_run apt-cache show linux-image-cloud-amd64 2> /dev/null |
	    sed -n 's/^Depends: \(linux-image[^ ,]*\).*/\1/p'
	apt_run apt-cache --names-only search \
	    '^linux-image-[0-9.-]*-cloud-amd64$' |
	    cut -d ' ' -f 1 | sort -rV
}

for name in $(names | awk '!seen[$0]++' | head -n 8); do
	rm -f ./*.deb
	apt_run apt-get -qq download "$name" > log 2>&1 || continue
	dpkg -x ./*.deb unpacked
	mv unpacked/boot/vmlinuz-* vmlinuz
	rm -rf modules && mv unpacked/lib/modules modules
	break
done
[ -s vmlinuz ] || cat log >&2
rm -rf apt unpacked log ./*.deb
[ -s vmlinuz ] && exit 0
echo "kernel: no cloud kernel can be fetched" >&2
exit 1
