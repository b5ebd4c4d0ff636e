/* SPDX-License-Identifier: ISC */
/*
 * A look at the packets to come.  With many connections open each packet
 * meets one that the processor's cache has long forgotten: its bucket in
 * the table, the connection, its streams, one found through the other, and
 * each a wait as long as all else that is done for the packet.  So they are
 * asked for some packets ahead.  Nothing depends on it but time.
 */
#ifndef FLOW_REASM_AHEAD_H
#define FLOW_REASM_AHEAD_H

#include "cmd/flow-reasm/arrival.h"

enum {
	AHEAD_PACKETS = 16,		/* to its bucket */
	AHEAD_ENTRY = 11,		/* to its connection */
	AHEAD_STREAM = 7,		/* to the side and stream of one... */
	AHEAD_PEER = 3,			/* ...and of the other direction */
	AHEAD_LEAST = 4096		/* connections; fewer stay in cache */
};

struct ahead {				/* zeroed: nothing is known */
	struct arrival	 packet[AHEAD_PACKETS];
	const uint8_t	*body[AHEAD_PACKETS]; /* of its record */
	unsigned	 first, count;
	const uint8_t	*at;		/* where to go on */
};

struct ahead	*ahead_new(void);

/* Are there enough connections for it, or packets that it has looked at? */
static inline bool
ahead_helps(const struct reasm *r)
{
	return r->connections.table.used >= AHEAD_LEAST ||
	    r->ahead->count > 0;
}

/* The packet of a record, if it was looked at already; then look further. */
struct arrival	*ahead_take(struct reasm *, const struct record *);

#endif
