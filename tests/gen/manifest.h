/* SPDX-License-Identifier: ISC */
/*
 * What a generated capture holds, a line for each stream that has bytes:
 * name of its file as tcpflow names it, length, bytes missing, SHA-256 with
 * zeros for what is missing, and the holes as FROM-TO (TO not in it) with
 * commas between; tabs between all of them, "-" for no holes.
 */
#ifndef TESTS_GEN_MANIFEST_H
#define TESTS_GEN_MANIFEST_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "libcommon/sha256.h"

enum { MANIFEST_NAME = 128 };

struct manifest {
	FILE		*file;		/* NULL: not wanted */
	struct sha256	 digest;	/* of the stream at hand */
	uint64_t	 length, missing;
	uint64_t	 hole;		/* where an open hole began */
	char		*holes;
	size_t		 holes_length, holes_size;
};

struct endpoint {
	uint32_t	 address;	/* host order */
	uint16_t	 port;
};

/* "010.000.000.001.01234-010.000.000.002.00080" */
void	manifest_name(char[MANIFEST_NAME], const struct endpoint *from,
	    const struct endpoint *to);

/* One stream: begin, what it is made of in order, end. */
void	manifest_begin(struct manifest *);
void	manifest_bytes(struct manifest *, const uint8_t *, size_t);
void	manifest_hole(struct manifest *, size_t);
void	manifest_end(struct manifest *, const char *name);

/* Close the file; a failed write ends the program. */
void	manifest_close(struct manifest *);

#endif
