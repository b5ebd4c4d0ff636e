/* SPDX-License-Identifier: ISC */
/*
 * One packet on its way down through its layers, from the link layer to
 * TCP.  Every decoder takes the packet with its cursor at the layer's first
 * byte, moves the cursor to what is inside, and says which layer comes next;
 * the last one sets the packet's fate.  Decoders are pure: no I/O, no
 * memory but the packet's (and the table of fragments, frag.h).
 *
 * `at` holds what was captured of the layer, `cut` how many more bytes of it
 * were on the wire.  A length that a header states narrows both and never
 * widens either, so that padding is not payload and a lie is not believed.
 */
#ifndef FORMATS_LAYER_H
#define FORMATS_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/encap.h"
#include "formats/flow.h"
#include "libcommon/cursor.h"

enum {
	LAYER_STEPS_MAX = 64		/* decoders run for one packet */
};

/* What the cursor stands at. */
enum layer {
	LAYER_END,			/* nothing: the fate is known */
	/* ether.h */
	LAYER_ETHER, LAYER_ETHERTYPE, LAYER_LLC, LAYER_SNAP, LAYER_TOKEN_RING,
	LAYER_MPLS, LAYER_PPPOE,
	/* ppp.h */
	LAYER_PPP, LAYER_PPP_HDLC, LAYER_CHDLC, LAYER_FRELAY,
	/* link.h */
	LAYER_NULL, LAYER_SLIP, LAYER_ATM, LAYER_SLL, LAYER_SLL2,
	LAYER_ENC, LAYER_PFLOG, LAYER_NFLOG, LAYER_IPNET, LAYER_ARCNET,
	LAYER_ARCNET_LINUX, LAYER_ERF, LAYER_FDDI, LAYER_FC, LAYER_FIREWIRE,
	LAYER_NETANALYZER, LAYER_PKTAP,
	/* wlan.h */
	LAYER_WLAN, LAYER_RADIOTAP, LAYER_PRISM, LAYER_AVS, LAYER_PPI,
	/* ip.h */
	LAYER_IP, LAYER_IPV4, LAYER_IPV6, LAYER_PROTOCOL,
	/* tunnel.h */
	LAYER_GRE, LAYER_UDP, LAYER_L2TP_IP, LAYER_ETHERIP, LAYER_IPIP,
	LAYER_NSH,
	/* tcp.h */
	LAYER_TCP,
	/* ppp.h; here, for the saved inputs of a fuzz target have numbers */
	LAYER_PPP_WITH_DIR, LAYER_PPP_PPPD,
	LAYERS
};

/* What became of a packet. */
enum fate {
	FATE_TCP,			/* a TCP segment */
	FATE_FRAGMENT,			/* kept until its datagram is whole */
	FATE_UDP, FATE_ICMP, FATE_SCTP, FATE_ESP, FATE_OTHER_IP,
	FATE_ARP,
	FATE_NOT_IP,			/* another network protocol */
	FATE_CONTROL,			/* of the link itself: LCP, beacons */
	FATE_PROTECTED,			/* encrypted by the link (802.11) */
	FATE_CUT,			/* headers not wholly captured */
	FATE_BAD_LINK, FATE_BAD_IP, FATE_BAD_TUNNEL, FATE_BAD_TCP,
	FATE_BAD_FRAGMENT,		/* impossible, or overlaps (IPv6) */
	FATE_TOO_DEEP,			/* over the limits */
	FATE_LINK_TYPE,			/* a link type without a decoder */
	FATE_FILTERED,			/* not what the filter asks for */
	FATE_INNER_FILTERED,		/* not what the inner filter asks for */
	FATES
};

struct frag_table;

struct packet {
	/* given */
	bool		 tunnels;	/* look into tunnels */
	bool		 checksums;	/* judge TCP checksums */
	bool		 damaged;	/* use frames known to be damaged */
	struct frag_table *fragments;	/* or NULL: fragments are not joined */
	int64_t		 time;		/* ns since the epoch */
	uint64_t	 number;	/* from 1 */
	/* on the way */
	struct cursor	 at;
	size_t		 cut;
	struct cursor	 more;		/* further frames in it (A-MSDU) */
	size_t		 more_cut;
	unsigned	 steps;
	uint16_t	 type;		/* EtherType, for LAYER_ETHERTYPE */
	uint8_t		 protocol;	/* IP's, for LAYER_PROTOCOL */
	bool		 reassembled;	/* at is in the table's memory */
	/* found */
	enum fate	 fate;
	const uint8_t	*ip;		/* the innermost IP header, or NULL */
	struct encap_path path;
	struct segment	 seg;		/* of ref only the length */
};

/*
 * Make ready for a frame: the given part stays as it is, the rest is reset.
 * The bytes are borrowed.
 */
void	layer_frame(struct packet *, const uint8_t *frame, uint32_t captured,
	    uint32_t on_wire);

/* Decode from this layer down; afterwards fate is set. */
void	layer_walk(struct packet *, enum layer);

/*
 * A frame that held several: decode the next.  False when there is none.
 */
bool	layer_walk_more(struct packet *);

/* "tcp", "fragment", ... as STATS names them; and for people. */
const char	*fate_name(enum fate);
const char	*fate_text(enum fate);

/* For the decoders. */

/* The end, with this fate. */
static inline enum layer
layer_end(struct packet *p, enum fate fate)
{
	p->fate = fate;
	return LAYER_END;
}

/* A header is not all there: cut off by the capture, or else malformed. */
static inline enum layer
layer_short(struct packet *p, enum fate malformed)
{
	return layer_end(p, p->cut > 0 ? FATE_CUT : malformed);
}

/* The layer is at most n bytes long from here. */
static inline void
layer_limit(struct packet *p, size_t n)
{
	size_t left = cursor_left(&p->at);

	if (n <= left) {
		cursor_limit(&p->at, n);
		p->cut = 0;
	} else if (n - left < p->cut) {
		p->cut = n - left;
	}
}

/* Bytes of the layer from here, captured or not. */
static inline size_t
layer_left(const struct packet *p)
{
	return cursor_left(&p->at) + p->cut;
}

/* The layer has n bytes at its end that are none of it. */
static inline void
layer_trim(struct packet *p, size_t n)
{
	size_t left = layer_left(p);

	layer_limit(p, n < left ? left - n : 0);
}

/* The next decoder's answer is known: it counts as run. */
static inline enum layer
layer_over(struct packet *p, enum layer next)
{
	p->steps++;
	return next;
}

/*
 * Remember a layer of encapsulation; with the addresses of the IP header
 * that is now in seg.key, when outer.  0, or -1 when the path is full.
 */
int	layer_push(struct packet *, enum encap_kind, uint32_t id, bool outer);

#endif
