#!/usr/bin/env bats
# tcpflow: the classic command line, as a script over the pipes.

load lib

CLI=$TOP/tests/data/cli

# Each shell that POSIX sh scripts meet; `sh_run COMMAND...` runs one.
shells=("dash" "bash --posix" "busybox ash" "zsh --emulate sh")

have_shell() { command -v "${1%% *}" >/dev/null; }

# Names and sums of everything below a directory but the report.
listing() {
	(cd "$1" && find . -type f ! -name report.xml -exec md5sum {} + | sort)
}

@test "tcpflow: every command line of the table gives what it must" {
	run "$TOP/tests/cli/run-table" "$BIN/tcpflow"
	echo "$output" | head -n 60
	[ "$status" -eq 0 ]
}

@test "tcpflow: shellcheck has nothing to say" {
	need shellcheck
	shellcheck -s sh "$TOP/cmd/tcpflow/tcpflow.sh"
}

@test "tcpflow: file names with anything in them, in every shell" {
	local name shell words n=0
	mkdir given expected
	for name in 'a b' $'new\nline\n' "it's" 'dou"ble' -dash '|' \
	    '$(touch pwned)' '`touch pwned`' '*' 'back\slash' $'\377\376' \
	    ' ' $'tab\t' ';' '~' --; do
		cp "$CLI/six.pcap" "given/$name"
	done
	"$BIN/tcpflow" -q -o expected -r "$CLI/six.pcap" 2>/dev/null
	for shell in "${shells[@]}"; do
		have_shell "$shell" || { echo "no $shell here"; continue; }
		read -ra words <<<"$shell"
		cd given
		for name in *; do
			n=$((n + 1))
			"${words[@]}" "$BIN/tcpflow" -o "../out$n/$name" \
			    -r "$name" 2>../error || {
				echo "$shell: $name"; cat ../error; return 1; }
			diff <(listing "../out$n/$name") <(listing ../expected)
		done
		cd ..
	done
	[ ! -e pwned ]
	[ ! -e given/pwned ]
	[ "$n" -ge 16 ]
}

