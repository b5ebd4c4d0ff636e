/* SPDX-License-Identifier: ISC */
/* IPv4 and IPv6. */

#include <string.h>

#include "formats/frag.h"
#include "formats/ip.h"

enum {
	V4_MORE = 0x2000, V4_OFFSET = 0x1fff,	/* of flags and offset */
	V6_MORE = 0x0001, V6_OFFSET = 0xfff8,
	OPTION_PAD = 0, OPTION_JUMBO = 194, OPTION_HOME = 201, OPTIONS_MAX = 16,
	ROUTING_SOURCE = 0, ROUTING_MOBILE = 2, ROUTING_SEGMENTS = 4
};

static void
set_addresses(struct packet *p, uint8_t family, const uint8_t *src,
    const uint8_t *dst)
{
	size_t each = family == 4 ? 4 : 16;

	p->seg.key.family = family;
	memset(p->seg.key.src + each, 0, sizeof(p->seg.key.src) - each);
	memset(p->seg.key.dst + each, 0, sizeof(p->seg.key.dst) - each);
	memcpy(p->seg.key.src, src, each);
	memcpy(p->seg.key.dst, dst, each);
}

/* What the packet carries; TCP mostly. */
static enum layer
carried(struct packet *p)
{
	return p->protocol == IP_TCP ? layer_over(p, LAYER_TCP) :
	    LAYER_PROTOCOL;
}

/* The destination in the end, while the packet is still on its way. */
static void
routing(struct packet *p, const uint8_t *h, size_t length)
{
	uint8_t type = h[2], left = h[3];

	if (left == 0 || length < 24)
		return;
	if (type == ROUTING_SEGMENTS)	/* RFC 8754: the last comes first */
		memcpy(p->seg.key.dst, h + 8, 16);
	else if (type == ROUTING_SOURCE || type == ROUTING_MOBILE)
		memcpy(p->seg.key.dst, h + 8 + (length - 24) / 16 * 16, 16);
}

/* The value of the option of this type and size, or NULL. */
static const uint8_t *
find_option(const uint8_t *options, size_t length, uint8_t wanted,
    uint8_t wanted_size)
{
	struct cursor c;
	uint8_t type, size;
	const uint8_t *value;
	unsigned n;

	cursor_init(&c, options, length);
	for (n = 0; n < OPTIONS_MAX && cursor_left(&c) > 0; n++) {
		type = cursor_u8(&c);
		if (type == OPTION_PAD)
			continue;
		size = cursor_u8(&c);
		value = cursor_bytes(&c, size);
		if (type == wanted && size == wanted_size)
			return value;
	}
	return NULL;
}

/* RFC 6275 section 6.3: a mobile sender's address at home. */
static void
home_address(struct packet *p, const uint8_t *options, size_t length)
{
	const uint8_t *home = find_option(options, length, OPTION_HOME, 16);

	if (home != NULL)
		memcpy(p->seg.key.src, home, 16);
}

/*
 * RFC 2675: the length that the header could not hold; it counts from the
 * header's end, where this extension, which comes first, began.
 */
static void
jumbo(struct packet *p, const uint8_t *h, size_t length)
{
	const uint8_t *whole = find_option(h + 2, length - 2, OPTION_JUMBO, 4);

	if (whole != NULL && be32_get(whole) > UINT16_MAX)
		layer_limit(p, be32_get(whole) - length);
}

/* An extension header whose second byte is its length, in these units. */
static enum layer
extension(struct packet *p, size_t unit, size_t more)
{
	const uint8_t *h = cursor_peek(&p->at, 8);
	uint8_t protocol = p->protocol;
	size_t length;

	if (h == NULL)
		return layer_short(p, FATE_BAD_IP);
	length = (h[1] + more) * unit;
	if (cursor_bytes(&p->at, length) == NULL)
		return layer_short(p, FATE_BAD_IP);
	if (protocol == IP_ROUTING)
		routing(p, h, length);
	else if (protocol == IP_DESTINATION)
		home_address(p, h + 2, length - 2);
	else if (protocol == IP_HOP_BY_HOP)
		jumbo(p, h, length);
	p->protocol = h[0];
	return LAYER_PROTOCOL;
}

static enum layer
v6_fragment(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 8);
	struct fragment f;
	uint16_t place;

	if (h == NULL)
		return layer_short(p, FATE_BAD_IP);
	place = be16_get(h + 2);
	f.offset = place & V6_OFFSET;
	f.more = (place & V6_MORE) != 0;
	f.id = be32_get(h + 4);
	p->protocol = h[0];
	if (f.offset == 0 && !f.more)	/* atomic, RFC 6946 */
		return LAYER_PROTOCOL;
	return frag_add(p, f);
}

