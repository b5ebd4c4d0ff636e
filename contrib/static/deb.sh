#!/bin/sh
# SPDX-License-Identifier: ISC
#
# deb.sh VERSION WORK: the Debian package, in dist/, from a copy of the tree
# in WORK with contrib/debian as its debian/; lintian has the last word.
set -eu
version=$1 work=$2
rm -rf "$work"
mkdir -p "$work/flowpipe-$version" dist
tar -cf - --exclude=./build --exclude=./dist --exclude=./.git . |
    tar -xf - -C "$work/flowpipe-$version"
top=$(pwd)
cd "$work/flowpipe-$version"
cp -R contrib/debian debian
said=$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
[ "$said" = "$version" ] || {
	echo "deb: the changelog says $said, the Makefile $version" >&2
	exit 1
}
if ! env -u MAKEFLAGS -u MAKELEVEL -u BUILD \
    dpkg-buildpackage -b -us -uc > ../log 2>&1; then
	tail -n 40 ../log >&2
	exit 1
fi
cd ..
lintian --allow-root --fail-on error,warning "flowpipe_${version}"_*.changes
cp "flowpipe_${version}"_*.deb "$top/dist/"
ls -l "$top"/dist/flowpipe_"$version"_*.deb
