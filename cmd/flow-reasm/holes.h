/* SPDX-License-Identifier: ISC */
/*
 * The holes of a stream: ranges that were passed as GAP and may yet be
 * filled, and what lies before its lowest byte.
 */
#ifndef FLOW_REASM_HOLES_H
#define FLOW_REASM_HOLES_H

#include "cmd/flow-reasm/side.h"

enum hole_kind {
	HOLE_NONE,			/* was sent */
	HOLE_KNOWN,			/* a GAP */
	HOLE_BEFORE,			/* before all that was sent */
	HOLE_FORGOTTEN			/* nobody knows */
};

/* A GAP was passed, from position to position. */
void	holes_add(struct reasm *, struct side *, int64_t from, int64_t to);

/*
 * The bytes from there to the lowest that was sent are missing.  Before
 * offset 0 there is no GAP to say so, but they are counted.
 */
void	holes_before(struct reasm *, struct side *, int64_t from);

/* What is at a position?  *to is lowered to where that ends. */
enum hole_kind	holes_at(struct reasm *, struct side *, int64_t at,
		    int64_t *to);

/* A range inside one hole has been filled. */
void	holes_fill(struct reasm *, struct side *, int64_t from, int64_t to);

/* The first hole that ends after a position, and where the last one ends. */
void	holes_after(struct reasm *, const struct side *, int64_t position,
	    struct hole *);
int64_t	holes_end(struct reasm *, const struct side *);

/* Free the memory; what comes for the range is LATE from now on. */
void	holes_forget(struct reasm *, struct side *);

/* Free the memory at the end of a stream. */
void	holes_free(struct reasm *, struct side *);

#endif
