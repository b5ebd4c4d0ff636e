/* SPDX-License-Identifier: ISC */
/*
 * Ethernet and what lies between it and IP: IEEE 802.3 lengths, 802.1Q and
 * 802.1ad tags, LLC and SNAP (802.2), 802.5 token ring, MPLS (RFC 3032,
 * RFC 4385), PPPoE (RFC 2516), PBB (802.1ah), VN-tag, E-tag (802.1BR), TRILL
 * (RFC 6325), MACsec without encryption (802.1AE), HSR, FabricPath.
 *
 * The tag that key.tci shows is the outermost one, and only when its type
 * is 0x8100, as tcpflow showed it; every other tag is in the path.
 */
#ifndef FORMATS_ETHER_H
#define FORMATS_ETHER_H

#include "formats/layer.h"

enum ether_type {
	ETHER_LENGTH_MAX = 1500,	/* up to here it is a length */
	ETHER_IPV4 = 0x0800,
	ETHER_ARP = 0x0806,
	ETHER_TEB = 0x6558,		/* Ethernet, bridged (GRE) */
	ETHER_RARP = 0x8035,
	ETHER_VLAN = 0x8100,
	ETHER_IPV6 = 0x86dd,
	ETHER_PPP = 0x880b,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_MULTICAST = 0x8848,
	ETHER_PPPOE_DISCOVERY = 0x8863,
	ETHER_PPPOE = 0x8864,
	ETHER_JUMBO_LLC = 0x8870,
	ETHER_TRILL = 0x22f3,
	ETHER_MACSEC = 0x88e5,
	ETHER_HSR = 0x892f,
	ETHER_FABRICPATH = 0x8903,
	ETHER_METADATA = 0x8909,	/* Cisco */
	ETHER_NSH = 0x894f,
	ETHER_QINQ = 0x88a8,
	ETHER_PBB = 0x88e7,
	ETHER_VNTAG = 0x8926,
	ETHER_ETAG = 0x893f,
	ETHER_QINQ_9100 = 0x9100,
	ETHER_QINQ_9200 = 0x9200,
	ETHER_QINQ_9300 = 0x9300
};

enum layer	ether_decode(struct packet *);
/* What packet.type says. */
enum layer	ether_type_decode(struct packet *);
enum layer	ether_llc_decode(struct packet *);
/* The organisation and type behind LLC, and in frame relay. */
enum layer	ether_snap_decode(struct packet *);
enum layer	ether_token_ring_decode(struct packet *);
enum layer	ether_mpls_decode(struct packet *);
enum layer	ether_pppoe_decode(struct packet *);

/* Is this the type of something that we look into? */
bool	ether_type_known(uint16_t);

/* Do the bytes look like an Ethernet frame with something known in it? */
bool	ether_plausible(const uint8_t *, size_t);

#endif
