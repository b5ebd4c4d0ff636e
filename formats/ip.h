/* SPDX-License-Identifier: ISC */
/*
 * IPv4 (RFC 791) with options, IPv6 (RFC 8200) with extension headers.
 *
 * The length is the header's, but never more than the frame had on the wire;
 * 0 (segmentation offload, jumbograms) means all there is.  A routing header
 * with segments left gives the last destination as the destination, a home
 * address option (RFC 6275) the source: what TCP itself goes by.
 */
#ifndef FORMATS_IP_H
#define FORMATS_IP_H

#include "formats/layer.h"

enum ip_protocol {
	IP_HOP_BY_HOP = 0, IP_ICMP = 1, IP_IPV4 = 4, IP_TCP = 6, IP_UDP = 17,
	IP_IPV6 = 41, IP_ROUTING = 43, IP_FRAGMENT = 44, IP_GRE = 47,
	IP_ESP = 50, IP_AH = 51, IP_ICMPV6 = 58, IP_DESTINATION = 60,
	IP_ETHERIP = 97, IP_L2TP = 115, IP_SCTP = 132, IP_MOBILITY = 135,
	IP_MPLS = 137, IP_HIP = 139, IP_SHIM6 = 140, IP_ETHERNET = 143
};

enum { IP_V4_HEADER = 20, IP_V6_HEADER = 40 };

/* Whatever the version field says. */
enum layer	ip_decode(struct packet *);
enum layer	ip_v4_decode(struct packet *);
enum layer	ip_v6_decode(struct packet *);
/* What packet.protocol says: an extension header, or what IP carries. */
enum layer	ip_protocol_decode(struct packet *);

/*
 * Could an IP header stand at the cursor, in a layer of `left` bytes?  For
 * the layers that do not say what is in them.
 */
bool	ip_plausible(const struct cursor *, size_t left);

/*
 * Does one stand there beyond doubt?  IPv4 with the right checksum, whatever
 * its length says; IPv6 that fills the layer.
 */
bool	ip_certain(const struct cursor *, size_t left);

#endif
