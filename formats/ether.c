/* SPDX-License-Identifier: ISC */
/* Ethernet and what lies between it and IP. */

#include <string.h>

#include "formats/ether.h"
#include "formats/ip.h"

enum {
	LLC_SNAP = 0xaa, LLC_IP = 0x06, LLC_OSI = 0xfe, LLC_STP = 0x42,
	LLC_UI = 0x03,			/* control: unnumbered information */
	LLC_SNAP_UI = 0xaaaa03,
	NLPID_IPV4 = 0xcc, NLPID_IPV6 = 0x8e,
	OUI_ETHERNET = 0x000000, OUI_8021H = 0x0000f8, OUI_CISCO = 0x00000c,
	OUI_BRIDGED = 0x0080c2,		/* RFC 2684, RFC 2427 */
	BRIDGED_FCS = 1, BRIDGED = 7,	/* its protocols: Ethernet */
	MACSEC_ENCRYPTED = 0x0c, MACSEC_CHANNEL = 0x20, MACSEC_CHECK = 16,
	TOKEN_RING_LLC = 0x40,		/* frame control: not a MAC frame */
	CONTROL_WORD = 4, ASSOCIATED_CHANNEL = 0x1000, /* RFC 4385 */
	ARP_ETHERNET = 1
};

/* The addresses of the outermost frame that has any. */
static void
take_addresses(struct packet *p, const uint8_t *dst, const uint8_t *src)
{
	if ((p->seg.key.info & FLOW_HAS_MAC) != 0 || p->path.depth > 0)
		return;
	memcpy(p->seg.key.dst_mac, dst, 6);
	memcpy(p->seg.key.src_mac, src, 6);
	p->seg.key.info |= FLOW_HAS_MAC;
}

/* A type or length field that has just been read. */
static enum layer
type_or_length(struct packet *p, uint16_t type)
{
	p->type = type;
	if (type == ETHER_IPV4 || type == ETHER_IPV6)
		return layer_over(p, LAYER_IP);
	if (type > ETHER_LENGTH_MAX)
		return LAYER_ETHERTYPE;
	layer_limit(p, type);
	return LAYER_LLC;
}

static enum layer
vlan(struct packet *p)
{
	uint16_t tci = cursor_be16(&p->at);
	uint16_t type = cursor_be16(&p->at);

	if (p->at.bad)
		return layer_short(p, FATE_BAD_LINK);
	if (p->type == ETHER_VLAN && p->path.depth == 0 &&
	    (p->seg.key.info & FLOW_HAS_TCI) == 0) {
		p->seg.key.tci = tci;
		p->seg.key.info |= FLOW_HAS_TCI;
	} else if (layer_push(p, ENCAP_VLAN, tci & 0xfff, false) == -1) {
		return layer_end(p, FATE_TOO_DEEP);
	}
	return type_or_length(p, type);
}

/* Provider backbone bridging: an I-tag, then a whole frame. */
static enum layer
pbb(struct packet *p)
{
	uint32_t tag = cursor_be32(&p->at);

	if (p->at.bad)
		return layer_short(p, FATE_BAD_LINK);
	if (layer_push(p, ENCAP_PBB, tag & 0xffffff, false) == -1)
		return layer_end(p, FATE_TOO_DEEP);
	return LAYER_ETHER;
}

/* A tag of `length` bytes without an identity, then a type. */
static enum layer
plain_tag(struct packet *p, size_t length)
{
	uint16_t type;

	cursor_skip(&p->at, length);
	type = cursor_be16(&p->at);
	if (p->at.bad)
		return layer_short(p, FATE_BAD_LINK);
	return type_or_length(p, type);
}

/* A tag that tells virtual interfaces of a port apart. */
static enum layer
interface_tag(struct packet *p, size_t length)
{
	if (layer_push(p, ENCAP_VNTAG, 0, false) == -1)
		return layer_end(p, FATE_TOO_DEEP);
	return plain_tag(p, length);
}

