/* SPDX-License-Identifier: ISC */
/* What the packets to come will need. */
#include <err.h>
#include <stdlib.h>

#include "cmd/flow-reasm/ahead.h"
#include "libcommon/stage_ahead.h"

static void
fetch(const struct arena *a, uint32_t i)
{
	const uint8_t *object;

	/* A number from a connection that is gone may be anything. */
	if (i == 0 || i > a->made)
		return;
	object = arena_at(a, i);
	__builtin_prefetch(object);
	__builtin_prefetch(object + a->size - 1);
}

static unsigned
slot(const struct ahead *h, unsigned i)
{
	return (h->first + i) % AHEAD_PACKETS;
}

static struct arrival *
at(struct ahead *h, unsigned i)
{
	return &h->packet[slot(h, i)];
}

/* Only a packet of the usual path: others are rare, and none is made here. */
static void
fetch_bucket(struct reasm *r, struct arrival *a)
{
	const struct connections *c = &r->connections;
	uint32_t place = places_guess(&r->places, &a->seg.key);

	if (place == 0)
		return;
	a->tuple.hash = connections_hash(c, &a->tuple, place);
	a->tuple.place = place;
	__builtin_prefetch(table_bucket(&c->table, a->tuple.hash));
}

static void
fetch_entry(struct reasm *r, struct tuple *tuple)
{
	const struct table *t = &r->connections.table;
	struct table_walk walk;
	uint32_t ref;

	if (tuple->place == 0)
		return;
	tuple->near = ref = table_first(t, tuple->hash, &walk);
	if (ref == 0)
		return;
	__builtin_prefetch(table_at(t, ref));
	__builtin_prefetch(table_link(t, ref));
}

static void
fetch_stream(struct reasm *r, uint32_t ref)
{
	struct connections *c = &r->connections;
	const struct connection *conn;

	if (ref == 0)
		return;
	conn = connections_at(c, ref);
	if (conn->state0 == SIDE_STREAM)
		fetch(&r->streams, conn->now0.full.stream);
	if (!conn->wide)
		fetch(&c->others, conn->other);
}

static void
fetch_peer(struct reasm *r, uint32_t ref)
{
	struct connections *c = &r->connections;
	const struct connection *conn;
	const struct other_side *other;

	if (ref == 0)
		return;
	conn = connections_at(c, ref);
	if (conn->state1 != SIDE_STREAM || conn->wide || conn->other == 0 ||
	    conn->other > c->others.made)
		return;
	other = arena_at(&c->others, conn->other);
	fetch(&r->streams, other->now.full.stream);
}

/* Take in packets as far as they have been read, and ask for more of each. */
static void
look(struct reasm *r, struct ahead *h)
{
	struct record rec;
	unsigned i;

	if (h->count == 0)
		h->at = NULL;
	/* One slot is that of the packet being taken. */
	while (h->count < AHEAD_PACKETS - 1 &&
	    stage_ahead(r->stage, &h->at, &rec)) {
		i = slot(h, h->count);
		if (rec.type != RECORD_SEGMENT ||
		    arrival_decode(&h->packet[i], &rec) == -1)
			continue;
		fetch_bucket(r, &h->packet[i]);
		h->body[i] = rec.body;
		h->count++;
	}
	if (h->count > AHEAD_ENTRY)
		fetch_entry(r, &at(h, AHEAD_ENTRY)->tuple);
	if (h->count > AHEAD_STREAM)
		fetch_stream(r, at(h, AHEAD_STREAM)->tuple.near);
	if (h->count > AHEAD_PEER)
		fetch_peer(r, at(h, AHEAD_PEER)->tuple.near);
}

struct ahead *
ahead_new(void)
{
	struct ahead *h = calloc(1, sizeof(*h));

	if (h == NULL)
		err(1, "out of memory");
	return h;
}

struct arrival *
ahead_take(struct reasm *r, const struct record *rec)
{
	struct ahead *h = r->ahead;
	struct arrival *a = NULL;

	if (h->count > 0) {
		if (h->body[h->first] == rec->body)
			a = &h->packet[h->first];
		else
			h->count = 1;
		h->first = slot(h, 1);
		h->count--;
	}
	if (r->connections.table.used >= AHEAD_LEAST)
		look(r, h);
	return a;
}
