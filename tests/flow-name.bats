#!/usr/bin/env bats
# flow-name: names from templates.  The letters are tested one by one in
# tests/unit/template.c.

load lib

OPEN='{"type":"open","stream":1,"time":1303415757999999999,"number":1234,"session":7,"src":"192.168.1.102","sport":1234,"dst":"10.0.0.2","dport":80,"tci":57349,"src_mac":"02:00:00:00:00:01","dst_mac":"02:00:00:00:00:02"}'
REST='{"type":"data","stream":1,"text":"abc"}
{"type":"close","stream":1}
{"type":"end"}'

# stream RECORD...: a record stream of these lines.
stream() {
	printf '%s\n' "$@" | records
}

# pattern OPTION...: the pattern of the stream's NAME, as JSON.
pattern() {
	stream "$OPEN" "$REST" | flow-name "$@" | flow-json |
	    sed -n 's/.*"type":"name".*"pattern":"\(.*\)"}/\1/p'
}

@test "the default name, with counters left open" {
	expect '192.168.001.102.01234-010.000.000.002.00080--5\u0000C\u0000c' \
	    pattern
}

@test "a template, edits from left to right" {
	expect '001/1303415757T%\u0000C\u0000c' pattern -T %% -Ftk
	expect '1303415757T001/%\u0000C\u0000c' pattern -T %% -Fkt
	expect 'x\u0000c-02:00:00:00:00:01' pattern -Fk -T 'x%c-%E'
	expect 'a00000000000000000007c\u0000#' pattern -T 'a%S' -Fc
}

@test "NAME comes right after OPEN, everything passes" {
	stream "$OPEN" '{"type":"note","stream":1,"note":{}}' "$REST" |
	    flow-name -T x%c | flow-json |
	    sed -n 's/.*"type":"\([a-z]*\)".*"stream":1.*/\1/p' > got
	printf '%s\n' open name note data close > want
	same want got
}

@test "a stream without data gets no name" {
	stream '{"type":"close","open":{"kind":"tcp"}}' '{"type":"end"}' |
	    flow-name | flow-json > out
	! grep '"type":"name"' out || false
}

@test "a stream that has a name keeps it" {
	stream "$OPEN" '{"type":"name","stream":1,"pattern":"mine"}' "$REST" |
	    flow-name | flow-json | grep '"type":"name"' > out
	expect 1 grep -c . out
	grep '"pattern":"mine"' out
}

@test "-k: the kinds that are named" {
	stream '{"type":"open","stream":1,"kind":"tls"}' \
	    '{"type":"close","stream":1}' '{"type":"end"}' > in
	flow-name < in | flow-json > out
	! grep '"type":"name"' out || false
	flow-name -k tcp -k tls < in | flow-json | grep '"type":"name"'
}

@test "-F X: named, but not to be stored" {
	stream "$OPEN" "$REST" | flow-name -F X -T n |
	    flow-store -o out > /dev/null
	[ -z "$(ls out)" ]
}

@test "two sections" {
	stream "$OPEN" "$REST" > one
	cat one one | flow-name -T n | flow-json | grep -c '"pattern":"n' > n
	expect 2 cat n
}

@test "bad usage names the letter, exit 2" {
	fails 2 flow-name -T %A%Q < /dev/null
	says "flow-name: -T: %A%Q: unknown letter '%Q'"
	fails 2 flow-name -F kZ < /dev/null
	says "flow-name: -F: unknown letter 'Z'"
	fails 2 flow-name -T ../%A < /dev/null
	says "'..'"
	fails 2 flow-name -T %c% < /dev/null
	says 'cannot end with a single %'
	fails 2 flow-name -T '' < /dev/null
	fails 2 flow-name operand < /dev/null
}

@test "damaged input: exit 1" {
	fails 1 flow-name < /dev/null > /dev/null
	says 'flow-name: standard input: empty'
	stream "$OPEN" "$REST" | head -c 300 > cut
	fails 1 flow-name < cut > /dev/null
	says 'flow-name: standard input:'
}
