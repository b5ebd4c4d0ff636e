#!/bin/sh
# Installs what the tests need (Debian; root, else sudo), builds every
# variant, runs every test.  The last line is "N passed, N failed"; what was
# skipped is listed before it.
#	check.sh [-n]		-n: install nothing
# With FLOWPIPE_NO_SKIP in the environment a skipped test whose name has a
# line of tests/no-skip in it has failed.
set -u
cd "$(dirname "$0")/.." || exit 1
TOP=$(pwd)
LOG=$(mktemp -d "${TMPDIR:-/tmp}/flowpipe-check.XXXXXX") || exit 1
trap 'rm -rf "$LOG"' EXIT
passed=0 failed=0
JOBS=$(nproc 2> /dev/null || echo 2)
: > "$LOG/failed"
: > "$LOG/skipped"

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
	# No service that comes along is to start.
	# shellcheck disable=SC2086
	if ! as_root apt-get -qq update ||
	    ! as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
	    apt-get -qq -y --no-install-recommends -o Acquire::Retries=3 \
	    -o DPkg::Lock::Timeout=300 install $missing \
	    > "$LOG/apt" 2>&1; then
		[ ! -e "$LOG/apt" ] || tail -n 20 "$LOG/apt"
		echo "check: apt-get failed"
	fi
}

good() {
	passed=$((passed + 1))
	echo "ok   $1"
}

bad() {
	failed=$((failed + 1))
	echo "$1" >> "$LOG/failed"
	echo "FAIL $1"
	sed 's/^/     /' "$LOG/out" | tail -n 200
}

skip() {
	echo "skip $1"
	echo "$1" > "$LOG/out"
	if [ -n "${FLOWPIPE_NO_SKIP-}" ] && grep -v '^#' tests/no-skip |
	    grep -qFf - "$LOG/out"; then
		bad "$1"
	else
		echo "$1" >> "$LOG/skipped"
	fi
}

# one NAME COMMAND...: one test; its output is shown if it fails.  Status 77
# means that it cannot be run here.
one() {
	name=$1
	shift
	"$@" > "$LOG/out" 2>&1 < /dev/null
	case $? in
	0) good "$name" ;;
	77) skip "$name: $(tail -n 1 "$LOG/out")" ;;
	*) bad "$name" ;;
	esac
}

# steady COMMAND...: with the mappings of all processes in the same places.
# A kernel that spreads them over 32 bits now and then puts one where the
# sanitizers of these compilers have their own.
steady() {
	if setarch "$(uname -m)" -R true 2> /dev/null; then
		setarch "$(uname -m)" -R "$@"
	else
		"$@"
	fi
}

