/* SPDX-License-Identifier: ISC */
/* Packed bytes on their way to a decompressor, a piece at a time. */
#ifndef PCAP_DEMUX_PACKED_H
#define PCAP_DEMUX_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

enum { PACKED_PIECE = 1 << 16 };	/* bytes read at a time */

/* Where they come from: read(2)'s result. */
typedef ssize_t	packed_source(void *arg, uint8_t *buf, size_t size);

struct packed {
	packed_source	*source;
	void		*arg;
	uint8_t		*piece;		/* at least PACKED_PIECE, owned */
	size_t		 at, n;		/* piece[at, n) is left */
	bool		 ended;
	const char	*error;		/* of reading, or NULL */
};

/* Some bytes are left, perhaps after reading: false at their end. */
bool	packed_more(struct packed *);

/* The next n, or passed over with buf NULL: how many there were. */
size_t	packed_take(struct packed *, uint8_t *buf, size_t n);

#endif
