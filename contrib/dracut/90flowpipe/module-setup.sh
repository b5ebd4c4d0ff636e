#!/bin/bash
# SPDX-License-Identifier: ISC
#
# dracut module: puts flowpipe's static set into the initramfs.
#
# Copy this folder to /usr/lib/dracut/modules.d/, unpack the set as
# /opt/flowpipe (or set FLOWPIPE_SET), then dracut --add flowpipe.

check() {
	[[ -x ${FLOWPIPE_SET:-/opt/flowpipe}/bin/flowpipe ]] || return 1
	# Only when it is asked for.
	return 255
}

depends() {
	return 0
}

install() {
	local set=${FLOWPIPE_SET:-/opt/flowpipe} f
	for f in "$set"/bin/*; do
		if [[ -L $f ]]; then
			ln -sfn "$(readlink "$f")" \
			    "${initdir:?}/usr/bin/${f##*/}"
		else
			inst_simple "$f" "/usr/bin/${f##*/}"
		fi
	done
	inst_simple /etc/services
	inst_simple /etc/hosts
	inst_multiple readlink mkdir
}
