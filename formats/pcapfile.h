/* SPDX-License-Identifier: ISC */
/*
 * A capture of either format as a run of packets, from bytes that the
 * caller supplies piece by piece.  Several pcap files put together by cat(1)
 * are one such run, as several sections of pcapng are.
 */
#ifndef FORMATS_PCAPFILE_H
#define FORMATS_PCAPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pcap.h"
#include "formats/pcapng.h"

enum pcapfile_kind {
	PCAPFILE_UNKNOWN, PCAPFILE_PCAP, PCAPFILE_PCAPNG, PCAPFILE_OTHER
};

enum { PCAPFILE_MAGIC = 4 };		/* bytes that tell the kind */

struct pcapfile {			/* zeroed: at the file's start */
	enum pcapfile_kind kind;
	struct pcap_format pcap;
	struct pcapng	 ng;
	uint64_t	 offset;	/* of the next byte to be looked at */
	uint32_t	 block;		/* pcapng: length of the last block */
	/* of the last call */
	size_t		 used;		/* bytes to go on by */
	size_t		 need;		/* MORE: bytes needed in one piece */
	const char	*why;		/* BAD: a constant text */
};

enum pcapfile_result {
	PCAPFILE_PACKET,
	PCAPFILE_SKIP,			/* no packet; go on */
	PCAPFILE_MORE,			/* supply `need` bytes at `offset` */
	PCAPFILE_BAD			/* damaged at `offset` */
};

/* What the first bytes say: OTHER is for libpcap. */
enum pcapfile_kind pcapfile_recognise(const uint8_t[PCAPFILE_MAGIC]);

/*
 * Look at `available` bytes that lie at f->offset of the file.  Afterwards
 * the caller goes on `used` bytes further, which may be more than were
 * available; f->offset has been moved already.  Its packet's data is in
 * `bytes`.
 */
enum pcapfile_result pcapfile_next(struct pcapfile *, const uint8_t *bytes,
	    size_t available, struct pcap_packet *);

void	pcapfile_free(struct pcapfile *);

#endif
