/* SPDX-License-Identifier: ISC */
/*
 * A connection and its two sides.  One that has carried no data must cost
 * little, for there may be millions of them: 64 bytes (IPv4), a line of the
 * processor's cache, or 84 (IPv6), and at most 16 in the table; 24 more for
 * the second direction.  What has
 * outgrown these fields, or carries data, has a struct stream (reasm.h)
 * besides.
 *
 * The side that came first is side 0, the other side 1.
 */
#ifndef FLOW_REASM_CONNECTION_H
#define FLOW_REASM_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/flow-reasm/place.h"
#include "formats/flow.h"
#include "libcommon/table.h"

struct connections;			/* connections.h */

enum order {				/* by activity, of connections that */
	ORDER_QUIET,			/* have carried no data */
	ORDER_BUSY,			/* have */
	ORDER_LINGER,			/* are over but for holes */
	ORDERS,
	ORDER_NONE = ORDERS
};

enum side_state {
	SIDE_NONE,			/* never seen */
	SIDE_QUIET,			/* no data, all in the fields below */
	SIDE_STREAM,			/* has a struct stream */
	SIDE_CLOSED			/* has been closed */
};

/*
 * Without padding and on any boundary of 4 bytes: with millions of them each
 * word counts.
 */
#define CONNECTION_PACKED	__attribute__((packed, aligned(4)))

/* What a quiet side has counted; or the number of its stream. */
union side_now {
	struct {
		uint64_t end : 40;	/* last packet, ns after the first */
		uint64_t packets : 8;
		uint64_t wire : 16;	/* bytes, all of them captured */
	} CONNECTION_PACKED quiet;
	struct {
		uint32_t stream;
		uint32_t spare;
	} full;
} CONNECTION_PACKED;

struct connection {
	uint16_t	 port[2];	/* of the lower and the upper end */
	uint32_t	 place : 20;	/* 0: is no more */
	uint32_t	 order : 2;	/* enum order */
	uint32_t	 state0 : 2, state1 : 2; /* enum side_state */
	uint32_t	 role0 : 2, role1 : 2; /* enum flow_role, by its SYN */
	uint32_t	 turned : 1;	/* side 0 sends from the upper end */
	uint32_t	 wide : 1;	/* side 1 is a struct wide_side */
	int64_t		 start;		/* side 0's first packet, ns */
	uint64_t	 number : 40, link0 : 24;
	uint64_t	 packet : 40, link1 : 24;
	union side_now	 now0;
	uint32_t	 seq;		/* side 0's offset 0 */
	uint32_t	 session;	/* number less session */
	uint32_t	 other;		/* side 1, 0: none */
	uint8_t		 address[];	/* lower, upper; 4 or 16 bytes each */
} CONNECTION_PACKED;

/* Side 1, relative to side 0 where its fields are too narrow. */
struct other_side {
	uint64_t	 start : 40, number : 24;
	union side_now	 now;
	uint32_t	 packet;
	uint32_t	 seq;
} CONNECTION_PACKED;

struct wide_side {
	int64_t		 start;
	uint64_t	 number, packet;
	union side_now	 now;
	uint32_t	 seq;
} CONNECTION_PACKED;

/* When and where a direction began; the same for either side. */
struct birth {
	int64_t		 start;		/* ns */
	uint64_t	 number;
	uint64_t	 packet;
	uint32_t	 link;
	uint32_t	 seq;		/* of offset 0 */
};

static inline enum side_state
connection_state(const struct connection *c, unsigned which)
{
	return which == 0 ? c->state0 : c->state1;
}

static inline void
connection_set_state(struct connection *c, unsigned which,
    enum side_state state)
{
	if (which == 0)
		c->state0 = state & 3;
	else
		c->state1 = state & 3;
}

/* As its SYN says; UNKNOWN: no SYN was seen. */
static inline enum flow_role
connection_role(const struct connection *c, unsigned which)
{
	return which == 0 ? c->role0 : c->role1;
}

static inline void
connection_set_role(struct connection *c, unsigned which, enum flow_role role)
{
	if (which == 0)
		c->role0 = role & 3;
	else
		c->role1 = role & 3;
}

/*
 * Begin a side again, quiet.  When side 0 ends before side 1 does, the
 * sides change places first: the result is the side that was begun.
 */
unsigned	connection_begin(struct connections *, uint32_t ref,
		    unsigned which, const struct birth *);

void	connection_birth(const struct connections *, const struct connection *,
	    unsigned which, struct birth *);

/* Addresses and ports as seen from a side; the rest from its link. */
void	connection_key(const struct connections *, const struct connection *,
	    uint32_t ref, unsigned which, struct flow_key *);

static inline uint64_t
connection_session(const struct connection *c)
{
	return c->number - c->session;
}

#endif
