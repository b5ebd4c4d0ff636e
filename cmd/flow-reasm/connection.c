/* SPDX-License-Identifier: ISC */
/* The two sides of a connection, and when they began. */
#include <string.h>

#include "cmd/flow-reasm/connections.h"

#define BITS_40	UINT64_C(0xffffffffff)
#define BITS_24	UINT64_C(0xffffff)

_Static_assert(sizeof(struct other_side) == 24, "sides must stay small");

/* Side 1 takes the place of side 0, which has ended. */
static void
sides_change(struct connections *c, uint32_t ref)
{
	struct connection *conn = connections_at(c, ref);
	uint64_t session = connection_session(conn);
	union side_now now = *connection_now(c, conn, 1);
	struct birth b;

	connection_birth(c, conn, 1, &b);
	places_unlink(c->places, conn->link0);
	arena_delete(conn->wide ? &c->wides : &c->others, conn->other);
	conn->other = 0;
	conn->wide = 0;
	conn->link0 = b.link & BITS_24;
	conn->link1 = 0;
	conn->start = b.start;
	conn->number = b.number & BITS_40;
	conn->packet = b.packet & BITS_40;
	conn->seq = b.seq;
	conn->session = (uint32_t)(b.number - session);
	conn->now0 = now;
	conn->state0 = conn->state1;
	conn->role0 = conn->role1;
	conn->role1 = ROLE_UNKNOWN;
	conn->state1 = SIDE_NONE;
	conn->turned = !conn->turned;
}

/* Can side 1's birth be told by its distance from side 0's? */
static bool
is_near(const struct connection *conn, const struct birth *b)
{
	return b->start >= conn->start &&
	    (uint64_t)(b->start - conn->start) <= BITS_40 &&
	    b->number - conn->number <= BITS_24 &&
	    b->packet - conn->packet <= UINT32_MAX;
}

static void
other_begin(struct connections *c, struct connection *conn,
    const struct birth *b)
{
	struct other_side *other;
	struct wide_side *wide;

	if (conn->other != 0) {
		arena_delete(conn->wide ? &c->wides : &c->others, conn->other);
		places_unlink(c->places, conn->link1);
	}
	conn->link1 = b->link & BITS_24;
	conn->wide = !is_near(conn, b);
	if (conn->wide) {
		conn->other = arena_new(&c->wides);
		wide = arena_at(&c->wides, conn->other);
		wide->start = b->start;
		wide->number = b->number;
		wide->packet = b->packet;
		wide->seq = b->seq;
		return;
	}
	conn->other = arena_new(&c->others);
	other = arena_at(&c->others, conn->other);
	other->start = (uint64_t)(b->start - conn->start) & BITS_40;
	other->number = (b->number - conn->number) & BITS_24;
	other->packet = (uint32_t)(b->packet - conn->packet);
	other->seq = b->seq;
}

unsigned
connection_begin(struct connections *c, uint32_t ref, unsigned which,
    const struct birth *b)
{
	struct connection *conn = connections_at(c, ref);

	if (which == 0)
		sides_change(c, ref);
	other_begin(c, conn, b);
	conn->state1 = SIDE_QUIET;
	conn->role1 = ROLE_UNKNOWN;
	return 1;
}

void
connection_birth(const struct connections *c, const struct connection *conn,
    unsigned which, struct birth *b)
{
	const struct other_side *other;
	const struct wide_side *wide;

	if (which == 0) {
		*b = (struct birth){ conn->start, conn->number, conn->packet,
		    (uint32_t)conn->link0, conn->seq };
	} else if (conn->wide) {
		wide = arena_at(&c->wides, conn->other);
		*b = (struct birth){ wide->start, wide->number, wide->packet,
		    (uint32_t)conn->link1, wide->seq };
	} else {
		other = arena_at(&c->others, conn->other);
		*b = (struct birth){ conn->start + (int64_t)other->start,
		    conn->number + other->number, conn->packet + other->packet,
		    (uint32_t)conn->link1, other->seq };
	}
}

void
connection_key(const struct connections *c, const struct connection *conn,
    uint32_t ref, unsigned which, struct flow_key *key)
{
	size_t size = (ref & TABLE_SECOND) != 0 ? 16 : 4;
	unsigned from = conn->turned ^ which;

	memset(key, 0, sizeof(*key));
	key->family = size == 4 ? 4 : 6;
	memcpy(key->src, conn->address + from * size, size);
	memcpy(key->dst, conn->address + !from * size, size);
	key->sport = conn->port[from];
	key->dport = conn->port[!from];
	places_key(c->places, connection_link(conn, which), key);
}
