/* SPDX-License-Identifier: ISC */
/* What waits, what leaves, what is missing. */
#include <string.h>

#include "cmd/flow-reasm/compare.h"
#include "cmd/flow-reasm/emit.h"
#include "cmd/flow-reasm/holes.h"
#include "cmd/flow-reasm/queue.h"
#include "cmd/flow-reasm/waiting.h"

/* The position that -b ends at. */
static int64_t
limit_position(const struct reasm *r, const struct side *s)
{
	return r->limits.bytes < 0 ? INT64_MAX :
	    s->stream->base + r->limits.bytes;
}

/* A run leaves as this type, as far as -b lets it. */
static void
queue_send(struct reasm *r, struct side *s, enum record_type type,
    int64_t time, const struct run *run)
{
	int64_t limit = limit_position(r, s);
	struct run part = *run;

	if (r->limits.arrival || run->start >= limit || run->length == 0)
		return;
	if (run->start + run->length > limit)
		run_part(&part, run->start, limit);
	emit_bytes(r, s, type, 0, time, &part);
	if (r->limits.window > 0)
		s->stream->window = window_add(&r->window,
		    s->stream->window, &part);
}

static void
queue_data(struct reasm *r, struct side *s, const struct run *run,
    int64_t time)
{
	queue_send(r, s, RECORD_DATA, time, run);
	s->stream->next = run->start + run->length;
}

static void
queue_late(struct reasm *r, struct side *s, const struct run *run,
    int64_t time)
{
	queue_send(r, s, RECORD_LATE, time, run);
	s->trouble->late += run->length;
	r->count.late += run->length;
}

void
queue_skip(struct reasm *r, struct side *s, int64_t to, enum gap_cause cause)
{
	int64_t from = s->stream->next, limit = limit_position(r, s);
	int64_t end = to < limit ? to : limit;

	if (to <= from)
		return;
	side_trouble(r, s);
	s->stream->next = to;
	if (from >= end)
		return;
	if (r->limits.arrival) {
		s->trouble->gaps++;
		s->trouble->missing += (uint64_t)(end - from);
		r->count.gaps++;
		r->count.missing += (uint64_t)(end - from);
	} else {
		emit_gap(r, s, from, (uint64_t)(end - from), cause);
	}
	holes_add(r, s, from, end);
}

/* What waits and is next leaves. */
static void
queue_drain(struct reasm *r, struct side *s)
{
	struct waiter w;

	while (s->trouble != NULL && waiting_take(r, s, s->stream->next, &w)) {
		if (w.absent > 0)
			queue_skip(r, s, w.run.start + (int64_t)w.absent,
			    GAP_SNAPLEN);
		else
			queue_data(r, s, &w.run, w.time);
		waiting_release(r, &w);
	}
}

/* A part of a run, from position to position, before `next`. */
static void
queue_old(struct reasm *r, struct side *s, const struct run *run,
    int64_t time)
{
	int64_t at = run->start, end = at + run->length, to;
	struct run part;
	enum hole_kind kind;

	if (at < s->stream->base)
		side_trouble(r, s);
	while (at < end) {
		part = *run;
		to = end;
		kind = s->trouble == NULL ? HOLE_NONE : holes_at(r, s, at, &to);
		run_part(&part, at, to);
		if (kind == HOLE_NONE)
			compare_sent(r, s, &part, time);
		else
			queue_late(r, s, &part, time);
		if (kind == HOLE_KNOWN)
			holes_fill(r, s, at, to);
		at = to;
	}
}

/* One step of queue_add(): returns the position up to which it got. */
static int64_t
queue_step(struct reasm *r, struct side *s, const struct run *run,
    int64_t time)
{
	int64_t next = s->stream->next, end = run->start + run->length, to;
	struct run part = *run;

	if (run->start > next) {
		waiting_add(r, s, run, 0, time);
		if (s->stream->next != next)
			queue_drain(r, s);
		return end;
	}
	if (run->start < next) {
		to = end < next ? end : next;
		run_part(&part, run->start, to);
		queue_old(r, s, &part, time);
		return to;
	}
	to = waiting_start(r, s);
	if (to > end)
		to = end;
	run_part(&part, run->start, to);
	queue_data(r, s, &part, time);
	queue_drain(r, s);
	return to;
}

