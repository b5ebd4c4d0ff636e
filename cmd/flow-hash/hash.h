/* SPDX-License-Identifier: ISC */
/* The state of flow-hash. */
#ifndef FLOW_HASH_HASH_H
#define FLOW_HASH_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/flow-hash/digests.h"
#include "libcommon/idmap.h"
#include "libcommon/stage.h"

enum { HASH_GAPS = 256 << 20 };		/* zeros of one stream, default */

struct hash {
	struct stage	*stage;
	unsigned	 set;		/* of algorithms */
	uint64_t	 gap_limit;	/* zeros hashed for one stream */
	const char	*dir;		/* --files, or NULL */
	int		 dir_fd;
	uint8_t		*buf;		/* of a file that is read */
	struct idmap	 streams;	/* -> struct hash_stream */
	uint64_t	 digested;	/* streams, for STATS */
	uint64_t	 bytes;
	uint64_t	 partial;
	bool		 stored_said;	/* the advice to use --files */
};

/* A stream that has had bytes or a file. */
struct hash_stream {
	struct digests	*digests;	/* of all so far; NULL: none yet */
	struct digests	*before;	/* as it was before the first gap */
	uint64_t	 position;	/* bytes that are in digests */
	uint64_t	 sound;		/* bytes that are in `before` */
	uint64_t	 zeros;		/* of them hashed for gaps */
	bool		 wanted;	/* by -k */
	bool		 closed;	/* digests take no more: partial */
	bool		 stale;		/* bytes of `digests` were replaced */
	char		*path;		/* --files: below the directory */
	uint64_t	 size;
};

/*
 * Emit one DIGEST for each algorithm; digests NULL: without a value.  These
 * take no more bytes after it.
 */
void	hash_emit(struct hash *, const struct record *close,
	    struct digests *, uint64_t covered, uint32_t flags);

#endif
