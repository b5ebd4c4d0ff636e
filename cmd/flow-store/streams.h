/* SPDX-License-Identifier: ISC */
/*
 * What records do to streams: an entry from NAME to CLOSE, bytes in
 * between.  A TCP stream that has no NAME is named by the default template;
 * a stream of another kind without a NAME passes.
 */
#ifndef FLOW_STORE_STREAMS_H
#define FLOW_STORE_STREAMS_H

#include "cmd/flow-store/store.h"

void	streams_open(struct store *, const struct record *);
void	streams_name(struct store *, const struct record *);
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
