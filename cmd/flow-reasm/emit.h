/* SPDX-License-Identifier: ISC */
/* The records that flow-reasm writes. */
#ifndef FLOW_REASM_EMIT_H
#define FLOW_REASM_EMIT_H

#include "cmd/flow-reasm/side.h"

/* OPEN, unless it was sent; the side gets a stream. */
void	emit_open(struct reasm *, struct side *);

/* DATA, LATE or ARRIVAL of a run, with these flags and the packet's time. */
void	emit_bytes(struct reasm *, struct side *, enum record_type,
	    uint16_t flags, int64_t time, const struct run *);

/* GAP at a position. */
void	emit_gap(struct reasm *, struct side *, int64_t position,
	    uint64_t length, enum gap_cause);

/* CONFLICT: the same range of the kept and of the losing version. */
void	emit_conflict(struct reasm *, struct side *, const struct run *kept,
	    const struct run *other);

/* CLOSE; length in bytes. */
void	emit_close(struct reasm *, struct side *, enum close_why);


#endif
