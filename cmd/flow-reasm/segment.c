/* SPDX-License-Identifier: ISC */
/* What one TCP segment does to the streams. */
#include <string.h>

#include "cmd/flow-reasm/arrival.h"
#include "cmd/flow-reasm/closed.h"
#include "cmd/flow-reasm/limits.h"
#include "cmd/flow-reasm/queue.h"
#include "cmd/flow-reasm/segment.h"
#include "cmd/flow-reasm/syn.h"

/* Does the segment lie further away than -m allows? */
static bool
jumps(const struct reasm *r, const struct side *s, const struct arrival *a)
{
	int64_t delta;

	if (a->seg.payload_length == 0)
		return false;
	if (s->stream != NULL) {
		delta = (int32_t)(a->seq - (uint32_t)s->stream->last);
	} else {
		delta = (int32_t)(a->seq - connection_seq(&r->connections,
		    s->conn, s->which));
	}
	return delta > r->limits.jump || -delta > r->limits.jump;
}

/*
 * An acknowledgement of bytes that were not seen: believed when the next
 * one says so too, for one may be damaged or forged.
 */
static int64_t
confirmed(struct reasm *r, struct side *peer, int64_t to)
{
	int64_t before;

	side_trouble(r, peer);
	before = peer->trouble->claimed;
	peer->trouble->claimed = to;
	return to < before ? to : before;
}

/* The peer has seen everything up to here (RFC 9293, section 3.4). */
static void
acknowledge(struct reasm *r, struct side *peer, uint32_t ack)
{
	struct stream *x = peer->stream;
	int64_t to, highest;

	if (x == NULL) {
		to = (int32_t)(ack - connection_seq(&r->connections,
		    peer->conn, peer->which));
		/* One byte may be a FIN that was not captured. */
		if (to <= 1 || to > r->limits.jump)
			return;
		side_full(r, peer);
		x = peer->stream;
	}
	to = x->acked + (int32_t)(ack - (uint32_t)x->acked);
	if (to <= x->acked)
		return;
	highest = x->next > x->last ? x->next : x->last;
	if (to > highest + r->limits.jump)
		return;
	if ((x->flags & STREAM_FIN) != 0 && to > peer->trouble->fin)
		to = peer->trouble->fin;
	if (to > highest + 1)
		to = confirmed(r, peer, to);
	if (to > x->acked)
		x->acked = to;
}

/* A RST counts if the receiver would take it (RFC 9293, section 3.10.7). */
static bool
rst_in_window(const struct side *s, const struct arrival *a)
{
	const struct stream *x = s->stream;
	int64_t at, highest, lowest;

	if (x == NULL)
		return true;
	/* While the start is held back, nothing is acknowledged yet. */
	lowest = x->acked > x->base ? x->acked : x->base;
	at = x->last + (int32_t)(a->seq - (uint32_t)x->last);
	highest = x->next > x->last ? x->next : x->last;
	return at >= lowest && at <= highest + RST_AHEAD;
}

static bool
fin_take(struct reasm *r, struct side *s, const struct arrival *a)
{
	struct stream *x;
	int64_t at;

	if (s->stream == NULL && a->seq == connection_seq(&r->connections,
	    s->conn, s->which))
		return true;
	side_full(r, s);
	x = s->stream;
	at = x->last + (int32_t)(a->seq + a->seg.payload_length -
	    (uint32_t)x->last);
	if (s->trouble == NULL && at == x->next && side_syn(s))
		return true;
	if ((x->flags & STREAM_FIN) != 0)
		return limits_ended(r, s);
	if (at < x->next && (x->flags & STREAM_HELD) == 0)
		return false;
	side_trouble(r, s);
	s->trouble->fin = at;
	x->flags |= STREAM_FIN;
	return limits_ended(r, s);
}

/* The stream ends, once a FRAME that may follow has gone out with it. */
static void
finish(struct reasm *r, struct side *s, enum close_why why)
{
	if (r->limits.no_purge)
		return;
	if (r->frames == FRAMES_NO) {
		limits_close_side(r, s, why);
		return;
	}
	r->closing = true;
	r->closing_why = why;
}

