/* SPDX-License-Identifier: ISC */
/* Streams that closed a short while ago. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-reasm/closed.h"
#include "cmd/flow-reasm/compare.h"

static void
key_set(uint64_t key[5], const uint8_t *address, uint8_t family, bool turned,
    const uint16_t port[2])
{
	memset(key, 0, 5 * sizeof(*key));
	memcpy(key, address, family == 4 ? 8 : 32);
	key[4] = (uint64_t)family << 48 | (uint64_t)turned << 32 |
	    (uint64_t)port[0] << 16 | port[1];
}

/* By the hash that connections of these ends have in that place. */
static struct closed_set *
closed_set(struct reasm *r, uint64_t hash, bool turned)
{
	return &r->closed[(hash ^ turned) % CLOSED_SETS];
}

/* The place that a stream's packets come from. */
static uint32_t
place_of(const struct reasm *r, uint32_t path)
{
	return places_path_at(&r->places, path)->place;
}

void
closed_init(struct reasm *r)
{
	r->closed = calloc(CLOSED_SETS, sizeof(*r->closed));
	if (r->closed == NULL)
		err(1, "out of memory");
}

void
closed_free(struct reasm *r)
{
	free(r->closed);
	r->closed = NULL;
}

void
closed_add(struct reasm *r, const struct side *s)
{
	struct connections *c = &r->connections;
	const struct connection *conn = s->conn;
	bool turned = conn->turned != (s->which != 0);
	struct tuple t = { .family = (s->ref & TABLE_SECOND) != 0 ? 6 : 4,
	    .port = { conn->port[0], conn->port[1] } };
	struct closed_set *set;
	struct closed *x;
	uint32_t path, place;
	unsigned i, oldest = 0;

	if (s->stream == NULL || s->stream->next == s->stream->base)
		return;
	path = places_link_path(&r->places, connection_link(conn, s->which));
	place = place_of(r, path);
	memcpy(t.address, conn->address, t.family == 4 ? 8 : 32);
	set = closed_set(r, place == conn->place ?
	    connections_hash_of(c, s->ref) : connections_hash(c, &t, place),
	    turned);
	for (i = 1; i < CLOSED_WAYS; i++)
		if (set->used[i] < set->used[oldest])
			oldest = i;
	set->used[oldest] = ++r->closed_serial;
	x = &set->way[oldest];
	key_set(x->key, (const uint8_t *)t.address, t.family, turned,
	    t.port);
	x->path = path;
	x->base = s->trouble != NULL ? s->trouble->low :
	    s->stream->base;
	x->end = s->stream->next;
	x->window = s->stream->window;
}

bool
closed_has(struct reasm *r, const struct tuple *t, uint32_t path,
    const struct run *run)
{
	uint64_t block[5];
	struct closed_set *set;
	const struct closed *x;
	struct run moved = *run;
	unsigned i;

	key_set(block, (const uint8_t *)t->address, t->family, t->turned,
	    t->port);
	set = closed_set(r, connections_hash(&r->connections, t,
	    place_of(r, path)), t->turned);
	for (i = 0; i < CLOSED_WAYS; i++) {
		x = &set->way[i];
		if (set->used[i] == 0 || x->path != path ||
		    memcmp(x->key, block, sizeof(block)) != 0)
			continue;
		moved.start = x->end + (int32_t)((uint32_t)run->start -
		    (uint32_t)x->end);
		if (moved.start < x->base ||
		    moved.start + run->length > x->end)
			continue;
		/* A keep-alive's byte is nothing. */
		if (moved.start == x->end - 1 ||
		    compare_closed(r, x->window, &moved))
			return true;
	}
	return false;
}
