/* SPDX-License-Identifier: ISC */
/* flow-dfxml: a record stream as a DFXML report. */
#include <err.h>
#include <signal.h>
#include <stdlib.h>

#include <jansson.h>

#include "cmd/flow-dfxml/report.h"

enum {
	OPTION_BYTE_RUNS = OPTION_OWN,
	OPTION_NAMES,
	OPTION_PASS,
	FLUSH_MS = 1000			/* longest time text is held back */
};

static void
flush(struct stage *s, void *arg)
{
	struct report *r = arg;

	(void)s;
	out_flush(&r->out);
}

static const struct option longs[] = {
	{ "byte-runs", no_argument, NULL, OPTION_BYTE_RUNS },
	{ "names", no_argument, NULL, OPTION_NAMES },
	{ "pass", no_argument, NULL, OPTION_PASS },
	{ NULL, 0, NULL, 0 }
};

static const struct library libraries[] = {
	{ "jansson", JANSSON_VERSION }, { NULL, NULL }
};

static const char usage[] =
    "flow-dfxml [-hVv] [-k kind] [-o file] [--byte-runs] [--names]\n"
    "                  [--no-confine] [--pass]";

/* Returns the path of -o, or NULL. */
static const char *
read_options(struct report *r, struct options *o, int argc, char **argv)
{
	const char *path = NULL;
	int c;

	while ((c = options_next(o, argc, argv)) != -1)
		if (c == 'o')
			path = optarg;
		else if (c == OPTION_BYTE_RUNS)
			r->byte_runs = true;
		else if (c == OPTION_NAMES)
			r->names = true;
		else
			r->pass = true;
	if (r->pass && path == NULL)
		options_usage(o, "--pass needs -o");
	return path;
}

int
main(int argc, char **argv)
{
	struct options o = {
		.program = "flow-dfxml", .usage = usage, .shorts = "o:",
		.longs = longs, .takes_kinds = true, .libraries = libraries
	};
	struct report *r = calloc(1, sizeof(*r));
	const char *path;
	struct stage *s;
	struct record rec;
	int status;

	if (r == NULL)
		err(1, NULL);
	path = read_options(r, &o, argc, argv);
	signal(SIGXFSZ, SIG_IGN);	/* the write says EFBIG instead */
	s = stage_open(r->pass ? STAGE_FILTER : STAGE_SINK, &o, true);
	report_open(r, &o, path);
	stage_on_idle(s, FLUSH_MS, flush, r);
	stage_confine(s, CONFINE_PIPES, NULL);
	while (stage_next(s, &rec)) {
		report_record(r, s, &rec);
		if (r->pass || rec.type == RECORD_END)
			stage_pass(s, &rec);
	}
	status = report_close(r, stage_close(s));
	free(r);
	return status;
}
