/* SPDX-License-Identifier: ISC */
/* The table of connections. */
#include <string.h>

#include "cmd/flow-reasm/connections.h"

enum {
	SIZE_4 = sizeof(struct connection) + 12, /* 4 to fill a line */
	SIZE_6 = sizeof(struct connection) + 32
};

#define BITS_40	UINT64_C(0xffffffffff)
#define BITS_24	UINT64_C(0xffffff)

_Static_assert(SIZE_4 == 64 && SIZE_6 == 84, "connections must stay small");

static bool
entry_is(const struct connections *c, uint32_t ref, const struct tuple *t,
    uint32_t place)
{
	const struct connection *conn = connections_at(c, ref);
	uint64_t both;

	if (conn->place != place || conn->port[0] != t->port[0] ||
	    conn->port[1] != t->port[1] ||
	    (t->family == 6) != ((ref & TABLE_SECOND) != 0))
		return false;
	memcpy(&both, conn->address, sizeof(both));
	return both == t->address[0] && (t->family == 4 ||
	    memcmp(conn->address + 8, t->address + 1, 24) == 0);
}

static uint32_t
side_path(const struct connections *c, const struct connection *conn,
    unsigned which)
{
	return places_link_path(c->places, connection_link(conn, which));
}

/*
 * Does a packet with this path belong to a side of this connection?  2: it
 * is a live stream's; 1: it may be the answer to the other side; 0: no.
 */
static int
side_match(const struct connections *c, const struct connection *conn,
    unsigned which, uint32_t path)
{
	enum side_state state = connection_state(conn, which);

	if (state == SIDE_QUIET || state == SIDE_STREAM)
		return side_path(c, conn, which) == path ? 2 : 0;
	return places_reverse(c->places, side_path(c, conn, !which), path);
}

/* Where a packet belongs, or may belong. */
struct found {
	uint32_t	 stream;	/* connection with its live stream, 0 */
	uint32_t	 peer;		/* that it may be the answer to, or 0 */
	unsigned	 which, peer_which;
};

/* Look in one place; a peer that was found before stays. */
static void
find_in(const struct connections *c, const struct tuple *t, uint32_t place,
    uint32_t path, struct found *f)
{
	struct table_walk walk;
	uint32_t ref;
	unsigned side;
	int match;

	for (ref = table_first(&c->table, connections_hash(c, t, place), &walk);
	    ref != 0; ref = table_next(&c->table, &walk)) {
		if (!entry_is(c, ref, t, place))
			continue;
		side = connections_at(c, ref)->turned != t->turned;
		match = side_match(c, connections_at(c, ref), side, path);
		if (match == 2) {
			f->stream = ref;
			f->which = side;
			return;
		}
		if (match == 1 && f->peer == 0) {
			f->peer = ref;
			f->peer_which = side;
		}
	}
}

/* The slot of a connection among those found lately. */
static uint32_t *
recent_slot(struct connections *c, const void *address, const uint16_t port[2])
{
	uint32_t bits;

	memcpy(&bits, address, sizeof(bits));
	bits ^= bits >> 16 ^ port[0] ^ (uint32_t)port[1] << 3;
	return &c->recent[(bits ^ bits >> 8) % CONNECTIONS_RECENT];
}

static uint32_t
find_recent(const struct connections *c, uint32_t ref, const struct tuple *t,
    uint32_t place, uint32_t path, unsigned *which)
{
	const struct connection *conn;

	if (ref == 0 || !entry_is(c, ref, t, place))
		return 0;
	conn = connections_at(c, ref);
	*which = conn->turned != t->turned;
	return side_match(c, conn, *which, path) == 2 ? ref : 0;
}

uint64_t
connections_hash(const struct connections *c, const struct tuple *t,
    uint32_t place)
{
	uint64_t block[5];
	size_t n = t->family == 4 ? 1 : 4;

	if (t->place == place)
		return t->hash;
	memcpy(block, t->address, n * 8);
	block[n] = (uint64_t)place << 32 | (uint32_t)t->port[0] << 16 |
	    t->port[1];
	return siphash(&c->seed, block, n + 1);
}

uint64_t
connections_hash_of(struct connections *c, uint32_t ref)
{
	const struct connection *conn = connections_at(c, ref);
	struct tuple t = { .family = (ref & TABLE_SECOND) != 0 ? 6 : 4 };

	if (c->hashed == ref)
		return c->hash;
	t.port[0] = conn->port[0];
	t.port[1] = conn->port[1];
	memcpy(t.address, conn->address, t.family == 4 ? 8 : 32);
	c->hashed = ref;
	c->hash = connections_hash(c, &t, conn->place);
	return c->hash;
}

