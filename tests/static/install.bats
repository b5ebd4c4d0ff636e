# make install, with DESTDIR and PREFIX.

load ../lib

install_to() {
	make -s -C "$TOP" BUILD="$BUILD" DESTDIR="$SCRATCH/root" "$@" \
	    install > log 2>&1 || { cat log; return 1; }
}

@test "install: programs, script and pages below DESTDIR and PREFIX" {
	install_to PREFIX=/opt/flowpipe
	for d in "$TOP"/cmd/*/; do
		[ -x "root/opt/flowpipe/bin/$(basename "$d")" ]
	done
	for f in "$TOP"/man/*.[1-8]; do
		cmp "$f" root/opt/flowpipe/share/man/man"${f##*.}/${f##*/}"
	done
	[ "$(ls root)" = opt ]
}

@test "install: what is installed finds its parts" {
	install_to PREFIX=/usr
	"$SCRATCH/root/usr/bin/tcpflow" -q -o out -r "$DATA/cli/talk.pcap"
	ls out | grep -q -- '-'
}

@test "install: the script under another name" {
	install_to PREFIX=/usr SCRIPT=flowpipe-tcpflow
	[ ! -e root/usr/bin/tcpflow ]
	[ ! -e root/usr/share/man/man1/tcpflow.1 ]
	[ -x root/usr/bin/flowpipe-tcpflow ]
	grep -q '^\.Nm flowpipe-tcpflow' \
	    root/usr/share/man/man1/flowpipe-tcpflow.1
	root/usr/bin/flowpipe-tcpflow -q -o out -r "$DATA/cli/talk.pcap"
	ls out | grep -q -- '-'
}

# Not those of somebody else's tcpflow.
@test "install: completions for the script's other name" {
	install_to PREFIX=/usr SCRIPT=flowpipe-tcpflow
	share=$SCRATCH/root/usr/share
	expect 'complete -F _tcpflow flowpipe-tcpflow' bash -c \
	    '. "$1" && complete -p' sh \
	    "$share/bash-completion/completions/flowpipe-tcpflow"
	need zsh
	expect '_flowpipe-tcpflow ' zsh -fc 'fpath=("$1" $fpath)
		autoload -Uz compinit; compinit -u -D
		print -r "$_comps[flowpipe-tcpflow] $_comps[tcpflow]"' sh \
	    "$share/zsh/site-functions"
}