/* A header of `length` bytes and its options, then a whole frame. */
static enum layer
frame_after(struct packet *p, size_t length)
{
	cursor_skip(&p->at, length);
	return p->at.bad ? layer_short(p, FATE_BAD_LINK) : LAYER_ETHER;
}

static enum layer
trill(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 2);

	/* The length of the options, in words, lies across both bytes. */
	return frame_after(p, h == NULL ? 6 :
	    6 + (size_t)(be16_get(h) >> 6 & 0x1f) * 4);
}

/* Only integrity is protected, or all of it. */
static enum layer
macsec(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 6);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if ((h[0] & MACSEC_ENCRYPTED) != 0)
		return layer_end(p, FATE_PROTECTED);
	if ((h[0] & MACSEC_CHANNEL) != 0)
		cursor_skip(&p->at, 8);
	layer_trim(p, MACSEC_CHECK);
	return plain_tag(p, 0);
}

/*
 * Nothing says what follows the last label.  The first four bits tell IP
 * from a control word (RFC 4385), but a frame without one has an address
 * there.
 */
static enum layer
behind_labels(struct packet *p)
{
	size_t left = cursor_left(&p->at);
	const uint8_t *h = cursor_peek(&p->at, 2);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if (ip_certain(&p->at, layer_left(p)))
		return LAYER_IP;
	if (ether_plausible(h, left))
		return LAYER_ETHER;
	switch (h[0] >> 4) {
	case 0:
		cursor_skip(&p->at, CONTROL_WORD);
		return LAYER_ETHER;
	case 4:
	case 6:
		return LAYER_IP;
	default:
		return be16_get(h) == ASSOCIATED_CHANNEL ?
		    layer_end(p, FATE_CONTROL) : LAYER_ETHER;
	}
}

bool
ether_type_known(uint16_t type)
{
	switch (type) {
	case ETHER_IPV4:
	case ETHER_IPV6:
	case ETHER_ARP:
	case ETHER_VLAN:
	case ETHER_QINQ:
	case ETHER_QINQ_9100:
	case ETHER_QINQ_9200:
	case ETHER_QINQ_9300:
	case ETHER_MPLS:
	case ETHER_MPLS_MULTICAST:
	case ETHER_PPPOE:
	case ETHER_PPPOE_DISCOVERY:
	case ETHER_PBB:
	case ETHER_VNTAG:
	case ETHER_ETAG:
	case ETHER_HSR:
	case ETHER_METADATA:
	case ETHER_MACSEC:
	case ETHER_TRILL:
	case ETHER_FABRICPATH:
	case ETHER_NSH:
		return true;
	default:
		return false;
	}
}

bool
ether_plausible(const uint8_t *frame, size_t length)
{
	uint16_t type = length < 18 ? 0 : be16_get(frame + 12);
	uint16_t next = length < 18 ? 0 : be16_get(frame + 16);

	if (length >= 18 && type <= ETHER_LENGTH_MAX)
		return be32_get(frame + 14) >> 8 == LLC_SNAP_UI;
	switch (type) {
	case ETHER_IPV4:
		return frame[14] >> 4 == 4 && (frame[14] & 15) >= 5;
	case ETHER_IPV6:
		return frame[14] >> 4 == 6;
	case ETHER_ARP:
		return be16_get(frame + 14) == ARP_ETHERNET;
	case ETHER_VLAN:
	case ETHER_QINQ:
	case ETHER_QINQ_9100:
		return next <= ETHER_LENGTH_MAX || ether_type_known(next);
	default:
		return ether_type_known(type);
	}
}

enum layer
ether_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 14);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	take_addresses(p, h, h + 6);
	return type_or_length(p, be16_get(h + 12));
}

