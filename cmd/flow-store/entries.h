/* SPDX-License-Identifier: ISC */
/*
 * The entry of each stream that has a name, from its NAME to its CLOSE.  A
 * TCP stream that has no NAME is named by the default template; a stream of
 * another kind without a NAME has no entry, and its records pass.
 */
#ifndef FLOW_STORE_ENTRIES_H
#define FLOW_STORE_ENTRIES_H

#include "cmd/flow-store/store.h"

void	entries_open(struct store *, const struct record *);
void	entries_name(struct store *, const struct record *);

/* The entry of a stream, or NULL.  It may be FILE_UNSTORED. */
struct file	*entries_get(struct store *, uint64_t stream);

/* The same; it is the caller's then. */
struct file	*entries_take(struct store *, uint64_t stream);

/* Free an entry, with what is held of it. */
void	entries_free(struct store *, struct file *);

#endif
