#!/bin/sh
# SPDX-License-Identifier: ISC
#
# qemu.sh KERNEL IMAGE MEGABYTES JOB LOG TAR: boots the image; its console
# goes to LOG, what it sends to TAR.  0 if it came to its end.
# Always tcg: a /dev/kvm that is there may still hang.
timeout -k 5 "${BOOT_SECONDS:-900}" qemu-system-x86_64 -accel tcg \
    -m "$3" -nographic -no-reboot -nodefaults -monitor none \
    -serial "file:$5" -serial "file:$6" -kernel "$1" -initrd "$2" \
    -append "console=ttyS0 quiet panic=-1 job=$4" < /dev/null > /dev/null
grep -q '^@@ end 0' "$5"
