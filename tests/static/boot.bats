# The static set in a boot image: Debian's cloud kernel, an initramfs of
# busybox, the programs and two captures, under qemu.  What came out there is
# compared with what comes out here.

load ../lib

BOOT=$TOP/contrib/static/boot
SET=${SET:-$(ls -d "$TOP"/dist/flowpipe-*-x86_64-musl 2> /dev/null | tail -n 1)}
KERNEL=$TOP/dist/kernel/vmlinuz

# boot MEGABYTES JOB NAME: the console is $NAME.log, what was sent in NAME/.
boot() {
	sh "$BOOT/qemu.sh" "$KERNEL" image "$1" "$2" "$3.log" "$3.tar" ||
	    return 1
	mkdir -p "$3" && { [ ! -s "$3.tar" ] || tar xf "$3.tar" -C "$3"; }
}

captures() {
	mkdir -p captures
	cp "$DATA/captures/transfers.pcap" captures/main.pcap
	make -s -C "$TOP" BUILD="$BUILD" gencap > gencap.log 2>&1
	"$BUILD/tests/gen/gencap" -s 3 -c 12 web > captures/web.pcap
}

# The same jobs here, with the programs that are tested.
host() {
	tcpflow -q -o host/main -r captures/main.pcap
	tcpflow -q -a -o host/bodies -r captures/web.pcap
	tcpflow -q -o host/web -r captures/web.pcap
}

setup_file() {
	WORK=$(mktemp -d "${TMPDIR:-/tmp}/flowpipe-boot.XXXXXX")
	export WORK MISSING=
	cd "$WORK" || return 1
	if ! sh "$TOP/contrib/static/need.sh" busybox=busybox-static \
	    qemu-system-x86_64=qemu-system-x86 cpio=cpio \
	    xmllint=libxml2-utils 2> need.log; then
		MISSING=$(tail -n 1 need.log)
		return 0
	fi
	[ -d "$SET" ] || { echo "no static set: make static"; return 1; }
	sh "$TOP/contrib/static/kernel.sh" "$TOP/dist/kernel" || return 1
	captures && host && sh "$BOOT/image.sh" "$SET" captures image &&
	    boot 256 all all || { cat all.log; return 1; }
}

teardown_file() {
	rm -rf "$WORK"
}

local_setup() {
	[ -z "$MISSING" ] || skip "$MISSING"
	cd "$WORK" || return 1
}

# ended STEP STATUS: so says the console.
ended() {
	grep -aq "@@ $1 $2.\$" all.log || grep -aq "@@ $1 $2\$" all.log || {
		grep -a '@@' all.log
		cat "all/$1.err"
		return 1
	}
}

# The bodies of a report: nothing of where and when it was made.
entries() {
	xmllint --noout "$1/report.xml"
	sed -n "/<fileobject/,/<\/fileobject>/s,$2/,,gp" "$1/report.xml"
}

# same_files HERE THERE
same_files() {
	diff -r -x report.xml "$1" "$2"
}

@test "boot: the main job" {
	ended main 0
	[ "$(ls host/main | wc -l)" -gt 3 ]
	same_files host/main all/main
}

@test "boot: HTTP bodies" {
	ended bodies 0
	ls host/bodies | grep -q HTTPBODY
	same_files host/bodies all/bodies
}

@test "boot: the report is well formed and says the same" {
	entries host/main host/main > here
	entries all/main /results/main > there
	grep -q '<filename>' here
	same here there
	entries host/bodies host/bodies > here
	entries all/bodies /results/bodies > there
	same here there
}

@test "boot: live capture on lo" {
	ended live 0
	cmp all/downloaded.services all/live/*-HTTPBODY-001*
	[ "$(wc -c < all/downloaded.services)" -eq 50000 ]
	ls all/live/*.00080-* > /dev/null
	xmllint --noout all/live/report.xml
}

@test "boot: without /etc/services" {
	ended no-services 0
	cmp all/downloaded.no-services all/live2/*-HTTPBODY-001*
	ended no-port-name 1
	grep -q "unknown port 'http'" all/no-port-name.err
}

@test "boot: a tmpfs that is too small" {
	ended small 1
	grep -q 'No space left on device' all/small.err
	kept=0
	for f in all/small/*.*-*; do
		[ -s "$f" ] || continue
		kept=$((kept + $(wc -c < "$f")))
		cmp -n "$(wc -c < "$f")" "$f" "host/web/${f##*/}"
	done
	[ "$kept" -gt 20000 ]
	xmllint --noout all/small/report.xml
}

@test "boot: a read-only root" {
	ended read-only 0
	same_files host/main all/ro
	ended read-only-output 1
	grep -q 'Read-only file system' all/read-only-output.err
}

@test "boot: without /proc" {
	ended no-proc 0
	same_files host/main all/noproc
}

@test "boot: without /proc, by its path" {
	ended no-proc-no-path 0
	same_files host/main all/nopath
}

# Where the bare kernel and initramfs boot, to 2 MB, and 32 MB more.
@test "boot: the main job in little memory" {
	low=16 high=256
	while [ $((high - low)) -gt 2 ]; do
		middle=$(((low + high) / 2))
		if BOOT_SECONDS=60 boot "$middle" boot bare; then
			high=$middle
		else
			low=$middle
		fi
	done
	echo "# boots with $high MB" >&3
	boot $((high + 32)) little little || { cat little.log; return 1; }
	grep -aq '@@ main 0' little.log
	same_files host/main little/main
	xmllint --noout little/main/report.xml
}
