/* SPDX-License-Identifier: ISC */
/*
 * A capture on standard output: pcap or pcapng, Ethernet, IPv4, TCP with
 * right checksums.  A failed write ends the program.
 */
#ifndef TESTS_GEN_OUTPUT_H
#define TESTS_GEN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OUTPUT_HEADERS = 14 + 20 + 20,	/* before the payload, bytes */
	OUTPUT_PAYLOAD_MAX = 9000,
	OUTPUT_BUFFER = 1 << 20
};

enum output_format { OUTPUT_PCAP, OUTPUT_PCAP_NS, OUTPUT_PCAPNG };

struct output {
	enum output_format format;
	uint64_t	 time;		/* of the next packet, ns */
	uint64_t	 step;		/* from packet to packet, ns */
	uint64_t	 packets;	/* written */
	size_t		 used;
	uint8_t		 buffer[OUTPUT_BUFFER];
};

struct packet {
	uint32_t	 src, dst;	/* host order */
	uint16_t	 sport, dport;
	uint32_t	 seq, ack;
	uint8_t		 flags;		/* TCP */
	uint16_t	 length;	/* of the payload, bytes */
};

void	 output_begin(struct output *);

/*
 * Where the payload of the next packet is to be put, OUTPUT_PAYLOAD_MAX
 * bytes; then output_packet() writes headers around it.
 */
uint8_t	*output_payload(struct output *);
void	 output_packet(struct output *, const struct packet *);

void	 output_end(struct output *);

#endif
