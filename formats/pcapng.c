/* SPDX-License-Identifier: ISC */
/* pcapng, block by block. */

#include <stdlib.h>
#include <string.h>

#include "formats/pcapng.h"
#include "libcommon/cursor.h"

enum {
	BLOCK_INTERFACE = 1, BLOCK_PACKET_OLD = 2, BLOCK_SIMPLE = 3,
	BLOCK_ENHANCED = 6,
	BLOCK_TRAILER = 4,		/* the length again */
	PACKET_FIXED = 20,		/* of a packet block, before the data */
	OPTION_END = 0, OPTION_RESOLUTION = 9, OPTION_FCS = 13,
	OPTION_OFFSET = 14,
	RESOLUTION_MICRO = 6, RESOLUTION_BINARY = 0x80
};

#define BLOCK_SECTION	0x0a0d0d0au
#define BYTE_ORDER_MAGIC 0x1a2b3c4du

/* What lies farther from the epoch is nonsense; differences fit 64 bits. */
#define SECONDS_MIN	INT64_C(-4000000000)
#define SECONDS_MAX	INT64_C(5000000000)

static uint16_t
get16(const struct pcapng *f, struct cursor *c)
{
	return f->big ? cursor_be16(c) : cursor_le16(c);
}

static uint32_t
get32(const struct pcapng *f, struct cursor *c)
{
	return f->big ? cursor_be32(c) : cursor_le32(c);
}

static uint64_t
get64(const struct pcapng *f, struct cursor *c)
{
	uint64_t first = get32(f, c), second = get32(f, c);

	return f->big ? first << 32 | second : second << 32 | first;
}

/* A time in parts of a second, cut up. */
struct instant {
	uint64_t	 seconds;
	uint64_t	 rest;		/* ns */
};

/* Ticks of 10^-n seconds, n at most 19. */
static inline struct instant
decimal(uint64_t ticks, unsigned n)
{
	static const uint64_t ten_to[] = {
		1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
		100000000, 1000000000, 10000000000, 100000000000,
		1000000000000, 10000000000000, 100000000000000,
		1000000000000000, 10000000000000000, 100000000000000000,
		1000000000000000000, 10000000000000000000u
	};
	uint64_t rest = ticks % ten_to[n];

	return (struct instant){
		.seconds = ticks / ten_to[n],
		.rest = n > 9 ? rest / ten_to[n - 9] : rest * ten_to[9 - n]
	};
}

/* Ticks of 2^-n seconds, n at most 63. */
static struct instant
binary(uint64_t ticks, unsigned n)
{
	uint64_t rest = ticks & (((uint64_t)1 << n) - 1);
	uint64_t seconds = ticks >> n;

	if (n > 32) {
		rest >>= n - 32;
		n = 32;
	}
	return (struct instant){ seconds, rest * 1000000000 >> n };
}

static int64_t
nanoseconds(const struct pcapng_interface *i, uint64_t ticks)
{
	unsigned n = i->resolution & 0x7f;
	struct instant t;
	int64_t whole;

	if (i->resolution == RESOLUTION_MICRO)
		t = decimal(ticks, RESOLUTION_MICRO);	/* by constants */
	else if ((i->resolution & RESOLUTION_BINARY) == 0 && n <= 19)
		t = decimal(ticks, n);
	else if ((i->resolution & RESOLUTION_BINARY) != 0 && n <= 63)
		t = binary(ticks, n);
	else
		return 0;
	if (t.seconds > SECONDS_MAX || i->offset > SECONDS_MAX ||
	    i->offset < SECONDS_MIN)
		return 0;
	whole = (int64_t)t.seconds + i->offset;
	if (whole > SECONDS_MAX || whole < SECONDS_MIN)
		return 0;
	return whole * 1000000000 + (int64_t)t.rest;
}

static const char *
section(struct pcapng *f, struct cursor *c)
{
	const uint8_t *magic = cursor_bytes(c, 4);

	if (magic == NULL)
		return "section header too short";
	f->big = be32_get(magic) == BYTE_ORDER_MAGIC;
	if (get16(f, c) != 1)
		return "unknown version of pcapng";
	f->first = f->interfaces;
	return NULL;
}

static void
interface_options(const struct pcapng *f, struct cursor *c,
    struct pcapng_interface *i)
{
	struct cursor value;
	uint16_t code, length;

	while (cursor_left(c) >= 4) {
		code = get16(f, c);
		length = get16(f, c);
		if (code == OPTION_END)
			break;
		value = *c;
		cursor_limit(&value, length);
		if (code == OPTION_RESOLUTION && length >= 1)
			i->resolution = cursor_u8(&value);
		else if (code == OPTION_FCS && length >= 1)
			i->fcs_length = cursor_u8(&value);
		else if (code == OPTION_OFFSET && length >= 8)
			i->offset = (int64_t)get64(f, &value);
		cursor_skip(c, (length + 3u) & ~3u);
	}
}

static const char *
interface(struct pcapng *f, struct cursor *c)
{
	struct pcapng_interface i = { .resolution = RESOLUTION_MICRO }, *grown;
	uint32_t size;

	i.link_type = get16(f, c);
	cursor_skip(c, 2);
	i.snaplen = get32(f, c);
	if (c->bad)
		return "interface description too short";
	interface_options(f, c, &i);
	if (f->interfaces == PCAPNG_INTERFACES_MAX)
		return "too many interfaces";
	if (f->interfaces == f->size) {
		size = f->size == 0 ? 4 : f->size * 2;
		grown = realloc(f->interface, size * sizeof(*grown));
		if (grown == NULL)
			return "out of memory";
		f->interface = grown;
		f->size = size;
	}
	f->interface[f->interfaces++] = i;
	return NULL;
}

