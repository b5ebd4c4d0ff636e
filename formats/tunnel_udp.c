/* SPDX-License-Identifier: ISC */
/* Tunnels over UDP. */

#include "formats/ether.h"
#include "formats/ip.h"
#include "formats/tunnel.h"
#include "formats/tunnel_udp.h"

enum {
	PORT_L2TP = 1701, PORT_GTPU = 2152, PORT_TEREDO = 3544,
	PORT_VXLAN = 4789, PORT_VXLAN_GPE = 4790, PORT_GENEVE = 6081,
	PORT_VXLAN_LINUX = 8472, PORT_LISP = 4341, PORT_GRE = 4754,
	PORT_AYIYA = 5072, PORT_MPLS = 6635,
	LISP_INSTANCE = 0x08,
	VXLAN_ID = 0x08, VXLAN_PROTOCOL = 0x04, VXLAN_OAM = 0x01,
	GPE_IPV4 = 1, GPE_IPV6 = 2, GPE_ETHERNET = 3, GPE_NSH = 4,
	GPE_MPLS = 5,
	GENEVE_CONTROL = 0x80,
	GTP_PAYLOAD = 255,		/* message type T-PDU */
	GTP_OPTIONAL = 0x07, GTP_EXTENSION = 0x04,
	L2TP_CONTROL = 0x8000, L2TP_LENGTH = 0x4000, L2TP_SEQUENCE = 0x0800,
	L2TP_OFFSET = 0x0200, L2TP_VERSION = 0x000f,
	L2TP_PREFIX_MAX = 12		/* cookie of 8, sublayer of 4 */
};

#define TEREDO_PREFIX	0x20010000u

/*
 * Inside a tunnel of this kind, whose header ends where `c` is; or plain
 * UDP when c ran out of bytes.
 */
static enum layer
enter(struct packet *p, const struct cursor *c, enum encap_kind kind,
    uint32_t id, enum layer next)
{
	if (c->bad)
		return layer_end(p, FATE_UDP);
	if (layer_push(p, kind, id, true) == -1)
		return layer_end(p, FATE_TOO_DEEP);
	p->at = *c;
	return next;
}

/* A next protocol as VXLAN-GPE and NSH number them. */
static enum layer
gpe_layer(uint8_t protocol)
{
	switch (protocol) {
	case GPE_IPV4:
	case GPE_IPV6:
		return LAYER_IP;
	case GPE_ETHERNET:
		return LAYER_ETHER;
	case GPE_NSH:
		return LAYER_NSH;
	case GPE_MPLS:
		return LAYER_MPLS;
	default:
		return LAYER_END;
	}
}

static enum layer
vxlan(struct packet *p, bool gpe)
{
	struct cursor c = p->at;
	const uint8_t *h = cursor_bytes(&c, 8);
	enum layer next = LAYER_ETHER;

	if (h == NULL || (h[0] & VXLAN_ID) == 0)
		return layer_end(p, FATE_UDP);
	if (gpe && (h[0] & VXLAN_OAM) != 0)
		return layer_end(p, FATE_UDP);
	if (gpe && (h[0] & VXLAN_PROTOCOL) != 0)
		next = gpe_layer(h[3]);
	if (next == LAYER_END)
		return layer_end(p, FATE_UDP);
	return enter(p, &c, ENCAP_VXLAN, be32_get(h + 4) >> 8, next);
}

static enum layer
geneve(struct packet *p)
{
	struct cursor c = p->at;
	const uint8_t *h = cursor_bytes(&c, 8);

	if (h == NULL || h[0] >> 6 != 0 || (h[1] & GENEVE_CONTROL) != 0)
		return layer_end(p, FATE_UDP);
	cursor_skip(&c, (size_t)(h[0] & 0x3f) * 4);
	p->type = be16_get(h + 2);
	return enter(p, &c, ENCAP_GENEVE, be32_get(h + 4) >> 8,
	    LAYER_ETHERTYPE);
}

/* draft-massar-v6ops-ayiya: identity and signature are so long. */
static enum layer
ayiya(struct packet *p)
{
	struct cursor c = p->at;
	const uint8_t *h = cursor_bytes(&c, 8);

	if (h == NULL || h[3] != IP_IPV6)
		return layer_end(p, FATE_UDP);
	cursor_skip(&c, ((size_t)1 << (h[0] >> 4)) + (size_t)(h[1] >> 4) * 4);
	return enter(p, &c, ENCAP_AYIYA, 0, LAYER_IPV6);
}

