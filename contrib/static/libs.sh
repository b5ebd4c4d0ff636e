#!/bin/sh
# SPDX-License-Identifier: ISC
#
# libs.sh SOURCES WORK PREFIX: builds libpcap, zlib, jansson, nettle, brotli's
# and zstd's decoders from the Debian source packages in SOURCES, with
# musl-gcc, as archives below PREFIX, and gathers what their licences ask to
# be handed on.  Debian's own archives do not serve: they are made for glibc.
set -eu
sources=$(cd "$1" && pwd)
mkdir -p "$2" "$3"
work=$(cd "$2" && pwd)
prefix=$(cd "$3" && pwd)
JOBS=$(nproc)

# Kernel headers alone, never all of /usr/include, which is glibc's.
kernel_headers()
{
	multiarch=$(gcc -print-multiarch)
	mkdir -p "$prefix/kernel"
	ln -sfn /usr/include/linux "$prefix/kernel/linux"
	ln -sfn /usr/include/asm-generic "$prefix/kernel/asm-generic"
	ln -sfn /usr/include/mtd "$prefix/kernel/mtd"
	ln -sfn "/usr/include/$multiarch/asm" "$prefix/kernel/asm"
}

# unpack NAME: its source with Debian's patches, in $work/NAME.
unpack()
{
	rm -rf "${work:?}/$1"
	set -- "$1" "$sources/$1"_*.dsc
	dpkg-source --no-check -x "$2" "$work/$1" > "$work/$1.log"
	mkdir -p "$prefix/licences"
	cp "$work/$1/debian/copyright" "$prefix/licences/$1"
	cd "$work/$1"
}

# objects FLAGS FILE...: compiled in place, beside their sources.
objects()
{
	flags=$(printf '%s' "$1" | tr '\n' ' ')
	shift
	printf '%s\n' "$@" | sort | xargs -P "$JOBS" -I '{}' sh -ec \
	    "$CC $CFLAGS $flags -c -o {}.o {}"
}

# archive NAME FILE...: with the objects in that order.
archive()
{
	library=$prefix/lib/$1
	shift
	rm -f "$library"
	ar rcsD "$library" "$@"
}

build_zlib()
{
	unpack zlib
	CFLAGS="$CFLAGS" CC="$CC" ./configure --static --prefix="$prefix"
	make -j "$JOBS" libz.a
	cp libz.a "$prefix/lib/"
	cp zlib.h zconf.h "$prefix/include/"
}

# What finds its devices through D-Bus, RDMA, USB and the like has no place
# in a boot image.
build_libpcap()
{
	unpack libpcap
	./configure --host=x86_64-linux-musl --prefix="$prefix" \
	    --disable-shared --with-pcap=linux --disable-dbus \
	    --disable-rdma --disable-usb --disable-bluetooth \
	    --disable-netmap --without-dpdk --without-snf \
	    --without-turbocap --without-dag --without-septel \
	    --without-libnl CC="$CC" CFLAGS="$CFLAGS"
	make -j "$JOBS" libpcap.a
	cp libpcap.a "$prefix/lib/"
	cp -R pcap pcap.h "$prefix/include/"
}

# Debian's source comes without configure: what that would have found out.
build_jansson()
{
	unpack jansson
	sed -e 's/@json_inline@/inline/' \
	    -e 's/@json_have_localeconv@/0/' -e 's/@json_have_[a-z_]*@/1/' \
	    src/jansson_config.h.in > src/jansson_config.h
	echo "/* by flags */" > src/jansson_private_config.h
	cp src/jansson_config.h src/jansson.h "$prefix/include/"
	objects '-Isrc -DHAVE_STDINT_H -DHAVE_UNISTD_H -DHAVE_FCNTL_H
	    -DHAVE_SYS_TIME_H -DHAVE_SYS_TYPES_H -DHAVE_OPEN -DHAVE_CLOSE
	    -DHAVE_READ -DHAVE_GETPID -DHAVE_GETTIMEOFDAY
	    -DHAVE_ATOMIC_BUILTINS -DUSE_URANDOM
	    -DINITIAL_HASHTABLE_ORDER=3' src/*.c
	archive libjansson.a src/*.o
}

build_nettle()
{
	unpack nettle
	./configure --host=x86_64-linux-musl --prefix="$prefix" \
	    --disable-shared --disable-public-key --disable-openssl \
	    --disable-documentation --enable-fat CC="$CC" CFLAGS="$CFLAGS"
	make -j "$JOBS" libnettle.a
	cp libnettle.a "$prefix/lib/"
	mkdir -p "$prefix/include/nettle"
	cp ./*.h "$prefix/include/nettle/"
}

build_brotli()
{
	unpack brotli
	objects -Ic/include c/common/*.c c/dec/*.c
	archive libbrotlicommon.a c/common/*.o
	archive libbrotlidec.a c/dec/*.o
	cp -R c/include/brotli "$prefix/include/"
}

build_libzstd()
{
	unpack libzstd
	cd lib
	make -j "$JOBS" libzstd.a CC="$CC" CFLAGS="$CFLAGS" \
	    ZSTD_LIB_COMPRESSION=0 ZSTD_LIB_DICTBUILDER=0 \
	    ZSTD_LIB_DEPRECATED=0 ZSTD_LEGACY_SUPPORT=0
	cp libzstd.a "$prefix/lib/"
	cp zstd.h zstd_errors.h "$prefix/include/"
}

# Archives speak of no time, owner or order of a directory.
deterministic()
{
	for a in "$prefix"/lib/*.a; do
		objcopy -D "$a"
		ranlib -D "$a"
	done
}

rm -rf "${prefix:?}"/*
mkdir -p "$prefix/lib" "$prefix/include"
kernel_headers
CC='musl-gcc'
CFLAGS="-O2 -ffunction-sections -fdata-sections -fstack-protector-strong \
-ffile-prefix-map=$work=. -idirafter $prefix/kernel"
export LC_ALL=C TZ=UTC ARFLAGS=rcD
for name in zlib libpcap jansson nettle brotli libzstd; do
	echo "libs: $name"
	set +e
	(set -e; "build_$name") > "$work/$name.build" 2>&1
	status=$?
	set -e
	if [ "$status" -ne 0 ]; then
		tail -n 30 "$work/$name.build" >&2
		echo "libs: $name does not build" >&2
		exit 1
	fi
done
deterministic
