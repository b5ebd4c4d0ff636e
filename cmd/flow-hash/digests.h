/* SPDX-License-Identifier: ISC */
/*
 * The digests of one run of bytes, several algorithms at once.  The only
 * file that knows nettle.
 */
#ifndef FLOW_HASH_DIGESTS_H
#define FLOW_HASH_DIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/flow.h"

enum { DIGESTS_VALUE = 32 };		/* longest value, bytes */

struct digests;				/* a state, from malloc */

extern const char digests_version[];	/* of nettle */

/* `set`: a bit 1 << DIGEST_ for each algorithm.  NULL: out of memory. */
struct digests	*digests_new(unsigned set);
struct digests	*digests_copy(const struct digests *, unsigned set);
void	digests_update(struct digests *, unsigned set, const void *,
	    size_t);
/* n zero bytes. */
void	digests_zeros(struct digests *, unsigned set, uint64_t n);
/* The value of one algorithm, once; returns its length. */
size_t	digests_value(struct digests *, uint16_t algorithm,
	    uint8_t[DIGESTS_VALUE]);

#endif
