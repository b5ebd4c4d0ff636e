/* SPDX-License-Identifier: ISC */
/*
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, times
 * in nanoseconds, for those who write one.
 */
#ifndef FORMATS_PCAPNG_ENCODE_H
#define FORMATS_PCAPNG_ENCODE_H

#include <stdint.h>

#include "formats/pcap.h"

enum {
	PCAPNG_SECTION_SIZE = 28,
	PCAPNG_INTERFACE_SIZE = 32,
	PCAPNG_PACKET_HEAD = 28,	/* then the data */
	PCAPNG_PACKET_TAIL_MAX = 7	/* padding and the length again */
};

/* The section header block. */
void	pcapng_encode_section(uint8_t[PCAPNG_SECTION_SIZE]);

/* The next interface: they are numbered from 0 in the order written. */
void	pcapng_encode_interface(uint8_t[PCAPNG_INTERFACE_SIZE],
	    uint32_t link_type, uint32_t snaplen);

/*
 * Change that block to microseconds: the times of the interface's packets
 * are given in these.
 */
void	pcapng_encode_micro(uint8_t[PCAPNG_INTERFACE_SIZE]);

/*
 * An enhanced packet block, in front of its data and behind; `data` and
 * `link_type` of the packet are not looked at.  Returns the length of the
 * tail.
 */
unsigned	pcapng_encode_packet(uint8_t head[PCAPNG_PACKET_HEAD],
		    uint8_t tail[PCAPNG_PACKET_TAIL_MAX],
		    const struct pcap_packet *);

#endif
