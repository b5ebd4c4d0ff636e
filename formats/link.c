/* SPDX-License-Identifier: ISC */
/* Link types, and the link layers that are little more than "IP follows". */

#include "formats/ether.h"
#include "formats/link.h"

enum {
	SLIP_HEADER = 16,
	SLL_HEADER = 16, SLL2_HEADER = 20,
	SLL_LLC = 4,			/* a protocol that is no EtherType */
	SLL_WLAN = 801, SLL_PRISM = 802, SLL_RADIOTAP = 803, /* ARPHRD_ */
	SLL_NETLINK = 824,
	ENC_HEADER = 12,
	NFLOG_PACKET = 1, NFLOG_PAYLOAD = 9, NFLOG_TLV_MAX = 64,
	NFLOG_INET = 1, NFLOG_NETDEV = 5, NFLOG_BRIDGE = 7, /* families */
	AF_ANY_INET = 2,
	IPNET_HEADER = 24,
	NETANALYZER_HEADER = 4, NETANALYZER_FCS = 4,
	ERF_HEADER = 16, ERF_MORE = 0x80, ERF_EXTENSIONS_MAX = 16
};

/* Does this address family mean IP? */
static bool
family_is_ip(uint32_t family)
{
	switch (family) {
	case AF_ANY_INET:
	case 10:			/* Linux */
	case 23:			/* Windows */
	case 24:			/* NetBSD, OpenBSD, BSD/OS */
	case 26:			/* Solaris */
	case 28:			/* FreeBSD */
	case 30:			/* Darwin */
		return true;
	default:
		return false;
	}
}

static enum layer
ip_if(struct packet *p, uint32_t family)
{
	if (p->at.bad)
		return layer_short(p, FATE_BAD_LINK);
	return family_is_ip(family) ? LAYER_IP : layer_end(p, FATE_NOT_IP);
}

/* A family of 32 bits in the byte order of whoever captured. */
static uint32_t
family_of(const uint8_t h[4])
{
	return le32_get(h) > 0xffff ? be32_get(h) : le32_get(h);
}

/* A protocol field of Linux' cooked headers. */
static enum layer
sll_protocol(struct packet *p, uint16_t protocol, uint16_t hardware)
{
	switch (hardware) {
	case SLL_WLAN:
		return LAYER_WLAN;
	case SLL_PRISM:
		return LAYER_PRISM;
	case SLL_RADIOTAP:
		return LAYER_RADIOTAP;
	case SLL_NETLINK:
		return layer_end(p, FATE_NOT_IP);
	}
	if (protocol == SLL_LLC)
		return LAYER_LLC;
	p->type = protocol;
	return protocol > ETHER_LENGTH_MAX ? LAYER_ETHERTYPE :
	    layer_end(p, FATE_NOT_IP);
}

enum layer
link_layer(uint32_t link_type)
{
	switch (link_type) {
	case LINK_ETHERNET:	return LAYER_ETHER;
	case LINK_NULL:
	case LINK_LOOP:		return LAYER_NULL;
	case LINK_TOKEN_RING:	return LAYER_TOKEN_RING;
	case LINK_ARCNET:	return LAYER_ARCNET;
	case LINK_ARCNET_LINUX:	return LAYER_ARCNET_LINUX;
	case LINK_SLIP:		return LAYER_SLIP;
	case LINK_PPP:		return LAYER_PPP_HDLC;
	case LINK_PPP_HDLC:	return LAYER_PPP_HDLC;
	case LINK_PPP_PPPD:	return LAYER_PPP_PPPD;
	case LINK_PPP_WITH_DIR:	return LAYER_PPP_WITH_DIR;
	case LINK_PPP_ETHER:	return LAYER_PPPOE;
	case LINK_CHDLC:	return LAYER_CHDLC;
	case LINK_FRELAY:	return LAYER_FRELAY;
	case LINK_ATM:		return LAYER_ATM;
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_RAW:
	case LINK_IPV4:
	case LINK_IPV6:		return LAYER_IP;
	case LINK_SLL:		return LAYER_SLL;
	case LINK_SLL2:		return LAYER_SLL2;
	case LINK_WLAN:		return LAYER_WLAN;
	case LINK_RADIOTAP:	return LAYER_RADIOTAP;
	case LINK_PRISM:	return LAYER_PRISM;
	case LINK_AVS:		return LAYER_AVS;
	case LINK_PPI:		return LAYER_PPI;
	case LINK_ENC:		return LAYER_ENC;
	case LINK_PFLOG:	return LAYER_PFLOG;
	case LINK_NFLOG:	return LAYER_NFLOG;
	case LINK_IPNET:	return LAYER_IPNET;
	case LINK_MPLS:		return LAYER_MPLS;
	case LINK_ERF:		return LAYER_ERF;
	case LINK_FDDI:		return LAYER_FDDI;
	case LINK_IP_OVER_FC:	return LAYER_FC;
	case LINK_FIREWIRE:	return LAYER_FIREWIRE;
	case LINK_NETANALYZER:	return LAYER_NETANALYZER;
	case LINK_PKTAP:	return LAYER_PKTAP;
	default:		return LAYER_END;
	}
}

enum layer
link_null_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 4);

	return ip_if(p, h == NULL ? 0 : family_of(h));
}

