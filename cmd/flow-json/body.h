/* SPDX-License-Identifier: ISC */
/* The bodies of records made from the members of JSON objects. */
#ifndef FLOW_JSON_BODY_H
#define FLOW_JSON_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/flow-json/known.h"
#include "cmd/flow-json/members.h"

struct body {
	uint8_t	*bytes;			/* RECORD_BODY_MAX, the caller's */
	size_t	 length;
	bool	 byref;			/* a reference without its bytes */
	uint64_t span;			/* stream bytes it stands for */
};

/*
 * Take the members of a body of this type.  What is left out comes from
 * `ks` (NULL: about no stream) and `k`.  Errors are in the members.
 */
void	body_take(struct body *, struct members *, uint16_t type,
	    const struct known *k, struct known_stream *ks);

/* Bytes as hexadecimal `bytes` or as `text` from offset `at`; their count. */
size_t	body_take_bytes(struct body *, struct members *, size_t at);

#endif
