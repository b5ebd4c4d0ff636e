/* SPDX-License-Identifier: ISC */
/* The segments of a stream that wait for what comes before them. */
#ifndef FLOW_REASM_WAITING_H
#define FLOW_REASM_WAITING_H

#include "cmd/flow-reasm/side.h"

/* One that has been taken out; its bytes are its own. */
struct waiter {
	struct run	 run;
	uint64_t	 absent;	/* was cut: so many bytes, no run */
	int64_t		 time;
	uint32_t	 node;
};

/*
 * Let a run wait, or `absent` bytes that were not captured.  What waits
 * already there is compared with it; the first copy stays, unless the last
 * one is to win.
 */
void	waiting_add(struct reasm *, struct side *, const struct run *,
	    uint32_t absent, int64_t time);

/* The position of the first one, INT64_MAX: none. */
int64_t	waiting_start(const struct reasm *, const struct side *);

/* The end of the last one; there is one. */
int64_t	waiting_end(const struct reasm *, const struct side *);

/* Take the first out when it starts at that position. */
bool	waiting_take(struct reasm *, struct side *, int64_t at,
	    struct waiter *);
void	waiting_release(struct reasm *, const struct waiter *);

#endif
