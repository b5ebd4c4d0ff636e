/* SPDX-License-Identifier: ISC */
/* One fileobject for each stream, in the order in which they close. */
#ifndef FLOW_DFXML_ENTRY_H
#define FLOW_DFXML_ENTRY_H

#include "cmd/flow-dfxml/report.h"

/*
 * CLOSE of a stream: its entry and those that were held for it; they go
 * out, or are held for its parent.
 */
void	entry_close(struct report *, struct stage *, const struct record *);

/* The section is over: streams that never closed give up what they hold. */
void	entry_orphans(struct report *, struct stage *);

#endif
