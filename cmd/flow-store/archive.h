/* SPDX-License-Identifier: ISC */
/*
 * --tar: one archive instead of a directory.  A stream's member is written
 * when the stream closes: straight from what is held of it, or, when it was
 * too large for that or came out of order, from a temporary file that it
 * grew in.  What is held of small streams, when there are too many of them,
 * waits in the spool: one temporary file for all.  Names must be told apart
 * without a directory: eight bytes are kept for each.
 */
#ifndef FLOW_STORE_ARCHIVE_H
#define FLOW_STORE_ARCHIVE_H

#include "cmd/flow-store/store.h"

/* Begin the archive: "-" is standard output.  0, or -1 with errno. */
int	archive_open(struct store *, const char *path);

/* Where temporary files go. */
const char	*archive_directory(void);

/* Take the name in store->path, if it is free: 0, or -1 with errno. */
int	archive_take(struct store *);

/* Make a temporary file for this one: its descriptor, or -1 with errno. */
int	archive_spill(struct store *, struct file *);

/*
 * What is held of a file waits in the spool rather than in a file of its
 * own, if it may: n bytes are put there, after what is there already; all
 * f->chain.used are taken back, 0 or -1; or they are forgotten.  Errors are
 * said, and the file has failed.
 */
bool	archive_may_wait(const struct file *);
void	archive_put_aside(struct store *, struct file *, const void *,
	    uint32_t n);
int	archive_take_back(struct store *, struct file *, void *);
void	archive_forget(struct store *, struct file *);

/* Write the member of a file that is complete; 0 or -1, which is said. */
int	archive_member(struct store *, struct file *);

/* Write out what is gathered; 0, or -1, which is said. */
int	archive_flush(struct store *);

/* End the archive.  0, or -1 with errno. */
int	archive_close(struct store *);

#endif
