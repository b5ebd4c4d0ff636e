/* SPDX-License-Identifier: ISC */
/* One IP datagram that comes in fragments. */

#include <stdlib.h>
#include <string.h>

#include "formats/frag_datagram.h"
#include "formats/ip.h"

enum {
	HEADER_ROOM = IP_V6_HEADER,	/* bytes before the payload */
	BUFFER_FIRST = 4096		/* bytes; doubled as needed */
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

static uint32_t
units_of(uint32_t bytes)
{
	return (bytes + FRAG_UNIT - 1) / FRAG_UNIT;
}

/* The payload's size to allocate for bytes up to `end`. */
static uint32_t
size_for(const struct frag_datagram *d, uint32_t end)
{
	uint32_t size = d->size == 0 ? BUFFER_FIRST : d->size;

	while (size < end)
		size *= 2;
	return size;
}

/* Units of the range that have come before. */
static uint32_t
units_taken(const struct frag_datagram *d, uint32_t offset, uint32_t length)
{
	uint32_t i, n = 0;

	for (i = 0; i < units_of(length); i++)
		n += bit(d->came, offset / FRAG_UNIT + i);
	return n;
}

/* As far as both were captured, are the bytes what came before? */
static bool
same_bytes(const struct frag_datagram *d, uint32_t offset, uint32_t length,
    const uint8_t *bytes, uint32_t captured)
{
	uint32_t at, n;

	for (at = 0; at < length; at += FRAG_UNIT) {
		n = length - at < FRAG_UNIT ? length - at : FRAG_UNIT;
		if (at + n > captured)
			break;
		if (bit(d->have, (offset + at) / FRAG_UNIT) &&
		    memcmp(d->buffer + HEADER_ROOM + offset + at, bytes + at,
		    n) != 0)
			return false;
	}
	return true;
}

/* A header in front of the payload, for whoever looks at whole packets. */
static const uint8_t *
make_header(const struct frag_datagram *d, uint8_t protocol,
    uint32_t length)
{
	const struct flow_key *key = &d->packet.seg.key;
	size_t size = key->family == 4 ? IP_V4_HEADER : IP_V6_HEADER;
	uint8_t *h = d->buffer + HEADER_ROOM - size;

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

/* Bytes from the beginning that are all there. */
static uint32_t
beginning(const struct frag_datagram *d, uint32_t length)
{
	uint32_t units = 0;

	while (units < FRAG_UNITS && bit(d->have, units))
		units++;
	return units * FRAG_UNIT < length ? units * FRAG_UNIT : length;
}

size_t
frag_datagram_memory(const struct frag_datagram *d)
{
	return sizeof(*d) + (d->buffer == NULL ? 0 : d->size + HEADER_ROOM);
}

void
frag_datagram_free(struct frag_datagram *d)
{
	if (d != NULL)
		free(d->buffer);
	free(d);
}

size_t
frag_datagram_growth(const struct frag_datagram *d, uint32_t end)
{
	if (d->buffer == NULL)
		return size_for(d, end) + HEADER_ROOM;
	return size_for(d, end) - d->size;
}

int
frag_datagram_grow(struct frag_datagram *d, uint32_t end)
{
	uint32_t size = size_for(d, end);
	uint8_t *buffer;

	if (d->buffer != NULL && size == d->size)
		return 0;
	buffer = realloc(d->buffer, size + HEADER_ROOM);
	if (buffer == NULL)
		return -1;
	d->buffer = buffer;
	d->size = size;
	return 0;
}

void
frag_datagram_spoil(struct frag_datagram *d)
{
	free(d->buffer);
	d->buffer = NULL;
	d->size = 0;
	d->spoiled = true;
}

bool
frag_datagram_contradicts(const struct frag_datagram *d,
    const struct fragment *f, uint32_t length)
{
	uint32_t end = f->offset + length;

	if (!f->more)
		return d->end > end || (d->total != 0 && d->total != end);
	return d->total != 0 && end > d->total;
}

enum frag_novelty
frag_datagram_compare(const struct frag_datagram *d, uint32_t offset,
    uint32_t length, const uint8_t *bytes, uint32_t captured)
{
	uint32_t taken = units_taken(d, offset, length);

	if (taken == 0)
		return FRAG_NEW;
	return taken == units_of(length) &&
	    same_bytes(d, offset, length, bytes, captured) ?
	    FRAG_DUPLICATE : FRAG_OVERLAP;
}

void
frag_datagram_place(struct frag_datagram *d, const struct fragment *f,
    uint32_t length, const uint8_t *bytes, uint32_t captured)
{
	uint32_t i, at, n, unit;

	for (i = 0; i < units_of(length); i++) {
		at = i * FRAG_UNIT;
		n = length - at < FRAG_UNIT ? length - at : FRAG_UNIT;
		unit = f->offset / FRAG_UNIT + i;
		if (bit(d->came, unit))
			continue;
		set_bit(d->came, unit);
		d->units++;
		if (at + n > captured)
			continue;
		set_bit(d->have, unit);
		d->captured++;
		memcpy(d->buffer + HEADER_ROOM + f->offset + at, bytes + at,
		    n);
	}
	if (f->offset + length > d->end)
		d->end = f->offset + length;
	if (!f->more)
		d->total = d->end;
}

bool
frag_datagram_whole(const struct frag_datagram *d)
{
	return d->total != 0 && d->units == units_of(d->total);
}

bool
frag_datagram_begins(const struct frag_datagram *d)
{
	return !d->spoiled && bit(d->have, 0);
}

void
frag_datagram_enter(const struct frag_datagram *d, struct packet *p)
{
	uint32_t length = d->total != 0 ? d->total : d->end;
	uint32_t captured = beginning(d, length);

	p->protocol = d->packet.protocol;
	p->ip = make_header(d, p->protocol, length);
	cursor_init(&p->at, d->buffer + HEADER_ROOM, captured);
	p->cut = length - captured;
	p->reassembled = true;
	p->seg.key.info |= FLOW_FRAGMENTED;
}
