/* SPDX-License-Identifier: ISC */
/* Random byte streams and the packets that a capture has of them. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "formats/flow.h"
#include "tests/reasm/trial.h"

enum order { IN_ORDER, NEARLY, ANY };

static int
by_key(const void *a, const void *b)
{
	const struct packet *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* A trial without packets has no array either, which qsort(3) must not see. */
static void
sort(struct trial *t)
{
	if (t->packets > 0)
		qsort(t->packet, t->packets, sizeof(*t->packet), by_key);
}

static struct packet *
add(struct trial *t, uint64_t key)
{
	struct packet *p;

	if (t->packets % 256 == 0) {
		p = realloc(t->packet, (t->packets + 256) * sizeof(*p));
		if (p == NULL)
			err(1, NULL);
		t->packet = p;
	}
	p = &t->packet[t->packets++];
	memset(p, 0, sizeof(*p));
	p->key = key;
	p->flags = TCP_ACK;
	return p;
}

/* A range as packets, without what was not captured. */
static void
add_range(struct trial *t, uint32_t from, uint32_t to, uint64_t key)
{
	struct packet *p;
	uint32_t end;

	while (from < to) {
		if (!t->captured[from]) {
			from++;
			continue;
		}
		for (end = from; end < to && t->captured[end]; end++)
			;
		p = add(t, key);
		p->start = from;
		p->length = end - from;
		from = end;
	}
}

static uint32_t
piece_size(struct random *r, unsigned style)
{
	switch (style) {
	case 0:
		return 1460;
	case 1:
		return 1 + random_below(r, 40);
	default:
		return 1 + random_below(r, 3000);
	}
}

static void
make_holes(struct trial *t, struct random *r)
{
	uint32_t n = random_below(r, 5) > 2 ? 1 + random_below(r, 3) : 0;
	uint32_t from, to, i;

	memset(t->captured, 1, t->length);
	while (n-- > 0 && t->length > 0) {
		from = random_below(r, t->length);
		to = from + 1 + random_below(r, random_below(r, 2) ? 3 : 4000);
		for (i = from; i < to && i < t->length; i++)
			t->captured[i] = 0;
	}
}

/* Every byte once, then some again, cut elsewhere. */
static void
make_data(struct trial *t, struct random *r)
{
	unsigned style = random_below(r, 3);
	uint32_t at, n, again;

	for (at = 0; at < t->length; at += n) {
		n = piece_size(r, style);
		if (n > t->length - at)
			n = t->length - at;
		add_range(t, at, at + n, (uint64_t)t->packets << 32);
	}
	again = random_below(r, 2) ? random_below(r, 12) : 0;
	while (again-- > 0 && t->length > 0) {
		at = random_below(r, t->length);
		n = 1 + random_below(r, 3000);
		if (n > t->length - at)
			n = t->length - at;
		add_range(t, at, at + n,
		    (uint64_t)random_below(r, (uint32_t)t->packets + 1) << 32);
	}
}

/*
 * FIN on the packet with the last byte, or in one of its own.  A stream
 * whose SYN is not there may only be nearly in order, or it would be
 * complete before its first bytes have come.
 */
static void
make_ends(struct trial *t, struct random *r)
{
	struct packet *p;
	size_t i;
	bool done = false;

	for (i = 0; t->fin && random_below(r, 2) && i < t->packets; i++) {
		p = &t->packet[i];
		if (p->start + p->length == t->length) {
			p->flags |= TCP_FIN;
			done = true;
		}
	}
	if (t->fin && !done) {
		p = add(t, (uint64_t)t->packets << 32);
		p->flags |= TCP_FIN;
		p->start = t->length;
	}
	if (t->syn) {
		p = add(t, 0);
		p->flags = TCP_SYN;
	}
}

static void
make_order(struct trial *t, struct random *r)
{
	enum order order = (enum order)random_below(r, 3);
	uint32_t reach = 1 + random_below(r, 6);
	size_t i;

	if (order == ANY && t->fin && !t->syn)
		order = NEARLY;
	for (i = 0; i < t->packets; i++) {
		if (order == NEARLY)
			t->packet[i].key += (uint64_t)random_below(r,
			    reach) << 32 | i;
		else if (order == ANY && t->packet[i].flags != TCP_SYN)
			t->packet[i].key = random_next(r) >> 8;
		else
			t->packet[i].key |= i;
	}
	sort(t);
}

/* Acknowledgements of what has come, seen by the capture or not. */
static void
make_peer(struct trial *t, struct random *r)
{
	bool wild = random_below(r, 5) == 0;
	uint8_t *seen;
	struct packet *p;
	size_t n = t->packets, i;
	uint32_t top = 0;

	seen = calloc(1, t->length + 1u);
	if (seen == NULL)
		err(1, NULL);
	for (i = 0; i < n; i++)
		t->packet[i].key = i << 1;
	for (i = 0; i < n; i++) {
		memset(seen + t->packet[i].start, 1, t->packet[i].length);
		while (top < t->length && (seen[top] || !t->captured[top]))
			top++;
		if (random_below(r, 2))
			continue;
		p = add(t, i << 1 | 1);
		p->peer = true;
		p->ack = wild ? random_below(r, t->length + 1) : top;
	}
	free(seen);
	if (t->syn) {
		p = add(t, 1);
		p->peer = true;
		p->flags |= TCP_SYN;
	}
	sort(t);
}

uint64_t
random_next(struct random *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t
random_below(struct random *r, uint32_t n)
{
	return (uint32_t)(random_next(r) % n);
}

void
trial_make(struct trial *t, uint64_t seed, uint64_t number)
{
	static const uint32_t longest[] = { 8, 300, 5000, TRIAL_BYTES_MAX };
	struct random r = { .state = seed * 1000003 + number };
	uint32_t i;

	t->packet = NULL;
	t->packets = 0;
	t->number = number;
	t->length = random_below(&r, longest[random_below(&r, 4)]);
	t->isn = (uint32_t)random_next(&r);
	if (random_below(&r, 4) == 0)
		t->isn = 0 - random_below(&r, t->length + 2);
	t->peer_isn = (uint32_t)random_next(&r);
	t->syn = random_below(&r, 4) != 0;
	t->fin = random_below(&r, 2) != 0;
	t->has_peer = random_below(&r, 2) != 0;
	t->gap = random_below(&r, 3) == 0 ? 50000000 : 100000;
	for (i = 0; i < t->length; i++)
		t->bytes[i] = (uint8_t)random_next(&r);
	make_holes(t, &r);
	make_data(t, &r);
	make_ends(t, &r);
	make_order(t, &r);
	if (t->has_peer)
		make_peer(t, &r);
}

void
trial_free(struct trial *t)
{
	free(t->packet);
	t->packet = NULL;
	t->packets = 0;
}