/* RFC 9300 section 5: the instance is in the upper 24 bits, if at all. */
static enum layer
lisp(struct packet *p)
{
	struct cursor c = p->at;
	const uint8_t *h = cursor_bytes(&c, 8);

	if (h == NULL || !ip_plausible(&c, cursor_left(&c) + p->cut))
		return layer_end(p, FATE_UDP);
	return enter(p, &c, ENCAP_LISP, (h[0] & LISP_INSTANCE) != 0 ?
	    be32_get(h + 4) >> 8 : 0, LAYER_IP);
}

/* IP, or Ethernet as in 5G; the session knows it, its packets do not. */
static enum layer
gtpu_payload(const struct packet *p, const struct cursor *c)
{
	size_t left = cursor_left(c) + p->cut;

	if (ip_certain(c, left))
		return LAYER_IP;
	if (!c->bad && ether_plausible(c->at, cursor_left(c)))
		return LAYER_ETHER;
	return ip_plausible(c, left) ? LAYER_IP : LAYER_END;
}

static enum layer
gtpu(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 8), *more;
	struct cursor c;
	enum layer inner;
	uint8_t next = 0;

	/* Version 1, not GTP'. */
	if (h == NULL || (h[0] & 0xf0) != 0x30 || h[1] != GTP_PAYLOAD)
		return layer_end(p, FATE_UDP);
	layer_limit(p, 8 + (size_t)be16_get(h + 2));
	c = p->at;
	cursor_skip(&c, 8);
	if ((h[0] & GTP_OPTIONAL) != 0) {
		cursor_skip(&c, 3);
		next = cursor_u8(&c);
	}
	if ((h[0] & GTP_EXTENSION) == 0)
		next = 0;
	while (next != 0 && !c.bad) {
		if (p->steps++ >= LAYER_STEPS_MAX)
			return layer_end(p, FATE_TOO_DEEP);
		more = cursor_peek(&c, 1);
		if (more == NULL || *more == 0)
			return layer_end(p, FATE_UDP);
		cursor_skip(&c, (size_t)*more * 4 - 1);
		next = cursor_u8(&c);
	}
	inner = gtpu_payload(p, &c);
	if (inner == LAYER_END)
		return layer_end(p, FATE_UDP);
	return enter(p, &c, ENCAP_GTPU, be32_get(h + 4), inner);
}

static enum layer
teredo(struct packet *p)
{
	struct cursor c = p->at;
	const uint8_t *h = cursor_peek(&c, 4);

	if (h != NULL && be16_get(h) == 1) {	/* authentication */
		cursor_skip(&c, 4 + (size_t)h[2] + h[3] + 9);
		h = cursor_peek(&c, 4);
	}
	if (h != NULL && be16_get(h) == 0) {	/* origin indication */
		cursor_skip(&c, 8);
		h = cursor_peek(&c, 4);
	}
	if (h == NULL || h[0] >> 4 != 6)
		return layer_end(p, FATE_UDP);
	return enter(p, &c, ENCAP_TEREDO, 0, LAYER_IPV6);
}

/*
 * Teredo between two clients uses any ports: an IPv6 packet that fills the
 * datagram and has a Teredo address (RFC 4380 section 2.6) at either end.
 */
static bool
looks_like_teredo(const struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, IP_V6_HEADER);

	return h != NULL && h[0] >> 4 == 6 &&
	    be16_get(h + 4) + IP_V6_HEADER == (int)layer_left(p) &&
	    (be32_get(h + 8) == TEREDO_PREFIX ||
	    be32_get(h + 24) == TEREDO_PREFIX);
}

/* Version 2: PPP.  Version 3: a word of padding, then as over IP. */
static enum layer
l2tp(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 4);
	uint16_t flags = h == NULL ? L2TP_CONTROL : be16_get(h);
	struct cursor c;
	uint32_t id;

	if ((flags & L2TP_CONTROL) != 0)
		return layer_end(p, FATE_UDP);
	if ((flags & L2TP_VERSION) == 3) {
		cursor_skip(&p->at, 4);
		return tunnel_l2tp_session(p);
	}
	if ((flags & L2TP_VERSION) != 2)
		return layer_end(p, FATE_UDP);
	if ((flags & L2TP_LENGTH) != 0)
		layer_limit(p, be16_get(h + 2));
	c = p->at;
	cursor_skip(&c, (flags & L2TP_LENGTH) != 0 ? 4 : 2);
	id = cursor_be32(&c);		/* tunnel, session */
	if ((flags & L2TP_SEQUENCE) != 0)
		cursor_skip(&c, 4);
	if ((flags & L2TP_OFFSET) != 0)
		cursor_skip(&c, cursor_be16(&c));
	return enter(p, &c, ENCAP_L2TP, id, LAYER_PPP);
}

