/* SPDX-License-Identifier: ISC */
/*
 * Waiting for the processes of a pipeline.  A signal from the terminal or
 * one sent to the whole group has reached every stage; one that a process
 * sent to us alone is handed on to the source, whose end ends the others.
 */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "cmd/flow-run/pipeline.h"

static const int passed_on[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1 };

enum {
	PASSED_ON = sizeof(passed_on) / sizeof(passed_on[0]),
	PATIENCE_MS = 200	/* for a source to see that nobody reads */
};

static void
wait_nothing(int sig)
{
	(void)sig;
}

static void
wait_set(sigset_t *set)
{
	size_t i;

	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (i = 0; i < PASSED_ON; i++)
		sigaddset(set, passed_on[i]);
}

/*
 * Signals are taken by sigwaitinfo(2).  A handler is set all the same: an
 * ignored signal would be lost, and the stages get the default back.
 */
void
pipeline_block(void)
{
	struct sigaction act = { .sa_handler = wait_nothing }, old;
	sigset_t set;
	size_t i;

	wait_set(&set);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		err(1, "sigprocmask");
	sigemptyset(&act.sa_mask);
	sigaction(SIGCHLD, &act, NULL);
	for (i = 0; i < PASSED_ON; i++) {
		/* nohup(1) is meant for the whole pipeline. */
		if (passed_on[i] == SIGHUP &&
		    sigaction(SIGHUP, NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigaction(passed_on[i], &act, NULL);
	}
}

static void
source_signal(struct pipeline *p, int sig)
{
	if (!p->process[0].ended)
		kill(p->process[0].pid, sig);
}

static void
pipeline_reap(struct pipeline *p)
{
	pid_t pid;
	size_t i;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < p->n; i++) {
			if (p->process[i].pid != pid || p->process[i].ended)
				continue;
			p->process[i].status = status;
			p->process[i].ended = true;
			p->running--;
		}
}

/*
 * Has a stage ended before the source?  Nobody is left for what the source
 * would send, but on a quiet link it does not notice.
 */
static bool
pipeline_cut(const struct pipeline *p)
{
	return p->running < p->n && !p->process[0].ended && !p->stopped;
}

/* The next signal; 0 when none came and the source must be stopped. */
static int
wait_signal(const struct pipeline *p, const sigset_t *set, siginfo_t *info)
{
	static const struct timespec patience = {
		.tv_nsec = PATIENCE_MS * 1000000L
	};
	int sig;

	do
		sig = pipeline_cut(p) ? sigtimedwait(set, info, &patience) :
		    sigwaitinfo(set, info);
	while (sig == -1 && errno == EINTR);
	if (sig == -1 && errno != EAGAIN)
		err(1, "sigwaitinfo");
	return sig == -1 ? 0 : sig;
}

void
pipeline_wait(struct pipeline *p)
{
	siginfo_t info;
	sigset_t set;
	int sig;

	wait_set(&set);
	while (p->running > 0) {
		sig = wait_signal(p, &set, &info);
		if (sig == 0) {
			p->stopped = true;
			source_signal(p, SIGTERM);
			continue;
		}
		if (sig == SIGCHLD) {
			pipeline_reap(p);
			continue;
		}
		if (sig != SIGUSR1)
			p->asked = sig;
		if (info.si_code <= 0)
			source_signal(p, sig);
	}
}
