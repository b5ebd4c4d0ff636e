# The static set: what it is made of.

load ../lib

SET=${SET:-$(ls -d "$TOP"/dist/flowpipe-*-x86_64-musl 2> /dev/null | tail -n 1)}
MAP=$TOP/build/static/multi/flowpipe.map

local_setup() {
	[ -d "$SET" ] || { echo "no static set: make static"; return 1; }
}

@test "static: every program and the script are there, and run" {
	for d in "$TOP"/cmd/*/; do
		p=$(basename "$d")
		[ -x "$SET/bin/$p" ] || { echo "no $p"; return 1; }
		"$SET/bin/$p" -h > out || { echo "$p -h: $?"; return 1; }
		grep -q "^usage: $p" out
	done
}

@test "static: no interpreter, nothing dynamic, no executable stack" {
	readelf -lW "$SET/bin/flowpipe" > headers
	! grep -E 'INTERP|DYNAMIC' headers || false
	grep 'GNU_STACK' headers | grep -qv 'RWE'
}

@test "static: no dlopen, but the stack protector" {
	! grep -wE 'dlopen|dlsym' "$MAP" || false
	grep -q '__stack_chk_fail' "$MAP"
	objdump -d --no-show-raw-insn "$SET/bin/flowpipe" > code
	# Its canary, at %fs:0x28, in hundreds of functions.
	[ "$(grep -c '%fs:0x28' code)" -gt 500 ]
}

@test "static: at most 3 MB, stripped" {
	total=$(find "$SET/bin" -type f -exec cat {} + | wc -c)
	echo "# $total bytes" >&3
	[ "$total" -le 3000000 ]
	[ -z "$(nm "$SET/bin/flowpipe" 2> /dev/null)" ]
}

@test "static: the sums are right and name every file" {
	cd "$SET"
	sha256sum --quiet -c SHA256SUMS
	find . -type f ! -name SHA256SUMS | sed 's,^\./,,' | sort > "$SCRATCH/is"
	cut -d ' ' -f 3- SHA256SUMS | sort > "$SCRATCH/named"
	same "$SCRATCH/named" "$SCRATCH/is"
}

@test "static: a licence for everything that is linked in" {
	# The archives that the linker took something from.
	sed -n 's,.*/lib\([a-z]*\)\.a(.*,\1,p' "$MAP" | sort -u > linked
	while read -r library; do
		case $library in
		brotlidec | brotlicommon) of=brotli ;;
		c) of=musl ;;
		common | formats) of=flowpipe ;;
		gcc | gcc_eh) of=libgcc ;;
		pcap | nettle) of=lib$library ;;
		z) of=zlib ;;
		zstd) of=libzstd ;;
		*) of=$library ;;
		esac
		[ "$of" = libnettle ] && of=nettle
		[ -s "$SET/licences/$of" ] || { echo "none: $of"; return 1; }
	done < linked
	[ "$(wc -l < linked)" -ge 8 ]
}

@test "static: the archive is the directory" {
	tar xzf "$SET.tar.gz"
	diff -r "$SET" "$(basename "$SET")"
	tar tvzf "$SET.tar.gz" | cut -d ' ' -f 2 | sort -u > owners
	echo 0/0 > expected
	same expected owners
}

@test "static: in a root with nothing but busybox, not even /dev" {
	need busybox
	as=
	[ "$(id -u)" -eq 0 ] || as='unshare -r'
	$as true || skip "neither root nor a user namespace"
	mkdir -p root/bin
	cp "$(command -v busybox)" root/bin/
	for name in sh mkdir; do
		ln -s busybox root/bin/$name
	done
	cp -a "$SET/bin/." root/bin/
	cp "$DATA/cli/http.pcap" root/
	"$SET/bin/tcpflow" -q -a -o here -r root/http.pcap
	PATH=/bin $as "$(command -v chroot)" root tcpflow -q -a \
	    -o there/deep -r http.pcap 2> error
	diff -r -x report.xml here root/there/deep
	xmllint --noout root/there/deep/report.xml
	[ "$(wc -l < error)" -eq 2 ]
	grep -qx 'reportfilename: there/deep/report.xml' error
}

@test "static: a source that is not what the sums say is refused" {
	cp -R "$TOP/dist/sources" sources
	rm -f sources/used.* # as if it had not been looked at
	f=$(ls sources/zlib_*.orig.tar.*)
	printf x >> "$f"
	(cd sources && ! sha256sum --quiet -c \
	    "$TOP/contrib/static/sources.sums" 2> /dev/null)
	! dpkg-source -x sources/zlib_*.dsc unpacked 2> error || false
	grep -q 'zlib' error
}

@test "static: nothing is fetched when all is there" {
	cp -R "$TOP/dist/sources" sources
	mkdir empty
	printf '#!/bin/sh\nexit 1\n' > empty/apt-get
	chmod 755 empty/apt-get
	PATH=$SCRATCH/empty:$PATH sh "$TOP/contrib/static/fetch.sh" sources
}
