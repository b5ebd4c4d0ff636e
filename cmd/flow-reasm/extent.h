/* SPDX-License-Identifier: ISC */
/*
 * Ranges of positions that do not overlap, in order: the segments of a
 * stream that wait, or its holes.  A treap, so that no order of arrival is
 * slow; the priorities come from the nodes' numbers and a secret.
 */
#ifndef FLOW_REASM_EXTENT_H
#define FLOW_REASM_EXTENT_H

#include <stdint.h>

#include "libcommon/arena.h"
#include "libcommon/record.h"

struct extent {
	int64_t		 start;		/* position */
	int64_t		 time;		/* of the packet, ns */
	struct reference ref;
	uint8_t		*bytes;		/* its own copy, NULL: none */
	uint32_t	 length;
	uint32_t	 left, right;
	uint64_t	 absent;	/* hole, or cut when captured: length
					 * (a hole may exceed 32 bits) */
};

static inline struct extent *
extent_at(const struct arena *a, uint32_t i)
{
	return arena_at(a, i);
}

/* One past the last position. */
int64_t		extent_end(const struct extent *);

/* Put a node with its start set into the tree; returns the new root. */
uint32_t	extent_insert(struct arena *, uint32_t root, uint32_t node);

/* Take the node that starts there out of the tree; returns the new root. */
uint32_t	extent_remove(struct arena *, uint32_t root, int64_t start);

/* The first node and the last, 0: none. */
uint32_t	extent_first(const struct arena *, uint32_t root);
uint32_t	extent_last(const struct arena *, uint32_t root);

/* The first node that ends after a position, 0: none. */
uint32_t	extent_after(const struct arena *, uint32_t root,
		    int64_t position);

#endif
