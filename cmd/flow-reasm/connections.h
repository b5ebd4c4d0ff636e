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
};

void	connections_init(struct connections *, struct places *);
void	connections_free(struct connections *);

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

#endif
