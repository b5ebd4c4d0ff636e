/* SPDX-License-Identifier: ISC */
/*
 * Link types (the LINKTYPE_ numbers of capture files) and the link layers
 * that are little more than "IP follows"; tcpdump.org/linktypes.html
 * describes them.
 */
#ifndef FORMATS_LINK_H
#define FORMATS_LINK_H

#include "formats/layer.h"

enum link_type {
	LINK_NULL = 0, LINK_ETHERNET = 1, LINK_TOKEN_RING = 6,
	LINK_ARCNET = 7, LINK_SLIP = 8, LINK_PPP = 9, LINK_RAW_BSD = 12,
	LINK_RAW_OPENBSD = 14, LINK_PPP_HDLC = 50, LINK_PPP_ETHER = 51,
	LINK_ATM = 100, LINK_RAW = 101, LINK_CHDLC = 104, LINK_WLAN = 105,
	LINK_FRELAY = 107, LINK_LOOP = 108, LINK_ENC = 109, LINK_SLL = 113,
	LINK_PFLOG = 117, LINK_PRISM = 119, LINK_RADIOTAP = 127,
	LINK_ARCNET_LINUX = 129, LINK_AVS = 163, LINK_PPP_PPPD = 166,
	LINK_PPI = 192, LINK_ERF = 197, LINK_PPP_WITH_DIR = 204,
	LINK_MPLS = 219, LINK_IPNET = 226, LINK_IPV4 = 228, LINK_IPV6 = 229,
	LINK_NFLOG = 239, LINK_SLL2 = 276,
	LINK_FDDI = 10, LINK_IP_OVER_FC = 122, LINK_FIREWIRE = 138,
	LINK_NETANALYZER = 240, LINK_PKTAP = 258
};

/* The first layer of a link type, LAYER_END when there is no decoder. */
enum layer	link_layer(uint32_t link_type);

/* Loopback: address family in either byte order, of any BSD or Linux. */
enum layer	link_null_decode(struct packet *);
enum layer	link_slip_decode(struct packet *);
/* RFC 2684: LLC or multiplexed by circuit, routed or bridged. */
enum layer	link_atm_decode(struct packet *);
/* Linux cooked captures; of monitored 802.11 interfaces, those frames. */
enum layer	link_sll_decode(struct packet *);
enum layer	link_sll2_decode(struct packet *);
/* OpenBSD's IPsec interface, pf's log. */
enum layer	link_enc_decode(struct packet *);
enum layer	link_pflog_decode(struct packet *);
/* Linux netfilter's log, of the families that see IP. */
enum layer	link_nflog_decode(struct packet *);
/* Solaris. */
enum layer	link_ipnet_decode(struct packet *);
/* RFC 1201 and RFC 1051. */
enum layer	link_arcnet_decode(struct packet *);
enum layer	link_arcnet_linux_decode(struct packet *);
/* FDDI, fibre channel (RFC 2625), Apple's FireWire: LLC or a type. */
enum layer	link_fddi_decode(struct packet *);
enum layer	link_fc_decode(struct packet *);
enum layer	link_firewire_decode(struct packet *);
/* Hilscher's tap: Ethernet behind 4 bytes. */
enum layer	link_netanalyzer_decode(struct packet *);
/* Darwin: a header that tells the link type of the frame behind it. */
enum layer	link_pktap_decode(struct packet *);
/* Endace; the record types of Ethernet, HDLC and IP. */
enum layer	link_erf_decode(struct packet *);

#endif