/* Bytes that were cut when they were captured. */
static void
queue_absent(struct reasm *r, struct side *s, int64_t from, int64_t to,
    int64_t time)
{
	struct run none = { .start = from };

	if (from < s->stream->next)
		from = s->stream->next;
	if (from >= to)
		return;
	none.start = from;
	waiting_add(r, s, &none, (uint32_t)(to - from), time);
	queue_drain(r, s);
}

void
queue_add(struct reasm *r, struct side *s, const struct run *run,
    uint32_t absent, int64_t time)
{
	int64_t at = run->start, end = at + run->length;
	struct run part = *run;

	/* In order and nothing waits: nearly every segment. */
	if (at == s->stream->next &&
	    (s->trouble == NULL || s->trouble->waiting == 0)) {
		queue_data(r, s, run, time);
		if (absent > 0)
			queue_skip(r, s, end + absent, GAP_SNAPLEN);
		return;
	}
	while (at < end) {
		run_part(&part, at, end);
		at = queue_step(r, s, &part, time);
	}
	if (absent > 0)
		queue_absent(r, s, end, end + absent, time);
}

void
queue_settle(struct reasm *r, struct side *s)
{
	struct stream *x = s->stream;

	if ((x->flags & STREAM_HELD) == 0)
		return;
	side_due_leave(r, s);
	x->flags &= ~(uint32_t)STREAM_HELD;
	if (s->trouble->waiting != 0)
		x->base = waiting_start(r, s);
	if (x->base > s->trouble->floor && s->trouble->floor != INT64_MIN)
		x->base = s->trouble->floor;
	x->next = x->base;
	if (x->acked < x->base)
		x->acked = x->base;
	s->trouble->low = x->base;
}

void
queue_release(struct reasm *r, struct side *s)
{
	if ((s->stream->flags & STREAM_HELD) == 0)
		return;
	queue_settle(r, s);
	queue_drain(r, s);
}

void
queue_give_up(struct reasm *r, struct side *s)
{
	int64_t to;

	side_due_leave(r, s);
	if (s->trouble->waiting == 0)
		return;
	to = waiting_start(r, s);
	if (!r->limits.no_ack && s->stream->acked < to)
		to = s->stream->acked;
	queue_skip(r, s, to, r->limits.no_ack ? GAP_UNKNOWN : GAP_MISSED);
	queue_drain(r, s);
}

void
queue_lose(struct reasm *r, struct side *s, int64_t to, enum gap_cause cause)
{
	int64_t acked = s->stream->acked;

	queue_skip(r, s, acked < to ? acked : to, GAP_MISSED);
	queue_skip(r, s, to, cause);
}

void
queue_flush(struct reasm *r, struct side *s, enum gap_cause cause)
{
	if (s->trouble == NULL)
		return;
	queue_release(r, s);
	side_due_leave(r, s);
	while (s->trouble->waiting != 0) {
		queue_lose(r, s, waiting_start(r, s), cause);
		queue_drain(r, s);
	}
}

void
queue_due(struct reasm *r, struct side *s)
{
	bool missed;

	if (s->trouble == NULL || (s->stream->flags & STREAM_HELD) != 0)
		return;
	missed = s->trouble->waiting != 0 && (r->limits.no_ack ||
	    s->stream->acked > s->stream->next);
	if (!missed)
		side_due_leave(r, s);
	else if (!s->trouble->due)
		side_due_enter(r, s, r->limits.ack_slack);
}

void
queue_forget(struct reasm *r, struct side *s)
{
	holes_forget(r, s);
}