bool
ip_certain(const struct cursor *c, size_t left)
{
	const uint8_t *h = cursor_peek(c, IP_V4_HEADER);
	size_t length, i;
	uint32_t sum = 0;

	if (h == NULL)
		return false;
	if (h[0] >> 4 == 6)
		return be16_get(h + 4) + (size_t)IP_V6_HEADER == left;
	length = (size_t)(h[0] & 15) * 4;
	if (h[0] >> 4 != 4 || length < IP_V4_HEADER ||
	    cursor_peek(c, length) == NULL)
		return false;
	for (i = 0; i < length; i += 2)
		sum += be16_get(h + i);
	return (sum & 0xffff) + (sum >> 16) == 0xffff;
}

bool
ip_plausible(const struct cursor *c, size_t left)
{
	const uint8_t *h = cursor_peek(c, IP_V4_HEADER);
	uint16_t total;

	if (h == NULL)
		return false;
	if (h[0] >> 4 == 6)
		return left >= IP_V6_HEADER &&
		    be16_get(h + 4) <= left - IP_V6_HEADER;
	total = be16_get(h + 2);
	return h[0] >> 4 == 4 && (h[0] & 15) >= 5 && total <= left &&
	    (total == 0 || total >= IP_V4_HEADER);
}

enum layer
ip_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 1);

	if (h == NULL)
		return layer_short(p, FATE_BAD_IP);
	switch (*h >> 4) {
	case 4:
		return ip_v4_decode(p);
	case 6:
		return ip_v6_decode(p);
	default:
		return layer_end(p, FATE_BAD_IP);
	}
}

enum layer
ip_v4_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, IP_V4_HEADER);
	size_t header, total;
	struct fragment f;
	uint16_t place;

	if (h == NULL)
		return layer_short(p, FATE_BAD_IP);
	header = (size_t)(h[0] & 15) * 4;
	total = be16_get(h + 2);
	if (h[0] >> 4 != 4 || header < IP_V4_HEADER ||
	    (total != 0 && total < header))
		return layer_end(p, FATE_BAD_IP);
	if (total != 0)
		layer_limit(p, total);
	if (cursor_bytes(&p->at, header) == NULL)
		return layer_short(p, FATE_BAD_IP);
	set_addresses(p, 4, h + 12, h + 16);
	p->ip = h;
	p->protocol = h[9];
	place = be16_get(h + 6);
	if ((place & (V4_MORE | V4_OFFSET)) == 0)
		return carried(p);
	f.offset = (uint32_t)(place & V4_OFFSET) * 8;
	f.more = (place & V4_MORE) != 0;
	f.id = be16_get(h + 4);
	return frag_add(p, f);
}

enum layer
ip_v6_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, IP_V6_HEADER);
	uint16_t length;

	if (h == NULL)
		return layer_short(p, FATE_BAD_IP);
	if (h[0] >> 4 != 6)
		return layer_end(p, FATE_BAD_IP);
	length = be16_get(h + 4);
	if (length != 0)
		layer_limit(p, length);
	set_addresses(p, 6, h + 8, h + 24);
	p->ip = h;
	p->protocol = h[6];
	return carried(p);
}

enum layer
ip_protocol_decode(struct packet *p)
{
	switch (p->protocol) {
	case IP_TCP:
		return LAYER_TCP;
	case IP_UDP:
		return LAYER_UDP;
	case IP_HOP_BY_HOP:
	case IP_ROUTING:
	case IP_DESTINATION:
	case IP_MOBILITY:
	case IP_HIP:
	case IP_SHIM6:
		return extension(p, 8, 1);
	case IP_AH:
		return extension(p, 4, 2);
	case IP_FRAGMENT:
		return v6_fragment(p);
	case IP_IPV4:
	case IP_IPV6:
	case IP_MPLS:
		return LAYER_IPIP;
	case IP_GRE:
		return LAYER_GRE;
	case IP_ETHERIP:
	case IP_ETHERNET:
		return LAYER_ETHERIP;
	case IP_L2TP:
		return LAYER_L2TP_IP;
	case IP_ICMP:
	case IP_ICMPV6:
		return layer_end(p, FATE_ICMP);
	case IP_SCTP:
		return layer_end(p, FATE_SCTP);
	case IP_ESP:
		return layer_end(p, FATE_ESP);
	default:
		return layer_end(p, FATE_OTHER_IP);
	}
}
