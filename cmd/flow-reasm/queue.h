/* SPDX-License-Identifier: ISC */
/*
 * A stream's bytes into their order: what waits, what leaves, what is
 * missing.
 */
#ifndef FLOW_REASM_QUEUE_H
#define FLOW_REASM_QUEUE_H

#include "cmd/flow-reasm/side.h"

/*
 * A segment's bytes: the run, and after it `absent` bytes that were sent
 * but not captured.  The side has a stream.
 */
void	queue_add(struct reasm *, struct side *, const struct run *,
	    uint32_t absent, int64_t time);

/*
 * The start of a stream without SYN need be held back no longer: what waits
 * leaves; or only its offset 0 is settled, since a record needs one.
 */
void	queue_release(struct reasm *, struct side *);
void	queue_settle(struct reasm *, struct side *);

/* Give the first hole up, as far as it is known to be missed. */
void	queue_give_up(struct reasm *, struct side *);

/* Give up every hole before what waits; all of it leaves. */
void	queue_flush(struct reasm *, struct side *, enum gap_cause);

/* The bytes up to a position will not come. */
void	queue_skip(struct reasm *, struct side *, int64_t to, enum gap_cause);

/* The same, but for what the peer has acknowledged: that is missed. */
void	queue_lose(struct reasm *, struct side *, int64_t to, enum gap_cause);

/* Begin or end the stream's wait for a hole's bytes, as things stand. */
void	queue_due(struct reasm *, struct side *);

/* Forget where the holes are. */
void	queue_forget(struct reasm *, struct side *);

#endif
