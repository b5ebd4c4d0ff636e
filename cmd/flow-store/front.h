/* SPDX-License-Identifier: ISC */
/*
 * Bytes before offset 0: a stream whose first packet seen was not the first
 * that was sent.  They are kept aside, and the file is written anew once,
 * when it closes: however many there are, and in whatever order, each file
 * is copied one time.
 */
#ifndef FLOW_STORE_FRONT_H
#define FLOW_STORE_FRONT_H

#include "cmd/flow-store/store.h"

/*
 * Keep bytes (held_add()) whose offset is negative.  When all that is kept
 * aside is more than STORE_FRONT, this file is written anew at once.
 */
void	front_add(struct store *, struct file *, int64_t offset,
	    const struct reference *, const uint8_t *bytes);

/* Put what is kept aside where it belongs.  0, or -1: the file failed. */
int	front_fold(struct store *, struct file *);

/* The file's extra entry, made if there is none. */
struct extra	*front_extra(struct file *);

#endif
