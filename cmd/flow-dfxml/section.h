/* SPDX-License-Identifier: ISC */
/* What is said of each section: its sources, its stages' STATS, its end. */
#ifndef FLOW_DFXML_SECTION_H
#define FLOW_DFXML_SECTION_H

#include "cmd/flow-dfxml/report.h"

void	section_begin(struct report *);
void	section_source(struct report *, struct stage *,
	    const struct record *);
void	section_stats(struct report *, struct stage *, const struct record *);
void	section_end(struct report *, struct stage *, const struct record *);

#endif
