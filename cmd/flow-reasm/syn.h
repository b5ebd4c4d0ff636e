/* SPDX-License-Identifier: ISC */
/* What a SYN means for a stream that is there (RFC 9293, section 3.10.7). */
#ifndef FLOW_REASM_SYN_H
#define FLOW_REASM_SYN_H

#include "cmd/flow-reasm/arrival.h"

enum syn_says {
	SYN_AGAIN,			/* of this stream */
	SYN_IGNORE,			/* a repetition that says nothing */
	SYN_NEW				/* of another connection */
};

/* What does the SYN say to a live side? */
enum syn_says	syn_says(struct reasm *, struct side *,
		    const struct arrival *);

/*
 * The SYN is of a new connection: close the side, and its peer, unless the
 * peer has answered to it already.
 */
void	syn_close(struct reasm *, struct side *, const struct arrival *);

#endif
