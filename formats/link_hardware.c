/* SPDX-License-Identifier: ISC */
/* Link layers of other hardware than Ethernet. */

#include "formats/link.h"

enum {
	ARCNET_IP_1051 = 240, ARCNET_ARP_1051 = 241,
	ARCNET_IP = 212, ARCNET_ARP = 213, ARCNET_RARP = 214,
	ARCNET_IPV6 = 196,
	ARCNET_EXCEPTION = 0xff,
	FDDI_LLC = 0x50, FDDI_LLC_MASK = 0xf0,
	FC_HEADER = 16, FIREWIRE_HEADER = 18
};

/* What follows the type byte. */
static enum layer
arcnet_payload(struct packet *p, uint8_t type)
{
	const uint8_t *h;

	switch (type) {
	case ARCNET_IP_1051:
		return LAYER_IP;
	case ARCNET_IP:
	case ARCNET_IPV6:
		break;
	case ARCNET_ARP:
	case ARCNET_RARP:
	case ARCNET_ARP_1051:
		return layer_end(p, FATE_ARP);
	default:
		return layer_end(p, FATE_NOT_IP);
	}
	h = cursor_bytes(&p->at, 3);	/* split flag, sequence number */
	if (h != NULL && h[0] == ARCNET_EXCEPTION)
		h = cursor_bytes(&p->at, 4);
	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	/* A later part of a packet that the link has split. */
	if (h[0] != 0 && (h[0] & 1) == 0)
		return layer_end(p, FATE_NOT_IP);
	return LAYER_IP;
}

enum layer
link_arcnet_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 3);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	return arcnet_payload(p, h[2]);
}

enum layer
link_arcnet_linux_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 5);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	return arcnet_payload(p, h[4]);
}

enum layer
link_fddi_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, 13);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	return (h[0] & FDDI_LLC_MASK) == FDDI_LLC ? LAYER_LLC :
	    layer_end(p, FATE_CONTROL);
}

enum layer
link_fc_decode(struct packet *p)
{
	if (cursor_bytes(&p->at, FC_HEADER) == NULL)
		return layer_short(p, FATE_BAD_LINK);
	return LAYER_LLC;
}

enum layer
link_firewire_decode(struct packet *p)
{
	const uint8_t *h = cursor_bytes(&p->at, FIREWIRE_HEADER);

	if (h == NULL)
		return layer_short(p, FATE_BAD_LINK);
	p->type = be16_get(h + 16);
	return LAYER_ETHERTYPE;
}
