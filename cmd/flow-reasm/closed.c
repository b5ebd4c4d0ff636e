/* SPDX-License-Identifier: ISC */
/* Streams that closed a short while ago. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-reasm/closed.h"
#include "cmd/flow-reasm/compare.h"
#include "cmd/flow-reasm/holes.h"

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
static uint32_t
closed_chain(uint64_t hash, bool turned)
{
	return (uint32_t)((hash ^ turned) % CLOSED_MOST);
}

/* Room for one more; the oldest of all, the last in its chain, goes. */
static struct closed *
closed_new(struct closed_ring *c)
{
	uint32_t i = (uint32_t)(c->added % CLOSED_MOST), *link;

	if (c->added++ >= CLOSED_MOST) {
		link = &c->chain[c->last[i].chain];
		while (*link != i + 1)
			link = &c->last[*link - 1].older;
		*link = 0;
	}
	free(c->last[i].hole);
	memset(&c->last[i], 0, sizeof(c->last[i]));
	return &c->last[i];
}

static void
closed_link(struct closed_ring *c, struct closed *x, uint32_t chain)
{
	x->chain = chain;
	x->older = c->chain[chain];
	c->chain[chain] = (uint32_t)(x - c->last) + 1;
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
	r->closed = calloc(1, sizeof(*r->closed));
	if (r->closed == NULL)
		err(1, "out of memory");
}

void
closed_free(struct reasm *r)
{
	size_t i;

	for (i = 0; i < CLOSED_MOST && i < r->closed->added; i++)
		free(r->closed->last[i].hole);
	free(r->closed);
	r->closed = NULL;
}

/*
 * Keep the holes; what is too many becomes part of the last.  All before one
 * that was forgotten may be one.
 */
static void
holes_keep(struct reasm *r, const struct side *s, struct closed *x)
{
	const struct trouble *t = s->trouble;
	uint32_t n, i = 0;
	int64_t at = INT64_MIN;

	if (t == NULL || (t->hole_count == 0 && t->forgotten == INT64_MIN))
		return;
	n = t->hole_count < CLOSED_HOLES ? t->hole_count : CLOSED_HOLES;
	x->hole = malloc((n + 1) * sizeof(*x->hole));
	if (x->hole == NULL)
		err(1, "out of memory");
	if (t->forgotten != INT64_MIN)
		x->hole[x->holes++] = (struct hole){ x->base, t->forgotten };
	for (; i < n; i++, at = x->hole[x->holes - 1].end)
		holes_after(r, s, at, &x->hole[x->holes++]);
	if (n > 0)
		x->hole[x->holes - 1].end = holes_end(r, s);
}

void
closed_add(struct reasm *r, const struct side *s)
{
	struct connections *c = &r->connections;
	const struct connection *conn = s->conn;
	bool turned = conn->turned != (s->which != 0);
	struct tuple t = { .family = (s->ref & TABLE_SECOND) != 0 ? 6 : 4,
	    .port = { conn->port[0], conn->port[1] } };
	struct closed *x;
	uint32_t path, place, chain;

	if (s->stream == NULL || s->stream->next == s->stream->base)
		return;
	path = places_link_path(&r->places, connection_link(conn, s->which));
	place = place_of(r, path);
	memcpy(t.address, conn->address, t.family == 4 ? 8 : 32);
	chain = closed_chain(place == conn->place ?
	    connections_hash_of(c, s->ref) : connections_hash(c, &t, place),
	    turned);
	x = closed_new(r->closed);
	closed_link(r->closed, x, chain);
	key_set(x->key, (const uint8_t *)t.address, t.family, turned,
	    t.port);
	x->path = path;
	x->base = s->trouble != NULL ? s->trouble->low :
	    s->stream->base;
	x->end = s->stream->next;
	x->sent = x->end;
	if (r->limits.bytes >= 0 && x->end > s->stream->base + r->limits.bytes)
		x->sent = s->stream->base + r->limits.bytes;
	x->window = s->stream->window;
	holes_keep(r, s, x);
}

/* Does part of a run lie in what the stream had missed? */
static bool
in_hole(const struct closed *x, const struct run *run)
{
	uint32_t i;

	for (i = 0; i < x->holes; i++)
		if (run->start < x->hole[i].end &&
		    run->start + run->length > x->hole[i].start)
			return true;
	return false;
}

/* Was all of a run, whose start is a sequence number, sent already? */
static bool
had(struct reasm *r, const struct closed *x, const struct run *run)
{
	struct run moved = *run;

	moved.start = x->end + (int32_t)((uint32_t)run->start -
	    (uint32_t)x->end);
	if (moved.start < x->base || moved.start + run->length > x->end)
		return false;
	/* What -b cuts is nothing, nor is a keep-alive's byte. */
	if (moved.start >= x->sent)
		return true;
	if (moved.start + moved.length > x->sent)
		run_part(&moved, moved.start, x->sent);
	if (in_hole(x, &moved))
		return false;
	return moved.start == x->end - 1 ||
	    compare_closed(r, &moved, x->window);
}

bool
closed_has(struct reasm *r, const struct tuple *t, uint32_t path,
    const struct run *run)
{
	uint64_t block[5];
	const struct closed *x;
	uint32_t i;

	key_set(block, (const uint8_t *)t->address, t->family, t->turned,
	    t->port);
	i = r->closed->chain[closed_chain(connections_hash(&r->connections, t,
	    place_of(r, path)), t->turned)];
	for (; i != 0; i = x->older) {
		x = &r->closed->last[i - 1];
		if (x->path == path &&
		    memcmp(x->key, block, sizeof(block)) == 0 &&
		    had(r, x, run))
			return true;
	}
	return false;
}
