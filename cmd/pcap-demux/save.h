/* SPDX-License-Identifier: ISC */
/* -w: packets that are not used, in a capture of their own. */
#ifndef PCAP_DEMUX_SAVE_H
#define PCAP_DEMUX_SAVE_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/pcap.h"

struct save;

/*
 * Begin the file, truncating what was there.  With `ng` it is a pcapng
 * file, whose interfaces may differ; else a pcap file for one link type.
 * NULL: *why says what is wrong.
 */
struct save	*save_open(const char *path, bool ng, const char **why);

/*
 * Write a packet of this source (its interface, resolution, link type).
 * False: it has been left out.  Errors are kept for save_close().
 */
bool		 save_packet(struct save *, uint32_t source,
		    const struct pcap_packet *);

/* A pcap file must have a header even when it has no packets. */
void		 save_default(struct save *, const struct pcap_format *);

/* Finish: NULL, or what went wrong. */
const char	*save_close(struct save *);

#endif
