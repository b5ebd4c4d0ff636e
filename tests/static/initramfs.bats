# The hooks: an image made by Debian's initramfs-tools is booted and does the
# main job; the live-build include; dracut's module, where dracut is.

load ../lib

SET=${SET:-$(ls -d "$TOP"/dist/flowpipe-*-x86_64-musl 2> /dev/null | tail -n 1)}

# A script of the initramfs, in place of the boot that would go on.
job_script() {
	cat <<'END'
#!/bin/sh
case ${1-} in prereqs) exit 0 ;; esac
mkdir /out
tcpflow -o /out/main -r /captures/main.pcap 2> /out/error
echo "@@ main $?"
cd /out && stty raw -echo < /dev/ttyS1 && tar cf - . > /dev/ttyS1
echo "@@ end 0"
poweroff -f
END
}

# What the hook is told, and a capture to work on.
configuration() {
	mkdir -p conf/hooks conf/conf.d conf/scripts/init-premount boot
	printf '%s\n' MODULES=list BUSYBOX=y COMPRESS=gzip KEYMAP=n \
	    RUNSIZE=10% FSTYPE=auto > conf/initramfs.conf
	: > conf/modules
	: > conf/update-initramfs.conf
	cp "$TOP/contrib/initramfs-tools/hooks/flowpipe" conf/hooks/
	echo "FLOWPIPE_SET=$SET" > conf/conf.d/flowpipe
	job_script > conf/scripts/init-premount/job
	printf '#!/bin/sh\nmkdir -p "$DESTDIR/captures"\n%s\n' \
	    "cp '$DATA/captures/transfers.pcap' \"\$DESTDIR/captures/main.pcap\"" \
	    > conf/hooks/capture
	chmod 755 conf/hooks/* conf/scripts/init-premount/job
	# mkinitramfs asks the kernel's configuration what it can unpack.
	echo CONFIG_RD_GZIP=y > boot/config-0-flowpipe
}

@test "hooks: initramfs-tools, built, booted, main job" {
	sh "$TOP/contrib/static/need.sh" qemu-system-x86_64=qemu-system-x86 \
	    busybox=busybox-static mkinitramfs=initramfs-tools-core \
	    cpio=cpio 2> need.log || skip "$(tail -n 1 need.log)"
	sh "$TOP/contrib/static/kernel.sh" "$TOP/dist/kernel"
	configuration
	share=-m
	[ "$(id -u)" -eq 0 ] || share=-rm
	PATH=$PATH:/usr/sbin:/sbin unshare $share sh -ec \
	    "mount --bind '$SCRATCH/boot' /boot
	    exec mkinitramfs -d '$SCRATCH/conf' -o '$SCRATCH/image' \
	    0-flowpipe" > log 2>&1 || { cat log; return 1; }
	sh "$TOP/contrib/static/boot/qemu.sh" "$TOP/dist/kernel/vmlinuz" \
	    image 256 none console sent.tar || { cat console; return 1; }
	grep -aq '@@ main 0' console
	mkdir sent && tar xf sent.tar -C sent
	tcpflow -q -o host -r "$DATA/captures/transfers.pcap"
	diff -r -x report.xml host sent/main
	[ -s sent/main/report.xml ]
}

@test "hooks: no set, and the initramfs-tools hook says so" {
	mkdir -p etc/conf.d dest
	[ -f /usr/share/initramfs-tools/hook-functions ] ||
	    skip "no initramfs-tools here"
	echo "FLOWPIPE_SET=$SCRATCH/none" > etc/conf.d/flowpipe
	DESTDIR=$SCRATCH/dest CONFDIR=$SCRATCH/etc fails 1 \
	    sh "$TOP/contrib/initramfs-tools/hooks/flowpipe" > said
	says "no static set in $SCRATCH/none"
}

@test "hooks: dracut's module puts the set in" {
	# dracut's own functions, as little as the module needs of them.
	inst_simple() {
		mkdir -p "$initdir/$(dirname "${2:-$1}")"
		cp "$1" "$initdir/${2:-$1}"
	}
	inst_multiple() { :; }
	export initdir=$SCRATCH/root FLOWPIPE_SET=$SET
	mkdir -p root/usr/bin
	. "$TOP/contrib/dracut/90flowpipe/module-setup.sh"
	status=0
	check || status=$?
	[ "$status" -eq 255 ]
	install
	diff -r "$SET/bin" root/usr/bin
}

@test "hooks: the live-build include" {
	sh "$TOP/contrib/live-build/install-set" "$SET" config
	to=config/includes.chroot/usr/local
	diff -r "$SET/bin" $to/bin
	diff -r "$SET/man" $to/share/man
	[ -s $to/share/doc/flowpipe/README ]
	fails 1 sh "$TOP/contrib/live-build/install-set" . config
	says 'no static set'
}
