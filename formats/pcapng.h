/* SPDX-License-Identifier: ISC */
/*
 * pcapng (draft-ietf-opsawg-pcapng): several sections in one file, several
 * interfaces in a section, each with its own link type, snaplen, resolution
 * and offset of times; enhanced, simple and obsolete packet blocks.  Other
 * blocks are stepped over.
 *
 * A time more than a century from the epoch is taken as 0.
 *
 * A simple packet block has no time: it is given that of the packet before
 * it, 0 when there was none.
 */
#ifndef FORMATS_PCAPNG_H
#define FORMATS_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pcap.h"

enum {
	PCAPNG_BLOCK_HEADER = 12,	/* bytes that tell a block's length */
	PCAPNG_INTERFACES_MAX = 65536,	/* in a file */
	PCAPNG_BLOCK_MAX = PCAP_CAPLEN_MAX + 65536 /* of those looked into */
};

struct pcapng_interface {
	uint32_t	 link_type;
	uint32_t	 snaplen;
	int64_t		 offset;	/* seconds to add to times */
	uint8_t		 resolution;	/* as if_tsresol says it */
	uint8_t		 fcs_length;
};

struct pcapng {				/* zeroed: at the file's start */
	bool		 big;		/* byte order of this section */
	struct pcapng_interface *interface; /* owned */
	uint32_t	 interfaces;	/* in the file so far */
	uint32_t	 first;		/* the first of this section */
	uint32_t	 size;		/* of the array */
	int64_t		 time;		/* of the last packet */
};

enum pcapng_result {
	PCAPNG_PACKET,
	PCAPNG_OTHER,			/* a block without a packet */
	PCAPNG_MORE,			/* the whole block is needed */
	PCAPNG_BAD
};

/* Is this the first block's type? */
bool	pcapng_magic(const uint8_t[4]);

void	pcapng_free(struct pcapng *);

/*
 * Look at the block that begins at bytes, of which `available` (at least
 * PCAPNG_BLOCK_HEADER) are there.  *length is set to the block's length
 * unless BAD; a block that is stepped over need not be there.  BAD: *why is
 * a constant text.  PACKET: offset is relative to the block.
 */
enum pcapng_result pcapng_block(struct pcapng *, const uint8_t *bytes,
	    size_t available, uint32_t *length, struct pcap_packet *,
	    const char **why);

#endif
