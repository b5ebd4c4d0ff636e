/* SPDX-License-Identifier: ISC */
/*
 * One TCP connection, packet by packet: handshake, turns in which client
 * and server speak alternately, the end.  On the way packets are lost,
 * held back and sent again as the shape asks.
 */
#ifndef TESTS_GEN_CONVERSATION_H
#define TESTS_GEN_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/gen/manifest.h"
#include "tests/gen/output.h"
#include "tests/gen/web.h"

enum { CONVERSATION_HELD = 12 };

struct shape {				/* what connections are like */
	uint64_t	 seed;
	uint64_t	 exchanges;	/* request and response */
	uint64_t	 request, response; /* bytes, on average */
	bool		 web;		/* HTTP instead of random bytes */
	uint16_t	 mss;
	uint32_t	 acks;		/* one for so many segments, 0: none */
	uint32_t	 missing, held, again; /* segments of 1000 */
};

struct held {				/* a segment that is yet to come */
	uint64_t	 offset;
	uint16_t	 length;
	uint8_t		 side;
	uint8_t		 due;		/* segments until then */
	bool		 again;		/* a retransmission */
};

struct conversation {
	const struct shape *shape;
	uint64_t	 seed;
	struct endpoint	 end[2];	/* client, server */
	uint32_t	 isn[2];
	uint64_t	 sent[2];	/* bytes, in order */
	uint64_t	 index[2];	/* segments */
	uint64_t	 total[2];	/* bytes in all */
	uint64_t	 turn, turns;
	uint64_t	 turn_sent;	/* bytes of this turn */
	uint32_t	 unacked;	/* segments */
	uint8_t		 phase;
	uint8_t		 held_used;
	struct held	 held[CONVERSATION_HELD];
	struct web	*web;		/* NULL: random bytes */
};

/* Connection `number` of a capture; no two have the same endpoints. */
void	conversation_init(struct conversation *, const struct shape *,
	    uint64_t number);

/* Its next packet; false when it has no more. */
bool	conversation_step(struct conversation *, struct output *);

/* Lines for both directions (and HTTP bodies). */
void	conversation_manifest(const struct conversation *,
	    struct manifest *);

void	conversation_free(struct conversation *);

/* A SYN that nobody answers; `number` as above. */
void	conversation_syn(const struct shape *, uint64_t number,
	    struct output *);

#endif
