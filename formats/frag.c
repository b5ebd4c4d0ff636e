/* SPDX-License-Identifier: ISC */
/* IP datagrams out of their fragments. */

#include <stdlib.h>
#include <string.h>

#include "formats/frag.h"
#include "formats/ip.h"

enum {
	UNIT = 8,			/* bytes; offsets count in these */
	UNITS = (FRAG_DATAGRAM_MAX + UNIT) / UNIT,
	BUCKETS = 1 << 14,
	BUFFER_FIRST = 4096		/* bytes; doubled as needed */
};

struct datagram {
	struct datagram	*chain;		/* in its bucket */
	struct datagram	*older, *newer;	/* in order of creation; `newer`
					 * alone links the other lists */
	uint32_t	 bucket;
	uint32_t	 id;
	int64_t		 created;
	struct packet	 packet;	/* of offset 0 once that has come */
	uint8_t		*buffer;	/* IP_V6_HEADER bytes, the payload */
	uint32_t	 size;		/* payload bytes there is room for */
	uint32_t	 total;		/* of the payload, 0: not yet known */
	uint32_t	 end;		/* highest byte seen, plus 1 */
	uint32_t	 units;		/* that came, captured or not */
	uint32_t	 captured;	/* units of which there are bytes */
	bool		 spoiled;
	uint8_t		 came[UNITS / 8 + 1];
	uint8_t		 have[UNITS / 8 + 1];
};

struct frag_table {
	struct datagram	*bucket[BUCKETS];
	struct datagram	*oldest, *newest;
	struct datagram	*done;		/* until the next tick */
	struct datagram	*given_up;	/* to be handed out, oldest first */
	struct datagram	*given_up_last;
	struct datagram	*handed_out;	/* until the next is */
	size_t		 memory;	/* in the buckets */
	size_t		 memory_max;
	int64_t		 timeout;
	uint64_t	 seed;
	struct frag_counts counts;
};

static bool
bit(const uint8_t *map, uint32_t i)
{
	return (map[i / 8] >> (i % 8) & 1) != 0;
}

static void
set_bit(uint8_t *map, uint32_t i)
{
	map[i / 8] = (uint8_t)(map[i / 8] | 1 << (i % 8));
}

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
	uint64_t h = mix(t->seed ^ id, p->key.src, sizeof(p->key.src));

	h = mix(h, p->key.dst, sizeof(p->key.dst));
	return (uint32_t)(h >> 40) % BUCKETS;
}

static bool
same_datagram(const struct datagram *d, const struct packet *p, uint32_t id)
{
	const struct packet *q = &d->packet;

	return d->id == id && q->key.family == p->key.family &&
	    memcmp(q->key.src, p->key.src, sizeof(q->key.src)) == 0 &&
	    memcmp(q->key.dst, p->key.dst, sizeof(q->key.dst)) == 0 &&
	    (p->key.family == 6 || q->protocol == p->protocol) &&
	    ((q->key.tci ^ p->key.tci) & 0xfff) == 0 &&
	    q->path.length == p->path.length &&
	    memcmp(q->path.bytes, p->path.bytes, p->path.length) == 0;
}

static size_t
memory_of(const struct datagram *d)
{
	return sizeof(*d) + (d->buffer == NULL ? 0 : d->size + IP_V6_HEADER);
}

static void
free_datagram(struct datagram *d)
{
	if (d != NULL)
		free(d->buffer);
	free(d);
}

static void
free_list(struct datagram **list)
{
	struct datagram *d;

	while ((d = *list) != NULL) {
		*list = d->newer;
		free_datagram(d);
	}
}

/* Out of the table, not yet freed. */
static void
take_out(struct frag_table *t, struct datagram *d)
{
	struct datagram **at = &t->bucket[d->bucket];

	while (*at != d)
		at = &(*at)->chain;
	*at = d->chain;
	*(d->older != NULL ? &d->older->newer : &t->oldest) = d->newer;
	*(d->newer != NULL ? &d->newer->older : &t->newest) = d->older;
	d->newer = NULL;
	t->memory -= memory_of(d);
}

/* Out of the table; handed out later when it has a beginning. */
static void
give_up(struct frag_table *t, struct datagram *d)
{
	take_out(t, d);
	if (d->spoiled || !bit(d->have, 0)) {
		free_datagram(d);
		return;
	}
	*(t->given_up == NULL ? &t->given_up : &t->given_up_last->newer) = d;
	t->given_up_last = d;
}

