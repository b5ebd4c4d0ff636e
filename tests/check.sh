#!/bin/sh
# Installs what the tests need (Debian), builds every variant, runs every
# test.  The last line is "N passed, N failed", with skipped ones if any.
# With -n nothing is installed.
set -u
cd "$(dirname "$0")/.." || exit 1
TOP=$(pwd)
LOG=$(mktemp -d "${TMPDIR:-/tmp}/flowpipe-check.XXXXXX") || exit 1
trap 'rm -rf "$LOG"' EXIT
passed=0 failed=0 skipped=0
JOBS=$(nproc 2> /dev/null || echo 2)

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo > /dev/null; then
		sudo "$@"
	else
		echo "check: not root and no sudo: cannot run $*" >&2
		return 1
	fi
}

install_packages() {
	command -v apt-get > /dev/null || return 0
	missing=
	# shellcheck disable=SC2013
	for p in $(sed 's/#.*//' tests/packages); do
		dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2> /dev/null |
		    grep -q '^ii' || missing="$missing $p"
	done
	[ -z "$missing" ] && return 0
	echo "check: installing$missing"
	# shellcheck disable=SC2086
	if ! as_root apt-get -qq update ||
	    ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
	    --no-install-recommends install $missing > "$LOG/apt" 2>&1; then
		tail -n 20 "$LOG/apt"
		echo "check: apt-get failed"
	fi
}

# one NAME COMMAND...: one test; its output is shown if it fails.
one() {
	name=$1
	shift
	if "$@" > "$LOG/out" 2>&1; then
		passed=$((passed + 1))
		echo "ok   $name"
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		sed 's/^/     /' "$LOG/out" | tail -n 200
	fi
}

# variant NAME CC CFLAGS: everything builds without a warning, unit tests
# and saved fuzz inputs pass.
variant() {
	dir=build/$1
	[ "$1" = plain ] && dir=build
	one "build $1" make -s -j "$JOBS" BUILD="$dir" CC="$2" \
	    CFLAGS="$3 -Werror" all units
	for t in "$dir"/tests/unit/*; do
		case $t in *.o | *.d) continue ;; esac
		[ -x "$t" ] && one "$1 unit ${t##*/}" "$t"
	done
	for t in "$dir"/tests/fuzz/*; do
		case $t in *.o | *.d) continue ;; esac
		[ -x "$t" ] && one "$1 corpus ${t##*/}" \
		    "$t" tests/fuzz/corpus/"${t##*/}"/*
	done
}

# suite NAME BUILD: the .bats files with the programs of that build.
suite() {
	echo "bats with $1"
	jobs=
	command -v parallel > /dev/null && jobs="-j $JOBS"
	# shellcheck disable=SC2086
	BIN=$TOP/$2/bin BUILD=$TOP/$2 bats --tap $jobs tests/*.bats \
	    > "$LOG/tap" 2>&1
	status=$?
	grep -vE '^ok [0-9]+ [^#]*$|^1\.\.' "$LOG/tap"
	plan=$(sed -n 's/^1\.\.//p' "$LOG/tap" | head -n 1)
	good=$(grep -c '^ok ' "$LOG/tap")
	bad=$(grep -c '^not ok ' "$LOG/tap")
	skip=$(grep -c '^ok .*# skip' "$LOG/tap")
	lost=$((${plan:-1} - good - bad))
	[ "$lost" -eq 0 ] || echo "FAIL $1: $lost tests did not run"
	[ "$lost" -eq 0 ] && [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] &&
	    { echo "FAIL $1: bats ended with $status"; bad=1; }
	passed=$((passed + good - skip))
	skipped=$((skipped + skip))
	failed=$((failed + bad + (lost > 0 ? lost : -lost)))
}

# No folder includes what stands above or beside it.
layering() {
	! grep -rnE '#include "(formats|cmd|tests)/' libcommon &&
	    ! grep -rnE '#include "(cmd|tests)/' formats &&
	    for p in cmd/*/; do
		! grep -rn '#include "cmd/' "$p" | grep -v "\"$p" || return 1
	    done
}

manuals() {
	for p in cmd/*/; do
		p=$(basename "$p")
		[ -f "man/$p.1" ] || { echo "$p has no man page"; return 1; }
	done
	mandoc -Tlint -Wwarning man/*.[1-8]
}

shells() {
	git ls-files -z -- '*.sh' '.ci/run' | xargs -0 shellcheck -s sh -x
}

tidy() {
	! git ls-files cmd formats libcommon tests | grep -E '\.[ch]$' |
	    xargs grep -nE '[[:blank:]]+$'
}

[ "${1-}" = -n ] || install_packages
SAN='-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all'
variant plain cc '-O2 -g'
variant clang clang '-O2 -g'
variant asan gcc "$SAN"
variant asan-clang clang "$SAN"
one layering layering
one 'man pages' manuals
one shellcheck shells
one 'trailing blanks' tidy
suite plain build
FLOWPIPE_SANITIZED=1 suite asan build/asan
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
