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

/* Ticks of 10^-n or 2^-n seconds, as ns. */
static int64_t
nanoseconds(const struct pcapng_interface *i, uint64_t ticks)
{
	unsigned n = i->resolution & 0x7f;
	uint64_t seconds, rest, scale = 1;
	int64_t whole;

	if ((i->resolution & RESOLUTION_BINARY) != 0) {
		if (n > 63)
			return 0;
		seconds = ticks >> n;
		rest = ticks & (((uint64_t)1 << n) - 1);
		if (n > 32) {
			rest >>= n - 32;
			n = 32;
		}
		rest = rest * 1000000000 >> n;
	} else {
		if (n > 19)
			return 0;
		while (n-- > 0)
			scale *= 10;
		seconds = ticks / scale;
		rest = ticks % scale;
		rest = scale > 1000000000 ? rest / (scale / 1000000000) :
		    rest * (1000000000 / scale);
	}
	if (seconds > SECONDS_MAX || i->offset > SECONDS_MAX ||
	    i->offset < SECONDS_MIN)
		return 0;
	whole = (int64_t)seconds + i->offset;
	if (whole > SECONDS_MAX || whole < SECONDS_MIN)
		return 0;
	return whole * 1000000000 + (int64_t)rest;
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
	return NULL;
}

static const char *
timed_packet(struct pcapng *f, struct cursor *c, const uint8_t *block,
    bool old, struct pcap_packet *p)
{
	uint32_t index = old ? get16(f, c) : get32(f, c);
	uint64_t ticks;
	const char *why;

	if (old)
		cursor_skip(c, 2);	/* drops */
	ticks = (uint64_t)get32(f, c) << 32;
	ticks |= get32(f, c);
	p->captured = get32(f, c);
	p->on_wire = get32(f, c);
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
	if (*length < PCAPNG_BLOCK_HEADER || *length % 4 != 0)
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
	uint32_t type, again;

	cursor_init(&c, bytes, available);
	*why = frame_of_block(f, &c, &type, length);
	if (*why != NULL)
		return PCAPNG_BAD;
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
	again = type == BLOCK_SECTION ? *length : get32(f, &c);
	cursor_init(&c, bytes, *length - BLOCK_TRAILER);
	cursor_skip(&c, 8);
	if (again != *length) {
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
