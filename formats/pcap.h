/* SPDX-License-Identifier: ISC */
/*
 * The classic capture file: draft-ietf-opsawg-pcap.  Both byte orders,
 * micro- and nanoseconds; the files of old libpcaps, and of DG/UX, that
 * swapped the two lengths of a packet.  Modified formats with longer packet
 * headers are not known here (pcap_other_magic() tells them; libpcap reads
 * them).
 */
#ifndef FORMATS_PCAP_H
#define FORMATS_PCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PCAP_FILE_HEADER = 24,
	PCAP_PACKET_HEADER = 16,
	PCAP_CAPLEN_MIN = 262144,	/* what any capture may hold, bytes */
	PCAP_CAPLEN_MAX = 1 << 24	/* what a large snaplen may allow */
};

/* One packet of a capture of any format. */
struct pcap_packet {
	int64_t		 time;		/* ns since the epoch */
	uint64_t	 offset;	/* of the data in the capture */
	const uint8_t	*data;		/* captured bytes, borrowed */
	uint32_t	 captured;
	uint32_t	 on_wire;	/* never less than captured */
	uint32_t	 link_type;
	uint32_t	 interface;	/* counted from 0 over the file */
	uint32_t	 snaplen;	/* of the interface, 0: no limit */
	uint8_t		 fcs_length;	/* bytes at the end that are an FCS */
	bool		 nano;		/* time is finer than microseconds */
	bool		 big;		/* byte order of who captured */
};

struct pcap_format {
	bool		 big;		/* byte order */
	bool		 nano;
	uint16_t	 minor;		/* version 2.minor */
	uint8_t		 fcs_length;
	uint32_t	 link_type;
	uint32_t	 snaplen;
};

/* 0, or -1: no file header of this format. */
int	pcap_header_decode(struct pcap_format *,
	    const uint8_t[PCAP_FILE_HEADER]);

/* A format that only libpcap knows? */
bool	pcap_other_magic(const uint8_t[4]);

/*
 * Decode a packet's header; data and offset are left alone.  0, or -1 when
 * the captured length is impossible.  A fraction of a second or more is
 * left out of the time.
 */
int	pcap_packet_decode(struct pcap_packet *, const struct pcap_format *,
	    const uint8_t[PCAP_PACKET_HEADER]);

/* The most bytes that a packet may have captured under this snaplen. */
uint32_t	pcap_caplen_max(uint32_t snaplen);

/* For writers: little-endian headers. */
void	pcap_header_encode(uint8_t[PCAP_FILE_HEADER],
	    const struct pcap_format *);
void	pcap_packet_encode(uint8_t[PCAP_PACKET_HEADER],
	    const struct pcap_packet *, bool nano);

#endif
