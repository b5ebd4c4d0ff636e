#!/bin/sh
# SPDX-License-Identifier: ISC
#
# fetch.sh DIRECTORY: the Debian source packages named in `sources`, into
# DIRECTORY, checked against sources.sums.  Nothing is fetched when all is
# there.  A pinned version that the archive no longer has is replaced by the
# current one, with a loud warning: that one is vouched for by the archive's
# signature, not by us, and the result is not the published one.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
mkdir -p "${1:?directory}" && cd "$1" || exit 1
# shellcheck source=contrib/static/apt-private.sh
. "$here/apt-private.sh"

die()
{
	echo "fetch: $1" >&2
	exit 1
}

# All files of the sums are here and are what they should be; those of
# replaced packages have sums of their own.
all_here()
{
	[ -f used.sums ] && [ -f used.sources ] &&
	    cmp -s pinned "$here/sources" || return 1
	sums=$here/sources.sums
	grep -q ' instead of ' used.sources && sums=used.sums
	sha256sum --quiet -c "$sums"
}

# The sums of one package: its files are named in its .dsc.
package_files()
{
	sed -n '/^Checksums-Sha256:/,/^[^ ]/s/^ [0-9a-f]* [0-9]* //p' "$1"
	echo "$1"
}

# pinned NAME VERSION: what has our sums, from the archive.
fetch_pinned()
{
	dsc=${1}_${2#*:}.dsc
	apt_run apt-get -qq source --download-only "$1=$2" > log 2>&1 ||
	    return 1
	package_files "$dsc" | grep -v '\.asc$' | while read -r f; do
		grep "  $f\$" "$here/sources.sums" | sha256sum --quiet -c - ||
		    { rm -f "$f"; exit 1; }
	done || die "$dsc or what it names is not what sources.sums says"
	echo "$1 $2" >> used.sources
}

# An upstream tarball that we have a sum of must still be that one.
fetch_current()
{
	rm -f "${1}"_*
	apt_run apt-get -qq source --download-only "$1" > log 2>&1 ||
	    { cat log >&2; die "cannot fetch the source of $1"; }
	dsc=$(echo "${1}"_*.dsc)
	for f in "${1}"_*; do
		grep -q "  $f\$" "$here/sources.sums" || continue
		grep "  $f\$" "$here/sources.sums" | sha256sum --quiet -c - ||
		    die "$f is not what sources.sums says"
	done
	version=${dsc#*_}
	cat >&2 <<END
fetch: WARNING ************************************************************
fetch: WARNING  $1 $2 is not in the archive any more.
fetch: WARNING  In its place: ${version%.dsc}, which no sum of ours vouches for.
fetch: WARNING  The programs will differ from the published ones.
fetch: WARNING ************************************************************
END
	echo "$1 ${version%.dsc} instead of $2" >> used.sources
}

all_here && { grep ' instead of ' used.sources >&2; exit 0; }
rm -f used.sums used.sources pinned
sh "$here/need.sh" dpkg-source=dpkg-dev || exit 1
apt_private "$PWD/apt" deb-src || exit 1
# Not fatal: one unreachable source of several.  Then packages are missing.
apt_run apt-get -qq update > update.log 2>&1 || cat update.log >&2
while read -r name version; do
	case $name in '' | '#'*) continue ;; esac
	fetch_pinned "$name" "$version" || fetch_current "$name" "$version"
done < "$here/sources"
rm -rf apt log update.log
cp "$here/sources" pinned || exit 1
for dsc in *.dsc; do
	package_files "$dsc"
done | grep -v '\.asc$' | sort -u | xargs sha256sum > used.sums
