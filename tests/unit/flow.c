/* SPDX-License-Identifier: ISC */
/* Unit test: bodies of the records about packets and streams. */
#include <string.h>

#include "formats/flow.h"
#include "tests/unit/unit.h"

static const uint8_t path[16] = { ENCAP_VXLAN, 4, 0, 0, 7 };

/* A macro: a constant struct is no constant expression. */
#define KEY {								\
	.src = { 10, 0, 0, 1 }, .dst = { 10, 0, 0, 2 }, .sport = 1234,	\
	.dport = 80, .family = 4, .info = FLOW_HAS_MAC | FLOW_HAS_TCI,	\
	.tci = 0xe005, .src_mac = { 2, 0, 0, 0, 0, 1 },			\
	.dst_mac = { 2, 0, 0, 0, 0, 2 }, .path_length = sizeof(path),	\
	.path = path							\
}

static const struct flow_key key = KEY;

static void
check_key(const struct flow_key *k)
{
	CHECK(memcmp(k->src, key.src, 16) == 0);
	CHECK(memcmp(k->dst, key.dst, 16) == 0);
	CHECK(k->sport == 1234 && k->dport == 80 && k->family == 4);
	CHECK(k->info == key.info && k->tci == key.tci);
	CHECK(memcmp(k->src_mac, key.src_mac, 6) == 0);
	CHECK(memcmp(k->dst_mac, key.dst_mac, 6) == 0);
	CHECK(k->path_length == sizeof(path));
	CHECK(memcmp(k->path, path, sizeof(path)) == 0);
	CHECK(flow_vlan(k) == 5);
}

/* No length but the whole one decodes. */
#define CHECK_CUTS(decode, out, r)	do {				\
	uint32_t whole_ = (r).length;					\
									\
	for ((r).length = 0; (r).length < whole_; (r).length++)		\
		CHECK(decode(&(out), &(r)) == -1);			\
	CHECK(decode(&(out), &(r)) == 0);				\
} while (0)

static void
test_segment(void)
{
	struct segment a = {
		.key = key, .ref = { .offset = 1u << 30, .source = 2,
		.length = 3 }, .seq = 0xfffffffe, .ack = 77, .window = 512,
		.tcp_flags = TCP_SYN | TCP_ACK, .wire_length = 90,
		.cap_length = 60, .payload_length = 33
	}, b;
	uint8_t body[SEGMENT_FIXED + sizeof(path) + 3];
	struct record r = { .body = body, .length = sizeof(body) };

	segment_encode(body, &a);
	memcpy(body + SEGMENT_FIXED, path, sizeof(path));
	memcpy(body + SEGMENT_FIXED + sizeof(path), "abc", 3);
	CHECK_CUTS(segment_decode, b, r);
	check_key(&b.key);
	CHECK(b.ref.offset == 1u << 30 && b.ref.source == 2);
	CHECK(b.seq == 0xfffffffe && b.ack == 77 && b.window == 512);
	CHECK(b.tcp_flags == (TCP_SYN | TCP_ACK));
	CHECK(b.wire_length == 90 && b.cap_length == 60);
	CHECK(b.payload_length == 33 && memcmp(b.payload, "abc", 3) == 0);
	r.flags = RECORD_BYREF;
	r.length -= 3;
	CHECK(segment_decode(&b, &r) == 0 && b.payload == NULL);
	r.flags = 0x8000;
	CHECK(segment_decode(&b, &r) == -1);
	r.flags = RECORD_BYREF;
	a.payload_length = 2;			/* less than was captured */
	segment_encode(body, &a);
	CHECK(segment_decode(&b, &r) == -1);
	body[72] = 3;
	body[63] = 5;				/* no such family */
	CHECK(segment_decode(&b, &r) == -1);
}

static const struct flow_open open_a = {
	.kind = "tcp", .parent = 9, .parent_offset = -1, .peer = 8,
	.number = 7, .session = 6, .packet = 5, .key = KEY,
	.role = ROLE_SERVER, .source = 4, .first_seq = 3
};

static void
check_open(const struct flow_open *b)
{
	CHECK(kind_is(b->kind, "tcp") && b->parent == 9);
	CHECK(b->parent_offset == -1 && b->peer == 8 && b->number == 7);
	CHECK(b->session == 6 && b->packet == 5 && b->source == 4);
	CHECK(b->role == ROLE_SERVER && b->first_seq == 3);
	check_key(&b->key);
}

static void
test_open(void)
{
	uint8_t body[OPEN_FIXED + sizeof(path)];
	struct record r = { .body = body, .length = sizeof(body) };
	struct flow_open b;

	flow_open_encode(body, &open_a);
	memcpy(body + OPEN_FIXED, path, sizeof(path));
	CHECK_CUTS(flow_open_decode, b, r);
	check_open(&b);
	memset(body, 'x', KIND_SIZE);		/* a kind without its NUL */
	CHECK(flow_open_decode(&b, &r) == -1);
}

