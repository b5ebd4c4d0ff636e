/* SPDX-License-Identifier: ISC */
/*
 * Files beside a stream's own: NAME.conflict-N, NAME.findx.  They have the
 * stream's final path with something after it, and count up like all
 * others where that is taken.
 */
#ifndef FLOW_STORE_BESIDE_H
#define FLOW_STORE_BESIDE_H

#include "cmd/flow-store/store.h"

/* The entry of such a file, to be given to beside_finish(); NULL: failed. */
struct file	*beside_new(struct store *, struct file *,
		    const char *suffix, int64_t time);

/* Write out and close the file, and free its entry. */
void	beside_finish(struct store *, struct file *);

/* CONFLICT: the losing version goes into a file of its own. */
void	beside_conflict(struct store *, struct file *,
	    const struct record *);

#endif
