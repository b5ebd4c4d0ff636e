/* SPDX-License-Identifier: ISC */
/*
 * The state of flow-dfxml: one report, growing.
 *
 * The document in order: metadata with the pipeline (from META), creator,
 * source, one fileobject for each stream, rusage (sums), summary with the
 * totals and one element for each section.
 */
#ifndef FLOW_DFXML_REPORT_H
#define FLOW_DFXML_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "cmd/flow-dfxml/out.h"
#include "cmd/flow-dfxml/spill.h"
#include "formats/dfxml.h"
#include "formats/flow.h"
#include "libcommon/idmap.h"
#include "libcommon/stage.h"

enum {
	REPORT_STAGES_MAX = 64,		/* META kept in a section */
	REPORT_STATS_MAX = 128,		/* stages whose STATS are kept */
	REPORT_SOURCES_EARLY = 1024,	/* named in <source> */
	REPORT_DIGESTS_MAX = 8		/* of one stream */
};

/* Sums over all sections and stages. */
struct report_totals {
	uint64_t	 flows, packets;
	uint64_t	 max_open, open_at_end;
	double		 utime, stime;
	int64_t		 maxrss, minflt, majflt, nswap, inblock, oublock;
};

struct report {
	const struct options *options;
	bool		 byte_runs;
	bool		 names;		/* NAME serves where STORED is none */
	bool		 pass;		/* records go on to standard output */
	bool		 said;		/* that the report cannot be written */
	struct out	 out;
	struct spill	 spill;
	struct dfxml	 x;		/* of what is being written */
	struct dfxml	 name;		/* one that is put in for marks */
	struct idmap	 streams;	/* -> struct stream */
	struct stream	*spare;		/* to be used again */
	unsigned	 spares;
	bool		 headed;	/* metadata and creator are out */
	bool		 sourced;	/* <source> is out */
	double		 began;		/* wall clock */
	json_t		*self;		/* META of this program */
	struct report_totals totals;
	/* the section */
	unsigned	 section;	/* from 1, 0: none yet */
	bool		 open;
	json_t		*stages;	/* META, in order */
	json_t		*stats;		/* the last of each stage */
	struct spill_string early;	/* names for <source>, each with NUL */
	unsigned	 sources;	/* in this section */
	uint64_t	 section_flows, section_packets; /* as counted here */
	struct spill_string source_text, sections;
	bool		 whole;		/* so far, all sections */
};

void	report_open(struct report *, const struct options *,
	    const char *path);
void	report_record(struct report *, struct stage *, const struct record *);
/* The ending; `status` is that of the stage, returned, or 1. */
int	report_close(struct report *, int status);

/* Write out what is in x, and empty it. */
void	report_put(struct report *);

#endif
