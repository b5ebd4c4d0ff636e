/* SPDX-License-Identifier: ISC */
/* Segments that wait. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-reasm/compare.h"
#include "cmd/flow-reasm/extent.h"
#include "cmd/flow-reasm/waiting.h"

/* What a copy of so many bytes takes of malloc(3)'s memory, about. */
static uint64_t
copy_cost(uint64_t n)
{
	return n < 24 ? 32 : (n + 8 + 15) & ~UINT64_C(15);
}

static uint64_t
extent_cost(const struct extent *e)
{
	return sizeof(*e) + (e->bytes != NULL ? copy_cost(e->length) : 0);
}

static void
account(struct reasm *r, struct trouble *t, const struct extent *e, bool more)
{
	uint64_t cost = extent_cost(e);

	if (more) {
		r->held += cost;
		t->held += cost;
		if (r->held > r->count.max_held)
			r->count.max_held = r->held;
	} else {
		r->held -= cost;
		t->held -= cost;
	}
}

static uint8_t *
copy_of(const uint8_t *bytes, size_t n)
{
	uint8_t *copy;

	copy = malloc(n);
	if (copy == NULL)
		err(1, "out of memory");
	memcpy(copy, bytes, n);
	return copy;
}

/* Where nothing waits yet. */
static void
insert(struct reasm *r, struct side *s, const struct run *run,
    uint64_t absent, int64_t time)
{
	struct trouble *t = s->trouble;
	uint32_t i = arena_new(&r->extents);
	struct extent *e = extent_at(&r->extents, i);

	e->start = run->start;
	e->time = time;
	e->absent = absent;
	e->length = absent != 0 ? 0 : run->length;
	if (absent == 0) {
		e->ref = run->ref;
		if (run->bytes != NULL && !r->limits.arrival)
			e->bytes = copy_of(run->bytes, run->length);
	}
	t->waiting = extent_insert(&r->extents, t->waiting, i);
	t->waiting_count++;
	account(r, t, e, true);
}

static void
delete(struct reasm *r, uint32_t i)
{
	free(extent_at(&r->extents, i)->bytes);
	arena_delete(&r->extents, i);
}

static struct run
run_of(const struct extent *e)
{
	struct run run = { .start = e->start, .length = e->length,
	    .ref = e->ref };

	if (e->bytes != NULL)
		run.bytes = e->bytes;
	return run;
}

/* Part of what one node holds, as a node of its own. */
static void
insert_part(struct reasm *r, struct side *s, const struct extent *e,
    int64_t from, int64_t to)
{
	struct run run = run_of(e);

	if (from >= to)
		return;
	if (e->absent != 0) {
		run.start = from;
		insert(r, s, &run, (uint64_t)(to - from), e->time);
	} else {
		run_part(&run, from, to);
		insert(r, s, &run, 0, e->time);
	}
}

/* Cut a range out of the node that holds it. */
static void
cut_out(struct reasm *r, struct side *s, uint32_t i, int64_t from, int64_t to)
{
	struct trouble *t = s->trouble;
	struct extent *e = extent_at(&r->extents, i);
	int64_t end = extent_end(e);

	t->waiting = extent_remove(&r->extents, t->waiting, e->start);
	t->waiting_count--;
	account(r, t, e, false);
	insert_part(r, s, e, e->start, from);
	insert_part(r, s, e, to, end);
	delete(r, i);
}

/* Does the new run take this range from the node that waits there? */
static bool
prevails(struct reasm *r, struct side *s, const struct extent *e,
    const struct run *run, uint64_t absent)
{
	struct run old = run_of(e);

	if (absent != 0)
		return false;
	if (e->absent != 0)
		return true;
	run_part(&old, run->start, run->start + run->length);
	return compare_runs(r, s, &old, run) && r->limits.overlap_last;
}

/*
 * One step: the range that is free, or that one node holds.  Returns the
 * position up to which it got.
 */
static int64_t
add_step(struct reasm *r, struct side *s, const struct run *run,
    uint64_t absent, int64_t end, int64_t time)
{
	uint32_t i = extent_after(&r->extents, s->trouble->waiting, run->start);
	struct extent *e = i != 0 ? extent_at(&r->extents, i) : NULL;
	struct run part = *run;
	int64_t to = end;

	if (e != NULL && e->start > run->start && e->start < end)
		to = e->start;
	else if (e != NULL && e->start <= run->start && extent_end(e) < end)
		to = extent_end(e);
	if (absent == 0)
		run_part(&part, run->start, to);
	else
		absent = (uint64_t)(to - run->start);
	if (e == NULL || e->start > run->start) {
		insert(r, s, &part, absent, time);
	} else if (prevails(r, s, e, &part, absent)) {
		cut_out(r, s, i, part.start, to);
		insert(r, s, &part, 0, time);
	}
	return to;
}

void
waiting_add(struct reasm *r, struct side *s, const struct run *run,
    uint32_t absent, int64_t time)
{
	struct run part = *run;
	int64_t end;

	end = run->start + (absent != 0 ? absent : run->length);
	side_trouble(r, s);
	while (part.start < end) {
		int64_t to = add_step(r, s, &part, absent, end, time);

		if (absent == 0)
			run_part(&part, to, end);
		else
			part.start = to;
	}
	side_waiting_touch(r, s);
}

int64_t
waiting_start(const struct reasm *r, const struct side *s)
{
	uint32_t i;

	if (s->trouble == NULL || s->trouble->waiting == 0)
		return INT64_MAX;
	i = extent_first(&r->extents, s->trouble->waiting);
	return extent_at(&r->extents, i)->start;
}

int64_t
waiting_end(const struct reasm *r, const struct side *s)
{
	uint32_t i = extent_last(&r->extents, s->trouble->waiting);

	return extent_end(extent_at(&r->extents, i));
}

bool
waiting_take(struct reasm *r, struct side *s, int64_t at, struct waiter *w)
{
	struct trouble *t = s->trouble;
	struct extent *e;

	if (t->waiting == 0)
		return false;
	w->node = extent_first(&r->extents, t->waiting);
	e = extent_at(&r->extents, w->node);
	if (e->start != at)
		return false;
	t->waiting = extent_remove(&r->extents, t->waiting, at);
	t->waiting_count--;
	account(r, t, e, false);
	w->run = run_of(e);
	w->absent = e->absent;
	w->time = e->time;
	return true;
}

void
waiting_release(struct reasm *r, const struct waiter *w)
{
	delete(r, w->node);
}
