/* SPDX-License-Identifier: ISC */
/* The ends of streams: by FIN, by time, for want of memory. */
#ifndef FLOW_REASM_LIMITS_H
#define FLOW_REASM_LIMITS_H

#include "cmd/flow-reasm/side.h"

/* Time went on to r->now: timeouts, and holes waited for long enough. */
void	limits_expire(struct reasm *);

static inline void
limits_time(struct reasm *r)
{
	if (r->due_hold.oldest != 0 || r->due_ack.oldest != 0 ||
	    r->connections.lingering > 0 || r->limits.timeouts)
		limits_expire(r);
}

/* After a segment: memory and the number of connections. */
void	limits_relieve(struct reasm *);

static inline void
limits_memory(struct reasm *r)
{
	if (r->held > r->limits.memory ||
	    r->connections.lingering > LINGER_MAX ||
	    r->connections.table.used > r->limits.connections)
		limits_relieve(r);
}

/* Let go of the starts that are held back (a live source is idle). */
void	limits_idle(struct reasm *);

/* A packet for the side, with data or not: its connection is active. */
void	limits_touch(struct reasm *, const struct side *, bool data);

/* Close one side; the connection goes when it was the last one. */
void	limits_close_side(struct reasm *, struct side *, enum close_why);

/* Close what is left of a connection. */
void	limits_close(struct reasm *, uint32_t ref, enum close_why);

/*
 * A start that is held back is needed now: OPEN must say where the stream's
 * offset 0 is.
 */
void	limits_release(struct reasm *, struct side *);

/* One of the packets that a side waits for has gone by. */
void	limits_packet(struct reasm *, struct side *);

/*
 * Does the side's FIN end it now?  A stream with holes lingers, for they
 * may yet be filled; so does one that began without SYN a few packets ago,
 * for its start may yet come; with --no-purge none ends.
 */
bool	limits_ended(struct reasm *, struct side *);

#endif