enum layer
ether_type_decode(struct packet *p)
{
	switch (p->type) {
	case ETHER_IPV4:
	case ETHER_IPV6:
		return LAYER_IP;
	case ETHER_VLAN:
	case ETHER_QINQ:
	case ETHER_QINQ_9100:
	case ETHER_QINQ_9200:
	case ETHER_QINQ_9300:
		return vlan(p);
	case ETHER_MPLS:
	case ETHER_MPLS_MULTICAST:
		return LAYER_MPLS;
	case ETHER_PPPOE:
		return LAYER_PPPOE;
	case ETHER_PPP:
		return LAYER_PPP;
	case ETHER_TEB:
		return LAYER_ETHER;
	case ETHER_PBB:
		return pbb(p);
	case ETHER_VNTAG:
		return interface_tag(p, 4);
	case ETHER_ETAG:
		return interface_tag(p, 6);
	case ETHER_HSR:
		return plain_tag(p, 4);
	case ETHER_METADATA:
		return plain_tag(p, 6);
	case ETHER_MACSEC:
		return macsec(p);
	case ETHER_FABRICPATH:
		return frame_after(p, 2);
	case ETHER_TRILL:
		return trill(p);
	case ETHER_NSH:
		return LAYER_NSH;
	case ETHER_JUMBO_LLC:
		return LAYER_LLC;
	case ETHER_ARP:
	case ETHER_RARP:
		return layer_end(p, FATE_ARP);
	case ETHER_PPPOE_DISCOVERY:
		return layer_end(p, FATE_CONTROL);
	default:
		return layer_end(p, FATE_NOT_IP);
	}
}

enum layer
ether_llc_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 3);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if (h[0] == LLC_STP || h[2] != LLC_UI)
		return layer_end(p, FATE_CONTROL);
	switch (h[0]) {
	case LLC_SNAP:
		return LAYER_SNAP;
	case LLC_IP:
		return LAYER_IP;
	case LLC_OSI:
		switch (cursor_u8(&p->at)) {
		case NLPID_IPV4:
		case NLPID_IPV6:
			return LAYER_IP;
		default:
			return layer_end(p, FATE_NOT_IP);
		}
	default:
		return layer_end(p, FATE_NOT_IP);
	}
}

enum layer
ether_snap_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 5);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	p->type = be16_get(h + 3);
	switch (be32_get(h) >> 8) {
	case OUI_ETHERNET:
	case OUI_8021H:
	case OUI_CISCO:
		return LAYER_ETHERTYPE;
	case OUI_BRIDGED:
		return p->type == BRIDGED || p->type == BRIDGED_FCS ?
		    LAYER_ETHER : layer_end(p, FATE_NOT_IP);
	default:
		return layer_end(p, FATE_NOT_IP);
	}
}

enum layer
ether_token_ring_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 14);
	const uint8_t *route;
	uint8_t src[6];

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	memcpy(src, h + 8, sizeof(src));
	if ((src[0] & 0x80) != 0) {	/* source routed */
		src[0] &= 0x7f;
		route = cursor_peek(&p->at, 2);
		if (route == NULL)
			return layer_short(p, FATE_BAD_LINK);
		cursor_skip(&p->at, route[0] & 0x1f);
		if (p->at.bad)
			return layer_short(p, FATE_BAD_LINK);
	}
	take_addresses(p, h + 2, src);
	if ((h[1] & 0xc0) != TOKEN_RING_LLC)
		return layer_end(p, FATE_CONTROL);
	return LAYER_LLC;
}

enum layer
ether_mpls_decode(struct packet *p)
{
	const uint8_t *h;

	do {
		h = cursor_bytes(&p->at, 4);
		if (h == NULL)
			return layer_short(p, FATE_BAD_LINK);
		if (p->steps++ >= LAYER_STEPS_MAX)
			return layer_end(p, FATE_TOO_DEEP);
	} while ((h[2] & 1) == 0);	/* not the bottom of the stack */
	return behind_labels(p);
}

enum layer
ether_pppoe_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 6);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if (h[0] != 0x11)		/* version 1, type 1 */
		return layer_end(p, FATE_BAD_LINK);
	if (h[1] != 0)			/* discovery */
		return layer_end(p, FATE_CONTROL);
	if (layer_push(p, ENCAP_PPPOE, be16_get(h + 2), false) == -1)
		return layer_end(p, FATE_TOO_DEEP);
	layer_limit(p, be16_get(h + 4));
	return LAYER_PPP;
}
