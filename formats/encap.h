/* SPDX-License-Identifier: ISC */
/*
 * The encapsulation path of a packet: what lay between the link layer and
 * the IP header of its TCP segment, outermost first, without the outermost
 * 802.1Q tag (that one is the `tci` field of SEGMENT and OPEN).  It is part
 * of a stream's identity.  MPLS labels, PPP and other layers without an
 * identity of their own are not in it.
 *
 * On the wire of the record stream a layer is 8 bytes, then the outer
 * addresses: u8 kind, u8 family (0, 4 or 6), u16 zero, u32 id; for family 4
 * source and destination of 4 bytes each, for 6 of 16.  So a path is a
 * multiple of 8 bytes; flow-record(5), ENCAPSULATION.
 */
#ifndef FORMATS_ENCAP_H
#define FORMATS_ENCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ENCAP_DEPTH_MAX = 8,		/* layers */
	ENCAP_PATH_MAX = ENCAP_DEPTH_MAX * 40 /* bytes */
};

/* The numbers are part of the format: never reuse one. */
enum encap_kind {
	ENCAP_VLAN = 1,			/* a further tag; id: VLAN id */
	ENCAP_PPPOE = 2,		/* id: session */
	ENCAP_PBB = 3,			/* id: I-SID */
	ENCAP_VNTAG = 4,		/* id: 0 */
	ENCAP_IPIP = 5,			/* any IP in IP; id: 0 */
	ENCAP_GRE = 6,			/* id: key or 0 */
	ENCAP_PPTP = 7,			/* id: call id, per direction */
	ENCAP_NVGRE = 8,		/* id: VSID; from 4096 on (RFC 7637),
					 * smaller keys are GRE's */
	ENCAP_ETHERIP = 9,
	ENCAP_L2TP = 10,		/* id: session, per direction; of
					 * version 2: tunnel << 16 | session */
	ENCAP_ERSPAN = 11,		/* id: session */
	ENCAP_VXLAN = 12,		/* id: VNI */
	ENCAP_GENEVE = 13,		/* id: VNI */
	ENCAP_GTPU = 14,		/* id: TEID, per direction */
	ENCAP_TEREDO = 15,
	ENCAP_AYIYA = 16,
	ENCAP_LISP = 17,		/* id: instance or 0 */
	ENCAP_KINDS
};

struct encap_layer {
	uint8_t		 kind;		/* enum encap_kind */
	uint8_t		 family;	/* of the outer addresses, 0: none */
	uint32_t	 id;
	uint8_t		 src[16];	/* network order; IPv4: first 4 */
	uint8_t		 dst[16];
};

struct encap_path {
	uint16_t	 length;	/* bytes used */
	uint8_t		 depth;		/* layers in it */
	uint8_t		 bytes[ENCAP_PATH_MAX];
};

/* Put one more layer at the inner end: 0, or -1 when the path is full. */
int	encap_push(struct encap_path *, const struct encap_layer *);

/*
 * The layer at *at (bytes from the start), which is moved past it: 1, 0 at
 * the end, -1 when the bytes are malformed.
 */
int	encap_next(struct encap_layer *, const uint8_t *path, size_t length,
	    size_t *at);

/*
 * May a packet with path b be the answer to one with path a?  The same
 * kinds in the same order, outer addresses swapped (or the same: a mirror
 * sends both directions one way), ids equal but for those that each
 * direction chooses for itself.  VLAN layers are passed over: only one
 * direction may have been tagged.
 */
bool	encap_is_reverse(const uint8_t *a, size_t a_length,
	    const uint8_t *b, size_t b_length);

/* "vlan", "gre", ...; NULL for an unknown kind; and back, 0 = unknown. */
const char	*encap_kind_name(uint8_t kind);
uint8_t		 encap_kind_number(const char *name);

/*
 * The path as text for people, e.g. "vxlan 7 10.0.0.1>10.0.0.2, vlan 5";
 * cut to fit size, always NUL-terminated.  Returns buf.
 */
char	*encap_text(char *buf, size_t size, const uint8_t *path,
	    size_t length);

#endif
