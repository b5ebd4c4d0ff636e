/* SPDX-License-Identifier: ISC */
/* Two versions of the same range: are they the same bytes? */
#ifndef FLOW_REASM_COMPARE_H
#define FLOW_REASM_COMPARE_H

#include "cmd/flow-reasm/side.h"

/*
 * Two runs of the same range.  When they differ, a CONFLICT is emitted for
 * the range from the first differing byte to the last, and true returned.
 * Bytes that this stage cannot read are taken to be the same, unless the
 * last copy wins anyway.
 */
bool	compare_runs(struct reasm *, struct side *, const struct run *old,
	    const struct run *new);

/*
 * A run that was sent before, wholly or in part: compared with what the
 * window still has of it.  With --overlap last, what differs (or can no
 * longer be compared) is sent again, to replace it.
 */
void	compare_sent(struct reasm *, struct side *, const struct run *,
	    int64_t time);

/*
 * A run that was sent before in a stream that has ended: is it the same, as
 * far as the window still has it?
 */
bool	compare_closed(struct reasm *, const struct run *, uint64_t window);

#endif
