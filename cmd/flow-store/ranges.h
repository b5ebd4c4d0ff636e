/* SPDX-License-Identifier: ISC */
/*
 * Where the data of a sparse file lies, in whole blocks of tar; the last
 * range ends with the file, and has no length when that ends in a hole.
 */
#ifndef FLOW_STORE_RANGES_H
#define FLOW_STORE_RANGES_H

#include <stdbool.h>

#include "cmd/flow-store/held.h"

struct range {
	uint64_t	 offset, length;
};

struct ranges {				/* zeroed: none */
	struct range	*at;
	size_t		 n, room;
};

/*
 * The ranges of runs that came in order, and the size of the file that
 * these make; false when they did not.  NULL: no runs.
 */
bool	ranges_held(struct ranges *, const struct held *, uint64_t *size);

/* The ranges of an open file of this size that are no holes. */
void	ranges_file(struct ranges *, int fd, uint64_t size);

void	ranges_free(struct ranges *);

#endif
