/* SPDX-License-Identifier: ISC */
/*
 * A process that starts commands, apart from the one that reads records:
 * that one gives up the right to start anything before it reads a byte.
 */
#ifndef FLOW_EXEC_RUNNER_H
#define FLOW_EXEC_RUNNER_H

#include <stddef.h>
#include <stdint.h>

#include "libcommon/options.h"

enum { RUNNER_JOBS_MAX = 1024, RUNNER_PATH_MAX = 65536 };

struct runner {				/* the reader's end of it */
	int	 requests;		/* descriptors of two pipes */
	int	 answer;
};

/*
 * Start it: at most `jobs` commands at once.  commands[i] is read by sh(1)
 * with the path as its last argument, which no shell reads as code.  Ends
 * the program when it cannot be started.
 */
void	runner_start(struct runner *, const char *const *commands,
	    unsigned jobs, const struct options *);

/* Run commands[which] on a path: 0, or -1 when the runner is gone. */
int	runner_run(struct runner *, uint32_t which, const char *path,
	    size_t length);

/* Wait for the last command; 0, or -1 when any has failed. */
int	runner_end(struct runner *);

#endif
