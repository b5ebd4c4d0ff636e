/* SPDX-License-Identifier: ISC */
/*
 * The names that an archive has: a set of seeded hashes of 63 bits, so that
 * a hundred million names fit in a gigabyte.  Two names that share a hash
 * (once in 2^63 pairs) cost one of them a counter.
 */
#ifndef FLOW_STORE_TAKEN_H
#define FLOW_STORE_TAKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct taken {				/* zeroed: empty */
	uint64_t	*hash;		/* 0: empty slot */
	size_t		 size;		/* slots, a power of two */
	size_t		 used;
	uint64_t	 seed;
};

/* Add a name; false when it is there already. */
bool	taken_add(struct taken *, const char *name);

void	taken_free(struct taken *);

#endif
