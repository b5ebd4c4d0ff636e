/* SPDX-License-Identifier: ISC */
/* Tunnels directly over IP. */

#include "formats/ether.h"
#include "formats/ip.h"
#include "formats/tunnel.h"
#include "formats/tunnel_udp.h"

enum {
	GRE_CHECKSUM = 0x8000, GRE_ROUTING = 0x4000, GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000, GRE_ACK = 0x0080, GRE_VERSION = 0x0007,
	GRE_ARUBA = 0x8200, GRE_ARUBA_LAST = 0x8350,
	GRE_ERSPAN = 0x88be, GRE_ERSPAN_III = 0x22eb, GRE_WCCP = 0x883e,
	GRE_ROUTES_MAX = 16,
	NVGRE_FIRST = 0x100000,		/* keys of reserved VSIDs end here */
	ERSPAN_SUBHEADER = 0x01, ERSPAN_IP = 2
};

/* An inner Ethernet frame, IP packet, ... behind a layer of this kind. */
static enum layer
inside(struct packet *p, enum encap_kind kind, uint32_t id, enum layer next)
{
	if (layer_push(p, kind, id, true) == -1)
		return layer_end(p, FATE_TOO_DEEP);
	return next;
}

/* RFC 2637: PPP behind a header with a call id and its own length. */
static enum layer
pptp(struct packet *p, uint16_t flags)
{
	const uint8_t *h = cursor_bytes(&p->at, 4);

	if (h == NULL)
		return layer_short(p, FATE_BAD_TUNNEL);
	if (p->type != ETHER_PPP || (flags & GRE_KEY) == 0)
		return layer_end(p, FATE_BAD_TUNNEL);
	if ((flags & GRE_SEQUENCE) == 0)	/* acknowledges only */
		return layer_end(p, FATE_CONTROL);
	cursor_skip(&p->at, (flags & GRE_ACK) != 0 ? 8 : 4);
	if (p->at.bad)
		return layer_short(p, FATE_BAD_TUNNEL);
	layer_limit(p, be16_get(h));
	return inside(p, ENCAP_PPTP, be16_get(h + 2), LAYER_PPP);
}

/* Mirrored frames; type I has no header at all. */
static enum layer
erspan(struct packet *p, uint16_t flags)
{
	enum layer next = LAYER_ETHER;
	const uint8_t *h;
	uint32_t session;

	if ((flags & GRE_SEQUENCE) == 0)
		return inside(p, ENCAP_ERSPAN, 0, LAYER_ETHER);
	h = cursor_bytes(&p->at, p->type == GRE_ERSPAN ? 8 : 12);
	if (h == NULL)
		return layer_short(p, FATE_BAD_TUNNEL);
	session = be32_get(h) & 0x3ff;
	if (p->type == GRE_ERSPAN_III) {
		if ((h[11] & ERSPAN_SUBHEADER) != 0)
			cursor_skip(&p->at, 8);
		if ((h[10] >> 2 & 0x1f) == ERSPAN_IP)
			next = LAYER_IP;
	}
	return inside(p, ENCAP_ERSPAN, session, next);
}

/* The cache protocol's second version has a header of its own. */
static enum layer
wccp(struct packet *p)
{
	if (!ip_plausible(&p->at, layer_left(p)))
		cursor_skip(&p->at, 4);
	return inside(p, ENCAP_GRE, 0, LAYER_IP);
}

/* From an access point: a frame of 802.11, or what was in it. */
static enum layer
aruba(struct packet *p)
{
	return inside(p, ENCAP_GRE, 0, ip_plausible(&p->at, layer_left(p)) ?
	    LAYER_IP : LAYER_WLAN);
}

/* RFC 1701: source routes, up to an entry of no family and no length. */
static void
skip_routes(struct cursor *c)
{
	const uint8_t *h;
	unsigned n;

	for (n = 0; n < GRE_ROUTES_MAX; n++) {
		h = cursor_bytes(c, 4);
		if (h == NULL || be32_get(h) == 0)
			return;
		cursor_skip(c, h[3]);
	}
	c->bad = true;
}

static enum layer
gre_payload(struct packet *p, uint16_t flags, uint32_t key)
{
	switch (p->type) {
	case 0:				/* keepalive */
		return layer_end(p, FATE_CONTROL);
	case GRE_ERSPAN:
	case GRE_ERSPAN_III:
		return erspan(p, flags);
	case GRE_WCCP:
		return wccp(p);
	case ETHER_TEB:
		if ((flags & (GRE_KEY | GRE_SEQUENCE | GRE_CHECKSUM)) ==
		    GRE_KEY && key >= NVGRE_FIRST)
			return inside(p, ENCAP_NVGRE, key >> 8, LAYER_ETHER);
		return inside(p, ENCAP_GRE, key, LAYER_ETHER);
	default:
		if (p->type >= GRE_ARUBA && p->type <= GRE_ARUBA_LAST)
			return aruba(p);
		return inside(p, ENCAP_GRE, key, LAYER_ETHERTYPE);
	}
}

enum layer
tunnel_ipip_decode(struct packet *p)
{
	enum layer next = p->protocol == IP_MPLS ? LAYER_MPLS : LAYER_IP;

	if (!p->tunnels)
		return layer_end(p, FATE_OTHER_IP);
	return inside(p, ENCAP_IPIP, 0, next);
}

enum layer
tunnel_gre_decode(struct packet *p)
{
	uint16_t flags = cursor_be16(&p->at);
	uint32_t key = 0;

	p->type = cursor_be16(&p->at);
	if (!p->tunnels)
		return layer_end(p, FATE_OTHER_IP);
	if ((flags & GRE_VERSION) == 1)
		return pptp(p, flags);
	if ((flags & GRE_VERSION) != 0)
		return layer_end(p, FATE_BAD_TUNNEL);
	if ((flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0)
		cursor_skip(&p->at, 4);
	if ((flags & GRE_KEY) != 0)
		key = cursor_be32(&p->at);
	if ((flags & GRE_SEQUENCE) != 0)
		cursor_skip(&p->at, 4);
	if ((flags & GRE_ROUTING) != 0)
		skip_routes(&p->at);
	if (p->at.bad)
		return layer_short(p, FATE_BAD_TUNNEL);
	return gre_payload(p, flags, key);
}

enum layer
tunnel_etherip_decode(struct packet *p)
{
	if (!p->tunnels)
		return layer_end(p, FATE_OTHER_IP);
	if (p->protocol == IP_ETHERIP && cursor_be16(&p->at) >> 12 != 3)
		return p->at.bad ? layer_short(p, FATE_BAD_TUNNEL) :
		    layer_end(p, FATE_BAD_TUNNEL);
	return inside(p, ENCAP_ETHERIP, 0, LAYER_ETHER);
}

enum layer
tunnel_l2tp_ip_decode(struct packet *p)
{
	if (!p->tunnels)
		return layer_end(p, FATE_OTHER_IP);
	return tunnel_l2tp_session(p);
}
