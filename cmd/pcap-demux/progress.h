/* SPDX-License-Identifier: ISC */
/* How far the reading has come: --progress, and SIGUSR1. */
#ifndef PCAP_DEMUX_PROGRESS_H
#define PCAP_DEMUX_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/pcap-demux/settings.h"

struct progress {
	bool		 shown;		/* --progress */
	bool		 line;		/* there is a line to take away */
	uint64_t	 total;		/* bytes of all inputs, 0: unknown */
	uint64_t	 before;	/* bytes of the inputs that are done */
	int64_t		 start, last;	/* monotonic ns */
};

/* SIGUSR1 is caught from here on. */
void	progress_init(struct progress *, const struct settings *);

/* Now and then: `at` is the place in the present input's file. */
void	progress_show(struct progress *, uint64_t at);

/* The present input, of this size, is done. */
void	progress_next(struct progress *, uint64_t size);

/* Take the line away. */
void	progress_end(struct progress *);

/* Has SIGUSR1 come since the last call? */
bool	progress_asked(void);

#endif
