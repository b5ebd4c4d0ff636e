/* SPDX-License-Identifier: ISC */
/*
 * What was sent lately, for comparison with what comes again: one ring of
 * extents for all streams, each linked to the one before it of the same
 * stream.  Nothing is kept for a stream but the place of its last extent,
 * and adding one costs the same however many streams there are; the oldest
 * extents are overwritten.  Bytes that came by reference are kept by
 * reference.
 */
#ifndef FLOW_REASM_WINDOW_H
#define FLOW_REASM_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libcommon/record.h"

enum {
	WINDOW_STEPS = 1024		/* extents looked at for one segment */
};

struct window {				/* zeroed: keeps nothing */
	uint8_t		*ring;		/* allocated when it is needed */
	uint64_t	 size;		/* bytes */
	uint64_t	 head;		/* bytes ever written, and 8 */
};

/* Some bytes and where they lie. */
struct run {
	int64_t		 start;		/* position */
	uint32_t	 length;
	struct reference ref;
	const uint8_t	*bytes;		/* NULL: by reference */
};

void	window_init(struct window *, uint64_t size);
void	window_free(struct window *);

/* Add a run after the stream's last; returns its place, the new last. */
uint64_t	window_add(struct window *, uint64_t last, const struct run *);

/*
 * The extent at a place, whose bytes are borrowed until the next
 * window_add().  Returns the place of the one before it; *run is empty
 * (length 0) when the extent has been overwritten.
 */
uint64_t	window_get(const struct window *, uint64_t at, struct run *);

/* The part of a run from start to end, which lie inside it. */
void	run_part(struct run *, int64_t start, int64_t end);

#endif
