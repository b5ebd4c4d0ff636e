/* SPDX-License-Identifier: ISC */
/* Digests of the files that flow-store made. */
#ifndef FLOW_HASH_FILES_H
#define FLOW_HASH_FILES_H

#include "cmd/flow-hash/hash.h"

/* Open the directory of --files, if it is given; what fails ends it. */
void	files_open(struct hash *);
/* STORED: the stream has a file. */
void	files_stored(struct hash *, const struct record *);
/* Emit the digests of that file; what cannot be read is said. */
void	files_digest(struct hash *, const struct record *close,
	    struct hash_stream *, bool gaps);

#endif
