/* SPDX-License-Identifier: ISC */
/*
 * A pipeline of programs: its words, its processes, how it ended.
 * Functions that start or find programs print and may exit.
 */
#ifndef FLOW_RUN_PIPELINE_H
#define FLOW_RUN_PIPELINE_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

#include "libcommon/options.h"

struct process {
	const char	**argv;		/* NULL-terminated, owned; the words
					 * are borrowed */
	char		*path;		/* of the program's file, owned */
	pid_t		 pid;
	int		 status;	/* as waitpid(2) gives it, once ended */
	bool		 ended;
};

struct pipeline {
	struct process	*process;	/* in order, [0] is the source */
	size_t		 n;
	size_t		 running;
	bool		 stopped;	/* we asked the source to stop */
	int		 asked;		/* the last signal that asked us, 0 */
	int		 verbose;
};

/*
 * Cut the words at each "|" and find the programs.  Bad usage, or a program
 * that is not there, ends this one before anything has been started.
 */
void	pipeline_init(struct pipeline *, const struct options *);

/*
 * The file of a program: its name when there is a slash in it, else the one
 * beside this program, else the one in PATH.  NULL: there is none.  The
 * caller frees it.
 */
char	*program_find(const char *name);

/* Start every process, the pipes between them as large as allowed. */
void	pipeline_start(struct pipeline *);

/*
 * Wait until all have ended; hand signals that a process sent to us on to
 * the source.  They are blocked from pipeline_block() on.
 */
void	pipeline_block(void);
void	pipeline_wait(struct pipeline *);

/*
 * Say who was killed.  Returns the worst status, or minus the number of the
 * signal to die of, because the reader of the last stage went away.
 */
int	pipeline_status(const struct pipeline *);

void	pipeline_free(struct pipeline *);

#endif
