/* SPDX-License-Identifier: ISC */
/*
 * HTTP/1.1 over one connection: requests and responses with bodies of
 * several types, framed by length or in chunks, plain or gzipped.
 */
#ifndef TESTS_GEN_WEB_H
#define TESTS_GEN_WEB_H

#include <stddef.h>
#include <stdint.h>

#include "tests/gen/manifest.h"

enum { WEB_TYPES = 4 };

struct web_body {			/* decoded */
	uint8_t		*bytes;
	size_t		 length;
	uint8_t		 side, type;
	uint32_t	 number;	/* of its message, from 1 */
};

struct web {
	uint64_t	 state;		/* of the random numbers */
	uint8_t		*bytes[2];	/* what client and server send */
	size_t		 length[2], size[2];
	uint64_t	 turns;		/* client and server by turns */
	size_t		*turn;		/* bytes in each */
	struct web_body	*body;
	size_t		 bodies;
};

/* A conversation of so many exchanges, bodies of `mean` bytes on average. */
struct web	*web_new(uint64_t seed, uint64_t exchanges, uint64_t mean);

/* A line for each body that is not empty. */
void	web_manifest(const struct web *, struct manifest *,
	    const struct endpoint end[2]);

void	web_free(struct web *);

#endif
