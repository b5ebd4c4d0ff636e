/* SPDX-License-Identifier: ISC */
/*
 * What the records between OPEN and CLOSE said of a stream: nothing is kept
 * for one that has no such records.
 */
#ifndef FLOW_DFXML_STREAMS_H
#define FLOW_DFXML_STREAMS_H

#include "cmd/flow-dfxml/report.h"

enum {
	STREAMS_DIGEST = 64,		/* longest value of a digest */
	STREAMS_SPARE = 64,		/* structs kept for streams to come */
	STREAMS_PATH = 4096		/* longest path that stays with one */
};

struct stream_digest {
	uint16_t	 algorithm;
	uint32_t	 flags;
	uint64_t	 covered;
	size_t		 length;
	uint8_t		 value[STREAMS_DIGEST];
};

/* A run of the stream in a capture, for <byte_runs>. */
struct stream_run {
	int64_t		 offset;	/* in the stream */
	struct reference ref;
	uint64_t	 order;		/* among its runs, from 0 */
};

struct stream {
	struct stream	*next;		/* among the spare ones */
	bool		 stored, limited;
	bool		 named;		/* path is one */
	char		*path;		/* of the file, or its would-be name */
	size_t		 path_length, path_size;
	uint64_t	 size, shift;
	struct stream_digest *digest;
	size_t		 digests;
	struct spill_string held;	/* entries of derived streams */
	struct spill_string runs;	/* of struct stream_run */
	uint64_t	 run_count;
};

/* STORED, DIGEST, NAME, DATA, LATE; said to the stage when malformed. */
void	streams_record(struct report *, struct stage *,
	    const struct record *);
/* The stream's entry, or NULL; made if need be. */
struct stream	*streams_find(struct report *, uint64_t id);
struct stream	*streams_get(struct report *, uint64_t id);
/* Remove it from the table; the caller frees it. */
struct stream	*streams_take(struct report *, uint64_t id);
void	streams_free(struct report *, struct stream *);
void	streams_drain(struct report *);		/* the spare ones */

#endif
