# SPDX-License-Identifier: ISC
# shellcheck shell=sh
#
# Sourced: apt_private DIRECTORY TYPE makes a configuration of its own for
# apt in that directory: the machine's own Debian sources, with lines of
# TYPE (deb or deb-src), lists and cache in the directory.  Nothing of the
# system is touched and root is not needed.  apt_run COMMAND... uses it.

apt_private()
{
	apt_dir=$1
	apt_type=$2
	mkdir -p "$apt_dir/parts" "$apt_dir/lists/partial" \
	    "$apt_dir/cache/archives/partial" || return 1
	for f in /etc/apt/sources.list.d/*.sources; do
		[ -f "$f" ] || continue
		sed "s/^Types:.*/Types: $apt_type/" "$f" \
		    > "$apt_dir/parts/${f##*/}" || return 1
	done
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$f" ] || continue
		sed -n "s/^deb\(-src\)\{0,1\}[[:space:]]/$apt_type /p" "$f" |
		    sort -u > "$apt_dir/parts/${f##*/}.list" || return 1
	done
	ls "$apt_dir"/parts/* > /dev/null 2>&1 && return 0
	echo "apt: no sources in /etc/apt" >&2
	return 1
}

apt_run()
{
	"$@" -o Dir::Etc::sourcelist=/dev/null \
	    -o Dir::Etc::sourceparts="$apt_dir/parts" \
	    -o Dir::State::lists="$apt_dir/lists" \
	    -o Dir::Cache="$apt_dir/cache" \
	    -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3
}