static void
test_close(void)
{
	struct flow_close a = {
		.why = CLOSE_SKIP, .length = 1, .packets = 2,
		.wire_bytes = 3, .cap_bytes = 4, .out_of_order = 5,
		.violations = 6, .gaps = 7, .missing = 8, .late = 9,
		.conflicts = 10, .start = -11, .end = 12, .open = open_a
	}, b;
	uint8_t body[CLOSE_MAX];
	struct record r = { .body = body };

	r.length = (uint32_t)flow_close_encode(body, &a);
	CHECK_CUTS(flow_close_decode, b, r);
	CHECK(b.why == CLOSE_SKIP && b.length == 1 && b.packets == 2);
	CHECK(b.wire_bytes == 3 && b.cap_bytes == 4);
	CHECK(b.out_of_order == 5 && b.violations == 6 && b.gaps == 7);
	CHECK(b.missing == 8 && b.late == 9 && b.conflicts == 10);
	CHECK(b.start == -11 && b.end == 12);
	check_open(&b.open);
}

static void
test_bytes(void)
{
	uint8_t body[REFERENCE_SIZE + 4] = { 0 };
	struct reference ref = { .offset = 5, .source = 1, .length = 4 };
	struct record r = {
		.body = body, .length = sizeof(body), .type = RECORD_DATA
	};
	struct data d;

	reference_encode(body, &ref);
	CHECK_CUTS(data_decode, d, r);
	CHECK(d.bytes == body + REFERENCE_SIZE && d.ref.offset == 5);
	r.flags = RECORD_REPLACE;		/* LATE alone may */
	CHECK(data_decode(&d, &r) == -1);
	r.type = RECORD_LATE;
	CHECK(data_decode(&d, &r) == 0);
}

static void
test_gap(void)
{
	struct gap a = { .length = 1ull << 40, .cause = GAP_SNAPLEN }, b;
	uint8_t body[GAP_SIZE];
	struct record r = { .body = body, .length = sizeof(body) };

	gap_encode(body, &a);
	CHECK_CUTS(gap_decode, b, r);
	CHECK(b.length == 1ull << 40 && b.cause == GAP_SNAPLEN);
	body[7] = 0x80;				/* no stream is that long */
	CHECK(gap_decode(&b, &r) == -1);
}

static void
test_conflict(void)
{
	struct conflict a = {
		.length = 2, .last_won = true,
		.kept = { .offset = 1, .source = 2, .length = 2 },
		.other = { .offset = 3, .source = 4, .length = 2 }
	}, b;
	uint8_t body[CONFLICT_FIXED + 2] = { 0 };
	struct record r = { .body = body, .length = sizeof(body) };

	conflict_encode(body, &a);
	CHECK_CUTS(conflict_decode, b, r);
	CHECK(b.last_won && b.kept.offset == 1 && b.other.source == 4);
}

static void
test_texts(void)
{
	struct stored s = { .size = 1, .shift = 2, .flags = 3,
	    .path_length = 4 }, t;
	struct digest d = { .algorithm = DIGEST_MD5, .flags = DIGEST_GAPS,
	    .covered = 9, .value_length = 4 }, e;
	uint8_t body[STORED_FIXED + 4] = { 0 };
	struct record r = { .body = body, .length = sizeof(body) };

	stored_encode(body, &s);
	CHECK_CUTS(stored_decode, t, r);
	CHECK(t.size == 1 && t.shift == 2 && t.flags == 3);
	CHECK(t.path_length == 4);
	digest_encode(body, &d);
	r.length = DIGEST_FIXED + 4;
	CHECK_CUTS(digest_decode, e, r);
	CHECK(e.algorithm == DIGEST_MD5 && e.covered == 9);
}

static void
test_enums(void)
{
	uint32_t i;

	for (i = 0; i < GAP_CAUSES; i++)
		CHECK(gap_cause_number(gap_cause_name(i)) == i);
	for (i = 0; i < CLOSE_REASONS; i++)
		CHECK(close_why_number(close_why_name(i)) == i);
	for (i = 1; i < DIGEST_ALGORITHMS; i++)
		CHECK(digest_number(digest_name(i)) == i);
	for (i = 0; i <= ROLE_SERVER; i++)
		CHECK(role_number(role_name(i)) == i);
	CHECK(gap_cause_name(GAP_CAUSES) == NULL);
}

int
main(void)
{
	test_segment();
	test_open();
	test_close();
	test_bytes();
	test_gap();
	test_conflict();
	test_texts();
	test_enums();
	return unit_status();
}
