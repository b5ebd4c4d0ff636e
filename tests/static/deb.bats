# The Debian package: made, looked at, and installed beside tcpflow in a
# root of its own.

load ../lib

setup_file() {
	make -s -C "$TOP" deb > "$BATS_FILE_TMPDIR/log" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/log"
		return 1
	}
	DEB=$(ls "$TOP"/dist/flowpipe_*_*.deb)
	export DEB
}

@test "deb: lintian has no error and no warning" {
	lintian --allow-root --fail-on error,warning "$DEB"
}

@test "deb: every program, page and completion" {
	dpkg-deb -x "$DEB" root
	for d in "$TOP"/cmd/*/; do
		p=$(basename "$d")
		[ "$p" = tcpflow ] && p=flowpipe-tcpflow
		[ -x "root/usr/bin/$p" ] || { echo "no $p"; return 1; }
		[ -s "root/usr/share/man/man1/$p.1.gz" ] || return 1
	done
	for f in "$TOP"/man/*.[2-8]; do
		[ -s "root/usr/share/man/man${f##*.}/${f##*/}.gz" ]
	done
	for f in "$TOP"/contrib/completions/*/*; do
		[ -f "$f" ] || continue
		case $f in *tcpflow*) continue ;; esac
		find root -name "${f##*/}" | grep -q .
	done
}

@test "deb: the programs in it work" {
	dpkg-deb -x "$DEB" root
	PATH=/usr/bin:/bin root/usr/bin/flowpipe-tcpflow -q -o out \
	    -r "$DATA/cli/http.pcap" -e http
	ls out | grep -q HTTPBODY
}

# A package that holds what Debian's tcpflow does, made here; dpkg refuses a
# file that another package has.
@test "deb: installs beside Debian's tcpflow" {
	[ "$(id -u)" -eq 0 ] || need fakeroot
	mkdir -p other/DEBIAN other/usr/bin other/usr/share/man/man1 \
	    other/usr/share/doc/tcpflow root/var/lib/dpkg/info \
	    root/var/lib/dpkg/updates
	: > root/var/lib/dpkg/status
	echo theirs | tee other/usr/bin/tcpflow \
	    other/usr/share/man/man1/tcpflow.1.gz > /dev/null
	printf '%s\n' 'Package: tcpflow' 'Version: 1.6.1-2' \
	    'Architecture: all' 'Maintainer: nobody <nobody@example.org>' \
	    'Description: stands for the package of that name' \
	    > other/DEBIAN/control
	dpkg-deb --root-owner-group -b other other.deb > /dev/null
	as=
	[ "$(id -u)" -eq 0 ] || as=fakeroot
	$as dpkg --root="$SCRATCH/root" --force-depends --force-not-root \
	    --log=/dev/null -i other.deb "$DEB" > log 2>&1 || {
		cat log
		return 1
	}
	[ "$(cat root/usr/bin/tcpflow)" = theirs ]
	[ -x root/usr/bin/flowpipe-tcpflow ]
	dpkg --root="$SCRATCH/root" -l tcpflow flowpipe | grep -c '^ii' > n
	[ "$(cat n)" -eq 2 ]
}
