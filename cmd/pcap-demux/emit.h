/* SPDX-License-Identifier: ISC */
/* The records about packets. */
#ifndef PCAP_DEMUX_EMIT_H
#define PCAP_DEMUX_EMIT_H

#include "cmd/pcap-demux/demux.h"

/* A SEGMENT for what packet p came down to; pkt is NULL for leftovers. */
void	emit_segment(struct demux *, const struct pcap_packet *pkt,
	    struct packet *p);

/* The FRAME of the present packet. */
void	emit_frame(struct demux *, const struct pcap_packet *);

/* CLOCK, unless the time was not known before. */
void	emit_clock(struct demux *, int64_t now);

#endif
