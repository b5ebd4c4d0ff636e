/* SPDX-License-Identifier: ISC */
/*
 * The table of connections.  A connection that has carried no data must
 * cost little, for there may be millions of them: 68 bytes (IPv4) or 92
 * (IPv6), and 8 at most in the table; 24 more for the second direction.  What has outgrown these fields, or carries data, has a
 * struct stream (reasm.h) besides.
 *
 * The side that came first is side 0, the other side 1.
 */
#ifndef FLOW_REASM_CONNECTION_H
#define FLOW_REASM_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/flow-reasm/place.h"
#include "formats/flow.h"
#include "libcommon/arena.h"
#include "libcommon/siphash.h"
#include "libcommon/table.h"

enum {
	CONNECTION_ALIKE_MAX = 64,	/* connections of one tuple and place */
	CONNECTIONS_RECENT = 256	/* slots of those found lately */
};

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
	struct table_link link;
	uint32_t	 place : 20;
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
	uint16_t	 port[2];	/* of the lower and the upper end */
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

/* A tuple in ascending order of its ends. */
struct tuple {
	uint8_t		 family;
	bool		 turned;	/* the sender is the upper end */
	uint16_t	 port[2];
	uint64_t	 address[4];	/* both, network order, packed */
};

struct connections {
	struct table	 table;
	struct arena	 others, wides;
	struct siphash_key seed;
	struct places	*places;
	struct table_order order[ORDERS];
	uint32_t	 lingering;	/* connections in ORDER_LINGER */
	uint32_t	 recent[CONNECTIONS_RECENT]; /* found lately */
};

void	connections_init(struct connections *, struct places *);
void	connections_free(struct connections *);

void	tuple_set(struct tuple *, const struct flow_key *);

/*
 * The connection and side of a packet: 0 when there is none.  *which is the
 * side it would be, of a connection whose other side is known: then the
 * side's state may be NONE or CLOSED.
 */
uint32_t	connections_find(struct connections *, const struct tuple *,
		    uint32_t path, unsigned *which);

/*
 * When it was not found: a connection in another place that it may be the
 * other side of, 0: none.
 */
uint32_t	connections_peer(struct connections *, const struct tuple *,
		    uint32_t path, unsigned *which);

/* How many of one tuple and place there are, and the least active of them. */
unsigned	connections_alike(struct connections *, const struct tuple *,
		    uint32_t place, uint32_t *oldest);

/* A new one, in the table, its side 0 quiet and begun. */
uint32_t	connections_new(struct connections *, const struct tuple *,
		    uint32_t place, const struct birth *, uint64_t session);

/* Take a connection out; its sides' links are given back. */
void	connections_delete(struct connections *, uint32_t ref);

static inline struct connection *
connections_at(const struct connections *c, uint32_t ref)
{
	return table_at(&c->table, ref);
}

static inline enum side_state
connection_state(const struct connection *c, unsigned which)
{
	return which == 0 ? c->state0 : c->state1;
}

void	connection_set_state(struct connection *, unsigned which,
	    enum side_state);

/* As its SYN says; UNKNOWN: no SYN was seen. */
enum flow_role	connection_role(const struct connection *, unsigned which);
void	connection_set_role(struct connection *, unsigned which,
	    enum flow_role);

/*
 * Begin a side again, quiet.  When side 0 ends before side 1 does, the
 * sides change places first: the result is the side that was begun.
 */
unsigned	connection_begin(struct connections *, uint32_t ref,
		    unsigned which, const struct birth *);

void	connection_birth(const struct connections *, const struct connection *,
	    unsigned which, struct birth *);
union side_now	*connection_now(const struct connections *,
		    struct connection *, unsigned which);

/* Addresses and ports as seen from a side; the rest from its link. */
void	connection_key(const struct connections *, const struct connection *,
	    uint32_t ref, unsigned which, struct flow_key *);

static inline uint64_t
connection_session(const struct connection *c)
{
	return c->number - c->session;
}

#endif
