/* SPDX-License-Identifier: ISC */
/* The holes of a stream. */
#include "cmd/flow-reasm/extent.h"
#include "cmd/flow-reasm/holes.h"

static void
hole_remove(struct reasm *r, struct side *s, uint32_t i)
{
	struct trouble *t = s->trouble;

	t->holes = extent_remove(&r->extents, t->holes,
	    extent_at(&r->extents, i)->start);
	t->hole_count--;
	arena_delete(&r->extents, i);
	r->held -= sizeof(struct extent);
	t->held -= sizeof(struct extent);
}

/* Too many: the one farthest back is the least likely to be filled. */
static void
hole_forget_first(struct reasm *r, struct side *s)
{
	struct trouble *t = s->trouble;
	uint32_t i = extent_first(&r->extents, t->holes);
	int64_t end = extent_end(extent_at(&r->extents, i));

	/* Lower ones may have come since higher ones were forgotten. */
	if (t->forgotten < end)
		t->forgotten = end;
	hole_remove(r, s, i);
}

void
holes_add(struct reasm *r, struct side *s, int64_t from, int64_t to)
{
	struct trouble *t = s->trouble;
	struct extent *e;
	uint32_t i;

	if (from >= to)
		return;
	i = arena_new(&r->extents);
	e = extent_at(&r->extents, i);
	e->start = from;
	e->absent = (uint64_t)(to - from);
	t->holes = extent_insert(&r->extents, t->holes, i);
	t->hole_count++;
	t->held += sizeof(*e);
	r->held += sizeof(*e);
	side_waiting_touch(r, s);
	if (t->hole_count > HOLES_MAX)
		hole_forget_first(r, s);
}

void
holes_before(struct reasm *r, struct side *s, int64_t from)
{
	struct trouble *t = s->trouble;

	if (from >= t->low)
		return;
	holes_add(r, s, from, t->low);
	t->gaps++;
	t->missing += (uint64_t)(t->low - from);
	r->count.gaps++;
	r->count.missing += (uint64_t)(t->low - from);
	t->low = from;
}

enum hole_kind
holes_at(struct reasm *r, struct side *s, int64_t at, int64_t *to)
{
	struct trouble *t = s->trouble;
	const struct extent *e;
	uint32_t i;

	if (at < t->low) {
		if (*to > t->low)
			*to = t->low;
		holes_before(r, s, *to);
		t->low = at;
		return HOLE_BEFORE;
	}
	if (at < t->forgotten) {
		if (*to > t->forgotten)
			*to = t->forgotten;
		return HOLE_FORGOTTEN;
	}
	i = extent_after(&r->extents, t->holes, at);
	if (i == 0)
		return HOLE_NONE;
	e = extent_at(&r->extents, i);
	if (e->start > at) {
		if (*to > e->start)
			*to = e->start;
		return HOLE_NONE;
	}
	if (*to > extent_end(e))
		*to = extent_end(e);
	return HOLE_KNOWN;
}

void
holes_fill(struct reasm *r, struct side *s, int64_t from, int64_t to)
{
	uint32_t i = extent_after(&r->extents, s->trouble->holes, from);
	int64_t start, end;

	start = extent_at(&r->extents, i)->start;
	end = extent_end(extent_at(&r->extents, i));
	hole_remove(r, s, i);
	holes_add(r, s, start, from);
	holes_add(r, s, to, end);
	s->trouble->missing -= (uint64_t)(to - from);
	r->count.missing -= (uint64_t)(to - from);
}

void
holes_forget(struct reasm *r, struct side *s)
{
	while (s->trouble->holes != 0)
		hole_forget_first(r, s);
}

void
holes_after(struct reasm *r, const struct side *s, int64_t position,
    struct hole *hole)
{
	const struct extent *e = extent_at(&r->extents,
	    extent_after(&r->extents, s->trouble->holes, position));

	hole->start = e->start;
	hole->end = extent_end(e);
}

int64_t
holes_end(struct reasm *r, const struct side *s)
{
	return extent_end(extent_at(&r->extents,
	    extent_last(&r->extents, s->trouble->holes)));
}

void
holes_free(struct reasm *r, struct side *s)
{
	struct trouble *t = s->trouble;

	while (t != NULL && t->holes != 0)
		hole_remove(r, s, t->holes);
}
