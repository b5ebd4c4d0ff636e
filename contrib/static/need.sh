#!/bin/sh
# SPDX-License-Identifier: ISC
#
# need.sh COMMAND=PACKAGE...: for each command (or, with a slash, file) that
# is not there, its Debian package is installed, as root or through sudo.
# Exits 1, with the names, if that cannot be done.
set -u
missing=
for pair; do
	what=${pair%%=*}
	case $what in
	*/*) [ -e "$what" ] ;;
	*) command -v "$what" > /dev/null ;;
	esac || missing="$missing ${pair#*=}"
done
[ -z "$missing" ] && exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	as_root=sudo
	command -v sudo > /dev/null || as_root=false
fi
echo "need: installing$missing" >&2
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086
if command -v apt-get > /dev/null &&
    $as_root apt-get -qq update > "$log" 2>&1 &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
    --no-install-recommends -o Acquire::Retries=3 \
    -o DPkg::Lock::Timeout=300 install $missing > "$log" 2>&1; then
	exit 0
fi
tail -n 5 "$log" >&2
echo "need: not here and cannot be installed:$missing" >&2
exit 1
