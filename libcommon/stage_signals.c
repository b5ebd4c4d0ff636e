/* SPDX-License-Identifier: ISC */
/*
 * INT, TERM and HUP.  A source is asked to stop in order; a filter whose
 * input is a pipe lets the first pass, since its input is about to end.
 * One request may arrive several times (from the terminal or timeout(1) to
 * the whole process group, and from flow-run to the source): what comes
 * within a second counts once.  Whoever asks again means it.
 */
#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "libcommon/stage_impl.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

/* A handler has nothing else to write to. */
static volatile sig_atomic_t signals_caught;
static struct timespec signals_first;

static void
signals_handle(int number)
{
	struct timespec now;
	int saved = errno;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (signals_caught == 0) {
		signals_first = now;
		signals_caught = number;
	} else if (now.tv_sec - signals_first.tv_sec > 1 ||
	    (now.tv_sec - signals_first.tv_sec == 1 &&
	    now.tv_nsec >= signals_first.tv_nsec)) {
		signal(number, SIG_DFL);
		raise(number);
	}
	errno = saved;
}

static void
signals_catch(const struct stage *s)
{
	struct sigaction act = { .sa_handler = signals_handle }, old;
	int i;

	sigemptyset(&act.sa_mask);
	if (s->role != STAGE_SOURCE)
		act.sa_flags = SA_RESTART;
	for (i = 0; i < SIGNALS; i++) {
		/* nohup(1) means it; a shell's "&" ignores INT for no one. */
		if (signals[i] == SIGHUP &&
		    sigaction(SIGHUP, NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &act, NULL);
	}
}

void
stage_signals_unblock(void)
{
	sigset_t set;
	int i;

	sigemptyset(&set);
	for (i = 0; i < SIGNALS; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void
stage_signals_init(struct stage *s)
{
	if (s->has_files)
		signal(SIGPIPE, SIG_IGN);
	if (s->role == STAGE_SOURCE || !s->in.regular)
		signals_catch(s);
	stage_signals_unblock();
}

int
stage_stopping(const struct stage *s)
{
	return s->role == STAGE_SOURCE ? signals_caught : 0;
}
