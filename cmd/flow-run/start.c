/* SPDX-License-Identifier: ISC */
/* Starting the processes of a pipeline. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-run/pipeline.h"

enum {
	PIPE_MOST = 1 << 20,	/* bytes; what Linux lets anybody have */
	PIPE_LEAST = 1 << 17	/* below this the default will do */
};

/* Where a pipe's size can be set, let it hold a batch of records or more. */
static void
pipe_enlarge(int fd)
{
#ifdef F_SETPIPE_SZ
	int size;

	for (size = PIPE_MOST; size >= PIPE_LEAST; size /= 2)
		if (fcntl(fd, F_SETPIPE_SZ, size) != -1)
			return;
#else
	(void)fd;
#endif
}

/* Is this one of the suite, or made like them?  By its name. */
static bool
is_stage(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;

	return strncmp(name, "flow-", 5) == 0 ||
	    strcmp(name, "pcap-demux") == 0;
}

/*
 * A stage lets the first INT, TERM or HUP pass, but not before its
 * stage_open(): until then they stay blocked, so that a ^C just after the
 * source has said "listening" does not kill a later stage that is slower.
 * Any other program gets them as they come.
 */
static _Noreturn void
process_exec(const struct process *p, int in, int out)
{
	sigset_t held;

	if ((in != STDIN_FILENO && dup2(in, STDIN_FILENO) == -1) ||
	    (out != STDOUT_FILENO && dup2(out, STDOUT_FILENO) == -1)) {
		warn("%s", p->argv[0]);
		_exit(1);
	}
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&held);
	if (is_stage(p->path)) {
		sigaddset(&held, SIGINT);
		sigaddset(&held, SIGTERM);
		sigaddset(&held, SIGHUP);
	}
	sigprocmask(SIG_SETMASK, &held, NULL);
	execv(p->path, (char **)(uintptr_t)p->argv);
	warn("%s", p->path);
	_exit(1);
}

static void
process_start(struct process *p, int in, int out)
{
	p->pid = fork();
	if (p->pid == -1)
		err(1, "fork");
	if (p->pid == 0)
		process_exec(p, in, out);
}

void
pipeline_start(struct pipeline *p)
{
	int in = STDIN_FILENO, pair[2];
	size_t i;

	for (i = 0; i < p->n; i++) {
		pair[0] = -1;
		pair[1] = STDOUT_FILENO;
		if (i + 1 < p->n) {
			if (pipe2(pair, O_CLOEXEC) == -1)
				err(1, "pipe");
			pipe_enlarge(pair[1]);
		}
		process_start(&p->process[i], in, pair[1]);
		p->running++;
		if (in != STDIN_FILENO)
			close(in);
		if (pair[1] != STDOUT_FILENO)
			close(pair[1]);
		in = pair[0];
		if (p->verbose > 0)
			warnx("%s: process %ld", p->process[i].path,
			    (long)p->process[i].pid);
	}
}
