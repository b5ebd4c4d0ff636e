/* SPDX-License-Identifier: ISC */
/* flow-show's standard output, and taking turns at it. */
#include <sys/file.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-show/show.h"

/*
 * The file whose lock stands for the console: the name itself where it has
 * a slash in it, else one in the directory for temporary files.  An
 * existing one may belong to somebody else, so it need not be writable.
 */
static int
lock_open(const char *name)
{
	const char *dir = getenv("TMPDIR");
	char *path;
	int fd;

	if (strchr(name, '/') != NULL)
		dir = NULL;
	else if (dir == NULL || dir[0] == '\0')
		dir = "/tmp";
	if (asprintf(&path, "%s%s%s%s", dir == NULL ? "" : dir,
	    dir == NULL ? "" : "/tcpflow-", name,
	    dir == NULL ? "" : ".lock") == -1)
		err(1, NULL);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1 && errno == ENOENT)
		fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0644);
	if (fd == -1)
		err(1, "-L: %s", path);
	free(path);
	return fd;
}

void
output_init(struct show *w)
{
	struct stat st;

	/* Have stdio look at the descriptor before the stage is confined. */
	w->terminal = isatty(STDOUT_FILENO) == 1;
	if (fstat(STDOUT_FILENO, &st) == -1)
		err(1, "standard output");
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	w->lock = w->lock_name == NULL ? -1 : lock_open(w->lock_name);
}

bool
output_check(struct show *w)
{
	if (w->failed || !ferror(stdout))
		return !w->failed;
	if (errno == EPIPE)
		exit(1);
	stage_bad(w->stage, "standard output: %s", strerror(errno));
	w->failed = true;
	return false;
}

void
output_flush(struct show *w)
{
	if (!w->failed) {
		fflush(stdout);
		output_check(w);
	}
}

void
output_watch(struct show *w)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	if (w->failed || poll(&p, 1, 0) != 1 || (p.revents & POLLERR) == 0)
		return;
	raise(SIGPIPE);
	exit(1);
}

void
output_begin(struct show *w)
{
	if (w->lock == -1)
		return;
	while (flock(w->lock, LOCK_EX) == -1)
		if (errno != EINTR)
			err(1, "-L: %s", w->lock_name);
}

void
output_end(struct show *w)
{
	if (w->lock != -1 || w->live)
		output_flush(w);
	else
		output_check(w);
	if (w->lock != -1)
		flock(w->lock, LOCK_UN);
}

void
output_safe(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		putchar_unlocked(text[i] >= 0x20 && text[i] < 0x7f ?
		    text[i] : '.');
}