/* Make room by giving up the oldest, but not `keep`: 0, or -1. */
static int
reserve(struct frag_table *t, size_t n, const struct datagram *keep)
{
	struct datagram *d = t->oldest, *next;

	for (; t->memory + n > t->memory_max && d != NULL; d = next) {
		next = d->newer;
		if (d == keep)
			continue;
		t->counts.evicted++;
		give_up(t, d);
	}
	return t->memory + n > t->memory_max ? -1 : 0;
}

static struct datagram *
find(const struct frag_table *t, const struct packet *p, uint32_t id,
    uint32_t bucket)
{
	struct datagram *d = t->bucket[bucket];

	while (d != NULL && !same_datagram(d, p, id))
		d = d->chain;
	return d;
}

static struct datagram *
begin(struct frag_table *t, const struct packet *p, uint32_t id,
    uint32_t bucket)
{
	struct datagram *d;

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
	t->memory += memory_of(d);
	t->counts.datagrams++;
	return d;
}

/* Room for `end` bytes of payload: 0, or -1. */
static int
grow(struct frag_table *t, struct datagram *d, uint32_t end)
{
	uint32_t size = d->size == 0 ? BUFFER_FIRST : d->size;
	uint8_t *buffer;
	size_t before = memory_of(d);

	if (d->buffer != NULL && end <= d->size)
		return 0;
	while (size < end)
		size *= 2;
	if (reserve(t, size + IP_V6_HEADER, d) == -1)
		return -1;
	buffer = realloc(d->buffer, size + IP_V6_HEADER);
	if (buffer == NULL)
		return -1;
	d->buffer = buffer;
	d->size = size;
	t->memory += memory_of(d) - before;
	return 0;
}

/* No more of this one, ever (until it times out). */
static void
spoil(struct frag_table *t, struct datagram *d)
{
	t->memory -= memory_of(d);
	free(d->buffer);
	d->buffer = NULL;
	d->size = 0;
	d->spoiled = true;
	t->memory += memory_of(d);
	t->counts.spoiled++;
}

static uint32_t
units_of(uint32_t bytes)
{
	return (bytes + UNIT - 1) / UNIT;
}

/*
 * Put bytes into the units of [offset, offset + length) that are still
 * free; `captured` bytes of them are there.
 */
static void
place(struct datagram *d, uint32_t offset, uint32_t length,
    const uint8_t *bytes, uint32_t captured)
{
	uint32_t i, at, n;

	for (i = 0; i < units_of(length); i++) {
		at = i * UNIT;
		n = length - at < UNIT ? length - at : UNIT;
		if (bit(d->came, offset / UNIT + i))
			continue;
		set_bit(d->came, offset / UNIT + i);
		d->units++;
		if (at + n > captured)
			continue;
		set_bit(d->have, offset / UNIT + i);
		d->captured++;
		memcpy(d->buffer + IP_V6_HEADER + offset + at, bytes + at, n);
	}
}

/* Units of the range that have come before. */
static uint32_t
units_taken(const struct datagram *d, uint32_t offset, uint32_t length)
{
	uint32_t i, n = 0;

	for (i = 0; i < units_of(length); i++)
		n += bit(d->came, offset / UNIT + i);
	return n;
}

/* Does the fragment contradict what is known of the datagram's length? */
static bool
contradicts(const struct datagram *d, const struct fragment *f,
    uint32_t length)
{
	uint32_t end = f->offset + length;

	if (!f->more)
		return d->end > end || (d->total != 0 && d->total != end);
	return d->total != 0 && end > d->total;
}

/* A header in front of the payload, for whoever looks at whole packets. */
static const uint8_t *
make_header(const struct datagram *d, uint8_t protocol, uint32_t length)
{
	const struct flow_key *key = &d->packet.key;
	size_t size = key->family == 4 ? IP_V4_HEADER : IP_V6_HEADER;
	uint8_t *h = d->buffer + IP_V6_HEADER - size;

	memset(h, 0, size);
	if (key->family == 4) {
		h[0] = 0x45;
		be16_put(h + 2, (uint16_t)(length + size > 0xffff ? 0xffff :
		    length + size));
		h[9] = protocol;
		memcpy(h + 12, key->src, 4);
		memcpy(h + 16, key->dst, 4);
	} else {
		h[0] = 0x60;
		be16_put(h + 4, (uint16_t)length);
		h[6] = protocol;
		memcpy(h + 8, key->src, 16);
		memcpy(h + 24, key->dst, 16);
	}
	return h;
}

