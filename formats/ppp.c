/* SPDX-License-Identifier: ISC */
/* PPP, Cisco HDLC, frame relay. */

#include "formats/ether.h"
#include "formats/ppp.h"

enum {
	PPP_ALL_STATIONS = 0xff, PPP_UI = 0x03,
	PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057, PPP_MULTILINK = 0x003d,
	PPP_BRIDGED = 0x0031,
	PPP_ENCRYPTED = 0x0053, PPP_COMPRESSED = 0x00fd,
	PPP_MPLS = 0x0281, PPP_MPLS_MULTICAST = 0x0283,
	PPP_CONTROL = 0x8000,		/* from here on: control protocols */
	MULTILINK_WHOLE = 0xc0,		/* begin and end in one */
	BRIDGED_FCS = 0x80, BRIDGED_LAN = 0x40, BRIDGED_PADS = 0x0f,
	BRIDGED_ETHERNET = 1, ETHERNET_FCS = 4,
	CHDLC_UNICAST = 0x0f, CHDLC_MULTICAST = 0x8f,
	CHDLC_SLARP = 0x8035, CHDLC_CDP = 0x2000,
	NLPID_SNAP = 0x80, NLPID_IPV4 = 0xcc, NLPID_IPV6 = 0x8e,
	NLPID_PPP = 0xcf
};

static uint16_t
protocol_field(struct cursor *c)
{
	uint16_t protocol = cursor_u8(c);

	if ((protocol & 1) == 0)	/* not compressed to one byte */
		protocol = (uint16_t)(protocol << 8 | cursor_u8(c));
	return protocol;
}

static enum layer
multilink(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 4);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if ((h[0] & MULTILINK_WHOLE) != MULTILINK_WHOLE)
		return layer_end(p, FATE_NOT_IP);
	return LAYER_PPP;
}

/* RFC 3518 section 4.2. */
static enum layer
bridged(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 2);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if (h[1] != BRIDGED_ETHERNET)
		return layer_end(p, FATE_NOT_IP);
	if ((h[0] & BRIDGED_LAN) != 0)
		cursor_skip(&p->at, 4);
	layer_trim(p, (h[0] & BRIDGED_PADS) +
	    ((h[0] & BRIDGED_FCS) != 0 ? ETHERNET_FCS : 0));
	return LAYER_ETHER;
}

static enum layer
nlpid(struct packet *p, uint8_t id)
{
	switch (id) {
	case NLPID_IPV4:
	case NLPID_IPV6:
		return LAYER_IP;
	case NLPID_PPP:
		return LAYER_PPP;
	case NLPID_SNAP:
		return LAYER_SNAP;
	default:
		return layer_end(p, FATE_NOT_IP);
	}
}

enum layer
ppp_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 2);
	uint16_t protocol;

	if (h != NULL && h[0] == PPP_ALL_STATIONS && h[1] == PPP_UI)
		cursor_skip(&p->at, 2);
	protocol = protocol_field(&p->at);
	if (p->at.bad)
		return layer_short(p, FATE_BAD_LINK);
	switch (protocol) {
	case PPP_IPV4:
	case PPP_IPV6:
		return LAYER_IP;
	case PPP_MPLS:
	case PPP_MPLS_MULTICAST:
		return LAYER_MPLS;
	case PPP_MULTILINK:
		return multilink(p);
	case PPP_BRIDGED:
		return bridged(p);
	case PPP_ENCRYPTED:
	case PPP_COMPRESSED:
		return layer_end(p, FATE_PROTECTED);
	default:
		return layer_end(p, protocol >= PPP_CONTROL ? FATE_CONTROL :
		    FATE_NOT_IP);
	}
}

enum layer
ppp_hdlc_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 1);

	if (h != NULL && (*h == CHDLC_UNICAST || *h == CHDLC_MULTICAST))
		return LAYER_CHDLC;
	return LAYER_PPP;
}

enum layer
ppp_with_dir_decode(struct packet *p)
{
	cursor_skip(&p->at, 1);
	return p->at.bad ? layer_short(p, FATE_BAD_LINK) : LAYER_PPP;
}

enum layer
ppp_pppd_decode(struct packet *p)
{
	cursor_skip(&p->at, 2);
	return p->at.bad ? layer_short(p, FATE_BAD_LINK) : LAYER_PPP;
}

enum layer
ppp_chdlc_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 4);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	p->type = be16_get(h + 2);
	if (p->type == CHDLC_SLARP || p->type == CHDLC_CDP)
		return layer_end(p, FATE_CONTROL);
	return LAYER_ETHERTYPE;
}

/*
 * The address has 2 to 4 bytes, the last one's lowest bit set.  Then comes
 * control and an NLPID, with a byte of padding between them or not; or, as
 * Cisco does it, an EtherType.
 */
enum layer
ppp_frelay_decode(struct packet *p)
{
	unsigned n = 0;
	uint8_t byte;

	do {
		byte = cursor_u8(&p->at);
		n++;
	} while ((byte & 1) == 0 && n < 4 && !p->at.bad);
	if (p->at.bad)
		return layer_short(p, FATE_BAD_LINK);
	if ((byte & 1) == 0 || n < 2)
		return layer_end(p, FATE_BAD_LINK);
	byte = cursor_u8(&p->at);
	if (byte != PPP_UI) {
		p->type = (uint16_t)(byte << 8 | cursor_u8(&p->at));
		if (p->at.bad)
			return layer_short(p, FATE_BAD_LINK);
		return ether_type_known(p->type) ? LAYER_ETHERTYPE :
		    layer_end(p, FATE_CONTROL);
	}
	byte = cursor_u8(&p->at);
	if (byte == 0)			/* padding */
		byte = cursor_u8(&p->at);
	if (p->at.bad)
		return layer_short(p, FATE_BAD_LINK);
	return nlpid(p, byte);
}
