#!/bin/sh
# SPDX-License-Identifier: ISC
#
# dist.sh VERSION DIRECTORY PROGRAMS BUILD: puts the static set together in
# DIRECTORY and packs it into DIRECTORY.tar.gz.  The same tree gives the same
# bytes: names are sorted, times are those of the changelog, nobody owns.
set -eu
version=$1 directory=$2 programs=$3 build=$4
here=$(dirname "$0")
umask 022
export LC_ALL=C TZ=UTC

: "${SOURCE_DATE_EPOCH:=$(sh "$here/epoch.sh")}"

rm -rf "$directory" "$directory.tar.gz"
mkdir -p "$directory/bin" "$directory/licences"

cp "$build/multi/flowpipe" "$directory/bin/flowpipe"
for p in $programs; do
	ln -s flowpipe "$directory/bin/$p"
done
cp cmd/tcpflow/tcpflow.sh "$directory/bin/tcpflow"
chmod 755 "$directory/bin/flowpipe" "$directory/bin/tcpflow"

for page in man/*.[1-8]; do
	section=${page##*.}
	mkdir -p "$directory/man/man$section"
	cp "$page" "$directory/man/man$section/"
done

cp LICENSE "$directory/licences/flowpipe"
cp "$build"/prefix/licences/* "$directory/licences/"
cp /usr/share/doc/musl-dev/copyright "$directory/licences/musl"
cp "/usr/share/doc/gcc-$(gcc -dumpversion)-base/copyright" \
    "$directory/licences/libgcc"
{
	echo "bin/flowpipe contains code of these Debian source packages."
	echo "Build it again with them, or others: make static, in the source"
	echo "of flowpipe $version, which the sums below are taken from."
	echo
	cat dist/sources/used.sources
	echo "musl $(dpkg-query -W -f '${Version}' musl-dev)"
	echo "gcc $(gcc -dumpfullversion) (libgcc, by its runtime exception)"
	echo
	cat dist/sources/used.sums
} > "$directory/licences/SOURCES"
sed "s/@VERSION@/$version/" "$here/README.set" > "$directory/README"

find "$directory" -type f -exec chmod u=rwX,go=rX '{}' +
sums=$(cd "$directory" && find . -type f | sed 's,^\./,,' | sort |
    xargs sha256sum)
echo "$sums" > "$directory/SHA256SUMS"
find "$directory" -exec touch -h -d "@$SOURCE_DATE_EPOCH" '{}' +
tar -C "$(dirname "$directory")" --sort=name --format=ustar \
    --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    -cf - "$(basename "$directory")" | gzip -9n > "$directory.tar.gz"
size=$(wc -c < "$directory/bin/flowpipe")
echo "$directory.tar.gz: $(wc -c < "$directory.tar.gz") bytes," \
    "programs $size bytes"