void
connections_init(struct connections *c, struct places *places)
{
	memset(c, 0, sizeof(*c));
	c->places = places;
	c->others.size = sizeof(struct other_side);
	c->wides.size = sizeof(struct wide_side);
	siphash_seed(&c->seed);
	table_init(&c->table, SIZE_4, SIZE_6);
}

void
connections_free(struct connections *c)
{
	table_free(&c->table);
	arena_free(&c->others);
	arena_free(&c->wides);
}

uint32_t
connections_find(struct connections *c, struct tuple *t, uint32_t path,
    unsigned *which)
{
	uint32_t own = places_path_at(c->places, path)->place, ref;
	uint32_t *recent = recent_slot(c, t->address, t->port);
	const struct place *place;
	struct found f = { 0 };
	unsigned i;

	ref = find_recent(c, *recent, t, own, path, which);
	if (ref == 0)
		ref = find_recent(c, t->near, t, own, path, which);
	if (ref != 0) {
		*recent = ref;
		return ref;
	}
	t->hash = connections_hash(c, t, own);
	t->place = own;
	find_in(c, t, own, path, &f);
	place = places_at(c->places, own);
	for (i = 0; f.stream == 0 && i < place->partners; i++)
		find_in(c, t, place->partner[i], path, &f);
	if (f.stream == 0) {
		*which = f.peer_which;
		return f.peer;
	}
	*recent = f.stream;
	*which = f.which;
	return f.stream;
}

uint32_t
connections_peer(struct connections *c, const struct tuple *t, uint32_t path,
    unsigned *which)
{
	uint32_t own = places_path_at(c->places, path)->place, place;
	struct found f = { 0 };
	unsigned tries = 0;

	for (place = places_at(c->places, own)->sibling;
	    place != own && tries < PLACE_SEARCH;
	    place = places_at(c->places, place)->sibling, tries++) {
		find_in(c, t, place, path, &f);
		if (f.peer == 0)
			continue;
		*which = f.peer_which;
		return places_partner(c->places, own, place) ? f.peer : 0;
	}
	return 0;
}

unsigned
connections_alike(struct connections *c, const struct tuple *t,
    uint32_t place, uint32_t *oldest)
{
	struct table_walk walk;
	uint32_t ref;
	unsigned n = 0;

	*oldest = 0;
	for (ref = table_first(&c->table, connections_hash(c, t, place), &walk);
	    ref != 0; ref = table_next(&c->table, &walk))
		if (entry_is(c, ref, t, place)) {
			*oldest = ref;
			n++;
		}
	return n;
}

uint32_t
connections_new(struct connections *c, const struct tuple *t, uint32_t place,
    const struct birth *b, uint64_t session)
{
	uint32_t ref = table_new(&c->table, t->family == 6);
	struct connection *conn = connections_at(c, ref);

	conn->place = place & ((1u << PLACE_BITS) - 1);
	conn->turned = t->turned;
	conn->port[0] = t->port[0];
	conn->port[1] = t->port[1];
	memcpy(conn->address, t->address, t->family == 4 ? 8 : 32);
	conn->order = ORDER_NONE;
	conn->state0 = SIDE_QUIET;
	conn->start = b->start;
	conn->number = b->number & BITS_40;
	conn->packet = b->packet & BITS_40;
	conn->link0 = b->link & BITS_24;
	conn->seq = b->seq;
	conn->session = (uint32_t)(b->number - session);
	c->hashed = ref;
	c->hash = connections_hash(c, t, place);
	table_insert(&c->table, ref, c->hash);
	*recent_slot(c, t->address, t->port) = ref;
	return ref;
}

void
connections_delete(struct connections *c, uint32_t ref)
{
	struct connection *conn = connections_at(c, ref);
	uint32_t *recent = recent_slot(c, conn->address, conn->port);

	if (*recent == ref)
		*recent = 0;
	places_unlink(c->places, conn->link0);
	if (conn->other != 0) {
		places_unlink(c->places, conn->link1);
		arena_delete(conn->wide ? &c->wides : &c->others, conn->other);
	}
	table_remove(&c->table, ref, connections_hash_of(c, ref));
	c->hashed = 0;
	conn->place = 0;
	conn->state0 = conn->state1 = SIDE_NONE;
	table_delete(&c->table, ref);
}

