# SPDX-License-Identifier: ISC
# flow-http: bodies, notes and tunnels of HTTP.

load lib

HTTP=$TOP/tests/http
export PYTHONDONTWRITEBYTECODE=1

local_setup() {
	started=
	HTTP_WITHOUT=
	flow-http -V | grep -q '^brotli' || HTTP_WITHOUT=br
	flow-http -V | grep -q '^zstd' || HTTP_WITHOUT="$HTTP_WITHOUT zstd"
	export HTTP_WITHOUT
}

local_teardown() {
	for pid in $started; do
		kill "$pid" 2> /dev/null || true
		wait "$pid" 2> /dev/null || true
	done
}

# The pipeline of a capture, with the options given to flow-http: files of
# flows and bodies in out/, what is left of the records in left.
dissect() {
	local pcap=$1
	shift
	pcap-demux -r "$pcap" | flow-reasm | flow-name | flow-http "$@" |
	    flow-store -o out > left
}

# Only the bodies, so that folders can be compared.
bodies() {
	mkdir -p bodies
	find out -name '*-HTTPBODY-*' -exec mv {} bodies/ \;
}

# listens PID: sets $port to where it does; the kernel gave it one.
listens() {
	port=$(ss -Hltnp | sed -n "s/.* 127.0.0.1:\([0-9]*\) .*pid=$1,.*/\1/p")
	[ -n "$port" ]
}

# proxy PORT: a recorder before the server there; its port is in $via.
proxy() {
	"$HTTP/record-proxy" "$1" proxy.port real.pcap 3>&- &
	recorder=$!
	started="$started $recorder"
	wait_for test -e proxy.port
	via=$(cat proxy.port)
}

# The proxy is told to write its capture.
recorded() {
	kill "$recorder"
	wait "$recorder" || true
	[ -s real.pcap ]
}

# The small server; its port is in $port.
serve() {
	"$HTTP/server" server.port 3>&- 2> server.log &
	started="$started $!"
	wait_for test -e server.port
	port=$(cat server.port)
}

