#!/bin/sh
# SPDX-License-Identifier: ISC
#
# install.sh BIN DESTDIR SCRIPT BINDIR MANDIR BASHDIR ZSHDIR FISHDIR: copies
# the programs of BIN, man pages and completions below DESTDIR.  The script
# tcpflow, its page and completions are installed under the name SCRIPT.
set -eu
bin=$1 destdir=$2 script=$3 bindir=$2$4 mandir=$2$5

# The name that a file about tcpflow gets.
renamed()
{
	case $1 in
	tcpflow | tcpflow.* | _tcpflow)
		echo "${1%%tcpflow*}$script${1#*tcpflow}" ;;
	*)
		echo "$1" ;;
	esac
}

install -d "$bindir"
for f in "$bin"/*; do
	[ -f "$f" ] || continue
	install -m 755 "$f" "$bindir/$(renamed "${f##*/}")"
done
for f in man/*.[1-8]; do
	install -d "$mandir/man${f##*.}"
	to=$mandir/man${f##*.}/$(renamed "${f##*/}")
	if [ "$script" = tcpflow ]; then
		install -m 644 "$f" "$to"
		continue
	fi
	sed -e "s/^\\.Nm tcpflow/.Nm $script/" -e "s/\\.Xr tcpflow 1/.Xr $script 1/" \
	    -e "s/^\\.Dt TCPFLOW 1/.Dt $(echo "$script" | tr '[:lower:]' '[:upper:]') 1/" \
	    "$f" > "$to"
	chmod 644 "$to"
done
shift 5
for shell in bash zsh fish; do
	for f in contrib/completions/"$shell"/*; do
		[ -f "$f" ] || continue
		install -d "$destdir$1"
		to=$destdir$1/$(renamed "${f##*/}")
		sed -e "s/^#compdef tcpflow\$/#compdef $script/" \
		    -e "s/^\\(complete .*\\) tcpflow\$/\\1 $script/" \
		    "$f" > "$to"
		chmod 644 "$to"
	done
	shift
done
