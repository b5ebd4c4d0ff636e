/* SPDX-License-Identifier: ISC */
/* The bodies with a flow key from the members of JSON objects. */
#ifndef FLOW_JSON_BODY_FLOW_H
#define FLOW_JSON_BODY_FLOW_H

#include "cmd/flow-json/body.h"

/* A reference from an object member; all zeros when it is not there. */
void	body_flow_reference(struct members *, const char *key,
	    struct reference *);
/*
 * A reference and the bytes it stands for, from offset `at`; without bytes
 * the record is by reference.
 */
void	body_flow_payload(struct body *, struct members *,
	    struct reference *, size_t at);

void	body_flow_segment(struct body *, struct members *);
void	body_flow_open(struct body *, struct members *,
	    struct known_stream *);
void	body_flow_close(struct body *, struct members *,
	    const struct known_stream *);

#endif
