/* SPDX-License-Identifier: ISC */
/* BPF expressions (pcap-filter(7)), compiled for each link type. */
#ifndef PCAP_DEMUX_FILTER_H
#define PCAP_DEMUX_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bpf_program;
struct filter;

/* The text is borrowed.  Out of memory: NULL. */
struct filter	*filter_new(const char *text);
void		 filter_free(struct filter *);
const char	*filter_text(const struct filter *);

/*
 * Compile for a link type.  -1: that cannot be done, *why (valid until the
 * next call) says why; told once for each link type.
 */
int		 filter_prepare(struct filter *, uint32_t link_type,
		    const char **why);

/*
 * Is the packet asked for?  Never when the filter could not be compiled.
 * `big`: captured by a machine of that byte order.
 */
bool		 filter_match(struct filter *, uint32_t link_type, bool big,
		    const uint8_t *, uint32_t captured, uint32_t on_wire);

/* What DLT_ this system's libpcap has, as LINKTYPE_. */
uint32_t	 filter_link_type(int dlt);

#endif
