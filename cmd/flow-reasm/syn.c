/* SPDX-License-Identifier: ISC */
/* What a SYN means for a stream that is there. */
#include "cmd/flow-reasm/holes.h"
#include "cmd/flow-reasm/limits.h"
#include "cmd/flow-reasm/queue.h"
#include "cmd/flow-reasm/syn.h"

/*
 * A SYN for a stream that began without one: it came late if it stands
 * shortly before the first bytes of a young stream.  The windows of SYNs are
 * not scaled, so that no more can have been sent until they were answered.
 */
static enum syn_says
syn_late(struct reasm *r, struct side *s, const struct arrival *a)
{
	struct stream *x = s->stream;
	int64_t before = (int32_t)((uint32_t)x->base - a->seq);

	if ((x->flags & STREAM_HELD) != 0)
		before = (int32_t)((uint32_t)waiting_start(r, s) - a->seq);
	if (before < 0 || before > LATE_SYN_BYTES ||
	    x->packets > LATE_SYN_PACKETS)
		return SYN_NEW;
	side_trouble(r, s);
	if ((x->flags & STREAM_HELD) != 0) {
		s->trouble->floor = waiting_start(r, s) - before;
		queue_release(r, s);
	} else {
		s->trouble->floor = x->base - before;
		holes_before(r, s, s->trouble->floor);
	}
	return SYN_AGAIN;
}

/*
 * The other side goes with this one, when a SYN shows that it belongs to
 * an earlier connection.
 */
static void
close_stale_peer(struct reasm *r, uint32_t ref, unsigned which,
    const struct arrival *a)
{
	struct side peer;
	uint32_t seq;

	side_load(r, &peer, ref, which);
	if (!side_live(&peer))
		return;
	seq = connection_seq(&r->connections, peer.conn, which);
	/* Simultaneous open, or the answer to the peer's own SYN. */
	if (arrival_flag(a, TCP_ACK) ? a->seg.ack == seq :
	    peer.stream == NULL &&
	    connection_role(peer.conn, which) == ROLE_CLIENT)
		return;
	limits_close_side(r, &peer, CLOSE_SKIP);
}

enum syn_says
syn_says(struct reasm *r, struct side *s, const struct arrival *a)
{
	if (s->stream != NULL && !side_syn(s))
		return syn_late(r, s, a);
	if (a->seq != connection_seq(&r->connections, s->conn, s->which))
		return SYN_NEW;
	if (s->stream != NULL && s->stream->last != s->stream->base &&
	    a->seg.payload_length == 0)
		return SYN_IGNORE;
	return SYN_AGAIN;
}

void
syn_close(struct reasm *r, struct side *s, const struct arrival *a)
{
	struct side peer;
	bool with_peer;

	side_load(r, &peer, s->ref, !s->which);
	with_peer = side_live(&peer);
	limits_close_side(r, s, CLOSE_SKIP);
	if (with_peer)
		close_stale_peer(r, peer.ref, peer.which, a);
}
