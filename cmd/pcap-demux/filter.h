/* SPDX-License-Identifier: ISC */
/* BPF expressions (pcap-filter(7)), compiled for each link type. */
#ifndef PCAP_DEMUX_FILTER_H
#define PCAP_DEMUX_FILTER_H

#include <stddef.h>
#include <stdint.h>

struct bpf_program;
struct filter;

/* The text is borrowed.  Out of memory: NULL. */
struct filter	*filter_new(const char *text);
void		 filter_free(struct filter *);
const char	*filter_text(const struct filter *);

/*
 * 1: the packet is asked for; 0: not; -1: the expression cannot be compiled
 * for this link type, *why (valid until the next call) says why.  A failure
 * is told once for each link type; afterwards the answer is 0.
 */
int		 filter_match(struct filter *, uint32_t link_type,
		    const uint8_t *, uint32_t captured, uint32_t on_wire,
		    const char **why);

/* LINKTYPE_ to the DLT_ that this system's libpcap has for it. */
int		 filter_dlt(uint32_t link_type);
/* ... and back. */
uint32_t	 filter_link_type(int dlt);

#endif
