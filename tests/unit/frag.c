/* SPDX-License-Identifier: ISC */
/* Unit test: datagrams out of fragments, in every order. */
#include <stdlib.h>

#include "formats/frag.h"
#include "tests/unit/unit.h"

enum { PIECES = 5, SIZE = 16, LAST = 5, TOTAL = (PIECES - 1) * SIZE + LAST };

#define SECOND	INT64_C(1000000000)

static uint8_t datagram[TOTAL];

static void
begin(struct packet *p, const uint8_t *bytes, uint32_t n, uint8_t family)
{
	frag_tick(p->fragments, p->time);
	layer_frame(p, bytes, n, n);
	p->seg.key.family = family;
	p->protocol = 6;
}

/* Piece i of the datagram: LAYER_PROTOCOL when it made it whole. */
static enum layer
piece(struct packet *p, unsigned i, uint32_t id)
{
	struct fragment f = {
		.id = id, .offset = i * SIZE, .more = i < PIECES - 1
	};

	begin(p, datagram + i * SIZE, f.more ? SIZE : LAST, 4);
	return frag_add(p, f);
}

static void
check_whole(const struct packet *p)
{
	CHECK(cursor_left(&p->at) == TOTAL);
	CHECK(memcmp(p->at.at, datagram, TOTAL) == 0);
	CHECK(p->cut == 0 && p->reassembled);
	CHECK((p->seg.key.info & FLOW_FRAGMENTED) != 0);
}

/* Every order of the pieces that are not yet in `used`. */
static void
orders(struct packet *p, unsigned *order, unsigned n, unsigned used,
    uint32_t *id)
{
	unsigned i;

	if (n == PIECES) {
		++*id;
		for (i = 0; i < PIECES - 1; i++)
			CHECK(piece(p, order[i], *id) == LAYER_END);
		CHECK(piece(p, order[i], *id) == LAYER_PROTOCOL);
		check_whole(p);
		return;
	}
	for (i = 0; i < PIECES; i++) {
		if ((used >> i & 1) != 0)
			continue;
		order[n] = i;
		orders(p, order, n + 1, used | 1u << i, id);
	}
}

static void
test_orders(struct packet *p)
{
	unsigned order[PIECES];
	uint32_t id = 0;

	orders(p, order, 0, 0, &id);
	CHECK(id == 120);
	CHECK(frag_counts(p->fragments)->whole == 120);
}

/* Only what lies together with the beginning comes out. */
static void
test_leftover(struct packet *p)
{
	struct packet left;

	CHECK(piece(p, 0, 1000) == LAYER_END);
	CHECK(piece(p, 1, 1000) == LAYER_END);
	CHECK(piece(p, 4, 1000) == LAYER_END);
	p->time += 31 * SECOND;
	frag_tick(p->fragments, p->time);
	CHECK(frag_leftover(p->fragments, &left));
	CHECK(left.fate == FATE_BAD_TCP || left.fate == FATE_TCP);
	CHECK(left.ip != NULL && left.at.end - left.ip == 20 + 2 * SIZE);
	CHECK(!frag_leftover(p->fragments, &left));
	CHECK(frag_counts(p->fragments)->timed_out == 1);
}

static void
test_overlaps(struct packet *p)
{
	uint8_t other[2 * SIZE];
	struct fragment f = { .id = 2000, .offset = 0, .more = true };
	unsigned i;

	memset(other, 'x', sizeof(other));
	CHECK(piece(p, 1, 2000) == LAYER_END);
	begin(p, other, sizeof(other), 4);
	CHECK(frag_add(p, f) == LAYER_END);	/* pieces 0 and 1 again */
	for (i = 2; i < PIECES; i++)
		CHECK(piece(p, i, 2000) == (i < PIECES - 1 ? LAYER_END :
		    LAYER_PROTOCOL));
	CHECK(memcmp(p->at.at, other, SIZE) == 0);
	CHECK(memcmp(p->at.at + SIZE, datagram + SIZE, TOTAL - SIZE) == 0);
	CHECK(frag_counts(p->fragments)->overlaps == 1);

	/* IPv6: spoiled, and so is what still comes. */
	f.id = 2001;
	begin(p, other, sizeof(other), 6);
	CHECK(frag_add(p, f) == LAYER_END && p->fate == FATE_FRAGMENT);
	begin(p, other, sizeof(other), 6);
	CHECK(frag_add(p, f) == LAYER_END && p->fate == FATE_FRAGMENT);
	f.offset = SIZE;
	begin(p, datagram, sizeof(other), 6);
	CHECK(frag_add(p, f) == LAYER_END && p->fate == FATE_BAD_FRAGMENT);
	f.offset = 4 * SIZE;
	begin(p, other, SIZE, 6);
	CHECK(frag_add(p, f) == LAYER_END && p->fate == FATE_BAD_FRAGMENT);
	CHECK(frag_counts(p->fragments)->spoiled == 1);
}

/* Cut when they were captured, in the middle of a unit, and come twice. */
static void
test_cut_duplicates(struct packet *p)
{
	struct fragment f = { .id = 2500, .more = true };
	uint64_t spoiled = frag_counts(p->fragments)->spoiled;
	uint64_t duplicates = frag_counts(p->fragments)->duplicates;
	unsigned i;

	for (i = 0; i < 2; i++) {
		frag_tick(p->fragments, p->time);
		layer_frame(p, datagram, SIZE - 3, SIZE);
		p->seg.key.family = 6;
		p->protocol = 6;
		CHECK(frag_add(p, f) == LAYER_END);
		CHECK(p->fate == FATE_FRAGMENT);
	}
	CHECK(frag_counts(p->fragments)->spoiled == spoiled);
	CHECK(frag_counts(p->fragments)->duplicates == duplicates + 1);
}

static void
test_impossible(struct packet *p)
{
	struct fragment f = { .id = 3000, .offset = 65528, .more = true };

	begin(p, datagram, SIZE, 4);
	CHECK(frag_add(p, f) == LAYER_END && p->fate == FATE_BAD_FRAGMENT);
	CHECK(piece(p, 4, 3001) == LAYER_END && p->fate == FATE_FRAGMENT);
	f.id = 3001;
	f.offset = TOTAL + 8 - TOTAL % 8;
	begin(p, datagram, SIZE, 4);
	CHECK(frag_add(p, f) == LAYER_END && p->fate == FATE_BAD_FRAGMENT);
}

int
main(void)
{
	struct packet p = { .tunnels = true };
	unsigned i;

	for (i = 0; i < TOTAL; i++)
		datagram[i] = (uint8_t)(i * 7 + 1);
	datagram[12] = 0x50;		/* as TCP: a header of 20 bytes */
	p.fragments = frag_new(FRAG_MEMORY, 30 * SECOND, 42);
	if (p.fragments == NULL)
		abort();
	test_orders(&p);
	test_leftover(&p);
	test_overlaps(&p);
	test_cut_duplicates(&p);
	test_impossible(&p);
	frag_free(p.fragments);
	return unit_status();
}
