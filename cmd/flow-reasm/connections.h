/* SPDX-License-Identifier: ISC */
/* The table of connections. */
#ifndef FLOW_REASM_CONNECTIONS_H
#define FLOW_REASM_CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/flow-reasm/connection.h"
#include "cmd/flow-reasm/place.h"
#include "cmd/flow-reasm/tuple.h"
#include "libcommon/arena.h"
#include "libcommon/siphash.h"
#include "libcommon/table.h"

enum {
	CONNECTION_ALIKE_MAX = 64,	/* connections of one tuple and place */
	CONNECTIONS_RECENT = 256	/* slots of those found lately */
};

struct connections {
	struct table	 table;
	struct arena	 others, wides;
	struct siphash_key seed;
	struct places	*places;
	struct table_order order[ORDERS];
	uint32_t	 lingering;	/* connections in ORDER_LINGER */
	uint32_t	 recent[CONNECTIONS_RECENT]; /* found lately */
	uint32_t	 hashed;	/* connection that hash is of */
	uint64_t	 hash;
};

void	connections_init(struct connections *, struct places *);
void	connections_free(struct connections *);

/*
 * The connection and side of a packet: 0 when there is none.  *which is the
 * side it would be, of a connection whose other side is known: then the
 * side's state may be NONE or CLOSED.
 */
uint32_t	connections_find(struct connections *, struct tuple *,
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

/*
 * The hash of a tuple in a place, and of a connection; connections_find()
 * leaves the one that it has computed in the tuple.
 */
uint64_t	connections_hash(const struct connections *,
		    const struct tuple *, uint32_t place);
uint64_t	connections_hash_of(struct connections *, uint32_t ref);

/* Take a connection out; its sides' links are given back. */
void	connections_delete(struct connections *, uint32_t ref);

static inline struct connection *
connections_at(const struct connections *c, uint32_t ref)
{
	return table_at(&c->table, ref);
}

/* Single fields of a side's birth. */
static inline uint64_t
connection_number(const struct connections *c, const struct connection *conn,
    unsigned which)
{
	if (which == 0)
		return conn->number;
	if (conn->wide)
		return ((struct wide_side *)
		    arena_at(&c->wides, conn->other))->number;
	return conn->number + ((struct other_side *)
	    arena_at(&c->others, conn->other))->number;
}

static inline int64_t
connection_start(const struct connections *c, const struct connection *conn,
    unsigned which)
{
	if (which == 0)
		return conn->start;
	if (conn->wide)
		return ((struct wide_side *)
		    arena_at(&c->wides, conn->other))->start;
	return conn->start + (int64_t)((struct other_side *)
	    arena_at(&c->others, conn->other))->start;
}

static inline uint32_t
connection_seq(const struct connections *c, const struct connection *conn,
    unsigned which)
{
	if (which == 0)
		return conn->seq;
	if (conn->wide)
		return ((struct wide_side *)
		    arena_at(&c->wides, conn->other))->seq;
	return ((struct other_side *)arena_at(&c->others, conn->other))->seq;
}

static inline uint32_t
connection_link(const struct connection *conn, unsigned which)
{
	return which == 0 ? conn->link0 & 0xffffff : conn->link1 & 0xffffff;
}

static inline union side_now *
connection_now(const struct connections *c, struct connection *conn,
    unsigned which)
{
	if (which == 0)
		return &conn->now0;
	if (conn->wide)
		return &((struct wide_side *)
		    arena_at(&c->wides, conn->other))->now;
	return &((struct other_side *)
	    arena_at(&c->others, conn->other))->now;
}

#endif