# variant NAME CC CFLAGS: everything builds without a warning, unit tests
# and saved fuzz inputs pass.
variant() {
	dir=build/$1
	[ "$1" = plain ] && dir=build
	one "build $1" make -k -s -j "$JOBS" BUILD="$dir" CC="$2" \
	    CFLAGS="$3 -Werror" all units
	for t in tests/unit/*.c; do
		t=$(basename "$t" .c)
		one "$1 unit $t" steady "$dir/tests/unit/$t"
	done
	for t in tests/fuzz/*.c; do
		t=$(basename "$t" .c)
		[ "$t" = driver ] || one "$1 corpus $t" steady \
		    "$dir/tests/fuzz/$t" tests/fuzz/corpus/"$t"/*
	done
}

# tap FILE: count what a TAP file says.
tap() {
	while IFS= read -r line; do
		text=${line#*ok }
		text="$suite: ${text#* }"
		case $line in
		ok\ *\#\ skip*) skip "$text" ;;
		ok\ *) passed=$((passed + 1)) ;;
		not\ ok\ *)
			failed=$((failed + 1))
			echo "$text" >> "$LOG/failed"
			echo "FAIL $text"
			;;
		\#*) echo "     ${line#\#}" ;;
		esac
	done < "$1"
}

# suite NAME BIN BUILD FILE...: the .bats files with the programs in BIN.
suite() {
	as=
	[ -z "${FLOWPIPE_SANITIZED-}" ] || as=steady
	suite=$1
	bin=$2
	dir=$3
	shift 3
	jobs=
	command -v parallel > /dev/null && jobs="-j $JOBS"
	echo "bats $suite"
	# shellcheck disable=SC2086
	$as env BIN="$TOP/$bin" BUILD="$TOP/$dir" timeout -k 10 3600 \
	    bats --tap $jobs "$@" > "$LOG/tap" 2>&1 < /dev/null
	tap "$LOG/tap"
	plan=$(sed -n 's/^1\.\.//p' "$LOG/tap" | head -n 1)
	ran=$(grep -cE '^(not )?ok ' "$LOG/tap")
	if [ "${plan:-0}" -eq 0 ] || [ "$plan" -ne "$ran" ]; then
		tail -n 40 "$LOG/tap" > "$LOG/out"
		bad "bats $suite: ${plan:-no} tests planned, $ran run"
	fi
}

# No folder includes what stands above or beside it.
layering() {
	! grep -rnE '#include "(formats|cmd|tests)/' libcommon &&
	    ! grep -rnE '#include "(cmd|tests)/' formats &&
	    for p in cmd/*/; do
		! grep -rn '#include "\(cmd\|tests\)/' "$p" |
		    grep -v "\"$p" || return 1
	    done
}

manuals() {
	for p in cmd/*/; do
		p=$(basename "$p")
		[ -f "man/$p.1" ] || { echo "$p has no man page"; return 1; }
	done
	mandoc -Tlint -Wwarning man/*.[1-8]
}

# Every shell script, by its name or its first line.
scripts() {
	find . -path ./build -prune -o -path ./dist -prune -o \
	    -path ./.git -prune -o -type f \( -name '*.sh' -o \
	    ! -name '*.*' -o -path './.ci/*' \) -exec grep -lE \
	    -e '^#!.*/(env )?(sh|dash)( |$)' {} +
}

# Of the tests only what makes a check in them void.
shells() {
	scripts > "$LOG/scripts" &&
	    xargs shellcheck -s sh -x < "$LOG/scripts" &&
	    shellcheck -s bats -i SC2314,SC2315 tests/*.bats \
	    tests/static/*.bats
}

tidy() {
	! find cmd formats libcommon tests -name '*.[ch]' -exec \
	    grep -nE '[[:blank:]]+$' {} +
}

# Of the things that a header promises: it can be included alone.
headers() {
	for h in libcommon/*.h formats/*.h; do
		cc -std=c11 -D_GNU_SOURCE -I. -fsyntax-only -x c "$h" ||
		    return 1
	done
}

rm -f build/check.txt
[ "${1-}" = -n ] || install_packages
SAN='-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all'
variant plain cc '-O2 -g'
variant clang clang '-O2 -g'
variant asan gcc "$SAN"
variant asan-clang clang "$SAN"
one layering layering
one headers headers
one 'man pages' manuals
one shellcheck shells
one 'trailing blanks' tidy
one 'instructions per packet' sh tests/bench/instructions.sh build check
suite plain build/bin build tests/*.bats
FLOWPIPE_SANITIZED=1 suite asan build/asan/bin build/asan tests/*.bats
one 'make static' make -s static
if [ -d dist ]; then
	for set in dist/flowpipe-*-musl; do
		suite static "$set/bin" build tests/*.bats
	done
	suite 'around it' build/bin build tests/static/*.bats
fi
if [ -s "$LOG/skipped" ]; then
	echo "== skipped:"
	sed 's/^/   /' "$LOG/skipped"
fi
if [ -s "$LOG/failed" ]; then
	echo "== failed:"
	sed 's/^/   /' "$LOG/failed"
fi
mkdir -p build && echo "$passed passed, $failed failed" | tee build/check.txt
[ "$failed" -eq 0 ]
