/* SPDX-License-Identifier: ISC */
/*
 * One case of the property test of reassembly: a random byte stream, and
 * the packets in which a capture may have it.  Everything follows from the
 * seed and the number of the case.
 */
#ifndef TESTS_REASM_TRIAL_H
#define TESTS_REASM_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TRIAL_BYTES_MAX = 40000,
	TRIAL_PACKETS_MAX = 200000
};

struct packet {
	bool		 peer;		/* sent by the other side */
	uint8_t		 flags;		/* enum tcp_flag */
	uint32_t	 start, length;	/* of the payload in the stream */
	uint32_t	 ack;		/* offset acknowledged, if ACK */
	uint64_t	 key;		/* for sorting */
};

struct trial {
	uint64_t	 number;	/* of the case */
	uint32_t	 isn, peer_isn;
	uint32_t	 length;	/* of the stream, bytes */
	bool		 syn, fin, has_peer;
	uint8_t		 bytes[TRIAL_BYTES_MAX];
	uint8_t		 captured[TRIAL_BYTES_MAX]; /* is it in a packet? */
	struct packet	*packet;
	size_t		 packets;
	int64_t		 gap;		/* time between packets, ns */
};

struct random {
	uint64_t	 state;
};

uint64_t	random_next(struct random *);
/* From 0 to n - 1. */
uint32_t	random_below(struct random *, uint32_t n);

/* Make case `number`; free it with trial_free(). */
void	trial_make(struct trial *, uint64_t seed, uint64_t number);
void	trial_free(struct trial *);

#endif
