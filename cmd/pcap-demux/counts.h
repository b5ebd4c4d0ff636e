/* SPDX-License-Identifier: ISC */
/* What became of the packets: STATS, and the table of -v. */
#ifndef PCAP_DEMUX_COUNTS_H
#define PCAP_DEMUX_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/frag.h"
#include "formats/layer.h"
#include "libcommon/jsontext.h"

struct counts {
	uint64_t	 packets;	/* read, whatever became of them */
	uint64_t	 bytes;		/* captured */
	uint64_t	 wire_bytes;
	uint64_t	 fate[FATES];	/* adds up to packets */
	uint64_t	 segments;	/* that left */
	uint64_t	 payload;	/* bytes in them */
	uint64_t	 clipped;	/* payload bytes not captured */
	uint64_t	 good, bad;	/* checksums that were judged */
	uint64_t	 saved;		/* packets written with -w */
	bool		 live;
	uint64_t	 received, dropped, if_dropped; /* the kernel's */
};

/* As members of a JSON object. */
void	counts_json(const struct counts *, const struct frag_counts *,
	    struct jsontext *);

/* The table, on standard error. */
void	counts_print(const struct counts *, const struct frag_counts *);

#endif
