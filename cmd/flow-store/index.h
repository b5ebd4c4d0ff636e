/* SPDX-License-Identifier: ISC */
/*
 * FLOW.findx: which packet brought which bytes (formats/findx.h), in the
 * order of the bytes.  What comes in order is written as it comes; what
 * comes late is kept and merged in at the end, when the whole index is also
 * moved by the bytes that came to stand before offset 0.
 */
#ifndef FLOW_STORE_INDEX_H
#define FLOW_STORE_INDEX_H

#include "cmd/flow-store/store.h"

enum { INDEX_LATE_MAX = 1 << 16 };	/* late ones kept of one file */

/* Bytes of this packet at this offset. */
void	index_add(struct store *, struct file *, int64_t offset,
	    uint32_t length, int64_t time);

/* The stream's file is final: finish and free its index. */
void	index_finish(struct store *, struct file *);

/* Free the index, if there is one, of a file that has `extra`. */
void	index_free(struct store *, struct file *);

#endif
