/* SPDX-License-Identifier: ISC */
/*
 * Streams that closed a short while ago, so that a late retransmission of
 * what they held does not begin a new stream.
 */
#ifndef FLOW_REASM_CLOSED_H
#define FLOW_REASM_CLOSED_H

#include "cmd/flow-reasm/side.h"

void	closed_init(struct reasm *);
void	closed_free(struct reasm *);

/* Remember a stream that is about to end. */
void	closed_add(struct reasm *, const struct side *);

/*
 * Do these bytes (the run's start is their sequence number) belong to such
 * a stream and bring nothing new?
 */
bool	closed_has(struct reasm *, const struct tuple *, uint32_t path,
	    const struct run *);

#endif
