/* SPDX-License-Identifier: ISC */
/* IP datagrams out of their fragments. */

#include <stdlib.h>
#include <string.h>

#include "formats/frag.h"
#include "formats/frag_datagram.h"
#include "formats/ip.h"

enum { BUCKETS = 1 << 14 };

struct frag_table {
	struct frag_datagram	*bucket[BUCKETS];
	struct frag_datagram	*oldest, *newest;
	struct frag_datagram	*done;		/* until the next tick */
	struct frag_datagram	*given_up;	/* to hand out, oldest first */
	struct frag_datagram	*given_up_last;
	struct frag_datagram	*handed_out;	/* until the next is */
	size_t		 memory;	/* in the buckets */
	size_t		 memory_max;
	int64_t		 timeout;
	uint64_t	 seed;
	struct frag_counts counts;
};

static uint64_t
mix(uint64_t h, const void *bytes, size_t n)
{
	struct cursor c;

	cursor_init(&c, bytes, n);
	while (cursor_left(&c) > 0) {
		h ^= cursor_left(&c) >= 4 ? cursor_le32(&c) : cursor_u8(&c);
		h *= 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return h;
}

static uint32_t
bucket_of(const struct frag_table *t, const struct packet *p, uint32_t id)
{
	uint64_t h = mix(t->seed ^ id, p->seg.key.src, sizeof(p->seg.key.src));

	h = mix(h, p->seg.key.dst, sizeof(p->seg.key.dst));
	return (uint32_t)(h >> 40) % BUCKETS;
}

static bool
same_datagram(const struct frag_datagram *d, const struct packet *p,
    uint32_t id)
{
	const struct packet *q = &d->packet;
	const struct flow_key *a = &q->seg.key, *b = &p->seg.key;

	return d->id == id && a->family == b->family &&
	    memcmp(a->src, b->src, sizeof(a->src)) == 0 &&
	    memcmp(a->dst, b->dst, sizeof(a->dst)) == 0 &&
	    (b->family == 6 || q->protocol == p->protocol) &&
	    ((a->tci ^ b->tci) & 0xfff) == 0 &&
	    q->path.length == p->path.length &&
	    memcmp(q->path.bytes, p->path.bytes, p->path.length) == 0;
}

static void
free_list(struct frag_datagram **list)
{
	struct frag_datagram *d;

	while ((d = *list) != NULL) {
		*list = d->newer;
		frag_datagram_free(d);
	}
}

/* Out of the table, not yet freed. */
static void
take_out(struct frag_table *t, struct frag_datagram *d)
{
	struct frag_datagram **at = &t->bucket[d->bucket];

	while (*at != d)
		at = &(*at)->chain;
	*at = d->chain;
	*(d->older != NULL ? &d->older->newer : &t->oldest) = d->newer;
	*(d->newer != NULL ? &d->newer->older : &t->newest) = d->older;
	d->newer = NULL;
	t->memory -= frag_datagram_memory(d);
}

/* Out of the table; handed out later when it has a beginning. */
static void
give_up(struct frag_table *t, struct frag_datagram *d)
{
	take_out(t, d);
	if (!frag_datagram_begins(d)) {
		frag_datagram_free(d);
		return;
	}
	*(t->given_up == NULL ? &t->given_up : &t->given_up_last->newer) = d;
	t->given_up_last = d;
}

/* Make room by giving up the oldest, but not `keep`: 0, or -1. */
static int
reserve(struct frag_table *t, size_t n, const struct frag_datagram *keep)
{
	struct frag_datagram *d = t->oldest, *next;

	for (; t->memory + n > t->memory_max && d != NULL; d = next) {
		next = d->newer;
		if (d == keep)
			continue;
		t->counts.evicted++;
		give_up(t, d);
	}
	return t->memory + n > t->memory_max ? -1 : 0;
}

static struct frag_datagram *
find(const struct frag_table *t, const struct packet *p, uint32_t id,
    uint32_t bucket)
{
	struct frag_datagram *d = t->bucket[bucket];

	while (d != NULL && !same_datagram(d, p, id))
		d = d->chain;
	return d;
}

static struct frag_datagram *
begin(struct frag_table *t, const struct packet *p, uint32_t id,
    uint32_t bucket)
{
	struct frag_datagram *d;

	if (reserve(t, sizeof(*d), NULL) == -1 ||
	    (d = calloc(1, sizeof(*d))) == NULL)
		return NULL;
	d->id = id;
	d->bucket = bucket;
	d->created = p->time;
	d->packet = *p;
	d->chain = t->bucket[bucket];
	t->bucket[bucket] = d;
	d->older = t->newest;
	*(t->newest != NULL ? &t->newest->newer : &t->oldest) = d;
	t->newest = d;
	t->memory += frag_datagram_memory(d);
	t->counts.datagrams++;
	return d;
}

static enum layer
complete(struct frag_table *t, struct frag_datagram *d, struct packet *p)
{
	if (d->captured < d->units) {	/* cut by the capture */
		t->counts.incomplete++;
		give_up(t, d);
		return layer_end(p, FATE_FRAGMENT);
	}
	t->counts.whole++;
	take_out(t, d);
	d->newer = t->done;
	t->done = d;
	frag_datagram_enter(d, p);
	return LAYER_PROTOCOL;
}

/* May it have TCP in it? */
static bool
leads_to_tcp(const struct packet *p)
{
	switch (p->protocol) {
	case IP_ICMP:
	case IP_ICMPV6:
	case IP_SCTP:
	case IP_ESP:
		return false;
	case IP_TCP:
		return true;
	case IP_UDP:
	case IP_IPV4:
	case IP_IPV6:
	case IP_GRE:
	case IP_ETHERIP:
	case IP_ETHERNET:
	case IP_L2TP:
	case IP_MPLS:
		return p->tunnels;
	default:
		return p->seg.key.family == 6 || p->protocol == IP_AH;
	}
}

/* Room for bytes up to `end`: 0, or -1. */
static int
make_room(struct frag_table *t, struct frag_datagram *d, uint32_t end)
{
	size_t more = frag_datagram_growth(d, end);

	if (more == 0)
		return 0;
	if (reserve(t, more, d) == -1 || frag_datagram_grow(d, end) == -1)
		return -1;
	t->memory += more;
	return 0;
}

/* Overlaps and duplicates: may the fragment be taken? */
static bool
acceptable(struct frag_table *t, struct frag_datagram *d, struct packet *p,
    enum frag_novelty novelty)
{
	p->fate = FATE_FRAGMENT;
	if (novelty == FRAG_NEW)
		return true;
	if (novelty == FRAG_DUPLICATE) {
		t->counts.duplicates++;
		return false;
	}
	t->counts.overlaps++;
	if (p->seg.key.family == 4)
		return true;
	t->memory -= frag_datagram_memory(d);
	frag_datagram_spoil(d);
	t->memory += frag_datagram_memory(d);
	t->counts.spoiled++;
	p->fate = FATE_BAD_FRAGMENT;
	return false;
}

/* Fragment of a datagram in the table; its bytes are at the cursor. */
static enum layer
join(struct frag_table *t, struct frag_datagram *d, struct packet *p,
    const struct fragment *f, uint32_t length)
{
	uint32_t captured = (uint32_t)cursor_left(&p->at);

	if (d->spoiled || frag_datagram_contradicts(d, f, length))
		return layer_end(p, FATE_BAD_FRAGMENT);
	if (captured > length)
		captured = length;
	if (make_room(t, d, f->offset + length) == -1)
		return layer_end(p, FATE_FRAGMENT);
	if (!acceptable(t, d, p, frag_datagram_compare(d, f->offset, length,
	    p->at.at, captured)))
		return LAYER_END;
	if (f->offset == 0 && !frag_datagram_begins(d))
		d->packet = *p;
	frag_datagram_place(d, f, length, p->at.at, captured);
	if (!frag_datagram_whole(d))
		return layer_end(p, FATE_FRAGMENT);
	return complete(t, d, p);
}

struct frag_table *
frag_new(size_t memory, int64_t timeout, uint64_t seed)
{
	struct frag_table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->memory_max = memory;
	t->timeout = timeout;
	t->seed = seed;
	return t;
}

void
frag_free(struct frag_table *t)
{
	if (t == NULL)
		return;
	free_list(&t->oldest);
	free_list(&t->done);
	free_list(&t->given_up);
	frag_datagram_free(t->handed_out);
	free(t);
}

bool
frag_used(const struct frag_table *t)
{
	return t->counts.datagrams > 0;
}

void
frag_tick(struct frag_table *t, int64_t now)
{
	free_list(&t->done);
	while (t->oldest != NULL && now != RECORD_NO_TIME &&
	    t->oldest->created < now - t->timeout) {
		t->counts.timed_out++;
		give_up(t, t->oldest);
	}
}

void
frag_finish(struct frag_table *t)
{
	while (t->oldest != NULL) {
		t->counts.incomplete++;
		give_up(t, t->oldest);
	}
}

enum layer
frag_add(struct packet *p, struct fragment f)
{
	struct frag_table *t = p->fragments;
	size_t length = layer_left(p);
	struct frag_datagram *d;
	uint32_t bucket;

	if (!leads_to_tcp(p))
		return LAYER_PROTOCOL;
	if (t == NULL)
		return f.offset == 0 ? LAYER_PROTOCOL :
		    layer_end(p, FATE_FRAGMENT);
	if (f.more && length % FRAG_UNIT != 0) {
		if (p->seg.key.family == 6)
			return layer_end(p, FATE_BAD_FRAGMENT);
		length -= length % FRAG_UNIT;
	}
	if (length == 0 || length + f.offset > FRAG_DATAGRAM_MAX)
		return layer_end(p, FATE_BAD_FRAGMENT);
	t->counts.fragments++;
	bucket = bucket_of(t, p, f.id);
	d = find(t, p, f.id, bucket);
	if (d == NULL)
		d = begin(t, p, f.id, bucket);
	if (d == NULL)
		return layer_end(p, FATE_FRAGMENT);
	return join(t, d, p, &f, (uint32_t)length);
}

bool
frag_leftover(struct frag_table *t, struct packet *p)
{
	struct frag_datagram *d = t->given_up;

	frag_datagram_free(t->handed_out);
	t->handed_out = d;
	if (d == NULL)
		return false;
	t->given_up = d->newer;
	*p = d->packet;
	p->fragments = NULL;
	frag_datagram_enter(d, p);
	layer_walk(p, LAYER_PROTOCOL);
	return true;
}

const struct frag_counts *
frag_counts(const struct frag_table *t)
{
	return &t->counts;
}