enum layer
link_slip_decode(struct packet *p)
{
	if (cursor_bytes(&p->at, SLIP_HEADER) == NULL)
		return layer_short(p, FATE_BAD_LINK);
	return LAYER_IP;
}

enum layer
link_atm_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 8);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if (be32_get(h) == 0xaaaa0300 && be32_get(h + 4) >> 16 == 0x80c2) {
		cursor_skip(&p->at, 8 + 2);	/* LLC, SNAP, padding */
		return be16_get(h + 6) == 1 || be16_get(h + 6) == 7 ?
		    LAYER_ETHER : layer_end(p, FATE_NOT_IP);
	}
	if (be32_get(h) == 0xfefe03cf) {	/* PPP, RFC 2364 */
		cursor_skip(&p->at, 4);
		return LAYER_PPP;
	}
	if ((h[0] == 0xaa || h[0] == 0xfe) && h[2] == 0x03)
		return LAYER_LLC;
	if (h[0] >> 4 == 4 || h[0] >> 4 == 6)
		return LAYER_IP;
	if (be16_get(h) == 0) {			/* bridged, no LLC */
		cursor_skip(&p->at, 2);
		return LAYER_ETHER;
	}
	return LAYER_PPP;
}

enum layer
link_sll_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, SLL_HEADER);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	return sll_protocol(p, be16_get(h + 14), be16_get(h + 2));
}

enum layer
link_sll2_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, SLL2_HEADER);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	return sll_protocol(p, be16_get(h), be16_get(h + 8));
}

enum layer
link_enc_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, ENC_HEADER);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	if (le32_get(h) == 0)		/* only the IP version says it */
		return LAYER_IP;
	return ip_if(p, family_of(h));
}

enum layer
link_pflog_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 2);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	cursor_skip(&p->at, ((size_t)h[0] + 3) & ~(size_t)3);
	return ip_if(p, h[1]);
}

/* The payload of a packet that this family of tables has logged. */
static enum layer
nflog_payload(struct packet *p, uint8_t family)
{
	switch (family) {
	case NFLOG_INET:
	case NFLOG_NETDEV:
	case NFLOG_BRIDGE:
		return LAYER_ETHERTYPE;	/* what the kernel took it for */
	default:
		return ip_if(p, family);
	}
}

/* Attributes in the byte order of the machine that logged. */
enum layer
link_nflog_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 4);
	uint8_t family = h == NULL ? 0 : h[0];
	unsigned length, type, n;

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	p->type = 0;
	for (n = 0; n < NFLOG_TLV_MAX; n++) {
		h = cursor_bytes(&p->at, 4);
		if (h == NULL)
			return layer_short(p, FATE_BAD_LINK);
		length = le16_get(h);
		type = le16_get(h + 2);
		if ((type & 0xff) == 0 && type != 0) {
			length = be16_get(h);
			type = be16_get(h + 2);
		}
		if (length < 4)
			return layer_end(p, FATE_BAD_LINK);
		if (type == NFLOG_PAYLOAD) {
			layer_limit(p, length - 4);
			return nflog_payload(p, family);
		}
		if (type == NFLOG_PACKET && cursor_left(&p->at) >= 2)
			p->type = be16_get(p->at.at);
		cursor_skip(&p->at, ((length + 3) & ~3u) - 4);
	}
	return layer_end(p, FATE_BAD_LINK);
}

enum layer
link_ipnet_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, IPNET_HEADER);

	return ip_if(p, h == NULL ? 0 : h[1]);
}

enum layer
link_erf_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, ERF_HEADER), *more;
	unsigned n;
	uint8_t type;

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	type = h[8];
	for (n = 0; (type & ERF_MORE) != 0; n++) {
		more = cursor_bytes(&p->at, 8);
		if (more == NULL)
			return layer_short(p, FATE_BAD_LINK);
		if (n == ERF_EXTENSIONS_MAX)
			return layer_end(p, FATE_TOO_DEEP);
		type = (uint8_t)((h[8] & 0x7f) | (more[0] & ERF_MORE));
	}
	switch (type) {
	case 1:				/* HDLC, and its variants: */
	case 10:			/* coloured */
	case 15:			/* classified */
	case 19:			/* hashed */
		return LAYER_PPP_HDLC;
	case 2:				/* Ethernet likewise */
	case 11:
	case 16:
	case 20:
		cursor_skip(&p->at, 2);	/* offset and padding */
		return LAYER_ETHER;
	case 22:
	case 23:
		return LAYER_IP;
	default:
		return layer_end(p, FATE_NOT_IP);
	}
}

enum layer
link_netanalyzer_decode(struct packet *p)
{
	if (cursor_bytes(&p->at, NETANALYZER_HEADER) == NULL)
		return layer_short(p, FATE_BAD_LINK);
	layer_trim(p, NETANALYZER_FCS);
	return LAYER_ETHER;
}

enum layer
link_pktap_decode(struct packet *p)
{
	const uint8_t *h = cursor_peek(&p->at, 12);
	enum layer next;

	if (h == NULL || cursor_bytes(&p->at, le32_get(h)) == NULL)
		return layer_short(p, FATE_BAD_LINK);
	next = link_layer(le32_get(h + 8));
	return next == LAYER_END ? layer_end(p, FATE_LINK_TYPE) : next;
}
