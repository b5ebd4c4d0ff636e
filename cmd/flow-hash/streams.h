/* SPDX-License-Identifier: ISC */
/* Digests of streams as they pass. */
#ifndef FLOW_HASH_STREAMS_H
#define FLOW_HASH_STREAMS_H

#include "cmd/flow-hash/hash.h"

/* The stream's entry, made if need be; out of memory ends the program. */
struct hash_stream	*streams_get(struct hash *, uint64_t id);

void	streams_open(struct hash *, const struct record *);
void	streams_data(struct hash *, const struct record *);
void	streams_gap(struct hash *, const struct record *);
void	streams_late(struct hash *, const struct record *);
/* Before the CLOSE passes: the DIGEST, of what passed or of the file. */
void	streams_close(struct hash *, const struct record *);
/* The section is over. */
void	streams_reset(struct hash *);

#endif
