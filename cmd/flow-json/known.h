/* SPDX-License-Identifier: ISC */
/*
 * What earlier objects of the section said of each open stream, so that
 * later ones may leave it out.
 */
#ifndef FLOW_JSON_KNOWN_H
#define FLOW_JSON_KNOWN_H

#include <stddef.h>
#include <stdint.h>

#include "formats/flow.h"
#include "libcommon/idmap.h"

struct known_stream {
	uint64_t	 position;	/* where its next DATA would stand */
	int64_t		 opened, last;	/* times of OPEN and of the last */
	size_t		 open_length;	/* 0: no OPEN yet */
	uint8_t		 open[OPEN_FIXED + ENCAP_PATH_MAX];
};

struct known {				/* zeroed, but for the time */
	struct idmap	 streams;
	int64_t		 time;		/* of the record before */
	uint64_t	 records;	/* in this section */
};

/* The stream's entry, made if need be; out of memory ends the program. */
struct known_stream	*known_get(struct known *, uint64_t stream);
void	known_forget(struct known *, uint64_t stream);
/* Begin a section. */
void	known_reset(struct known *);

#endif
