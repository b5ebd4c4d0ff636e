/* SPDX-License-Identifier: ISC */
/* Starting commands, so many at once, and saying which of them failed. */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-exec/runner.h"
#include "libcommon/privilege.h"
#include "libcommon/stage.h"

struct request {
	uint32_t	which;
	uint32_t	length;		/* of the path that follows */
};

struct job {
	pid_t		 pid;		/* 0: a free place */
	uint32_t	 which;
	char		*path;		/* owned */
};

struct jobs {
	const char *const *commands;
	struct job	*job;
	unsigned	 size;		/* places */
	unsigned	 running;
	bool		 failed;
};

/* Read or write all of it: 1, 0 at the end of the input, -1. */
static int
all_bytes(int fd, void *buf, size_t length, bool writing)
{
	char *p = buf;
	ssize_t n;

	while (length > 0) {
		n = writing ? write(fd, p, length) : read(fd, p, length);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		p += n;
		length -= (size_t)n;
	}
	return 1;
}

/* Not if only its own reader has had enough, as sh or a signal tells. */
static bool
job_failed(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) != SIGPIPE;
	return WEXITSTATUS(status) != 0 &&
	    WEXITSTATUS(status) != 128 + SIGPIPE;
}

static void
job_ended(struct jobs *all, struct job *j, int status)
{
	const char *command = all->commands[j->which];
	bool failed = job_failed(status);

	if (failed && WIFSIGNALED(status))
		warnx("%s: %s: killed by signal %d", j->path, command,
		    WTERMSIG(status));
	else if (failed)
		warnx("%s: %s: exit status %d", j->path, command,
		    WEXITSTATUS(status));
	all->failed = all->failed || failed;
	free(j->path);
	j->path = NULL;
	j->pid = 0;
	all->running--;
}

/* Wait for one command to end. */
static void
jobs_wait(struct jobs *all)
{
	unsigned i;
	int status;
	pid_t pid;

	pid = waitpid(-1, &status, 0);
	if (pid == -1 && errno != EINTR)
		err(1, "waitpid");
	for (i = 0; i < all->size && pid > 0; i++)
		if (all->job[i].pid == pid)
			job_ended(all, &all->job[i], status);
}

/* In the child: the user's command, read by sh, then the path as "$1". */
static _Noreturn void
job_exec(const char *command, const char *path)
{
	char *script;

	if (asprintf(&script, "%s \"$1\"", command) == -1)
		_exit(1);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	execl("/bin/sh", "sh", "-c", script, "sh", path, (char *)NULL);
	warn("/bin/sh");
	_exit(127);
}

static void
job_start(struct jobs *all, uint32_t which, char *path)
{
	struct job *j = all->job;

	while (all->running == all->size)
		jobs_wait(all);
	while (j->pid != 0)
		j++;
	j->which = which;
	j->path = path;
	j->pid = fork();
	if (j->pid == 0)
		job_exec(all->commands[which], path);
	if (j->pid == -1) {
		warn("%s: %s", path, all->commands[which]);
		all->failed = true;
		free(path);
		j->path = NULL;
		j->pid = 0;
		return;
	}
	all->running++;
}

/* The path of a request, as a string that no command takes for an option. */
static char *
request_path(int fd, const struct request *q)
{
	char *path;

	if (q->length > RUNNER_PATH_MAX)
		return NULL;
	path = malloc((size_t)q->length + 3);
	if (path == NULL)
		err(1, NULL);
	if (all_bytes(fd, path, q->length, false) != 1 && q->length > 0) {
		free(path);
		return NULL;
	}
	path[q->length] = '\0';
	if (path[0] == '-') {
		memmove(path + 2, path, (size_t)q->length + 1);
		memcpy(path, "./", 2);
	}
	return path;
}

/* All has ended: one byte says how. */
static _Noreturn void
runner_answer(const struct jobs *all, int fd)
{
	char failed = all->failed;

	_exit(all_bytes(fd, &failed, 1, true) == 1 ? 0 : 1);
}

static _Noreturn void
runner_main(int fd, int answer, const char *const *commands, unsigned size,
    const struct options *o)
{
	struct jobs all = { .commands = commands, .size = size };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct request q;
	char error[512], *path;

	if (null == -1 || dup2(null, STDIN_FILENO) == -1)
		err(1, "/dev/null");
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	stage_signals_unblock();
	all.job = calloc(size, sizeof(*all.job));
	if (all.job == NULL)
		err(1, NULL);
	if (privilege_drop(o->user, o->chroot, error, sizeof(error)) == -1)
		errx(1, "%s", error);
	while (all_bytes(fd, &q, sizeof(q), false) == 1) {
		path = request_path(fd, &q);
		if (path == NULL)
			break;
		job_start(&all, q.which, path);
	}
	while (all.running > 0)
		jobs_wait(&all);
	runner_answer(&all, answer);
}

void
runner_start(struct runner *r, const char *const *commands, unsigned jobs,
    const struct options *o)
{
	int to[2], from[2];
	pid_t pid;

	if (pipe2(to, O_CLOEXEC) == -1 || pipe2(from, O_CLOEXEC) == -1)
		err(1, "pipe");
	pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		close(to[1]);
		close(from[0]);
		runner_main(to[0], from[1], commands, jobs, o);
	}
	close(to[0]);
	close(from[1]);
	r->requests = to[1];
	r->answer = from[0];
}

int
runner_run(struct runner *r, uint32_t which, const char *path, size_t length)
{
	struct request q = { .which = which, .length = (uint32_t)length };

	if (length > RUNNER_PATH_MAX ||
	    all_bytes(r->requests, &q, sizeof(q), true) != 1 ||
	    (length > 0 && all_bytes(r->requests, (void *)(uintptr_t)path,
	    length, true) != 1))
		return -1;
	return 0;
}

int
runner_end(struct runner *r)
{
	char failed;

	close(r->requests);
	return all_bytes(r->answer, &failed, 1, false) == 1 && !failed ?
	    0 : -1;
}
