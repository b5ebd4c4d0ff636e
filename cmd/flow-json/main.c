/* SPDX-License-Identifier: ISC */
/* flow-json: any record stream as JSON Lines, and back. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cmd/flow-json/lines.h"
#include "cmd/flow-json/reverse.h"
#include "cmd/flow-json/show.h"
#include "formats/flow.h"
#include "libcommon/confine.h"
#include "libcommon/idmap.h"
#include "libcommon/privilege.h"
#include "libcommon/stage.h"

enum { JSON_IDLE_MS = 100 };		/* longest time output is held back */

struct flow_json {
	struct jsontext	 line;
	struct idmap	 hidden;	/* open streams of other kinds */
	bool		 text_times;	/* -t */
	bool		 begun;		/* the section's preamble is shown */
	const char	*failed;	/* why standard output is of no use */
};

static void
write_line(struct flow_json *fj)
{
	if (fj->failed == NULL &&
	    (fwrite(fj->line.text, 1, fj->line.length, stdout) !=
	    fj->line.length || putchar('\n') == EOF))
		fj->failed = strerror(errno);
	jsontext_reset(&fj->line);
}

static void
flush(struct stage *s, void *arg)
{
	struct flow_json *fj = arg;

	(void)s;
	if (fj->failed == NULL && fflush(stdout) == EOF)
		fj->failed = strerror(errno);
}

/* Is the record about a stream of a kind that -k leaves out? */
static bool
is_hidden(struct flow_json *fj, const struct stage *s,
    const struct record *r)
{
	struct flow_close x;
	struct flow_open o;

	if (r->type == RECORD_OPEN && flow_open_decode(&o, r) == 0 &&
	    !stage_wants(s, o.kind, KIND_SIZE, NULL))
		idmap_put(&fj->hidden, r->stream, fj);
	if (r->type == RECORD_CLOSE && flow_close_decode(&x, r) == 0) {
		idmap_take(&fj->hidden, r->stream);
		return !stage_wants(s, x.open.kind, KIND_SIZE, NULL);
	}
	return idmap_get(&fj->hidden, r->stream) != NULL;
}

static void
show(struct flow_json *fj, struct stage *s, const struct record *r)
{
	const uint8_t *preamble = stage_preamble(s);

	if (!fj->begun && preamble != NULL) {
		show_preamble(&fj->line, preamble);
		write_line(fj);
		fj->begun = true;
	}
	if (r->type == RECORD_END) {
		idmap_free(&fj->hidden);
		fj->begun = false;
		if (r->length == 0)	/* made up: none came */
			return;
	}
	if (is_hidden(fj, s, r))
		return;
	show_record(&fj->line, r, fj->text_times);
	write_line(fj);
}

static int
forward(const struct options *o, bool text_times)
{
	struct stage *s = stage_open(STAGE_SINK, o, false);
	struct flow_json fj = { .text_times = text_times };
	struct record r;
	int status;

	stage_on_idle(s, JSON_IDLE_MS, flush, &fj);
	stage_confine(s, CONFINE_PIPES, NULL);
	while (stage_next(s, &r)) {
		show(&fj, s, &r);
		if (r.type == RECORD_END)
			stage_pass(s, &r);
	}
	flush(s, &fj);
	status = stage_close(s);
	jsontext_free(&fj.line);
	idmap_free(&fj.hidden);
	if (fj.failed != NULL)
		errx(1, "standard output: %s", fj.failed);
	return status;
}

/* What stage_open() and stage_confine() do for a stage. */
static void
give_up(const struct options *o)
{
	char error[256];
	const char *why = NULL;

	if (privilege_drop(o->user, o->chroot, error, sizeof(error)) == -1)
		errx(1, "%s", error);
	if (o->confine)
		why = confine(CONFINE_PIPES, NULL);
	if (why != NULL && o->verbose > 0)
		warnx("not confined: %s", why);
}

static int
backward(const struct options *o)
{
	struct lines lines = { 0 };
	struct reverse v;
	const char *line;
	size_t length;
	int status = 0;

	stage_signals_unblock();
	stage_terminal(o);
	give_up(o);
	reverse_init(&v);
	while (status == 0 && (line = lines_next(&lines, &length)) != NULL) {
		if (reverse_line(&v, line, length) == -1) {
			lines.error = v.error;
			status = 1;
		} else if (fwrite(v.out, 1, v.length, stdout) != v.length)
			err(1, "standard output");
	}
	if (fflush(stdout) == EOF)
		err(1, "standard output");
	if (lines.error != NULL)
		errx(1, "standard input: line %llu: %s",
		    (unsigned long long)lines.number, lines.error);
	reverse_free(&v);
	lines_free(&lines);
	return status;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "reverse", no_argument, NULL, 'r' },
		{ "text-times", no_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 }
	};
	static const struct library libraries[] = {
		{ "jansson", JANSSON_VERSION }, { NULL, NULL }
	};
	struct options o = {
		.program = "flow-json",
		.usage = "flow-json [-htVv] [-k kind] [--no-confine]\n"
		    "       flow-json -r [-v] [--no-confine]",
		.shorts = "rt", .longs = longs, .takes_kinds = true,
		.libraries = libraries
	};
	bool reverse = false, text_times = false;
	int c;

	while ((c = options_next(&o, argc, argv)) != -1)
		if (c == 'r')
			reverse = true;
		else
			text_times = true;
	if (reverse && (o.kinds.n > 0 || text_times))
		options_usage(&o, "-k and -t do not go with -r");
	return reverse ? backward(&o) : forward(&o, text_times);
}
