/* SPDX-License-Identifier: ISC */
/* The listing: one line for each HTTP transaction, from flow-http's NOTEs. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "cmd/flow-show/show.h"

#define HTTP_PLAIN	"\033[0m"

/*
 * A member that is text.  Bytes are U+0000 to U+00FF; what is not printable
 * ASCII shows as one dot, however long its UTF-8 is.
 */
static void
http_text(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	const char *text = json_string_value(v);
	size_t i, n = text == NULL ? 0 : json_string_length(v);

	if (n == 0)
		putchar('-');
	for (i = 0; i < n; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			output_safe(text + i, 1);
}

static bool
http_is(const json_t *object, const char *key, const char *word)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL && strcmp(text, word) == 0;
}

static json_int_t
http_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* A time in seconds, or the record's where there is none. */
static int64_t
http_time(const json_t *time, const struct record *r)
{
	double seconds;

	if (!json_is_number(time))
		return r->time;
	seconds = json_number_value(time);
	if (!(seconds > -9e9 && seconds < 9e9))
		return r->time;
	/* Microseconds are shown; a double has no more of today's times. */
	return (int64_t)(seconds * 1e6 + (seconds < 0 ? -0.5 : 0.5)) * 1000;
}

/* Time, client and server of the stream that the server or client sends. */
static void
http_head(const struct show *w, const struct shown *t, int64_t time,
    bool from_server)
{
	const struct flow_key *k = &t->open.key;

	(void)w;
	list_time(time);
	if (from_server)
		list_endpoint(k->family, k->dst, k->dport);
	else
		list_endpoint(k->family, k->src, k->sport);
	fputs(" > ", stdout);
	if (from_server)
		list_endpoint(k->family, k->src, k->sport);
	else
		list_endpoint(k->family, k->dst, k->dport);
	putchar(' ');
}

static const char *
http_colour(json_int_t status)
{
	static const char *const colours[] = {
		"", "\033[36m", "\033[32m", "\033[36m", "\033[33m",
		"\033[1;31m"
	};

	return status >= 100 && status < 600 ? colours[status / 100] : "";
}

static void
http_response(const struct show *w, const struct shown *t,
    const struct record *r, const json_t *h)
{
	const json_t *request = json_object_get(h, "request");
	const json_t *body = json_object_get(h, "body");
	const json_t *first = json_object_get(json_object_get(h, "time"),
	    "first");
	json_int_t status = http_number(h, "status");

	if (request != NULL)
		first = json_object_get(request, "time");
	http_head(w, t, http_time(first, r), true);
	http_text(request, "method");
	putchar(' ');
	http_text(request, "url");
	printf(" %s%" JSON_INTEGER_FORMAT "%s ",
	    w->colour ? http_colour(status) : "", status,
	    w->colour ? HTTP_PLAIN : "");
	http_text(body, "type");
	printf(" %" JSON_INTEGER_FORMAT " ", http_number(body, "size"));
	http_text(h, "end");
}

static void
http_unanswered(const struct show *w, const struct shown *t,
    const struct record *r, const json_t *h)
{
	http_head(w, t, http_time(json_object_get(h, "time"), r), false);
	http_text(h, "method");
	putchar(' ');
	http_text(h, "url");
	fputs(" unanswered", stdout);
}

static void
http_range(const struct show *w, const struct shown *t,
    const struct record *r, const json_t *h)
{
	http_head(w, t, r->time, t->open.role == ROLE_SERVER);
	if (http_is(h, "kind", "tunnel")) {
		fputs("tunnel ", stdout);
		http_text(h, "protocol");
		printf(" from byte %" JSON_INTEGER_FORMAT " of the %s",
		    http_number(h, "offset"),
		    t->open.role == ROLE_SERVER ? "server" : "client");
		return;
	}
	printf("%" JSON_INTEGER_FORMAT " bytes at %" JSON_INTEGER_FORMAT
	    " skipped: ", http_number(h, "length"),
	    http_number(h, "offset"));
	http_text(h, "cause");
}

static void
http_line(struct show *w, struct shown *t, const struct record *r,
    const json_t *h)
{
	bool response = http_is(h, "kind", "response");
	bool unanswered = http_is(h, "kind", "unanswered");

	t->has_notes = true;
	if (http_is(h, "kind", "request"))
		return;			/* its response tells of it */
	output_begin(w);
	if (response)
		http_response(w, t, r, h);
	else if (unanswered)
		http_unanswered(w, t, r, h);
	else
		http_range(w, t, r, h);
	putchar('\n');
	output_end(w);
}

void
http_note(struct show *w, const struct record *r)
{
	struct shown *t = streams_get(w, r->stream);
	json_error_t error;
	json_t *note, *h;

	if (t == NULL || w->failed)
		return;
	note = json_loadb((const char *)r->body, r->length,
	    JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
	if (note == NULL) {
		stage_bad(w->stage, "malformed NOTE: %s", error.text);
		return;
	}
	h = json_object_get(note, "http");
	if (json_is_object(h))
		http_line(w, t, r, h);
	json_decref(note);
}
