/* SPDX-License-Identifier: ISC */
/*
 * Standard output on a terminal: this stage goes on in a child, and the
 * process that the shell waits for becomes flow-show, as git gives its
 * output to a pager.  Nobody ever sees records on a terminal.
 */
#include <sys/types.h>

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/stage_impl.h"

/* Run flow-show: the one beside this program, else the one in PATH. */
static _Noreturn void
terminal_show(const struct options *o)
{
	const char **argv = calloc(2 * o->captures.n + 6, sizeof(*argv));
	char path[PATH_MAX + 16];
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
	char *slash;
	size_t i, used = 0;

	if (argv == NULL)
		err(1, NULL);
	argv[used++] = "flow-show";
	for (i = 0; i < o->captures.n; i++) {
		argv[used++] = "-r";
		argv[used++] = o->captures.word[i];
	}
	if (o->user != NULL) {
		argv[used++] = "--user";
		argv[used++] = o->user;
	}
	if (o->chroot != NULL) {
		argv[used++] = "--chroot";
		argv[used++] = o->chroot;
	}
	if (n <= 0)
		n = snprintf(path, PATH_MAX, "%s", o->argv[0]);
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash != NULL) {
		strcpy(slash + 1, "flow-show");
		execv(path, (char **)(uintptr_t)argv);
	}
	execvp("flow-show", (char **)(uintptr_t)argv);
	err(1, "standard output is a terminal and flow-show does not run");
}

void
stage_terminal(const struct options *o)
{
	int fd[2];

	if (!isatty(STDOUT_FILENO))
		return;
	if (pipe(fd) == -1)
		err(1, "pipe");
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		if (dup2(fd[1], STDOUT_FILENO) == -1)
			err(1, "standard output");
		close(fd[0]);
		close(fd[1]);
		return;
	default:
		if (dup2(fd[0], STDIN_FILENO) == -1)
			err(1, "standard input");
		close(fd[0]);
		close(fd[1]);
		terminal_show(o);
	}
}