@test "tcpflow: hundreds of captures whatever may be open" {
	local n
	mkdir many
	for ((n = 0; n < 600; n++)); do
		cp "$CLI/six.pcap" many/$n.pcap
	done
	"$BIN/tcpflow" -o out -l many/*
	[ "$(ls out | wc -l)" -eq 1201 ]
	(ulimit -n 300; "$BIN/tcpflow" -o few -l many/*)
	diff -r -x report.xml out few
}

@test "tcpflow: standard input by any of its names" {
	local name
	tcpflow -q -o want -r "$CLI/six.pcap" -r "$CLI/http.pcap"
	for name in - /dev/stdin /dev/fd/0 /proc/self/fd/0; do
		rm -rf got
		tcpflow -q -o got -r "$name" -r "$CLI/http.pcap" < "$CLI/six.pcap"
		diff -r -x report.xml want got
	done
	rm -rf got
	tcpflow -q -o got -r /dev/fd/8 -r "$CLI/http.pcap" 8< "$CLI/six.pcap"
	diff -r -x report.xml want got
}

@test "tcpflow: names that are directories of the same kind" {
	local shell words n=0
	for shell in "${shells[@]}"; do
		have_shell "$shell" || continue
		read -ra words <<<"$shell"
		n=$((n + 1))
		mkdir "d$n" && cd "d$n"
		for name in -o $'x\ny\n' '|' "'"; do
			"${words[@]}" "$BIN/tcpflow" -o "$name" \
			    -X "$name.xml" -r "$CLI/six.pcap" 2>../error ||
			    { cat ../error; return 1; }
			[ "$(find "./$name" -type f -printf . | wc -c)" -eq 2 ]
			[ -s "./$name.xml" ]
		done
		cd ..
	done
}

@test "tcpflow: --pipeline prints what it runs, in every shell" {
	local shell words n=0
	cp "$CLI/talk.pcap" "it's \$(touch pwned).pcap"
	"$BIN/tcpflow" -o expected -Fk -r "it's \$(touch pwned).pcap" 2>error
	for shell in "${shells[@]}"; do
		have_shell "$shell" || continue
		read -ra words <<<"$shell"
		n=$((n + 1))
		"${words[@]}" "$BIN/tcpflow" --pipeline -o "o'$n" -Fk \
		    -r "it's \$(touch pwned).pcap" >script
		[ ! -e "o'$n" ]
		"${words[@]}" ./script
		diff <(listing "o'$n") <(listing expected)
		[ -s "o'$n/report.xml" ]
	done
	[ ! -e pwned ]
}

@test "tcpflow: --pipeline of the console" {
	"$BIN/tcpflow" -c -Ft -r "$CLI/talk.pcap" >expected
	"$BIN/tcpflow" --pipeline -c -Ft -r "$CLI/talk.pcap" >script
	sh script >actual
	same expected actual
}

@test "tcpflow: found from anywhere" {
	local six=$CLI/six.pcap
	mkdir -p a/b "link dir"
	ln -s "$BIN/tcpflow" a/b/abs
	ln -s ../a/b/abs "link dir/rel"
	expect six sh -c "'$BIN/tcpflow' -C -r '$six' | head -n 1"
	expect six sh -c "a/b/abs -C -r '$six' | head -n 1"
	expect six sh -c "'link dir/rel' -C -r '$six' | head -n 1"
	expect six sh -c "cd 'link dir' && ./rel -C -r '$six' | head -n 1"
	expect six sh -c "cd '$BIN' && sh tcpflow -C -r '$six' | head -n 1"
	expect six env PATH="$SCRATCH/link dir:/usr/bin:/bin" \
	    sh -c "rel -C -r '$six' | head -n 1"
	expect six env PATH="$BIN:/usr/bin:/bin" \
	    sh -c "tcpflow -C -r '$six' | head -n 1"
	# The script alone in a directory, the programs in PATH.
	cp "$BIN/tcpflow" alone
	expect six env PATH="$BIN:/usr/bin:/bin" \
	    sh -c "./alone -C -r '$six' | head -n 1"
}

@test "tcpflow: an environment that is not clean" {
	expect six env CDPATH=/ IFS=/ quiet=yes console= filter=x plan=y \
	    POSIXLY_CORRECT=1 sh -c "'$BIN/tcpflow' -C -r '$CLI/six.pcap' |
		head -n 1"
	mkdir out
	env SHELLOPTS=errexit:nounset bash --posix "$BIN/tcpflow" -q -o out \
	    -r "$CLI/six.pcap"
}

@test "tcpflow: -h, -hh, -H, -V" {
	"$BIN/tcpflow" -h | grep -q '^usage: tcpflow '
	"$BIN/tcpflow" -hh | grep -q '^Letters of -T:'
	"$BIN/tcpflow" -h -h | grep -q '^Letters of -T:'
	"$BIN/tcpflow" --help | grep -q -- '-o directory'
	"$BIN/tcpflow" -H | grep -q '^md5 '
	"$BIN/tcpflow" -V | grep -Eq '^tcpflow [0-9.]+ \(flowpipe\)$'
	expect "$("$BIN/tcpflow" -V)" "$BIN/tcpflow" --vers
	fails 2 "$BIN/tcpflow" --p
	says 'option --p is ambiguous'
}

@test "tcpflow: output that is full or closed, in every shell" {
	local shell words option
	for shell in "${shells[@]}"; do
		have_shell "$shell" || continue
		read -ra words <<<"$shell"
		for option in -h -H -V --pipeline; do
			fails 1 "${words[@]}" "$BIN/tcpflow" $option >/dev/full
			says 'tcpflow: standard output: cannot be written'
			[ "$(wc -l < .error)" -eq 1 ]
			# What zsh opens itself becomes its output.
			[ "${words[0]}" != zsh ] || continue
			fails 1 sh -c '"$@" >&-' sh "${words[@]}" \
			    "$BIN/tcpflow" $option
		done
	done
	fails 1 sh -c 'tcpflow -c -r "$0" >&-' "$CLI/six.pcap"
	says 'flow-show: standard output: '
	tcpflow -q -o out -r "$CLI/six.pcap" >&- 2>&-
	[ -s out/report.xml ]
}

@test "tcpflow: every option of its usage is in the man page" {
	local option
	for option in $("$BIN/tcpflow" -hh | grep -oE '^   -[A-Za-z0-9]|^   --[a-z-]+'); do
		grep -Eq "^\.It Fl ${option#-}( |\$)|Fl ${option#-}( |\$)" \
		    "$TOP/man/tcpflow.1" || { echo "$option"; return 1; }
	done
}

@test "tcpflow: values that cannot be, in every shell" {
	local shell words option large=99999999999999999999
	for shell in "${shells[@]}"; do
		have_shell "$shell" || continue
		read -ra words <<<"$shell"
		for option in "-b -2" "-b 5k" "-b $large" "-d $large" \
		    "-f $large" "-f 2147483648" "-m -1" "-m $large" \
		    "--packets 0" "--seconds 0" "--snaplen 16777217" \
		    "--buffer-size 1" "-S tcp_timeout=$large" \
		    "-S tdelta=-" "-S tdelta=-4000000001" \
		    "-S tcp_alert_fd=65536" "-T " "-U " "-z " "-L "; do
			echo "$shell: $option"
			fails 2 "${words[@]}" "$BIN/tcpflow" \
			    "${option%% *}" "${option#* }" -o out \
			    -r "$CLI/six.pcap"
			says 'tcpflow: -'
			[ "$(wc -l <.error)" -eq 1 ]
			[ ! -e out ]
		done
		"${words[@]}" "$BIN/tcpflow" -o out -f 08 -b 0010 -m 5000000000 \
		    -S tcp_timeout=009 -r "$CLI/six.pcap" 2>.error
		expect 'reportfilename: out/report.xml' cat .error
		rm -r out
	done
}

@test "tcpflow: a descriptor that is not open, a jail that is not there" {
	local shell words
	for shell in "${shells[@]}"; do
		have_shell "$shell" || continue
		read -ra words <<<"$shell"
		fails 2 "${words[@]}" "$BIN/tcpflow" -o out \
		    -S http_alert_fd=8 -r "$CLI/six.pcap" 8>&-
		says 'tcpflow: -S http_alert_fd: descriptor 8 is not open'
		"${words[@]}" "$BIN/tcpflow" -S tcp_alert_fd=-1 --pipeline \
		    -S http_alert_fd=8 -r "$CLI/six.pcap" 8>/dev/null |
			grep -- '-k http-body -a 8'
		for mode in "-o out" "-c"; do
			fails 1 "${words[@]}" "$BIN/tcpflow" $mode -U nobody \
			    -z nojail -r "$CLI/six.pcap"
			expect 'tcpflow: -z: nojail: is not a directory' \
			    cat .error
		done
		[ ! -e out ] && [ ! -e nojail ]
	done
}

@test "tcpflow: a capture is not written over, in every shell" {
	local shell words option
	cp "$CLI/six.pcap" x.pcap
	ln x.pcap same.pcap
	for shell in "${shells[@]}"; do
		have_shell "$shell" || continue
		read -ra words <<<"$shell"
		for option in -w -X; do
			fails 2 "${words[@]}" "$BIN/tcpflow" -o out \
			    "$option" same.pcap -r "$CLI/talk.pcap" -r x.pcap
			says 'tcpflow: same.pcap: is a capture to be read'
			cmp x.pcap "$CLI/six.pcap"
			[ ! -e out ]
		done
	done
	fails 2 pcap-demux -w same.pcap -r x.pcap
	says 'pcap-demux: -w: same.pcap is a capture to be read'
	fails 2 pcap-demux -w same.pcap -r - <x.pcap
	cmp x.pcap "$CLI/six.pcap"
}

@test "tcpflow: more captures than files may be open" {
	mkdir many
	for i in $(seq 120); do
		"$BUILD/tests/gen/gencap" -c 1 -s $i tiny > many/$i.pcap
	done
	tcpflow -q -o want -l many/*.pcap
	(ulimit -S -n 100; tcpflow -q -o soft -l many/*.pcap)
	for out in want soft; do
		rm $out/report.xml
		expect 240 sh -c "ls $out | wc -l"
	done
	diff -r want soft
	# the limit cannot be raised: what can be stored is, the reason is said
	fails 1 bash -c 'ulimit -n 100; tcpflow -q -o hard -l many/*.pcap'
	says ': no file of -r matches it; many/' # and the reason, as libc has it
	[ "$(ls hard | wc -l)" -gt 40 ]
	for f in hard/*-*; do
		[ ! -s "$f" ] || cmp "$f" "want/${f#hard/}"
	done
}

@test "tcpflow: captures by every way of writing them, in every shell" {
	"$BUILD/tests/gen/gencap" -c 1 -s 1 tiny > 1.pcap
	"$BUILD/tests/gen/gencap" -c 1 -s 2 tiny > '2 .pcap'
	"$BUILD/tests/gen/gencap" -c 1 -s 3 tiny > 'qr3.pcap'
	"$BUILD/tests/gen/gencap" -c 1 -s 4 tiny > '#4*.pcap'
	cat > want <<-END
	-r 1.pcap -r '2 .pcap' -r qr3.pcap -R '#4*.pcap'
	END
	for shell in dash 'bash --posix' 'busybox ash' 'zsh --emulate sh'; do
		command -v ${shell%% *} > /dev/null || continue
		for args in \
		    "-q -r 1.pcap -r '2 .pcap' -r qr3.pcap -R '#4*.pcap'" \
		    "-r1.pcap -qr'2 .pcap' -rqr3.pcap -qR'#4*.pcap'" \
		    "-q -R'#4*.pcap' -l 1.pcap -- '2 .pcap' qr3.pcap"; do
			eval "$shell \"$BIN/tcpflow\" --pipeline $args" |
			    sed -n 's/.*by-reference //; s/ |$//p' |
			    sed -n 1p > got
			same want got
		done
	done
}

@test "tcpflow: captures are told apart without reading each for each" {
	need strace
	strace -o trace true 2> /dev/null || skip "strace may not trace here"
	mkdir many
	for i in $(seq 40); do
		"$BUILD/tests/gen/gencap" -c 1 -s $i tiny > many/$i.pcap
		set -- "$@" -r many/$i.pcap
	done
	pcap-demux --by-reference "$@" > segments
	[ -z "${FLOWPIPE_SANITIZED-}" ] || skip "no leaks are sought in a trace"
	# a few for each: to know it, to check it, for its packets
	strace -f -e trace=openat,read,pread64 -o trace \
	    pcap-demux --no-confine --by-reference "$@" > segments
	[ "$(grep -c many/ trace)" -le $((40 * 4)) ]
	strace -f -e trace=pread64 -o trace \
	    flow-reasm --no-confine "$@" < segments > streams
	[ "$(wc -l < trace)" -lt $((40 * 10)) ]
}

@test "tcpflow: scanners that are not here say so once" {
	for name in netviz wifiviz python; do
		fails 2 "$BIN/tcpflow" -e $name -r "$CLI/six.pcap"
		says "tcpflow: -e $name: this scanner is not part of flowpipe"
		[ "$(wc -l <.error)" -eq 1 ]
	done
	"$BIN/tcpflow" -a -o out -r "$CLI/http.pcap" 2>error
	[ "$(grep -c netviz error)" -eq 1 ]
	[ -s out/*-HTTPBODY-001.html ]
}

@test "tcpflow: an interface that is not there is named" {
	# Whoever may not capture is told that instead.
	fails 1 tcpflow -S enable_report=NO -i nosuch0
	grep -qE '^pcap-demux: nosuch0: .*(No such device|not permitted)' .error
	[ "$(wc -l <.error)" -eq 1 ]
}

@test "tcpflow: head closes the pipe, quietly" {
	python3 - <<-'END' >big.pcap
	import struct, sys
	out = sys.stdout.buffer
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
	for i in range(3000):
	    p = struct.pack("!BBHHHBBHII", 0x45, 0, 1040, 1, 0, 64, 6, 0,
	        0x0a000001, 0x0a000002) + struct.pack("!HHIIBBHHH", 1234, 80,
	        1 + 1000 * i, 1, 0x50, 0x18, 100, 0, 0) + b"x" * 999 + b"\n"
	    out.write(struct.pack("<IIII", i, 0, len(p), len(p)) + p)
	END
	run bash -c '"$1" -C -r big.pcap | head -n 1 | wc -c
		echo "${PIPESTATUS[0]}"' sh "$BIN/tcpflow"
	[ "$output" = "1000
141" ]
}

@test "tcpflow: a command for each flow, and word of it" {
	"$BIN/tcpflow" -o out -S tcp_cmd='md5sum <"$1" #' -S tcp_alert_fd=5 \
	    -r "$CLI/talk.pcap" >sums 5>alerts 2>error
	diff <(cut -c1-32 sums | sort) \
	    <(md5sum out/*.* | grep -v report.xml | cut -c1-32 | sort)
	[ "$(grep -c "^open	out/" alerts)" -eq 5 ]
	[ "$(grep -c "^close	out/" alerts)" -eq 5 ]
	fails 1 "$BIN/tcpflow" -o out2 -S tcp_cmd=false -r "$CLI/six.pcap"
	says ': false: exit status 1'
	[ -s out2/report.xml ]
}

@test "tcpflow: a command for each body" {
	"$BIN/tcpflow" -e http -o out -S http_cmd='wc -c' -S http_alert_fd=5 \
	    -r "$CLI/http.pcap" 5>alerts 2>error >counts
	[ "$(wc -l <alerts)" -eq 2 ]
	grep -q '^114 out/.*-HTTPBODY-001.html$' counts
}

@test "tcpflow: two at one console take turns" {
	"$BIN/tcpflow" -C -D -L "$SCRATCH/lock" -r "$CLI/talk.pcap" >expected
	for i in 1 2 3 4; do
		"$BIN/tcpflow" -C -D -L "$SCRATCH/lock" -r "$CLI/talk.pcap" \
		    >>all 3>&- &
	done
	wait
	# Packets end with an empty line; each must be one of the expected.
	python3 - <<-'END'
	want = set(open("expected").read().split("\n\n"))
	seen = open("all").read().split("\n\n")
	assert set(seen) == want and len(seen) == 4 * 7 + 1, len(seen)
	END
}

@test "tcpflow: a directory that cannot be written to is said once" {
	[ "$(id -u)" -ne 0 ] || need setpriv
	mkdir out bin
	chmod 555 out
	chmod 755 . bin
	cp "$BIN"/* bin
	cp "$CLI/talk.pcap" .
	as=
	[ "$(id -u)" -ne 0 ] ||
	    as='setpriv --reuid 65534 --regid 65534 --clear-groups'
	fails 1 $as sh ./bin/tcpflow -o out -X report.xml -r talk.pcap
	expect 'tcpflow: out: cannot be written to' cat .error
}

@test "tcpflow: a disk that is full, a limit on file size" {
	[ -c /dev/full ] || skip "no /dev/full"
	run bash -c '"$1" -c -r "$2" >/dev/full' sh "$BIN/tcpflow" \
	    "$CLI/talk.pcap"
	[ "$status" -eq 1 ]
	run bash -c 'ulimit -f 0; "$1" -o out -S enable_report=no -r "$2"' sh \
	    "$BIN/tcpflow" "$CLI/talk.pcap"
	[ "$status" -eq 1 ]
	[[ "$output" == *out/* ]]
}

# -- live, as root, in a network namespace of its own --

live() {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	need unshare
	unshare -npf --mount-proc true 2>/dev/null ||
	    skip "no namespaces here"
	declare -f wait_for >prelude
	cat >>prelude <<-'END'
	ip link set lo up
	listening() { grep -q listening error; }
	# stored DIRECTORY TEXT: is it in a file there?
	stored() { cat "$1"/* 2>/dev/null | grep -q "$2"; }
	serve() {
		python3 -u -c '
	import socket
	s = socket.create_server(("127.0.0.1", 8765))
	print("up", flush=True)
	while True:
	    c, _ = s.accept()
	    c.sendall(c.recv(100).upper())
	    c.close()' >server &
		server=$!
		trap 'kill $server' EXIT
		wait_for test -s server
	}
	ask() { bash -c 'exec 5<>/dev/tcp/127.0.0.1/8765
		printf "%s" "$1" >&5; cat <&5 >/dev/null' sh "$1"; }
	stage() { pgrep -P "$pid" "$1"; }
	END
	cat prelude - >live.sh
	# With the namespace of processes all that is in it ends.
	timeout -k 1 300 unshare -npf --mount-proc --kill-child \
	    bash -e live.sh 3>&-
}

@test "tcpflow: live, INT and TERM and HUP of its pid end it in order" {
	live <<-'END'
	serve
	for signal in INT TERM HUP; do
		rm -rf out error
		tcpflow -i lo -o out port 8765 2>error & pid=$!
		wait_for listening
		ask "hello $signal"
		wait_for stored out "hello $signal"
		kill -$signal $pid
		wait $pid
		grep -q "hello $signal" out/*-127.000.000.001.08765
		grep -q "</dfxml>" out/report.xml
		grep -q drop out/report.xml
	done
	END
}

@test "tcpflow: live, timeout(1) ends it in order" {
	live <<-'END'
	serve
	timeout --preserve-status -s INT 1000 tcpflow -i lo -o out port 8765 \
	    2>error & pid=$!
	wait_for listening
	ask hello
	wait_for stored out hello
	# Its own alarm, early.
	kill -ALRM $pid
	wait $pid
	grep -q hello out/*-127.000.000.001.08765
	grep -q "</dfxml>" out/report.xml
	END
}

@test "tcpflow: live, ^C at a terminal ends it in order" {
	live <<-'END'
	serve
	cat >type.py <<-'PY'
	import os, pty, sys
	pid, fd = pty.fork()
	if pid == 0:
	    os.execvp(sys.argv[1], sys.argv[1:])
	out = b""
	while True:
	    try:
	        part = os.read(fd, 65536)
	    except OSError:
	        break
	    if b"listening" in part:
	        os.write(fd, b"\x03")
	    out += part
	status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
	sys.stdout.buffer.write(out)
	sys.exit(status)
	PY
	python3 type.py tcpflow -i lo -o out port 8765 >said
	grep -q "</dfxml>" out/report.xml
	[ "$(grep -c . said)" -le 3 ]
	END
}

@test "tcpflow: live, a byte captured can be read soon" {
	live <<-'END'
	serve
	tcpflow -i lo -o out port 8765 2>error & pid=$!
	wait_for listening
	exec 5<>/dev/tcp/127.0.0.1/8765
	# The connection stays open; the server waits for more.
	python3 -c '
	import socket, time
	s = socket.create_connection(("127.0.0.1", 8765))
	s.sendall(b"early bytes")
	time.sleep(1000)' & client=$!
	wait_for stored out "early bytes"
	kill $client
	kill -INT $pid
	wait $pid
	END
}

@test "tcpflow: live console, packet by packet" {
	live <<-'END'
	serve
	tcpflow -i lo -C port 8765 >shown 2>error & pid=$!
	wait_for listening
	ask hello
	wait_for grep -q HELLO shown
	kill -INT $pid
	wait $pid
	END
}

@test "tcpflow: live, head ends it at once" {
	live <<-'END'
	serve
	{ tcpflow -i lo -C port 8765 2>error || echo $? >status; } |
	    head -n 1 >first & pid=$!
	wait_for listening
	ask hello
	wait_for test -s status
	grep -qx 141 status
	END
}

@test "tcpflow: live, a stage that is killed" {
	live <<-'END'
	serve
	for killed in flow-reasm flow-name flow-store; do
		rm -rf out error
		tcpflow -i lo -o out port 8765 2>error & pid=$!
		wait_for listening
		ask "hello $killed"
		wait_for stored out "hello $killed"
		kill -9 $(stage $killed)
		status=0
		wait $pid || status=$?
		[ "$status" -eq 1 ]
		grep -q "flow-run: $killed: killed by signal 9" error
		grep -q "hello $killed" out/*-127.000.000.001.08765
		grep -q "</dfxml>" out/report.xml
		grep -q "without END" out/report.xml
	done
	END
}

@test "tcpflow: live, --packets and SIGUSR1" {
	live <<-'END'
	serve
	tcpflow -i lo -o out port 8765 2>error & pid=$!
	wait_for listening
	ask hello
	kill -USR1 $pid
	wait_for grep -q packets error
	kill -INT $pid
	wait $pid
	rm error
	tcpflow -i lo -o out2 --packets 4 port 8765 2>error & pid=$!
	wait_for listening
	ask hello
	wait $pid
	grep -q "</dfxml>" out2/report.xml
	END
}

@test "tcpflow: -U and -z, every process gives up root" {
	getent passwd nobody >/dev/null || skip "no user nobody"
	# The search for leaks at exit needs /proc, which the jail lacks.
	[ -z "${FLOWPIPE_SANITIZED-}" ] || export ASAN_OPTIONS=detect_leaks=0
	live <<-'END'
	chmod 755 .
	mkdir -p jail
	serve
	tcpflow -i lo -U nobody -z "$PWD/jail" -o out port 8765 2>error & pid=$!
	wait_for listening
	ask hello
	wait_for stored jail/out hello
	uid=$(id -u nobody)
	n=0
	for process in $pid $(pgrep -P $pid); do
		grep -q "^Uid:	$uid	$uid	$uid	$uid" \
		    /proc/$process/status
		[ "$(readlink /proc/$process/root)" = "$PWD/jail" ]
		n=$((n + 1))
	done
	[ "$n" -eq 6 ]
	kill -INT $pid
	wait $pid
	grep -q "</dfxml>" jail/out/report.xml
	[ "$(stat -c %U jail/out/report.xml)" = nobody ]
	grep -qx "reportfilename: $PWD/jail/out/report.xml" error
	END
}

# -- completions --

complete_bash() {
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_tcpflow; printf "%s\n" "${COMPREPLY[@]}"' sh \
	    "$TOP/contrib/completions/bash/tcpflow" "$@"
}

@test "tcpflow: bash completion" {
	touch "a file" other
	expect "http" complete_bash tcpflow -e h
	expect "--packets
--pipeline
--progress" complete_bash tcpflow --p
	expect "a file" complete_bash tcpflow -r a
	[ ! -d /sys/class/net/lo ] ||
	    complete_bash tcpflow -i lo | grep -qx lo
	expect "a file" complete_bash tcpflow -l a
	expect "port
portrange" complete_bash tcpflow por
}

@test "tcpflow: the completions know every option" {
	local option
	for option in $("$BIN/tcpflow" -hh |
	    grep -oE '^   -[A-Za-z0-9]|^   --[a-z-]+'); do
		grep -qE "(^|\")$option($|\")" \
		    "$TOP/contrib/completions/bash/tcpflow" ||
		    { echo "bash: $option"; return 1; }
		grep -qE "['{,)*]$option[=\[}',]" \
		    "$TOP/contrib/completions/zsh/_tcpflow" ||
		    { echo "zsh: $option"; return 1; }
	done
	shellcheck -s bash "$TOP/contrib/completions/bash/tcpflow"
}

@test "tcpflow: zsh takes its completion" {
	need zsh
	zsh -n "$TOP/contrib/completions/zsh/_tcpflow"
	zsh -fc 'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -D
		[ "$_comps[tcpflow]" = _tcpflow ]' sh \
	    "$TOP/contrib/completions/zsh"
}
