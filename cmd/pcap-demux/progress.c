/* SPDX-License-Identifier: ISC */
/* How far the reading has come. */

#include <sys/stat.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "cmd/pcap-demux/progress.h"

#define INTERVAL	INT64_C(250000000)	/* ns between lines */
#define SECOND		INT64_C(1000000000)

/* A handler has nothing else to write to. */
static volatile sig_atomic_t asked;

static void
ask(int number)
{
	(void)number;
	asked = 1;
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

void
progress_init(struct progress *p, const struct settings *set)
{
	struct sigaction act = { .sa_handler = ask, .sa_flags = SA_RESTART };
	struct stat st;
	size_t i;

	sigemptyset(&act.sa_mask);
	sigaction(SIGUSR1, &act, NULL);
	p->shown = set->progress && set->inputs > 0;
	if (!p->shown)
		return;
	for (i = 0; i < set->inputs; i++)
		if (stat(set->input[i].path, &st) == 0 &&
		    S_ISREG(st.st_mode))
			p->total += (uint64_t)st.st_size;
	p->start = p->last = now();
}

void
progress_show(struct progress *p, uint64_t at)
{
	uint64_t done = p->before + at;
	int64_t t;
	double seconds, rate, left;

	if (!p->shown || (t = now()) - p->last < INTERVAL)
		return;
	p->last = t;
	p->line = true;
	seconds = (double)(t - p->start) / (double)SECOND;
	rate = (double)done / seconds;
	fprintf(stderr, "\r\033[K%.1f MB, %.1f MB/s", (double)done / 1e6,
	    rate / 1e6);
	if (p->total >= done && p->total > 0 && rate > 0) {
		left = (double)(p->total - done) / rate;
		fprintf(stderr, ", %.0f %%, %.0f s left",
		    100 * (double)done / (double)p->total, left);
	}
	fflush(stderr);
}

void
progress_next(struct progress *p, uint64_t size)
{
	p->before += size;
}

void
progress_end(struct progress *p)
{
	if (p->line)
		fputs("\r\033[K", stderr);
	p->line = false;
}

bool
progress_asked(void)
{
	bool was = asked != 0;

	if (was)
		asked = 0;
	return was;
}