/* The rest of a packet block, from the data on. */
static const char *
packet(struct pcapng *f, struct cursor *c, const uint8_t *block,
    uint32_t index, struct pcap_packet *p)
{
	const struct pcapng_interface *i;

	if (c->bad)
		return "packet block too short";
	if (index >= f->interfaces - f->first)
		return "packet of an interface that is not described";
	i = &f->interface[f->first + index];
	if (p->captured > pcap_caplen_max(i->snaplen))
		return "packet of an impossible length";
	p->data = cursor_bytes(c, p->captured);
	if (p->data == NULL)
		return "packet longer than its block";
	p->offset = (uint64_t)(p->data - block);
	if (p->on_wire < p->captured)
		p->on_wire = p->captured;
	p->link_type = i->link_type;
	p->interface = f->first + index;
	p->snaplen = i->snaplen;
	p->fcs_length = i->fcs_length;
	p->nano = i->resolution > RESOLUTION_MICRO;
	p->big = f->big;
	return NULL;
}

static const char *
timed_packet(struct pcapng *f, struct cursor *c, const uint8_t *block,
    bool old, struct pcap_packet *p)
{
	const uint8_t *h = cursor_bytes(c, PACKET_FIXED);
	uint32_t index;
	uint64_t ticks;
	const char *why;

	if (h == NULL)
		return packet(f, c, block, 0, p);
	if (f->big) {
		index = old ? be16_get(h) : be32_get(h);
		ticks = be64_get(h + 4);
		p->captured = be32_get(h + 12);
		p->on_wire = be32_get(h + 16);
	} else {
		index = old ? le16_get(h) : le32_get(h);
		ticks = (uint64_t)le32_get(h + 4) << 32 | le32_get(h + 8);
		p->captured = le32_get(h + 12);
		p->on_wire = le32_get(h + 16);
	}
	why = packet(f, c, block, index, p);
	if (why == NULL)
		p->time = f->time = nanoseconds(&f->interface[p->interface],
		    ticks);
	return why;
}

static const char *
simple_packet(struct pcapng *f, struct cursor *c, const uint8_t *block,
    struct pcap_packet *p)
{
	uint32_t snaplen;

	p->on_wire = get32(f, c);
	p->captured = p->on_wire;
	if (f->interfaces > f->first) {
		snaplen = f->interface[f->first].snaplen;
		if (snaplen != 0 && p->captured > snaplen)
			p->captured = snaplen;
	}
	if (p->captured > cursor_left(c))
		p->captured = (uint32_t)cursor_left(c);
	p->time = f->time;
	return packet(f, c, block, 0, p);
}

/* Byte order and length of the block. */
static const char *
frame_of_block(struct pcapng *f, struct cursor *c, uint32_t *type,
    uint32_t *length)
{
	const uint8_t *h = cursor_bytes(c, PCAPNG_BLOCK_HEADER);
	bool big = f->big;

	if (h == NULL)
		return "block cut short";
	if (le32_get(h) == BLOCK_SECTION) {
		big = be32_get(h + 8) == BYTE_ORDER_MAGIC;
		if (!big && le32_get(h + 8) != BYTE_ORDER_MAGIC)
			return "section of unknown byte order";
	}
	*type = big ? be32_get(h) : le32_get(h);
	*length = big ? be32_get(h + 4) : le32_get(h + 4);
	if (*length < PCAPNG_BLOCK_HEADER || *length > UINT32_MAX - 3)
		return "block of an impossible length";
	return NULL;
}

bool
pcapng_magic(const uint8_t h[4])
{
	return le32_get(h) == BLOCK_SECTION;
}

void
pcapng_free(struct pcapng *f)
{
	free(f->interface);
	memset(f, 0, sizeof(*f));
}

enum pcapng_result
pcapng_block(struct pcapng *f, const uint8_t *bytes, size_t available,
    uint32_t *length, struct pcap_packet *p, const char **why)
{
	struct cursor c;
	uint32_t type, stated, again;

	cursor_init(&c, bytes, available);
	*why = frame_of_block(f, &c, &type, length);
	if (*why != NULL)
		return PCAPNG_BAD;
	stated = *length;
	*length = (stated + 3) & ~3u;	/* some do not count the padding */
	if (type != BLOCK_SECTION && type != BLOCK_INTERFACE &&
	    type != BLOCK_PACKET_OLD && type != BLOCK_SIMPLE &&
	    type != BLOCK_ENHANCED)
		return PCAPNG_OTHER;
	if (*length > PCAPNG_BLOCK_MAX) {
		*why = "block too long";
		return PCAPNG_BAD;
	}
	if (available < *length)
		return PCAPNG_MORE;
	cursor_init(&c, bytes, *length);
	cursor_skip(&c, *length - BLOCK_TRAILER);
	again = type == BLOCK_SECTION ? stated : get32(f, &c);
	cursor_init(&c, bytes, *length - BLOCK_TRAILER);
	cursor_skip(&c, 8);
	if (again != stated) {
		*why = "lengths of a block differ";
		return PCAPNG_BAD;
	}
	switch (type) {
	case BLOCK_SECTION:
		*why = section(f, &c);
		break;
	case BLOCK_INTERFACE:
		*why = interface(f, &c);
		break;
	case BLOCK_SIMPLE:
		*why = simple_packet(f, &c, bytes, p);
		break;
	default:
		*why = timed_packet(f, &c, bytes, type == BLOCK_PACKET_OLD, p);
	}
	if (*why != NULL)
		return PCAPNG_BAD;
	return type == BLOCK_SECTION || type == BLOCK_INTERFACE ?
	    PCAPNG_OTHER : PCAPNG_PACKET;
}