/* One more packet for a side that waits for something. */
static void
pass_by(struct reasm *r, struct side *peer)
{
	queue_due(r, peer);
	limits_packet(r, peer);
	if (limits_ended(r, peer))
		limits_close_side(r, peer, CLOSE_FIN);
}

/* What a segment says of the other side's stream. */
static void
answer(struct reasm *r, uint32_t ref, unsigned which, const struct arrival *a)
{
	struct side peer;

	side_load(r, &peer, ref, !which);
	if (!side_live(&peer))
		return;
	if (arrival_flag(a, TCP_ACK))
		acknowledge(r, &peer, a->seg.ack);
	if (peer.trouble != NULL)
		pass_by(r, &peer);
}

/*
 * A segment that is no stream's: it may come from the side of a connection
 * that has no stream, or no longer has one, and only acknowledges.
 */
static void
overheard(struct reasm *r, uint32_t ref, unsigned which,
    const struct arrival *a, uint64_t *counter)
{
	++*counter;
	if (ref == 0 && arrival_flag(a, TCP_ACK))
		ref = connections_peer(&r->connections, &a->tuple, a->path,
		    &which);
	if (ref != 0)
		answer(r, ref, which, a);
}

/* The segment is this side's: count it and take what it brings. */
static void
attach(struct reasm *r, struct side *s, const struct arrival *a)
{
	const struct segment *seg = &a->seg;
	bool over;

	r->attached = s->ref;
	r->attached_which = s->which;
	r->count.attached++;
	side_count(r, s, seg->wire_length, seg->cap_length);
	if (arrival_flag(a, TCP_SYN) && !side_syn(s))
		connection_set_role(s->conn, s->which,
		    arrival_flag(a, TCP_ACK) ? ROLE_SERVER : ROLE_CLIENT);
	answer(r, s->ref, s->which, a);
	if (seg->payload_length > 0)
		arrival_data(r, s, a);
	if (s->trouble != NULL)
		limits_packet(r, s);
	limits_touch(r, s, seg->payload_length > 0);
	over = arrival_flag(a, TCP_FIN) ? fin_take(r, s, a) :
	    limits_ended(r, s);
	if (arrival_flag(a, TCP_RST) && rst_in_window(s, a)) {
		finish(r, s, CLOSE_RST);
	} else if (over) {
		finish(r, s, CLOSE_FIN);
	} else {
		r->count.rst_outside += arrival_flag(a, TCP_RST);
		side_calm(r, s);
	}
}

/* Many connections of one tuple, by made-up tunnels: the oldest goes. */
static void
make_room(struct reasm *r, const struct arrival *a, uint32_t place)
{
	uint32_t oldest;

	if (places_at(&r->places, place)->paths < CONNECTION_ALIKE_MAX)
		return;
	if (connections_alike(&r->connections, &a->tuple, place, &oldest) <
	    CONNECTION_ALIKE_MAX)
		return;
	r->count.crowded++;
	limits_close(r, oldest, CLOSE_EVICTED);
}

/* Where the new stream lives: with its peer, or in a new connection. */
static void
begin_side(struct reasm *r, struct side *s, uint32_t ref, unsigned which,
    const struct arrival *a)
{
	struct connections *c = &r->connections;
	struct birth b = { .start = r->now, .packet = (uint64_t)a->rec->offset,
	    .seq = a->seq, .number = r->count.streams++ };
	struct side peer;
	uint32_t place;

	b.link = places_link(&r->places, &a->seg.key, a->source);
	if (ref != 0) {
		which = connection_begin(c, ref, which, &b);
		side_load(r, &peer, ref, !which);
		if (peer.trouble != NULL)
			peer.trouble->second = !which;
		side_load(r, s, ref, which);
		return;
	}
	place = places_path_at(&r->places, a->path)->place;
	make_room(r, a, place);
	ref = connections_new(c, &a->tuple, place, &b, r->sessions++);
	if (c->table.used > r->count.max_connections)
		r->count.max_connections = c->table.used;
	side_load(r, s, ref, 0);
}

