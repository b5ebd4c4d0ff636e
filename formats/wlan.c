/* SPDX-License-Identifier: ISC */
/* IEEE 802.11 and the capture headers before it. */

#include <string.h>

#include "formats/link.h"
#include "formats/wlan.h"

enum {
	WLAN_DATA = 2,			/* frame type */
	WLAN_NO_DATA = 0x4, WLAN_QOS = 0x8, /* of the subtype */
	WLAN_TO_DS = 0x01, WLAN_FROM_DS = 0x02, WLAN_PROTECTED = 0x40,
	WLAN_ORDER = 0x80,		/* with QoS: HT control follows */
	QOS_AMSDU = 0x80,
	WLAN_LATER_FRAGMENT = 0x0f,	/* of sequence control */
	MESH_EXTENSION = 0x03, MESH_CONTROL = 6, /* and addresses of 6 */
	LLC_SNAP = 0xaaaa03,
	WLAN_FCS = 4,			/* bytes */
	RADIOTAP_WORDS_MAX = 32,
	RADIOTAP_TSFT = 0x1, RADIOTAP_FLAGS = 0x2, /* of the first word */
	RADIOTAP_FCS = 0x10, RADIOTAP_PADDED = 0x20, RADIOTAP_BAD_FCS = 0x40,
	PPI_80211 = 2, PPI_FIELDS_MAX = 64,
	PPI_FCS = 0x1, PPI_BAD_FCS = 0x4
};

#define AVS_MAGIC	0x80211000u	/* and the version, 1 or 2 */

/* Addresses by the DS bits: h is the header, fourth the fourth address. */
static void
take_addresses(struct packet *p, const uint8_t *h, const uint8_t *fourth)
{
	const uint8_t *dst = h + 4, *src = h + 10;

	if ((h[1] & WLAN_TO_DS) != 0)
		dst = h + 16;
	if (fourth != NULL)
		src = fourth;
	else if ((h[1] & WLAN_FROM_DS) != 0)
		src = h + 16;
	memcpy(p->seg.key.dst_mac, dst, 6);
	memcpy(p->seg.key.src_mac, src, 6);
	p->seg.key.info |= FLOW_HAS_MAC;
}

static bool
is_snap(const struct cursor *c, size_t at)
{
	const uint8_t *h = cursor_peek(c, at + 4);

	return h != NULL && be32_get(h + at) >> 8 == LLC_SNAP;
}

/*
 * A frame's body.  In a mesh a control field comes first.  The bit that
 * says so means other things outside of one, so SNAP behind it decides.
 */
static enum layer
body(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 1);
	size_t mesh;

	if (h == NULL || is_snap(&p->at, 0))
		return LAYER_LLC;
	mesh = MESH_CONTROL + (size_t)(h[0] & MESH_EXTENSION) * 6;
	if (is_snap(&p->at, mesh))
		cursor_skip(&p->at, mesh);
	return LAYER_LLC;
}

/* A data frame; `padded`: its header fills up to a multiple of 4 bytes. */
static enum layer
data_frame(struct packet *p, bool padded)
{
	const uint8_t *start = p->at.at, *h = cursor_bytes(&p->at, 24);
	const uint8_t *fourth = NULL, *qos = NULL;

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if ((h[1] & (WLAN_TO_DS | WLAN_FROM_DS)) ==
	    (WLAN_TO_DS | WLAN_FROM_DS))
		fourth = cursor_bytes(&p->at, 6);
	if ((h[0] >> 4 & WLAN_QOS) != 0) {
		qos = cursor_bytes(&p->at, 2);
		if ((h[1] & WLAN_ORDER) != 0)
			cursor_skip(&p->at, 4);
	}
	if (padded)
		cursor_skip(&p->at, -(size_t)(p->at.at - start) & 3);
	if (p->at.bad)
		return layer_short(p, FATE_BAD_LINK);
	take_addresses(p, h, fourth);
	if ((h[1] & WLAN_PROTECTED) != 0)
		return layer_end(p, FATE_PROTECTED);
	if ((h[22] & WLAN_LATER_FRAGMENT) != 0)
		return layer_end(p, FATE_NOT_IP);
	if (qos == NULL || (qos[0] & QOS_AMSDU) == 0)
		return body(p);
	p->more = p->at;
	p->more_cut = p->cut;
	return wlan_amsdu_decode(p);
}

static enum layer
wlan(struct packet *p, bool padded)
{
	const uint8_t *h = cursor_peek(&p->at, 2);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if ((h[0] & 3) != 0)		/* version */
		return layer_end(p, FATE_BAD_LINK);
	if ((h[0] >> 2 & 3) != WLAN_DATA || (h[0] >> 4 & WLAN_NO_DATA) != 0)
		return layer_end(p, FATE_CONTROL);
	return data_frame(p, padded);
}