/* Let the packet go on with the datagram's first `captured` bytes. */
static void
stand_in(struct packet *p, const struct datagram *d, uint32_t captured,
    uint32_t length)
{
	p->protocol = d->packet.protocol;
	p->ip = make_header(d, p->protocol, length);
	cursor_init(&p->at, d->buffer + IP_V6_HEADER, captured);
	p->cut = length - captured;
	p->reassembled = true;
	p->key.info |= FLOW_FRAGMENTED;
}

static enum layer
complete(struct frag_table *t, struct datagram *d, struct packet *p)
{
	if (d->captured < d->units) {
		t->counts.incomplete++;
		give_up(t, d);
		return layer_end(p, FATE_FRAGMENT);
	}
	t->counts.whole++;
	take_out(t, d);
	d->newer = t->done;
	t->done = d;
	stand_in(p, d, d->total, d->total);
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
		return p->key.family == 6 || p->protocol == IP_AH;
	}
}

/* Fragment of a datagram in the table; its bytes are at the cursor. */
static enum layer
join(struct frag_table *t, struct datagram *d, struct packet *p,
    const struct fragment *f, uint32_t length)
{
	uint32_t taken, captured = (uint32_t)cursor_left(&p->at);

	if (d->spoiled || contradicts(d, f, length))
		return layer_end(p, FATE_BAD_FRAGMENT);
	if (captured > length)
		captured = length;
	if (grow(t, d, f->offset + length) == -1)
		return layer_end(p, FATE_FRAGMENT);
	taken = units_taken(d, f->offset, length);
	if (taken == units_of(length) && memcmp(d->buffer + IP_V6_HEADER +
	    f->offset, p->at.at, captured) == 0) {
		t->counts.duplicates++;
		return layer_end(p, FATE_FRAGMENT);
	}
	if (taken > 0) {
		t->counts.overlaps++;
		if (p->key.family == 6) {
			spoil(t, d);
			return layer_end(p, FATE_BAD_FRAGMENT);
		}
	}
	if (f->offset == 0 && !bit(d->came, 0))
		d->packet = *p;
	place(d, f->offset, length, p->at.at, captured);
	if (f->offset + length > d->end)
		d->end = f->offset + length;
	if (!f->more)
		d->total = d->end;
	if (d->total == 0 || d->units < units_of(d->total))
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
	free_datagram(t->handed_out);
	free(t);
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
frag_add(struct packet *p, const struct fragment *f)
{
	struct frag_table *t = p->fragments;
	size_t length = layer_left(p);
	struct datagram *d;
	uint32_t bucket;

	if (!leads_to_tcp(p))
		return LAYER_PROTOCOL;
	if (t == NULL)
		return f->offset == 0 ? LAYER_PROTOCOL :
		    layer_end(p, FATE_FRAGMENT);
	if (f->more && length % UNIT != 0) {
		if (p->key.family == 6)
			return layer_end(p, FATE_BAD_FRAGMENT);
		length -= length % UNIT;
	}
	if (length == 0 || length + f->offset > FRAG_DATAGRAM_MAX)
		return layer_end(p, FATE_BAD_FRAGMENT);
	t->counts.fragments++;
	bucket = bucket_of(t, p, f->id);
	d = find(t, p, f->id, bucket);
	if (d == NULL)
		d = begin(t, p, f->id, bucket);
	if (d == NULL)
		return layer_end(p, FATE_FRAGMENT);
	return join(t, d, p, f, (uint32_t)length);
}

bool
frag_leftover(struct frag_table *t, struct packet *p)
{
	struct datagram *d = t->given_up;
	uint32_t units = 0, captured, length;

	free_datagram(t->handed_out);
	t->handed_out = d;
	if (d == NULL)
		return false;
	t->given_up = d->newer;
	while (units < UNITS && bit(d->have, units))
		units++;
	length = d->total != 0 ? d->total : d->end;
	captured = units * UNIT < length ? units * UNIT : length;
	*p = d->packet;
	p->fragments = NULL;
	stand_in(p, d, captured, length);
	layer_walk(p, LAYER_PROTOCOL);
	return true;
}

const struct frag_counts *
frag_counts(const struct frag_table *t)
{
	return &t->counts;
}
