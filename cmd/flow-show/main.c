/* SPDX-License-Identifier: ISC */
/* flow-show: streams as text; what a stage on a terminal hands over to. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "cmd/flow-show/show.h"

enum {
	OPTION_NO_MARKS = OPTION_OWN,
	FLUSH_MS = 50			/* how long text may wait when idle */
};

static const struct option show_longs[] = {
	{ "no-marks", no_argument, NULL, OPTION_NO_MARKS },
	{ NULL, 0, NULL, 0 }
};

static const struct library show_libraries[] = {
	{ "jansson", JANSSON_VERSION },
	{ NULL, NULL }
};

/* Content options set what is shown; which form wins is settled later. */
struct forms {
	bool	hex, json, raw;
};

static void
show_option(struct show *w, struct forms *f, const struct options *o, int c)
{
	switch (c) {
	case 'C':
		w->header = false;
		/* FALLTHROUGH */
	case 'c':
		w->content = true;
		break;
	case 'B':
		f->raw = w->content = true;
		break;
	case 'D':
		f->hex = w->content = true;
		break;
	case 'J':
		f->json = w->content = true;
		break;
	case '0':
		w->newline = false;
		break;
	case 'b':
		w->limit = options_size(o, "-b", optarg, 0, UINT64_MAX);
		break;
	case 'g':
		w->colour = true;
		break;
	case 'L':
		w->lock_name = optarg;
		break;
	case 'o':
		w->directory = optarg;
		break;
	case 'q':
		w->quiet = true;
		break;
	case OPTION_NO_MARKS:
		w->marks = false;
		break;
	}
}

static void
show_options(struct show *w, struct options *o, int argc, char **argv)
{
	struct forms f = { 0 };
	const char *term;
	int c;

	while ((c = options_next(o, argc, argv)) != -1)
		show_option(w, &f, o, c);
	w->form = f.hex ? SHOW_HEX : f.json ? SHOW_JSON :
	    f.raw ? SHOW_RAW : SHOW_TEXT;
	if (f.json)
		w->header = false;
	term = getenv("TERM");
	if (!w->content && isatty(STDOUT_FILENO) && term != NULL &&
	    strcmp(term, "dumb") != 0 && getenv("NO_COLOR") == NULL)
		w->colour = true;
}

static void
show_idle(struct stage *s, void *arg)
{
	(void)s;
	output_flush(arg);
	output_watch(arg);
}

static void
show_content(struct show *w, const struct record *r)
{
	switch (r->type) {
	case RECORD_DATA:
	case RECORD_LATE:
	case RECORD_ARRIVAL:
		content_data(w, r);
		break;
	case RECORD_GAP:
		content_gap(w, r);
		break;
	case RECORD_CONFLICT:
		content_conflict(w, r);
		break;
	}
}

static void
show_source(struct show *w, const struct record *r)
{
	struct source source;

	if (source_decode(&source, r) == 0 && source.format == SOURCE_LIVE)
		w->live = true;
}

static void
show_record(struct show *w, const struct record *r)
{
	switch (r->type) {
	case RECORD_SOURCE:
		show_source(w, r);
		break;
	case RECORD_SEGMENT:
		if (!w->content)
			list_segment(w, r);
		break;
	case RECORD_OPEN:
		streams_open(w, r);
		break;
	case RECORD_NAME:
		streams_name(w, r);
		break;
	case RECORD_STORED:
		if (!w->content)
			streams_stored(w, r);
		break;
	case RECORD_NOTE:
		if (!w->content)
			http_note(w, r);
		break;
	case RECORD_CLOSE:
		if (!w->content)
			list_close(w, r);
		streams_close(w, r->stream);
		break;
	case RECORD_END:
		if (!w->content)
			list_sum(w);
		streams_reset(w);
		output_flush(w);
		break;
	default:
		if (w->content)
			show_content(w, r);
	}
}

int
main(int argc, char **argv)
{
	struct options o = {
		.program = "flow-show",
		.usage = "flow-show [-0BCcDgJhqsVv] [-b max_bytes] "
		    "[-k kind] [-L lock]\n"
		    "                 [-o directory] [-r file] "
		    "[--no-confine] [--no-marks]",
		.shorts = "0BCcDgJqsb:L:o:",
		.longs = show_longs,
		.takes_captures = true,
		.takes_kinds = true,
		.libraries = show_libraries
	};
	struct show w = {
		.limit = UINT64_MAX, .header = true, .newline = true,
		.marks = true
	};
	struct record r;

	show_options(&w, &o, argc, argv);
	output_init(&w);
	if (template_set(&w.template, template_default) == -1 ||
	    template_finish(&w.template) == -1)
		errx(1, "%s", w.template.error);
	w.stage = stage_open(STAGE_SINK, &o, false);
	stage_on_idle(w.stage, FLUSH_MS, show_idle, &w);
	stage_confine(w.stage, CONFINE_PIPES, NULL);
	while (stage_next(w.stage, &r)) {
		if (!w.quiet)
			show_record(&w, &r);
		if (r.type == RECORD_END)
			stage_pass(w.stage, &r);
	}
	output_flush(&w);
	streams_reset(&w);
	return stage_close(w.stage);
}
