/* SPDX-License-Identifier: ISC */
/* Closing: by FIN, by time, for want of memory. */
#include "cmd/flow-reasm/closed.h"
#include "cmd/flow-reasm/emit.h"
#include "cmd/flow-reasm/holes.h"
#include "cmd/flow-reasm/limits.h"
#include "cmd/flow-reasm/queue.h"

/* Whole seconds, as the timeouts count them. */
static int64_t
seconds(int64_t time)
{
	const int64_t second = 1000000000;

	return time / second - (time % second < 0);
}

/* Bytes that FIN or an acknowledgement prove, after the last one seen. */
static void
close_tail(struct reasm *r, struct side *s)
{
	struct stream *x = s->stream;

	if ((x->flags & STREAM_FIN) != 0) {
		queue_lose(r, s, s->trouble->fin, GAP_UNSENT);
	} else if (x->acked > x->next + 1) {
		/* One byte more may be a FIN that was not captured. */
		queue_skip(r, s, x->acked, GAP_MISSED);
	}
}

static void
close_stream(struct reasm *r, struct side *s, enum close_why why)
{
	struct stream *x = s->stream;
	int64_t length;

	queue_flush(r, s, why == CLOSE_EVICTED ? GAP_EVICTED : GAP_UNSENT);
	close_tail(r, s);
	length = x->next - x->base;
	if (r->limits.bytes >= 0 && length > r->limits.bytes &&
	    !r->limits.arrival)
		emit_gap(r, s, x->base + r->limits.bytes,
		    (uint64_t)(length - r->limits.bytes), GAP_LIMIT);
	closed_add(r, s);
	holes_free(r, s);
}

static void
order_leave(struct reasm *r, uint32_t ref)
{
	struct connections *c = &r->connections;
	struct connection *conn = connections_at(c, ref);

	if (conn->order == ORDER_NONE)
		return;
	table_leave(&c->table, &c->order[conn->order], ref);
	if (conn->order == ORDER_LINGER)
		c->lingering--;
	conn->order = ORDER_NONE;
}

/* Has its FIN come, and it is only open for what may come late? */
static bool
is_over(const struct side *s)
{
	return s->stream != NULL &&
	    (s->stream->flags & (STREAM_LINGERS | STREAM_OVER)) != 0;
}

/* Is that so of all that is live of a connection? */
static bool
lingers(struct reasm *r, uint32_t ref)
{
	struct side s;
	unsigned i;

	for (i = 0; i < 2; i++) {
		side_load(r, &s, ref, i);
		if (side_live(&s) && !is_over(&s))
			return false;
	}
	return true;
}

/* Time of the last packet of either side. */
static int64_t
last_time(struct reasm *r, uint32_t ref)
{
	const struct connections *c = &r->connections;
	struct side s;
	int64_t time, last = INT64_MIN;
	unsigned i;

	for (i = 0; i < 2; i++) {
		side_load(r, &s, ref, i);
		if (!side_live(&s))
			continue;
		time = s.stream != NULL ? s.stream->end :
		    connection_start(c, s.conn, i) +
		    (int64_t)connection_now(c, s.conn, i)->quiet.end;
		if (time > last)
			last = time;
	}
	return last;
}

/* Close the least active ones that have been so for over a time. */
static void
expire(struct reasm *r, enum order order, int64_t limit)
{
	struct connections *c = &r->connections;
	uint32_t ref;

	if (limit < 0)
		return;
	while ((ref = c->order[order].oldest) != 0 &&
	    seconds(r->now) - seconds(last_time(r, ref)) > limit) {
		r->count.timeouts++;
		limits_close(r, ref, CLOSE_TIMEOUT);
	}
}

/* A side whose time to wait is over: its hole, or the hold of its start. */
static void
due_now(struct reasm *r, struct side *s)
{
	if ((s->stream->flags & STREAM_HELD) != 0) {
		queue_release(r, s);
	} else {
		queue_give_up(r, s);
	}
	queue_due(r, s);
	if (limits_ended(r, s))
		limits_close_side(r, s, CLOSE_FIN);
	else
		side_calm(r, s);
}

static void
expire_due(struct reasm *r, struct trouble_list *list, int64_t limit)
{
	struct trouble *t;
	struct side s;

	while (list->oldest != 0) {
		t = arena_at(&r->troubles, list->oldest);
		if (r->now - t->due_time <= limit)
			break;
		side_load(r, &s, t->ref, t->second);
		due_now(r, &s);
	}
}

/* The stream that was active least recently gives memory back. */
static void
relieve(struct reasm *r)
{
	struct trouble *t = arena_at(&r->troubles, r->waiting.oldest);
	struct side s;

	side_load(r, &s, t->ref, t->second);
	if (t->waiting != 0) {
		r->count.evicted_holes++;
		queue_flush(r, &s, GAP_EVICTED);
		if (limits_ended(r, &s))
			limits_close_side(r, &s, CLOSE_FIN);
		return;
	}
	queue_forget(r, &s);
	side_waiting_leave(r, &s);
}

/* Which connection goes when there are too many. */
static uint32_t
least_active(struct reasm *r)
{
	const struct connections *c = &r->connections;
	uint32_t quiet = c->order[ORDER_QUIET].oldest;
	uint32_t busy = c->order[ORDER_BUSY].oldest;

	if (c->order[ORDER_LINGER].oldest != 0)
		return c->order[ORDER_LINGER].oldest;
	if (quiet == 0 || busy == 0)
		return quiet != 0 ? quiet : busy;
	return last_time(r, busy) < last_time(r, quiet) ? busy : quiet;
}

