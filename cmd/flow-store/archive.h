/* SPDX-License-Identifier: ISC */
/*
 * --tar: one archive instead of a directory.  A stream's member is written
 * when the stream closes: straight from what is held of it, or, when it did
 * not fit in memory or came out of order, from a temporary file that it
 * grew in.  Names must be told apart without a directory: eight bytes are
 * kept for each.
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

/* Write the member of a file that is complete; 0 or -1, which is said. */
int	archive_member(struct store *, struct file *);

/* Write out what is gathered; 0, or -1, which is said. */
int	archive_flush(struct store *);

/* End the archive.  0, or -1 with errno. */
int	archive_close(struct store *);

#endif
