/* SPDX-License-Identifier: ISC */
/* <byte_runs>: which bytes of a file lie where in which capture. */
#ifndef FLOW_DFXML_RUNS_H
#define FLOW_DFXML_RUNS_H

#include "cmd/flow-dfxml/streams.h"

/*
 * The runs that the stream has gathered, if any, into the report's x, which
 * `full` empties when it has become long.  In order of their place in the
 * file; those of a stream that had to be kept on disk in order of arrival.
 * 0, or -1 with errno when they could not be read back.
 */
int	runs_put(struct report *, struct stream *, void (*full)(void *),
	    void *);

#endif