void
limits_expire(struct reasm *r)
{
	const struct connections *c = &r->connections;

	if (r->due_hold.oldest != 0)
		expire_due(r, &r->due_hold, HOLD_TIME);
	if (r->due_ack.oldest != 0)
		expire_due(r, &r->due_ack, SLACK_TIME);
	if (c->order[ORDER_LINGER].oldest != 0)
		expire(r, ORDER_LINGER, LINGER_SECONDS);
	expire(r, ORDER_BUSY, r->limits.idle);
	expire(r, ORDER_QUIET, r->limits.idle);
	expire(r, ORDER_QUIET, r->limits.half_open);
}

void
limits_relieve(struct reasm *r)
{
	struct connections *c = &r->connections;

	while (r->held > r->limits.memory && r->waiting.oldest != 0)
		relieve(r);
	if (c->lingering > LINGER_MAX)
		limits_close(r, c->order[ORDER_LINGER].oldest, CLOSE_TIMEOUT);
	while (c->table.used > r->limits.connections) {
		r->count.evicted_connections++;
		limits_close(r, least_active(r), CLOSE_EVICTED);
	}
}

void
limits_idle(struct reasm *r)
{
	/* Whatever the time is: it may have run backwards. */
	expire_due(r, &r->due_hold, INT64_MIN);
}

void
limits_touch(struct reasm *r, const struct side *s, bool data)
{
	struct connections *c = &r->connections;
	struct connection *conn = s->conn;
	enum order order = ORDER_QUIET;

	if (data || conn->order == ORDER_BUSY || conn->order == ORDER_LINGER)
		order = ORDER_BUSY;
	if (is_over(s) && lingers(r, s->ref))
		order = ORDER_LINGER;
	if (order != conn->order) {
		order_leave(r, s->ref);
		conn->order = order & 3;
		c->lingering += order == ORDER_LINGER;
	}
	if (c->order[order].newest != s->ref)
		table_touch(&c->table, &c->order[order], s->ref);
}

void
limits_release(struct reasm *r, struct side *s)
{
	if (s->stream == NULL || (s->stream->flags & STREAM_HELD) == 0)
		return;
	queue_release(r, s);
	queue_due(r, s);
	/* It has no SYN, so that it lingers: it does not close here. */
	(void)limits_ended(r, s);
}

/*
 * Bytes of the other side that wait will leave some day: it opens before
 * this one closes, so that who pairs them meets both.
 */
static void
open_other(struct reasm *r, const struct side *s)
{
	struct side other;

	if (s->stream == NULL || (s->stream->flags & STREAM_OPEN_SENT) == 0)
		return;
	side_load(r, &other, s->ref, !s->which);
	if (!side_live(&other) || other.trouble == NULL ||
	    other.trouble->waiting == 0)
		return;
	limits_release(r, &other);
	emit_open(r, &other);
}

void
limits_close_side(struct reasm *r, struct side *s, enum close_why why)
{
	uint32_t ref = s->ref;
	struct side other;

	open_other(r, s);
	if (is_over(s) && why != CLOSE_EVICTED)
		why = CLOSE_FIN;
	if (s->stream != NULL)
		close_stream(r, s, why);
	emit_close(r, s, why);
	side_end(r, s);
	r->count.open_streams--;
	if (r->ending)
		return;
	side_load(r, &other, ref, !s->which);
	if (side_live(&other)) {
		if (is_over(&other))
			limits_touch(r, &other, true);
		return;
	}
	if (r->attached == ref) {
		r->attached = 0;
		r->closing = false;
	}
	order_leave(r, ref);
	connections_delete(&r->connections, ref);
	s->conn = NULL;
}

void
limits_close(struct reasm *r, uint32_t ref, enum close_why why)
{
	struct side s, other;

	side_load(r, &s, ref, 0);
	side_load(r, &other, ref, 1);
	if (!side_live(&other)) {
		limits_close_side(r, &s, why);
		return;
	}
	if (side_live(&s))
		limits_close_side(r, &s, why);
	limits_close_side(r, &other, why);
}

void
limits_packet(struct reasm *r, struct side *s)
{
	if (s->trouble == NULL || !s->trouble->due)
		return;
	if (s->trouble->due_packets > 0)
		s->trouble->due_packets--;
	if (s->trouble->due_packets > 0)
		return;
	if ((s->stream->flags & STREAM_HELD) != 0)
		queue_release(r, s);
	else
		queue_give_up(r, s);
	queue_due(r, s);
}

bool
limits_ended(struct reasm *r, struct side *s)
{
	struct stream *x = s->stream;
	struct trouble *t = s->trouble;

	if (x == NULL || (x->flags & STREAM_FIN) == 0 ||
	    (x->flags & STREAM_HELD) != 0 || r->limits.no_purge)
		return false;
	if (x->next != t->fin || t->waiting != 0)
		return false;
	if (t->missing > 0)
		x->flags |= STREAM_LINGERS;
	else if (!side_syn(s) && x->packets <= LATE_SYN_PACKETS)
		x->flags |= STREAM_OVER;
	else
		return true;
	limits_touch(r, s, true);
	return false;
}