static void
begin(struct reasm *r, uint32_t ref, unsigned which, const struct arrival *a)
{
	struct side s;

	begin_side(r, &s, ref, which, a);
	if (++r->count.open_streams > r->count.max_open_streams)
		r->count.max_open_streams = r->count.open_streams;
	if (arrival_flag(a, TCP_SYN)) {
		connection_set_role(s.conn, s.which, arrival_flag(a, TCP_ACK) ?
		    ROLE_SERVER : ROLE_CLIENT);
	} else if (!r->limits.arrival) {
		side_trouble(r, &s);
		s.stream->flags |= STREAM_HELD;
		s.stream->next = HELD_NEXT;
		s.stream->acked -= HELD_ACKED;
		side_due_enter(r, &s, HOLD_PACKETS);
	}
	attach(r, &s, a);
}

/*
 * No live stream for it.  ref: the connection that it would be a side of,
 * 0: none.  `jumped`: its own stream has just been closed.
 */
static void
segment_unknown(struct reasm *r, const struct arrival *a, uint32_t ref,
    unsigned which, bool jumped)
{
	struct run run = { .start = a->seq, .length = a->seg.ref.length,
	    .ref = a->seg.ref, .bytes = a->seg.payload };

	if (a->seg.payload_length == 0 && (!arrival_flag(a, TCP_SYN) ||
	    arrival_flag(a, TCP_FIN | TCP_RST))) {
		overheard(r, ref, which, a, &r->count.ignored);
		return;
	}
	if (!arrival_flag(a, TCP_SYN) && !jumped &&
	    closed_has(r, &a->tuple, a->path, &run)) {
		overheard(r, ref, which, a, &r->count.stragglers);
		return;
	}
	if (a->not_new) {
		r->count.not_new++;
		return;
	}
	if (ref == 0 && (!arrival_flag(a, TCP_SYN) || arrival_flag(a, TCP_ACK)))
		ref = connections_peer(&r->connections, &a->tuple, a->path,
		    &which);
	if (ref != 0 && arrival_flag(a, TCP_SYN) && !arrival_flag(a, TCP_ACK) &&
	    connection_state(connections_at(&r->connections, ref), which) ==
	    SIDE_CLOSED) {
		limits_close(r, ref, CLOSE_SKIP);
		ref = 0;
	}
	begin(r, ref, which, a);
}

/* Its stream has been closed: what is left of the connection? */
static void
segment_again(struct reasm *r, struct arrival *a, bool jumped)
{
	unsigned which = 0;
	uint32_t ref;

	ref = connections_find(&r->connections, &a->tuple, a->path, &which);
	segment_unknown(r, a, ref, which, jumped);
}

static void
segment_known(struct reasm *r, struct side *s, struct arrival *a)
{
	enum syn_says says = SYN_AGAIN;

	if (arrival_flag(a, TCP_SYN))
		says = syn_says(r, s, a);
	if (says == SYN_IGNORE) {
		r->count.ignored++;
		return;
	}
	if (says == SYN_NEW) {
		syn_close(r, s, a);
		segment_again(r, a, true);
		return;
	}
	if (jumps(r, s, a)) {
		limits_close_side(r, s, CLOSE_SKIP);
		segment_again(r, a, true);
		return;
	}
	if (s->stream != NULL && (s->stream->flags & STREAM_OVER) != 0 &&
	    !arrival_flag(a, TCP_SYN)) {
		if (a->seg.payload_length == 0) {
			overheard(r, s->ref, s->which, a, &r->count.ignored);
			return;
		}
		if ((int32_t)(a->seq - (uint32_t)s->trouble->fin) >= 0) {
			limits_close_side(r, s, CLOSE_FIN);
			segment_again(r, a, false);
			return;
		}
	}
	attach(r, s, a);
}

void
segment_take(struct reasm *r, struct arrival *a)
{
	unsigned which = 0;
	struct side s;
	uint32_t ref;

	ref = connections_find(&r->connections, &a->tuple, a->path, &which);
	if (ref != 0) {
		side_load(r, &s, ref, which);
		if (side_live(&s)) {
			segment_known(r, &s, a);
			return;
		}
	}
	segment_unknown(r, a, ref, which, false);
}
