/* SPDX-License-Identifier: ISC */
/*
 * Content mode: [colour] [header] bytes [end of colour] [newline] for each
 * DATA, LATE or ARRIVAL, and marks where bytes are missing.  Marks never
 * stand among raw bytes: there they go to standard error.
 */
#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/flow-show/show.h"

#define COLOUR_CLIENT	"\033[0;34m"	/* blue */
#define COLOUR_OTHERS	"\033[0;31m"	/* red */
#define COLOUR_END	"\033[0m"

static void
content_head(const struct show *w, const struct shown *t)
{
	if (w->colour)
		fputs(t->open.role == ROLE_CLIENT ? COLOUR_CLIENT :
		    COLOUR_OTHERS, stdout);
	if (!w->header)
		return;
	if (w->terminal)
		output_safe(t->name, t->name_length);
	else
		fwrite(t->name, 1, t->name_length, stdout);
	fputs(": ", stdout);
}

static void
content_tail(const struct show *w)
{
	if (w->colour)
		fputs(COLOUR_END, stdout);
	if (w->newline)
		putchar_unlocked('\n');
}

/* Something is to be said of the bytes, in a line of its own. */
static void __attribute__((format(printf, 3, 4)))
content_mark(struct show *w, const struct shown *t, const char *fmt, ...)
{
	char text[128];
	va_list ap;

	if (!w->marks)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (w->form == SHOW_RAW || w->form == SHOW_JSON) {
		if (t->name != NULL)
			warnx("%.*s: %s", (int)t->name_length, t->name, text);
		else
			warnx("stream %" PRIu64 ": %s", t->id, text);
		return;
	}
	output_begin(w);
	content_head(w, t);
	printf("[%s]", text);
	content_tail(w);
	output_end(w);
}

/* How many of n bytes are within -b. */
static size_t
content_limit(const struct show *w, struct shown *t, size_t n)
{
	uint64_t left = w->limit - t->printed;

	if (n > left)
		n = (size_t)left;
	t->printed += n;
	return n;
}

/* The stream of a record that this program is to show, or NULL. */
static struct shown *
content_stream(const struct show *w, const struct record *r)
{
	struct shown *t = streams_get(w, r->stream);

	if (t != NULL && !stage_wants(w->stage, t->open.kind, KIND_SIZE,
	    NULL))
		return NULL;
	return w->failed ? NULL : t;
}

void
content_data(struct show *w, const struct record *r)
{
	struct shown *t = content_stream(w, r);
	const uint8_t *p;
	struct data d;
	size_t n;

	if (t == NULL)
		return;
	if (data_decode(&d, r) == -1) {
		stage_bad(w->stage, "malformed %s",
		    record_type_name(r->type));
		return;
	}
	n = content_limit(w, t, d.ref.length);
	if (n == 0)
		return;
	if (r->type == RECORD_LATE) {
		content_mark(w, t, "late: %zu bytes at %" PRId64 "%s", n,
		    r->offset, w->form == SHOW_RAW ? ", left out" : "");
		if (w->form == SHOW_RAW)
			return;
	}
	p = stage_bytes(w->stage, &d.ref, d.bytes);
	if (p == NULL)
		return;
	output_begin(w);
	content_head(w, t);
	if (w->header && w->form == SHOW_HEX)
		putchar_unlocked('\n');
	body_write(w, &t->open, p, n);
	content_tail(w);
	output_end(w);
}

void
content_gap(struct show *w, const struct record *r)
{
	struct shown *t = content_stream(w, r);
	const char *cause;
	struct gap g;

	if (t == NULL || gap_decode(&g, r) == -1)
		return;
	cause = gap_cause_name(g.cause);
	content_mark(w, t, "missing: %" PRIu64 " bytes at %" PRId64 ", %s",
	    g.length, r->offset, cause == NULL ? "unknown" : cause);
}

void
content_conflict(struct show *w, const struct record *r)
{
	struct shown *t = content_stream(w, r);
	struct conflict c;

	if (t == NULL || conflict_decode(&c, r) == -1)
		return;
	content_mark(w, t, "conflict: %" PRIu32 " bytes at %" PRId64
	    " came in two versions, the %s one is shown", c.length,
	    r->offset, c.last_won ? "later" : "first");
}
