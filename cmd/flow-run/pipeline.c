/* SPDX-License-Identifier: ISC */
/* The words of a pipeline, and what became of its processes. */
#include <sys/wait.h>

#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-run/pipeline.h"

static void
process_add_word(struct process *p, size_t *n, const char *word)
{
	p->argv = realloc(p->argv, (*n + 2) * sizeof(*p->argv));
	if (p->argv == NULL)
		err(1, NULL);
	p->argv[(*n)++] = word;
	p->argv[*n] = NULL;
}

static void
pipeline_split(struct pipeline *p, const struct options *o)
{
	size_t i, words = 0;

	for (i = 0; i <= o->operands.n; i++) {
		if (i < o->operands.n &&
		    strcmp(o->operands.word[i], "|") != 0) {
			process_add_word(&p->process[p->n], &words,
			    o->operands.word[i]);
			continue;
		}
		if (words == 0)
			options_usage(o, "no program %s",
			    o->operands.n == 0 ? "given" :
			    i == 0 ? "before the first |" : "after a |");
		words = 0;
		p->n++;
	}
}

void
pipeline_init(struct pipeline *p, const struct options *o)
{
	size_t i;

	p->verbose = o->verbose;
	p->process = calloc(o->operands.n + 1, sizeof(*p->process));
	if (p->process == NULL)
		err(1, NULL);
	pipeline_split(p, o);
	for (i = 0; i < p->n; i++) {
		p->process[i].path = program_find(p->process[i].argv[0]);
		if (p->process[i].path == NULL)
			errx(1, "%s: program not found",
			    p->process[i].argv[0]);
	}
}

/* Its exit status in the sum of all; says why when it was killed. */
static int
process_status(const struct pipeline *p, const struct process *q)
{
	const char *slash = strrchr(q->argv[0], '/');
	int sig;

	if (WIFEXITED(q->status))
		return WEXITSTATUS(q->status);
	sig = WTERMSIG(q->status);
	if (sig == SIGPIPE || (p->stopped && q == &p->process[0] &&
	    sig == SIGTERM))
		return 0;
	if (sig != p->asked)
		warnx("%s: killed by signal %d",
		    slash == NULL ? q->argv[0] : slash + 1, sig);
	return 1;
}

int
pipeline_status(const struct pipeline *p)
{
	const struct process *last = &p->process[p->n - 1];
	int status, worst = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		status = process_status(p, &p->process[i]);
		if (status > worst)
			worst = status;
	}
	if (WIFSIGNALED(last->status) && WTERMSIG(last->status) == SIGPIPE)
		return -SIGPIPE;
	return worst;
}

void
pipeline_free(struct pipeline *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		free(p->process[i].argv);
		free(p->process[i].path);
	}
	free(p->process);
}