/* A length field in the byte order of the machine that captured. */
static uint32_t
either_order(const uint8_t *h)
{
	uint32_t length = le32_get(h);

	return length > 0xffff ? be32_get(h) : length;
}

enum layer
wlan_decode(struct packet *p)
{
	return wlan(p, false);
}

enum layer
wlan_amsdu_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->more, 14);
	size_t length;

	p->at = p->more;
	p->cut = p->more_cut;
	if (h == NULL) {
		p->more.at = p->more.end;
		return layer_short(p, FATE_BAD_LINK);
	}
	memcpy(p->seg.key.dst_mac, h, 6);
	memcpy(p->seg.key.src_mac, h + 6, 6);
	length = be16_get(h + 12);
	layer_limit(p, length);
	length += -(14 + length) & 3;	/* to the next one */
	if (length > cursor_left(&p->more))
		length = cursor_left(&p->more);
	cursor_skip(&p->more, length);
	if (cursor_left(&p->more) < 14)	/* a check sequence, or padding */
		p->more.at = p->more.end;
	return body(p);
}

enum layer
wlan_radiotap_decode(struct packet *p)
{
	struct cursor whole = p->at, c;
	const uint8_t *h = cursor_bytes(&p->at, 4);
	uint32_t present, word;
	uint8_t flags = 0;
	unsigned n = 0;

	if (h == NULL || cursor_bytes(&whole, le16_get(h + 2)) == NULL)
		return layer_short(p, FATE_BAD_LINK);
	c = p->at;
	cursor_limit(&c, (size_t)le16_get(h + 2) - 4);
	present = word = cursor_le32(&c);
	while ((word & 0x80000000u) != 0 && n++ < RADIOTAP_WORDS_MAX)
		word = cursor_le32(&c);
	if ((present & RADIOTAP_TSFT) != 0) {
		cursor_skip(&c, -(size_t)(c.at - h) & 7);
		cursor_skip(&c, 8);
	}
	if ((present & RADIOTAP_FLAGS) != 0)
		flags = cursor_u8(&c);
	if (c.bad || le16_get(h + 2) < 8)
		return layer_end(p, FATE_BAD_LINK);
	p->at = whole;
	if ((flags & RADIOTAP_BAD_FCS) != 0 && !p->damaged)
		return layer_end(p, FATE_BAD_LINK);
	if ((flags & RADIOTAP_FCS) != 0)
		layer_trim(p, WLAN_FCS);
	return wlan(p, (flags & RADIOTAP_PADDED) != 0);
}

enum layer
wlan_prism_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 8);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if ((be32_get(h) & ~3u) == AVS_MAGIC)
		return LAYER_AVS;
	cursor_skip(&p->at, either_order(h + 4));
	return LAYER_WLAN;
}

enum layer
wlan_avs_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 8);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	cursor_skip(&p->at, be32_get(h + 4));
	return LAYER_WLAN;
}

enum layer
wlan_ppi_decode(struct packet *p)
{
	struct cursor whole = p->at, fields;
	const uint8_t *h = cursor_bytes(&p->at, 8), *f;
	uint16_t flags = 0;
	unsigned n;

	if (h == NULL || cursor_bytes(&whole, le16_get(h + 2)) == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if (le16_get(h + 2) < 8)
		return layer_end(p, FATE_BAD_LINK);
	fields = p->at;
	cursor_limit(&fields, (size_t)le16_get(h + 2) - 8);
	for (n = 0; n < PPI_FIELDS_MAX && cursor_left(&fields) >= 4; n++) {
		f = cursor_bytes(&fields, 4);
		if (le16_get(f) == PPI_80211 && cursor_left(&fields) >= 10)
			flags = le16_get(fields.at + 8);
		cursor_skip(&fields, le16_get(f + 2));
		if ((h[1] & 1) != 0)	/* aligned to 32 bits */
			cursor_skip(&fields, -(size_t)le16_get(f + 2) & 3);
	}
	p->at = whole;
	if ((flags & PPI_BAD_FCS) != 0 && !p->damaged)
		return layer_end(p, FATE_BAD_LINK);
	if ((flags & PPI_FCS) != 0)
		layer_trim(p, WLAN_FCS);
	return link_layer(le32_get(h + 4)) == LAYER_END ?
	    layer_end(p, FATE_LINK_TYPE) : link_layer(le32_get(h + 4));
}
