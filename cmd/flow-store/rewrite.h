/* SPDX-License-Identifier: ISC */
/*
 * Writing a file anew: into a temporary file beside it, which takes its name
 * when it is whole.  The old file stands until then, so that a full disk
 * costs nothing of it.  One at a time.
 */
#ifndef FLOW_STORE_REWRITE_H
#define FLOW_STORE_REWRITE_H

#include "cmd/flow-store/store.h"

enum { REWRITE_CHUNK = 1 << 18 };	/* bytes read or written at a time */

struct rewrite {
	struct store	*store;
	struct file	*file;
	int		 in, out;	/* the old file and the new one */
	bool		 failed;	/* said */
	uint64_t	 from;		/* bytes read of the old file */
	uint64_t	 size;		/* bytes written to the new one */
	uint8_t		*got;		/* read and not yet used: */
	size_t		 start, end;
	uint8_t		*put;		/* to be written: [0, n) */
	size_t		 n;
};

/* Begin.  0, or -1: the file has failed. */
int	rewrite_begin(struct rewrite *, struct store *, struct file *);

/*
 * The next bytes of the old file, at least n unless it ends; how many are
 * there.  They stay the next ones until rewrite_used().
 */
size_t	rewrite_get(struct rewrite *, size_t n, const uint8_t **);
void	rewrite_used(struct rewrite *, size_t n);

/* Bytes for the end of the new file. */
void	rewrite_put(struct rewrite *, const void *, size_t n);

/* Copy [from, end) of the old file to `shift` bytes further on. */
void	rewrite_copy(struct rewrite *, uint64_t from, uint64_t end,
	    uint64_t shift);

/* The new file takes the name; 0, or -1: the old one stands, failed. */
int	rewrite_end(struct rewrite *);

#endif
