#!/bin/sh
# SPDX-License-Identifier: ISC
#
# repro.sh DIRECTORY: builds the static set again from the same files in
# another place, with another umask, time zone, language and user name, and
# compares it with DIRECTORY.tar.gz, byte for byte.
set -eu
set_=$1
top=$(pwd)
copy=$(mktemp -d "${TMPDIR:-/tmp}/flowpipe-repro-elsewhere.XXXXXX")
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/dist"
tar -cf - --exclude=./build --exclude=./dist --exclude=./.git . |
    tar -xf - -C "$copy"
cp -R dist/sources "$copy/dist/"
cd "$copy"
umask 077
if ! env -u MAKEFLAGS -u MAKELEVEL -u SOURCE_DATE_EPOCH \
    TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 HOME=/nowhere USER=nobody \
    make -j "$(nproc)" static > log 2>&1; then
	tail -n 30 log >&2
	exit 1
fi
if cmp "$set_.tar.gz" "$top/$set_.tar.gz"; then
	sha256sum "$set_.tar.gz"
	echo "static-repro: two builds, the same bytes"
	exit 0
fi
# Which files differ says more than that the packed ones do.
diff -u "$top/$set_/SHA256SUMS" "$set_/SHA256SUMS" || true
exit 1
