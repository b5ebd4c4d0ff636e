/* SPDX-License-Identifier: ISC */
/* flow-name: gives each stream a file name, made from a template. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "formats/flow.h"
#include "formats/template.h"
#include "libcommon/stage.h"

struct names {
	struct template	 template;
	bool		 unstored;	/* -F X */
	uint64_t	 named;		/* NAME records written */
	/* The stream that was opened last and has no name yet; 0: none. */
	uint64_t	 stream;
	int64_t		 time;
	size_t		 length;
	char		 pattern[TEMPLATE_PATTERN_MAX];
};

static const char *const kinds_default[] = { "tcp", NULL };

static const char usage[] =
    "flow-name [-hVv] [-F letters] [-k kind] [-T template] [--no-confine]";

static void
set_template(struct names *n, const struct options *o, const char *text)
{
	if (template_set(&n->template, text) == -1)
		options_usage(o, "-T: %s: %s", text, n->template.error);
}

static void
set_edits(struct names *n, const struct options *o, const char *letters)
{
	for (; *letters != '\0'; letters++)
		if (*letters == 'X')
			n->unstored = true;
		else if (template_edit(&n->template, *letters) == -1)
			options_usage(o, "-F: %s", n->template.error);
}

/* Name the stream that waits for its name. */
static void
names_emit(struct names *n, struct stage *stage)
{
	struct record r = { .type = RECORD_NAME, .stream = n->stream,
	    .time = n->time, .body = (const uint8_t *)n->pattern,
	    .length = (uint32_t)n->length };

	if (n->stream == 0)
		return;
	if (n->unstored)
		r.flags = NAME_UNSTORED;
	stage_emit(stage, &r);
	n->stream = 0;
	n->named++;
}

/* A stream begins: its name is written unless it has one already. */
static void
names_open(struct names *n, struct stage *stage, const struct record *r)
{
	struct flow_open o;

	if (flow_open_decode(&o, r) == -1) {
		stage_bad(stage, "stream %" PRIu64 ": malformed OPEN",
		    r->stream);
		return;
	}
	if (!stage_wants(stage, o.kind, sizeof(o.kind), kinds_default))
		return;
	n->stream = r->stream;
	n->time = r->time;
	n->length = template_expand(n->pattern, &n->template, &o, r->time);
}

static void
names_record(struct names *n, struct stage *stage, const struct record *r)
{
	char stats[64];

	if (r->type == RECORD_NAME && r->stream == n->stream)
		n->stream = 0;
	names_emit(n, stage);
	if (r->type == RECORD_OPEN)
		names_open(n, stage, r);
	if (r->type == RECORD_END) {
		snprintf(stats, sizeof(stats), "\"named\":%" PRIu64,
		    n->named);
		stage_stats(stage, stats);
		n->named = 0;
	}
	stage_pass(stage, r);
}

int
main(int argc, char **argv)
{
	static struct names names;
	static struct options o = { .program = "flow-name", .usage = usage,
	    .shorts = "F:T:", .takes_kinds = true };
	struct stage *stage;
	struct record r;
	int c;

	set_template(&names, &o, template_default);
	while ((c = options_next(&o, argc, argv)) != -1)
		if (c == 'T')
			set_template(&names, &o, optarg);
		else
			set_edits(&names, &o, optarg);
	if (template_finish(&names.template) == -1)
		options_usage(&o, "-T: %s: %s", names.template.text,
		    names.template.error);
	stage = stage_open(STAGE_FILTER, &o, false);
	stage_confine(stage, CONFINE_PIPES, NULL);
	while (stage_next(stage, &r))
		names_record(&names, stage, &r);
	return stage_close(stage);
}
