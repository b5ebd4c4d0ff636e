/* SPDX-License-Identifier: ISC */
/* Bytes that came twice, compared. */
#include <string.h>

#include "cmd/flow-reasm/compare.h"
#include "cmd/flow-reasm/emit.h"
#include "cmd/flow-reasm/queue.h"

enum { PIECE = 16384 };			/* bytes compared at a time */

enum verdict { SAME, DIFFERENT, UNREADABLE };

struct difference {
	int64_t		 first, end;	/* positions */
};

static bool
readable(const struct reasm *r, const struct run *run)
{
	return run->bytes != NULL || (run->ref.source != 0 && r->can_read);
}

/* The piece of a run at a position, or NULL when it cannot be had. */
static const uint8_t *
piece(struct reasm *r, const struct run *run, int64_t at, uint32_t n)
{
	struct run part = *run;

	run_part(&part, at, at + n);
	if (part.bytes != NULL)
		return part.bytes;
	return stage_bytes(r->stage, &part.ref, NULL);
}

static void
differ(struct difference *d, int64_t at, const uint8_t *a, const uint8_t *b,
    uint32_t n)
{
	uint32_t i, last = 0;
	bool any = false;

	for (i = 0; i < n; i++) {
		if (a[i] == b[i])
			continue;
		if (!any && d->end == 0)
			d->first = at + i;
		any = true;
		last = i + 1;
	}
	if (any)
		d->end = at + last;
}

static enum verdict
run_compare(struct reasm *r, const struct run *a, const struct run *b,
    struct difference *d)
{
	uint8_t copy[PIECE];
	const uint8_t *p;
	uint32_t at, n;

	d->first = d->end = 0;
	if (!readable(r, a) || !readable(r, b))
		return UNREADABLE;
	for (at = 0; at < a->length; at += n) {
		n = a->length - at < PIECE ? a->length - at : PIECE;
		p = piece(r, a, a->start + at, n);
		if (p == NULL)
			return UNREADABLE;
		memcpy(copy, p, n);
		p = piece(r, b, a->start + at, n);
		if (p == NULL)
			return UNREADABLE;
		if (memcmp(copy, p, n) != 0)
			differ(d, a->start + at, copy, p, n);
	}
	return d->end != 0 ? DIFFERENT : SAME;
}

bool
compare_runs(struct reasm *r, struct side *s, const struct run *old,
    const struct run *new)
{
	struct run kept = *old, other = *new;
	struct difference d;

	if (r->limits.arrival)
		return false;
	switch (run_compare(r, old, new, &d)) {
	case SAME:
		return false;
	case UNREADABLE:
		return r->limits.overlap_last;
	case DIFFERENT:
		break;
	}
	if (r->limits.overlap_last) {
		kept = *new;
		other = *old;
	}
	run_part(&kept, d.first, d.end);
	run_part(&other, d.first, d.end);
	queue_settle(r, s);
	emit_conflict(r, s, &kept, &other);
	return true;
}

/* The last copy wins: send it once more. */
static void
replace(struct reasm *r, struct side *s, const struct run *run, int64_t time)
{
	int64_t end = INT64_MAX;
	struct run part = *run;

	if (r->limits.bytes >= 0)
		end = s->stream->base + r->limits.bytes;
	if (part.start >= end || part.length == 0)
		return;
	if (part.start + part.length > end)
		run_part(&part, part.start, end);
	emit_bytes(r, s, RECORD_LATE, RECORD_REPLACE, time, &part);
	s->stream->window = window_add(&r->window, s->stream->window, &part);
}

/* Cut both runs down to what they have in common; false: nothing. */
static bool
clip(struct run *a, struct run *b)
{
	int64_t from = a->start > b->start ? a->start : b->start;
	int64_t to = a->start + a->length < b->start + b->length ?
	    a->start + a->length : b->start + b->length;

	if (from >= to)
		return false;
	run_part(a, from, to);
	run_part(b, from, to);
	return true;
}

/*
 * Walk back from `at` to the newest extent that has part of the run; what
 * lies beside that part goes on from there.
 */
static void
compare_from(struct reasm *r, struct side *s, const struct run *run,
    int64_t time, uint64_t at, unsigned *steps)
{
	int64_t end = run->start + run->length, from, to;
	struct run old, part;
	uint64_t before;

	for (; *steps > 0; at = before) {
		--*steps;
		before = window_get(&r->window, at, &old);
		if (old.length == 0)
			break;
		part = *run;
		if (!clip(&old, &part))
			continue;
		if (compare_runs(r, s, &old, &part) && r->limits.overlap_last)
			replace(r, s, &part, time);
		from = part.start;
		to = from + part.length;
		if (from > run->start) {
			part = *run;
			run_part(&part, run->start, from);
			compare_from(r, s, &part, time, before, steps);
		}
		if (to < end) {
			part = *run;
			run_part(&part, to, end);
			compare_from(r, s, &part, time, before, steps);
		}
		return;
	}
	if (r->limits.overlap_last)
		replace(r, s, run, time);
}

void
compare_sent(struct reasm *r, struct side *s, const struct run *run,
    int64_t time)
{
	unsigned steps = WINDOW_STEPS;

	if (r->limits.arrival || run->length == 0)
		return;
	if (s->stream->next - run->start > r->limits.window &&
	    !r->limits.overlap_last)
		return;
	compare_from(r, s, run, time, s->stream->window, &steps);
}

/* As compare_from(), for a stream that is no more. */
static bool
closed_from(struct reasm *r, const struct run *run, uint64_t at,
    unsigned *steps)
{
	struct difference d;
	struct run old, part;
	int64_t from, to;

	while (run->length > 0 && *steps > 0) {
		--*steps;
		at = window_get(&r->window, at, &old);
		if (old.length == 0)
			break;
		part = *run;
		if (!clip(&old, &part))
			continue;
		if (run_compare(r, &old, &part, &d) == DIFFERENT)
			return false;
		from = part.start;
		to = from + part.length;
		part = *run;
		run_part(&part, run->start, from);
		if (!closed_from(r, &part, at, steps))
			return false;
		part = *run;
		run_part(&part, to, run->start + run->length);
		return closed_from(r, &part, at, steps);
	}
	return true;
}

bool
compare_closed(struct reasm *r, const struct run *run, uint64_t window)
{
	unsigned steps = WINDOW_STEPS;

	return closed_from(r, run, window, &steps);
}
