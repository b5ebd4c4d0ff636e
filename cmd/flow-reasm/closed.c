/* SPDX-License-Identifier: ISC */
/* Streams that closed a short while ago. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-reasm/closed.h"
#include "cmd/flow-reasm/compare.h"

static void
key_set(uint64_t key[5], const struct tuple *t)
{
	memset(key, 0, 5 * sizeof(*key));
	memcpy(key, t->address, t->family == 4 ? 8 : 32);
	key[4] = (uint64_t)t->family << 48 | (uint64_t)t->turned << 32 |
	    (uint64_t)t->port[0] << 16 | t->port[1];
}

static struct closed *
closed_set(struct reasm *r, const uint64_t key[5])
{
	uint64_t hash = siphash(&r->connections.seed, key, 5);

	return r->closed + hash % CLOSED_SETS * CLOSED_WAYS;
}

void
closed_init(struct reasm *r)
{
	r->closed = calloc(CLOSED_SETS * CLOSED_WAYS, sizeof(*r->closed));
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
	struct closed *set, *oldest;
	struct flow_key key;
	struct birth b;
	struct tuple t;
	uint64_t block[5];
	unsigned i;

	if (s->stream == NULL || s->stream->next == s->stream->base)
		return;
	connection_key(&r->connections, s->conn, s->ref, s->which, &key);
	connection_birth(&r->connections, s->conn, s->which, &b);
	tuple_set(&t, &key);
	key_set(block, &t);
	oldest = set = closed_set(r, block);
	for (i = 1; i < CLOSED_WAYS; i++)
		if (set[i].used < oldest->used)
			oldest = &set[i];
	memcpy(oldest->key, block, sizeof(block));
	oldest->path = places_link_path(&r->places, b.link);
	oldest->used = ++r->closed_serial;
	oldest->base = s->trouble != NULL ? s->trouble->low :
	    s->stream->base;
	oldest->end = s->stream->next;
	oldest->window = s->stream->window;
}

bool
closed_has(struct reasm *r, const struct tuple *t, uint32_t path,
    const struct run *run)
{
	uint64_t block[5];
	struct closed *set;
	struct run moved = *run;
	unsigned i;

	key_set(block, t);
	set = closed_set(r, block);
	for (i = 0; i < CLOSED_WAYS; i++, set++) {
		if (set->used == 0 || set->path != path ||
		    memcmp(set->key, block, sizeof(block)) != 0)
			continue;
		moved.start = set->end + (int32_t)((uint32_t)run->start -
		    (uint32_t)set->end);
		if (moved.start < set->base ||
		    moved.start + run->length > set->end)
			continue;
		/* A keep-alive's byte is nothing. */
		if (moved.start == set->end - 1 ||
		    compare_closed(r, set->window, &moved))
			return true;
	}
	return false;
}