/* What seems to lie behind so many bytes; LAYER_END: nothing known. */
static enum layer
l2tp_payload(const struct packet *p, size_t prefix)
{
	struct cursor c = p->at;
	const uint8_t *h;

	cursor_skip(&c, prefix);
	h = cursor_peek(&c, 14);
	if (h == NULL)
		return LAYER_END;
	if (be32_get(h) == 0xff030021 || be32_get(h) == 0xff030057)
		return LAYER_PPP;
	if (be32_get(h) == 0x0f000800 || be32_get(h) == 0x0f0086dd)
		return LAYER_CHDLC;
	if (ip_certain(&c, cursor_left(&c) + p->cut))
		return LAYER_IP;
	return ether_plausible(h, cursor_left(&c)) ? LAYER_ETHER : LAYER_END;
}

/*
 * A cookie, a sublayer and what a session carries were agreed upon when it
 * began; here they are guessed.  A cookie may look like anything, so doubtful
 * IP comes last.
 */
static enum layer
l2tp_guess(const struct packet *p, size_t *prefix)
{
	enum layer next;
	struct cursor c;

	for (*prefix = 0; *prefix <= L2TP_PREFIX_MAX; *prefix += 4) {
		next = l2tp_payload(p, *prefix);
		if (next != LAYER_END)
			return next;
	}
	for (*prefix = 0; *prefix <= L2TP_PREFIX_MAX; *prefix += 4) {
		c = p->at;
		cursor_skip(&c, *prefix);
		if (ip_plausible(&c, cursor_left(&c) + p->cut))
			return LAYER_IP;
	}
	return LAYER_END;
}

enum layer
tunnel_l2tp_session(struct packet *p)
{
	enum fate other = p->protocol == IP_UDP ? FATE_UDP : FATE_OTHER_IP;
	uint32_t session = cursor_be32(&p->at);
	enum layer next;
	size_t prefix;

	if (p->at.bad || session == 0)	/* 0: a control message */
		return layer_end(p, other);
	next = l2tp_guess(p, &prefix);
	if (next == LAYER_END)
		return layer_end(p, other);
	cursor_skip(&p->at, prefix);
	if (layer_push(p, ENCAP_L2TP, session, true) == -1)
		return layer_end(p, FATE_TOO_DEEP);
	return next;
}

/* Service header, RFC 8300. */
enum layer
tunnel_nsh_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 8);
	enum layer next;

	if (h == NULL)
		return layer_short(p, FATE_BAD_TUNNEL);
	cursor_skip(&p->at, (size_t)(be16_get(h) & 0x3f) * 4);
	next = gpe_layer(h[3]);
	return next == LAYER_END ? layer_end(p, FATE_NOT_IP) : next;
}

enum layer
tunnel_udp_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 8);
	uint16_t sport, dport;

	if (h == NULL)
		return p->cut > 0 ? layer_short(p, FATE_UDP) :
		    layer_end(p, FATE_UDP);
	if (!p->tunnels)
		return layer_end(p, FATE_UDP);
	sport = be16_get(h);
	dport = be16_get(h + 2);
	if (be16_get(h + 4) >= 8)
		layer_limit(p, be16_get(h + 4) - 8u);
	switch (dport) {
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
		return vxlan(p, false);
	case PORT_VXLAN_GPE:
		return vxlan(p, true);
	case PORT_GENEVE:
		return geneve(p);
	case PORT_LISP:
		return lisp(p);
	case PORT_MPLS:
		return enter(p, &p->at, ENCAP_IPIP, 0, LAYER_MPLS);
	case PORT_GRE:
		return LAYER_GRE;
	}
	if (sport == PORT_GTPU || dport == PORT_GTPU)
		return gtpu(p);
	if (sport == PORT_TEREDO || dport == PORT_TEREDO)
		return teredo(p);
	if (sport == PORT_L2TP || dport == PORT_L2TP)
		return l2tp(p);
	if (sport == PORT_AYIYA || dport == PORT_AYIYA)
		return ayiya(p);
	if (looks_like_teredo(p))
		return teredo(p);
	return layer_end(p, FATE_UDP);
}
