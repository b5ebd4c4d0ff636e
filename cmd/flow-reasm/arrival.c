/* SPDX-License-Identifier: ISC */
/* A segment that has arrived. */
#include "cmd/flow-reasm/ahead.h"
#include "cmd/flow-reasm/arrival.h"
#include "cmd/flow-reasm/emit.h"
#include "cmd/flow-reasm/limits.h"
#include "cmd/flow-reasm/queue.h"
#include "cmd/flow-reasm/segment.h"
#include "cmd/flow-reasm/waiting.h"

/*
 * Bytes before the SYN's: a violation.  Returns false when nothing of the
 * segment lies after it.
 */
static bool
above_floor(struct reasm *r, struct side *s, struct run *run, int64_t end)
{
	int64_t floor = s->stream->base;

	if (s->trouble != NULL)
		floor = s->trouble->floor;
	if (run->start >= floor || !side_syn(s))
		return true;
	side_trouble(r, s);
	s->trouble->violations++;
	if (end <= floor || run->start + run->length <= floor)
		return false;
	run_part(run, floor, run->start + run->length);
	return true;
}

/*
 * A keep-alive of one byte repeats the last that was sent, or has anything
 * in its place.
 */
static bool
keep_alive(const struct reasm *r, const struct side *s, int64_t end)
{
	const struct stream *x = s->stream;

	if (x->packets <= 1)
		return false;
	if (r->limits.arrival || end == x->last)
		return end == x->last;
	if (s->trouble != NULL && s->trouble->waiting != 0)
		return end == waiting_end(r, s);
	return end == x->next;
}

void
arrival_data(struct reasm *r, struct side *s, const struct arrival *a)
{
	const struct segment *seg = &a->seg;
	struct run run = { .length = seg->ref.length, .ref = seg->ref,
	    .bytes = seg->payload };
	struct stream *x;
	int64_t end;

	side_full(r, s);
	x = s->stream;
	run.start = x->last + (int32_t)(a->seq - (uint32_t)x->last);
	end = run.start + seg->payload_length;
	if (seg->payload_length == 1 && keep_alive(r, s, end))
		return;
	if ((seg->tcp_flags & TCP_SYN) != 0) {
		side_trouble(r, s);
		s->trouble->violations++;
	}
	if (!above_floor(r, s, &run, end))
		return;
	if (run.start < x->last)
		x->out_of_order++;
	x->last = end;
	if (r->limits.arrival && run.length > 0)
		emit_bytes(r, s, RECORD_ARRIVAL, 0, r->now, &run);
	queue_add(r, s, &run, seg->payload_length - seg->ref.length, r->now);
	if ((x->flags & STREAM_HELD) != 0 && side_syn(s))
		queue_release(r, s);
	queue_due(r, s);
}

static bool
source_not_new(const struct reasm *r, uint32_t source)
{
	return source < NO_NEW_MAX &&
	    (r->no_new[source / 8] >> source % 8 & 1) != 0;
}

void
arrival_clock(struct reasm *r, int64_t time)
{
	const int64_t far = INT64_MAX / 2;

	r->now = time > far ? far : time < -far ? -far : time;
}

int
arrival_decode(struct arrival *a, const struct record *rec)
{
	if (segment_decode(&a->seg, rec) == -1)
		return -1;
	a->seq = a->seg.seq + ((a->seg.tcp_flags & TCP_SYN) != 0);
	tuple_set(&a->tuple, &a->seg.key);
	return 0;
}

void
arrival_take(struct reasm *r, const struct record *rec)
{
	struct arrival *a = NULL, fresh;

	if (ahead_helps(r))
		a = ahead_take(r, rec);
	if (a == NULL && arrival_decode(a = &fresh, rec) == -1) {
		if (r->count.malformed++ == 0)
			stage_bad(r->stage, "packet %jd: malformed segment",
			    (intmax_t)rec->offset);
		return;
	}
	if (rec->time != RECORD_NO_TIME)
		arrival_clock(r, rec->time);
	if (r->frames == FRAMES_UNKNOWN && r->count.segments > 0)
		r->frames = FRAMES_NO;
	arrival_settle(r);
	limits_time(r);
	r->count.segments++;
	r->attached = 0;
	if (r->limits.checksums &&
	    (a->seg.key.info & FLOW_CHECKSUM_BAD) != 0) {
		r->count.bad_checksum++;
		return;
	}
	a->rec = rec;
	a->source = a->seg.ref.source != 0 ? a->seg.ref.source : r->source;
	a->not_new = source_not_new(r, a->source);
	a->path = places_path(&r->places, &a->seg.key);
	segment_take(r, a);
	limits_memory(r);
}

void
arrival_frame(struct reasm *r, const struct record *rec)
{
	struct record out = *rec;
	struct side s;

	r->frames = FRAMES_YES;
	if (r->attached != 0)
		side_load(r, &s, r->attached, r->attached_which);
	if (r->attached == 0 || !side_live(&s)) {
		stage_pass(r->stage, rec);
		return;
	}
	limits_release(r, &s);
	emit_open(r, &s);
	out.stream = side_id(r, &s);
	stage_emit(r->stage, &out);
}

void
arrival_settle(struct reasm *r)
{
	struct side s;

	if (!r->closing)
		return;
	r->closing = false;
	side_load(r, &s, r->attached, r->attached_which);
	if (side_live(&s))
		limits_close_side(r, &s, r->closing_why);
}
