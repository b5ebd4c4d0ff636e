/* SPDX-License-Identifier: ISC */
/* The end of a section. */
#ifndef FLOW_REASM_ENDING_H
#define FLOW_REASM_ENDING_H

#include "cmd/flow-reasm/reasm.h"

/* Close every stream, in order of creation. */
void	ending_close(struct reasm *);

/* STATS of the section. */
void	ending_stats(struct reasm *);

#endif
