/* SPDX-License-Identifier: ISC */
/* A segment that has arrived, and its way to the stream it belongs to. */
#ifndef FLOW_REASM_ARRIVAL_H
#define FLOW_REASM_ARRIVAL_H

#include "cmd/flow-reasm/side.h"
#include "cmd/flow-reasm/waiting.h"

struct arrival {
	const struct record *rec;
	struct segment	 seg;
	struct tuple	 tuple;
	uint32_t	 path;		/* identity */
	uint32_t	 source;
	uint32_t	 seq;		/* of the payload's first byte */
	bool		 not_new;	/* its source begins no streams */
};

static inline bool
arrival_flag(const struct arrival *a, unsigned tcp_flag)
{
	return (a->seg.tcp_flags & tcp_flag) != 0;
}

/* It is now that late; kept where differences do not overflow. */
void	arrival_clock(struct reasm *, int64_t time);

/* The segment itself; -1: malformed. */
int	arrival_decode(struct arrival *, const struct record *);

/* Take a SEGMENT record in. */
void	arrival_take(struct reasm *, const struct record *);

/* Its payload, for the side that it belongs to. */
void	arrival_data(struct reasm *, struct side *, const struct arrival *);

/* A FRAME record: the frame of the segment before it. */
void	arrival_frame(struct reasm *, const struct record *);

/* The close that waited for a FRAME, if one does. */
void	arrival_settle(struct reasm *);

#endif