# notes KIND FILTER [FILE]: a jq filter over the notes of one kind.
notes() {
	flow-json < "${3:-left}" | jq -r "select(.type == \"note\").note.http |
	    select(.kind == \"$1\") | $2"
}

@test "every body of 600 made-up conversations, exactly" {
	"$HTTP/make-capture" 20 600 made.pcap expected
	[ "$(find expected -type f | wc -l)" -gt 2500 ]
	dissect made.pcap
	bodies
	diff -r expected bodies
	[ "$(notes response .end | sort -u)" = complete ]
	[ "$(notes request .end | sort -u)" = complete ]
	[ -z "$(notes skipped .cause)" ]
}

@test "the same by reference, where plain bodies do not travel" {
	"$HTTP/make-capture" 21 100 made.pcap expected
	pcap-demux --by-reference -r made.pcap | flow-reasm -r made.pcap |
	    flow-name | flow-http -r made.pcap > http.rec
	flow-store -o out -r made.pcap < http.rec > left
	bodies
	diff -r expected bodies
	# some bodies are references, their bytes are not in the records
	python3 - "$HTTP" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	import records as R
	derived = [x for x in R.read(open("http.rec", "rb").read())
	    if x.type == R.DATA and x.stream >> 52]
	assert any(x.flags & R.BYREF and len(x.body) == 16 for x in derived)
	assert not any(x.flags & R.BYREF and
	    int.from_bytes(x.body[12:16], "little") < 64 for x in derived)
	EOF
}

@test "holes: whole bodies are found, no byte from behind one is decoded" {
	for seed in 1 2 3 4; do
		"$HTTP/holes" "$BIN/flow-http" $seed 120
	done
}

@test "packets missing at random: every body that is whole is there" {
	for loss in 0.02 0.2; do
		"$HTTP/lossy" 30 150 $loss
		rm -r lossy
	done
	# and nothing that clients sent: which answers were to HEAD shows
	"$HTTP/lossy" 31 150 0.05 only-server
}

@test "python's http.server and curl" {
	need curl
	mkdir -p www/sub
	head -c 300000 /dev/urandom > www/big.bin
	echo '<p>hello</p>' > www/index.html
	printf 'body { }\n' > www/sub/style.css
	: > www/empty.txt
	python3 -m http.server --bind 127.0.0.1 -d www 0 \
	    > /dev/null 2>&1 3>&- &
	started="$started $!"
	wait_for listens $!
	proxy "$port"
	curl -s "http://127.0.0.1:$via/" > /dev/null
	curl -s "http://127.0.0.1:$via/big.bin" > /dev/null
	curl -s "http://127.0.0.1:$via/sub/style.css" > /dev/null
	curl -s "http://127.0.0.1:$via/empty.txt" > /dev/null
	curl -s -I "http://127.0.0.1:$via/big.bin" > /dev/null
	curl -s "http://127.0.0.1:$via/none" > /dev/null
	recorded
	dissect real.pcap
	bodies
	cmp www/index.html bodies/*02000-HTTPBODY-001.html
	cmp www/big.bin bodies/*02001-HTTPBODY-001*
	cmp www/sub/style.css bodies/*02002-HTTPBODY-001.css
	[ ! -e bodies/*02003-HTTPBODY-* ]
	[ ! -e bodies/*02004-HTTPBODY-* ]
	notes response '"\(.request.method) \(.status) \(.end)"' | sort > said
	printf '%s\n' 'GET 200 complete' 'GET 200 complete' \
	    'GET 200 complete' 'GET 200 complete' 'GET 404 complete' \
	    'HEAD 200 complete' > want
	same want said
}

# It listens, or has given up.
heard() {
	grep -q 'listening on lo' err || ! kill -0 "$source"
}

# The last packets of both connections are in the capture.
all_in() {
	[ "$(flow-reasm < live.rec 2> /dev/null | flow-json 2> /dev/null |
	    grep -c '"type":"close".*"why":"fin"')" -ge 4 ]
}

@test "live, from the loopback interface" {
	[ "$(id -u)" -eq 0 ] || skip 'not root'
	need curl
	serve
	pcap-demux -i lo tcp port "$port" 2> err 3>&- > live.rec &
	source=$!
	started="$started $source"
	wait_for heard
	grep -q 'listening on lo' err || skip "cannot capture: $(cat err)"
	curl -s -o got "http://127.0.0.1:$port/gzip/chunked/3000"
	curl -s -o /dev/null "http://127.0.0.1:$port/none/close/2000"
	wait_for all_in
	kill -TERM "$source"
	wait "$source"
	flow-reasm < live.rec | flow-name | flow-http | flow-store -o out \
	    > left
	bodies
	"$HTTP/server" content 3000 > want3
	"$HTTP/server" content 2000 > want2
	[ "$(find bodies -type f | wc -l)" -eq 2 ]
	for body in bodies/*; do
		cmp want3 "$body" || cmp want2 "$body"
	done
}

@test "busybox httpd and wget" {
	need busybox
	busybox httpd --help 2>&1 | grep -q Usage || skip 'no httpd in busybox'
	mkdir www
	head -c 100000 /dev/urandom > www/image.png
	echo plain > www/a.txt
	busybox httpd -f -p 127.0.0.1:0 -h www 3>&- &
	started="$started $!"
	wait_for listens $!
	proxy "$port"
	busybox wget -q -O got.png "http://127.0.0.1:$via/image.png"
	busybox wget -q -O got.txt "http://127.0.0.1:$via/a.txt"
	recorded
	dissect real.pcap
	bodies
	cmp www/image.png bodies/*02000-HTTPBODY-001.png
	cmp www/a.txt bodies/*02001-HTTPBODY-001.txt
}

@test "every coding in every framing, from a server to curl" {
	need curl
	serve
	proxy "$port"
	codings='none gzip x-gzip deflate Deflate gzip+deflate'
	flow-http -V | grep -q brotli && codings="$codings br gzip+br"
	flow-http -V | grep -q zstd && codings="$codings zstd zstd+gzip"
	n=0
	for coding in $codings; do
		for framing in length chunked close te ranges icy; do
			[ $coding-$framing = none-te ] && continue
			curl -s --http0.9 -o /dev/null \
			    "http://127.0.0.1:$via/$coding/$framing/5000" ||
			    true
			n=$((n + 1))
		done
	done
	recorded
	dissect real.pcap
	bodies
	"$HTTP/server" content 5000 > want
	[ "$(find bodies -type f | wc -l)" -eq "$n" ]
	for body in bodies/*; do
		cmp want "$body"
	done
}

@test "keep-alive, HEAD and uploads in one connection" {
	need curl
	serve
	proxy "$port"
	head -c 70000 /dev/urandom > up
	url=http://127.0.0.1:$via
	curl -s -o /dev/null "$url/gzip/length/900" --next -s -I \
	    -o /dev/null "$url/gzip/length/900" --next -s -T up \
	    -H 'Expect: 100-continue' "$url/x" --next -s \
	    -H 'Transfer-Encoding: chunked' -T up "$url/y" --next -s \
	    -o /dev/null "$url/deflate/chunked/900"
	recorded
	dissect real.pcap
	bodies
	"$HTTP/server" content 900 > want
	cmp want bodies/*00080-*02000-HTTPBODY-001.txt
	cmp up bodies/*02000-*00080-HTTPBODY-003
	cmp up bodies/*02000-*00080-HTTPBODY-004
	notes response '"\(.number) \(.status) \(.request.number)"' > said
	grep -qx '2 200 2' said
	grep -qx '3 100 null' said
	grep -qx '4 204 3' said
	[ "$(notes response .pairing | sort -u)" = "none
order" ]
}

@test "CONNECT and Upgrade become tunnels" {
	serve
	proxy "$port"
	python3 - "$via" <<-'EOF'
	import socket, sys
	for head in (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
	    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\n"
	    b"Connection: Upgrade\r\n\r\n"):
	    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
	    s.sendall(head)
	    while not s.recv(1000).endswith(b"\r\n\r\n"):
	        pass
	    s.sendall(b"GET /within HTTP/1.1\r\n\r\n")
	    s.recv(1000)
	    s.close()
	EOF
	recorded
	dissect real.pcap
	bodies
	[ -z "$(ls bodies)" ]
	notes tunnel .protocol | sort > said
	printf '%s\n' connect connect echo echo > want
	same want said
	# and a second flow-http sees what went through
	pcap-demux -r real.pcap | flow-reasm | flow-http |
	    flow-http -k tunnel > twice
	[ "$(notes request .target twice | grep -c /within)" -eq 2 ]
}

@test "-Z leaves bodies encoded, --keep-encoded keeps both" {
	"$HTTP/make-capture" 22 60 made.pcap expected
	dissect made.pcap -Z
	mv out encoded
	dissect made.pcap --keep-encoded
	gzips=0
	for kept in out/*-HTTPBODY-[0-9][0-9][0-9]-GZIP; do
		name=${kept#out/}
		name=${name%-GZIP}
		cmp "$kept" "$(find encoded -name "$name" -o -name "$name.*")"
		gzip -dc < "$kept" > plain 2> /dev/null
		[ -s plain ] || continue
		cmp plain "$(find out -name "$name" -o -name "$name.*")"
		gzips=$((gzips + 1))
	done
	[ $gzips -gt 10 ]
}

@test "--heads keeps the heads of a direction together" {
	"$HTTP/make-capture" 23 20 made.pcap expected
	dissect made.pcap --heads
	n=0
	for file in out/*-HTTP; do
		[ "$(grep -ac 'HTTP/1' "$file")" -ge 1 ]
		[ "$(tail -c 1 "$file")" = "" ]
		n=$((n + 1))
	done
	[ $n -eq 40 ]
}

# one_response HEAD-FILE BODY-FILE: a capture of one exchange, one.pcap.
one_response() {
	python3 - "$HTTP" "$1" "$2" <<-'EOF'
	import random, sys
	sys.path.insert(0, sys.argv[1])
	import capture
	class C:
	    turns = [(0, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
	        (1, open(sys.argv[2], "rb").read() +
	        open(sys.argv[3], "rb").read())]
	capture.write(capture.Capture("one.pcap"), random.Random(1), 1024, C)
	EOF
}

@test "decompression bombs stop at the limits" {
	head -c 5000000 /dev/zero | gzip -9 | gzip -9 > bomb
	printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n' "$(wc -c < bomb)" \
	    > head
	printf 'Content-Encoding: gzip, gzip\r\n\r\n' >> head
	one_response head bomb
	dissect one.pcap --max-decoded 100000
	[ "$(notes response .end)" = limit ]
	[ "$(wc -c < out/*-HTTPBODY-001)" -eq 100000 ]
	rm -r out
	dissect one.pcap
	[ "$(notes response .end)" = limit ]
	notes response .error | grep -q ratio
	[ "$(wc -c < out/*-HTTPBODY-001)" -lt 5000000 ]
	rm -r out
	dissect one.pcap --max-ratio 1000000
	[ "$(notes response .end)" = complete ]
	[ "$(wc -c < out/*-HTTPBODY-001)" -eq 5000000 ]
}

@test "a bomb between two codings, of which nothing comes out" {
	# 200 MB of zeros behind a complete member, in a few hundred bytes
	(printf hello | gzip -n; head -c 200000000 /dev/zero) | gzip -n1 |
	    gzip -n9 | gzip -n9 > bomb
	printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n' "$(wc -c < bomb)" \
	    > head
	printf 'Content-Encoding: gzip, gzip, gzip, gzip\r\n\r\n' >> head
	one_response head bomb
	dissect one.pcap
	[ "$(notes response .end)" = limit ]
	notes response .error | grep -q 'one coding to the next'
	[ "$(cat out/*-HTTPBODY-001)" = hello ]
}

# Two answers that come piece by piece in turns, then their rest at once.
two_answers() {
	python3 - "$HTTP" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	import gzip, random, records as R
	plain = random.Random(1).randbytes(50000)
	coded = gzip.compress(plain, mtime=0)
	head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" \
	    b"Content-Length: %d\r\n\r\n" % len(coded)
	wire = head + coded
	open("plain", "wb").write(plain)
	with open("in.rec", "wb") as f:
	    w = R.Writer(f)
	    for i in (1, 2):
	        w.open(i, 5, 0, (80, i))
	        w.put(R.NAME, i, body=b"flow%d" % i)
	        w.data(i, 5, 0, wire[:20000])
	    for i in (2, 1):
	        w.data(i, 6, 20000, wire[20000:])
	        w.close(i, 7, len(wire), 0, (80, i))
	    w.end()
	EOF
}

@test "decoders keep to their memory, the one that waits longest ends" {
	two_answers
	flow-http < in.rec | flow-store -o out > left
	cmp plain out/flow1-HTTPBODY-001
	cmp plain out/flow2-HTTPBODY-001
	rm -r out
	flow-http --max-memory 120k < in.rec | flow-store -o out > left
	cmp plain out/flow2-HTTPBODY-001
	size=$(wc -c < out/flow1-HTTPBODY-001)
	[ "$size" -gt 1000 ]
	[ "$size" -lt 20000 ]
	head -c "$size" plain | cmp - out/flow1-HTTPBODY-001
	[ "$(notes response '.end + " " + (.error // "")' | sort)" = \
	    "$(printf '%s\n' 'complete ' \
	    'limit memory of all decoders is over the limit')" ]
}

@test "a plain file that is mostly NULs is no bomb" {
	flow-http -V | grep -q '^zstd' || skip "flow-http without zstd"
	need zstd
	(head -c 1000000 /dev/zero; seq 1000) > plain
	zstd -q < plain > body
	printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n' \
	    "$(wc -c < body)" > head
	printf 'Content-Encoding: zstd\r\n\r\n' >> head
	one_response head body
	dissect one.pcap
	[ "$(notes response .end)" = complete ]
	cmp plain out/*-HTTPBODY-001
}

@test "what cannot be decoded is kept as far as it goes" {
	seq 20000 > plain
	gzip -9 < plain > coded
	printf '\xff\xff\xff\xff\xff\xff\xff\xff' |
	    dd of=coded bs=1 seek=20000 conv=notrunc 2> /dev/null
	printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n' "$(wc -c < coded)" \
	    > head
	printf 'Content-Encoding: gzip\r\n\r\n' >> head
	one_response head coded
	dissect one.pcap
	[ "$(notes response .end)" = 'decode error' ]
	size=$(wc -c < out/*-HTTPBODY-001)
	[ "$size" -gt 1000 ]
	# nothing at all can be decoded: as it was sent
	rm -r out
	printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n' "$(wc -c < plain)" \
	    > head
	printf 'Content-Encoding: gzip\r\n\r\n' >> head
	one_response head plain
	dissect one.pcap
	cmp plain out/*-HTTPBODY-001
	[ "$(notes response .end)" = 'decode error' ]
	# the same when the decoder takes long to see it
	for coding in br zstd; do
		case " $HTTP_WITHOUT " in
		*" $coding "*) continue ;;
		esac
		rm -r out
		seq -f 'line %.0f of text' 5000 > slow
		printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n' \
		    "$(wc -c < slow)" > head
		printf 'Content-Encoding: %s\r\n\r\n' "$coding" >> head
		one_response head slow
		dissect one.pcap
		cmp slow out/*-HTTPBODY-001
		[ "$(notes response .end)" = 'decode error' ]
	done
	# and where a long header comes before what cannot be decoded
	for size in 5000 300000; do
		rm -r out
		{
			printf '\x1f\x8b\x08\x08\0\0\0\0\0\x03'
			head -c $size /dev/zero | tr '\0' n
			printf '\0\xff\xff\xff\xff'
		} > named
		printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n' \
		    "$(wc -c < named)" > head
		printf 'Content-Encoding: gzip\r\n\r\n' >> head
		one_response head named
		dissect one.pcap
		cmp named out/*-HTTPBODY-001
		[ "$(notes response .end)" = 'decode error' ]
	done
	# an unknown coding
	rm -r out
	printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n' "$(wc -c < plain)" \
	    > head
	printf 'Content-Encoding: gzip\r\n\r\n' >> head
	sed -i 's/gzip/odd/' head
	one_response head plain
	dissect one.pcap
	cmp plain out/*-HTTPBODY-001
	[ "$(notes response '.body.undecoded[0]')" = odd ]
	[ "$(notes response .end)" = complete ]
}

@test "long heads and many fields keep to their limits" {
	{
		printf 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n'
		for i in $(seq 50); do
			printf 'X-%d: %0100d\r\n' "$i" "$i"
		done
		printf '\r\n'
	} > head
	printf hello > body
	one_response head body
	dissect one.pcap --max-headers 10
	[ "$(notes response '.headers | length')" -eq 10 ]
	[ "$(cat out/*-HTTPBODY-001)" = hello ]
	rm -r out
	dissect one.pcap --max-head 4k
	[ ! -e out/*-HTTPBODY-001 ]
	[ "$(notes skipped .cause)" = 'head too long' ]
	[ "$(notes unanswered .url)" = 'http://a/' ]
}

@test "no head is so long that its message has no note" {
	long=$(head -c 60000 /dev/zero | tr '\0' '\1')
	printf 'HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n' "$long" > head
	printf 'Content-Length: 5\r\n\r\n' >> head
	printf hello > body
	one_response head body
	dissect one.pcap
	[ "$(notes response '.headers[0][1] | length')" -eq 60000 ]
	[ "$(notes response '.body.codings[0] | length')" -eq 256 ]
	[ "$(notes response .body.size)" -eq 5 ]
	# trailers are left out where they do not fit
	rm -r out
	printf 'HTTP/1.1 200 OK\r\nX: %s%s\r\n' "$long" "$long" > head
	printf 'Transfer-Encoding: chunked\r\n\r\n' >> head
	printf '5\r\nhello\r\n0\r\nY: %s%s\r\n\r\n' "$long" "$long" > body
	one_response head body
	dissect one.pcap --max-head 128k
	[ "$(notes response .trailers)" = null ]
	[ "$(notes response '.anomalies[]')" = 'headers not listed' ]
	[ "$(cat out/*-HTTPBODY-001)" = hello ]
}

@test "the time of a body is that of its bytes" {
	"$HTTP/make-capture" 24 3 made.pcap expected
	dissect made.pcap
	for file in out/*-HTTPBODY-*; do
		[ "$(stat -c %Y "$file")" -ge 1700000000 ]
		[ "$(stat -c %Y "$file")" -lt 1700001000 ]
	done
}

@test "streams that are not HTTP pass without a word" {
	head -c 200000 /dev/urandom > noise
	python3 - "$HTTP" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	import records as R
	with open("in.rec", "wb") as f:
	    w = R.Writer(f)
	    data = b"\x16\x03\x01" + open("noise", "rb").read()
	    w.open(1, 5, 0, (1, 2))
	    w.data(1, 5, 0, data)
	    w.close(1, 6, len(data), 0, (1, 2))
	    w.end()
	EOF
	flow-http < in.rec > out.rec
	[ "$(flow-json < out.rec | jq -r .type | grep -cxE 'note')" -eq 0 ]
	[ "$(flow-json < out.rec | jq -r .type | grep -cxE 'open')" -eq 1 ]
}

@test "types: all or tcpflow's" {
	printf 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n' > head
	printf 'Content-Type: font/woff2\r\n\r\n' >> head
	printf hello > body
	one_response head body
	dissect one.pcap
	[ -e out/*-HTTPBODY-001.woff2 ]
	rm -r out
	dissect one.pcap --types classic
	[ -e out/*-HTTPBODY-001 ]
	fails 2 flow-http --types odd < /dev/null
	says 'neither all nor classic'
}

@test "a terminal gets a line for each transaction" {
	need script
	"$HTTP/make-capture" 26 10 made.pcap expected
	script -qec 'pcap-demux -r made.pcap | flow-reasm | flow-http' \
	    /dev/null > listing
	dissect made.pcap
	n=$(notes response 'select(.status >= 200) | .status' | wc -l)
	[ "$n" -gt 20 ]
	[ "$(grep -c 'http://example.test/' listing)" -eq "$n" ]
	grep -q ' > 10.0.0.2:80 GET http://example.test/' listing
}

@test "what is derived from a flow that is not stored is not either" {
	"$HTTP/make-capture" 27 5 made.pcap expected
	pcap-demux -r made.pcap | flow-reasm | flow-name -F X | flow-http |
	    flow-store -o out > left
	[ -z "$(find out -type f 2> /dev/null)" ]
	[ "$(notes response .end | sort -u)" = complete ]
}

@test "--no-notes: the same but for the notes" {
	"$HTTP/make-capture" 28 60 made.pcap expected
	pcap-demux -r made.pcap | flow-reasm | flow-name > names
	# META, STATS and END tell of the process and of the count.
	for i in '' --no-notes; do
		flow-http $i < names | flow-json | jq -c 'select(.type != "meta"
		    and .type != "stats" and .type != "end" and
		    .type != "note")' > "records$i"
		flow-http $i < names | flow-json | jq -c 'select(.stats.requests
		    != null).stats | {requests, responses, bodies, decoded,
		    tunnels, unanswered, skipped}' > "stats$i"
	done
	grep -q '"type":"close"' records
	cmp records records--no-notes
	cmp stats stats--no-notes
	grep -q '"requests":[1-9]' stats
	flow-http --no-notes < names | flow-json > all
	! grep -q '"type":"note"' all || false
}

@test "bad usage" {
	fails 2 flow-http --max-head 10 < /dev/null
	fails 2 flow-http --max-ratio 0 < /dev/null
	fails 2 flow-http word < /dev/null
	flow-http -V | grep -q '^zlib '
}

# proxied FILE: a capture of a response that went through a proxy.
proxied() {
	python3 - "$HTTP" "$1" <<-'EOF'
	import random, sys
	sys.path.insert(0, sys.argv[1])
	import capture
	class C:
	    turns = [(0, b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
	        (1, b"HTTP/1.1 200 Connection established\r\n\r\n"),
	        (0, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
	        (1, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	        b"Content-Length: 13\r\n\r\nin the tunnel")]
	capture.write(capture.Capture(sys.argv[2]), random.Random(1), 1024, C)
	EOF
}

@test "the examples of the man page" {
	need jq
	"$HTTP/make-capture" 25 30 x.pcap expected
	mkdir all
	mandoc -T ascii "$TOP/man/flow-http.1" | sed 's/.\x08//g' > page
	python3 - <<-'EOF'
	import re
	text = open("page").read().split("EXAMPLES")[1].split("SEE ALSO")[0]
	found, lines = [], None
	for line in text.split("\n"):
	    s = line.strip()
	    if s.startswith("$ "):
	        lines = [s[2:]]
	        found.append(lines)
	    elif lines is not None and s:
	        lines.append(s)
	    else:
	        lines = None
	assert len(found) == 5
	for i, lines in enumerate(found):
	    open("example%d" % i, "w").write("set -o pipefail\n" +
	        "\n".join(lines) + "\n")
	EOF
	bash example0 > records
	bash example1 > urls
	[ "$(wc -l < urls)" -gt 50 ]
	grep -q '^200 complete http://example.test/' urls
	bash example2
	bash example3
	[ "$(find out -name '*HTTPBODY*' | wc -l)" -eq \
	    "$(find expected -type f | wc -l)" ]
	proxied x.pcap
	bash example4
	[ "$(cat in/*-TUNNEL-HTTPBODY-001.txt)" = 'in the tunnel' ]
}

@test "late bytes find their place in a plain body" {
	python3 - "$HTTP" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	import records as R, struct
	head = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"
	n = len(head)
	late = lambda data: struct.pack("<QII", 0, 0, len(data)) + data
	with open("in.rec", "wb") as f:
	    w = R.Writer(f)
	    w.open(1, 5, 0, (80, 2))
	    w.put(R.NAME, 1, body=b"flow")
	    w.data(1, 5, 0, head + b"abc")
	    w.gap(1, 6, n + 3, 6)
	    w.put(R.LATE, 1, 7, n + 5, late(b"fg"))
	    w.data(1, 7, n + 9, b"j")
	    w.put(R.LATE, 1, 8, n + 3, late(b"de"))
	    w.put(R.LATE, 1, 8, n + 7, late(b"hi"))
	    w.data(1, 9, n + 10, b"kl")
	    w.close(1, 10, n + 12, 0, (80, 2))
	    w.end()
	EOF
	flow-http < in.rec | flow-store -o out > left
	[ "$(cat out/flow-HTTPBODY-001)" = abcdefghijkl ]
	[ "$(notes response .end)" = gap ]
}

@test "a body of many gigabytes by reference, in little memory" {
	python3 - "$HTTP" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	import records as R, struct
	size, part = 20 << 30, 1 << 30
	head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size
	n = len(head)
	with open("in.rec", "wb") as f:
	    w = R.Writer(f)
	    w.open(2, 4, 1, (2, 80))
	    w.data(2, 4, 0, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
	    w.open(1, 5, 2, (80, 2))
	    w.data(1, 5, 0, head)
	    for at in range(0, size, part):
	        w.put(R.DATA, 1, 6, n + at, struct.pack("<QII", at, 1, part),
	            R.BYREF)
	    w.data(1, 7, n + size, b"HTTP/1.1 204 No\r\nA: b\r\n\r\n")
	    w.close(1, 10, n + size + 25, 2, (80, 2))
	    w.close(2, 10, 56, 1, (2, 80))
	    w.end()
	EOF
	flow-http < in.rec > left
	[ "$(notes response '"\(.status) \(.end) \(.body.size)"')" = \
	    "200 complete 21474836480
204 complete null" ]
	flow-json < left | jq -r 'select(.type == "stats").stats |
	    select(.program == "flow-http").maxrss' > rss
	[ "$(cat rss)" -lt 60000 ]
}

# pairing PYTHON: notes of a hand-made connection; client is stream 1, server
# stream 2, w the writer, C(time, text) and S(time, text) say something.
pairing() {
	python3 - "$HTTP" "$1" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	import records as R
	OK = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
	at = [0, 0, 0]
	with open("in.rec", "wb") as f:
	    w = R.Writer(f)
	    def say(s, time, text):
	        w.data(s, time, at[s], text.encode())
	        at[s] += len(text)
	    def gap(s, time, n):
	        w.gap(s, time, at[s], n)
	        at[s] += n
	    def get(time, method, path):
	        say(1, time, "%s %s HTTP/1.1\r\nHost: h\r\n\r\n" %
	            (method, path))
	    def ok(time, body, length=None):
	        say(2, time, OK % (length or len(body), body))
	    w.open(1, 1, 2, (9, 80))
	    w.open(2, 1, 1, (80, 9))
	    exec(sys.argv[2])
	    w.close(1, 99, at[1], 2, (9, 80))
	    w.close(2, 99, at[2], 1, (80, 9))
	    w.end()
	EOF
	flow-http < in.rec > left
	notes response '"\(.request.url) \(.pairing) \(.body.size) \(.end)"'
	notes unanswered '"\(.url) unanswered"'
	notes request 'select(.response) |
	    "\(.url) late \(.response.number)"'
}

@test "which response belongs to which request" {
	# pipelined, HEAD in the middle
	expect 'http://h/a order 3 complete
http://h/b order null complete
http://h/c order 2 complete' pairing '
get(1, "GET", "/a"); get(2, "HEAD", "/b"); get(3, "GET", "/c")
ok(4, "abc"); ok(5, "", 9); ok(6, "xy")'
	# a request comes late in the record stream, its time is right
	expect 'null none 3 complete
http://h/b order 2 complete
http://h/a late 1' pairing '
ok(4, "abc"); get(2, "GET", "/a"); get(5, "GET", "/b"); ok(6, "xy")'
	# a request is missing: time tells, and that it is not certain
	expect 'http://h/a order 3 complete
null none 2 complete
http://h/c unsure 1 complete' pairing '
get(1, "GET", "/a"); ok(2, "abc"); gap(1, 3, 40); ok(4, "xy")
get(5, "GET", "/c"); ok(6, "z")'
	# a response is missing: the request before was not answered
	expect 'http://h/a order 3 complete
http://h/c unsure 1 complete
http://h/b unanswered' pairing '
get(1, "GET", "/a"); ok(2, "abc"); get(3, "GET", "/b"); gap(2, 4, 50)
get(5, "GET", "/c"); ok(6, "z")'
	# the same when it was long waited for, as flow-reasm does
	expect 'http://h/a order 3 complete
http://h/c unsure 1 complete
http://h/b unanswered' pairing '
get(1, "GET", "/a"); ok(2, "abc"); get(3, "GET", "/b"); get(5, "GET", "/c")
gap(2, 4, 50); ok(6, "z")'
	# a request before CONNECT is answered first
	expect 'http://h/a order 3 complete
h:443 order null complete' pairing '
get(1, "GET", "/a"); get(2, "CONNECT", "h:443"); ok(3, "abc")
say(2, 4, "HTTP/1.1 200 Connection established\r\n\r\n")
say(1, 5, "\x16\x03\x01"); say(2, 6, "\x16\x03\x01")'
	[ "$(notes tunnel .protocol | grep -c connect)" -eq 2 ]
	# the client has closed its side before it is answered
	expect 'http://h/a order 3 complete' pairing '
get(1, "GET", "/a"); w.close(1, 2, at[1], 2, (9, 80)); ok(3, "abc")'
	[ "$(notes response .request.stream)" = 1 ]
	# without its answer a tunnel is what the request asked for
	expect 'h:443 unanswered' pairing '
get(1, "CONNECT", "h:443"); say(1, 2, "\x16\x03\x01")'
	[ "$(notes tunnel .protocol)" = connect ]
	expect '/ws unanswered' pairing '
say(1, 1, "GET /ws HTTP/1.1\r\nUpgrade: ws\r\n\r\n"); say(1, 2, "\x01x")'
	[ "$(notes tunnel .protocol)" = ws ]
	# nothing answers
	expect 'http://h/a unanswered' pairing 'get(1, "GET", "/a")'
	# an answer to a HEAD that was not seen, and the next one
	expect 'null none null complete
null none 2 complete' pairing 'gap(1, 1, 50); ok(2, "", 9); ok(3, "xy")'
}
