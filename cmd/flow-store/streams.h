/* SPDX-License-Identifier: ISC */
/*
 * What records do to streams that have an entry (entries.h): bytes in, and
 * at CLOSE a file and STORED.
 */
#ifndef FLOW_STORE_STREAMS_H
#define FLOW_STORE_STREAMS_H

#include "cmd/flow-store/store.h"

/* A gap that -b made upstream: the file is made even if empty. */
void	streams_gap(struct store *, const struct record *);

/* The entry of a stored stream, or NULL: its records pass. */
struct file	*streams_stored(struct store *, uint64_t stream);

/* DATA, LATE, ARRIVAL of this file. */
void	streams_data(struct store *, struct file *, const struct record *);

/* -K, FRAME: kept in its connection's capture, or passed. */
void	streams_frame(struct store *, const struct record *);

/* CLOSE: the file is finished and STORED is written. */
void	streams_close(struct store *, const struct record *);

/* END: finish what is still open. */
void	streams_end(struct store *);

#endif
