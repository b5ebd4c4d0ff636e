/* SPDX-License-Identifier: ISC */
/* What flow-show knows of the streams that are open. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-show/show.h"

struct shown *
streams_get(const struct show *w, uint64_t id)
{
	return idmap_get(&w->streams, id);
}

/*
 * A NAME's pattern with the connection counter 0, appended to the name: a
 * NUL byte and a letter stand for a form of the counter, of which only "#"
 * shows a 0.
 */
static void
name_append(struct shown *t, const char *pattern, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (pattern[i] != '\0')
			t->name[t->name_length++] = pattern[i];
		else if (++i < length && pattern[i] == '#')
			t->name[t->name_length++] = '0';
	}
}

static void
name_set(struct shown *t, const char *before, size_t before_length,
    const char *pattern, size_t length)
{
	char *old = t->name;

	t->name = malloc(before_length + length + 1);
	if (t->name == NULL)
		err(1, NULL);
	memcpy(t->name, before, before_length);
	t->name_length = before_length;
	name_append(t, pattern, length);
	free(old);
}

/* The name of a path below the directory of -o. */
static void
name_below(const struct show *w, struct shown *t, const char *pattern,
    size_t length)
{
	char *before = NULL;
	int n = 0;

	if (w->directory != NULL) {
		n = asprintf(&before, "%s/", w->directory);
		if (n == -1)
			err(1, NULL);
	}
	name_set(t, before == NULL ? "" : before, (size_t)n, pattern, length);
	free(before);
}

void
streams_open(struct show *w, const struct record *r)
{
	char pattern[TEMPLATE_PATTERN_MAX];
	struct flow_open o;
	struct shown *t;

	if (flow_open_decode(&o, r) == -1) {
		stage_bad(w->stage, "malformed OPEN");
		return;
	}
	o.key.path = NULL;
	streams_close(w, r->stream);
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		err(1, NULL);
	t->id = r->stream;
	t->open = o;
	if (w->content && w->header)
		name_below(w, t, pattern, template_expand(pattern,
		    &w->template, &o, r->time));
	idmap_put(&w->streams, r->stream, t);
}

void
streams_name(struct show *w, const struct record *r)
{
	struct shown *t = streams_get(w, r->stream), *parent;
	struct name n;

	if (t == NULL || !w->header || !w->content)
		return;
	if (name_decode(&n, r) == -1) {
		stage_bad(w->stage, "malformed NAME");
		return;
	}
	parent = (r->flags & RECORD_SUFFIX) == 0 ? NULL :
	    streams_get(w, t->open.parent);
	if ((r->flags & RECORD_SUFFIX) == 0)
		name_below(w, t, n.pattern, n.length);
	else if (parent != NULL && parent->name != NULL)
		name_set(t, parent->name, parent->name_length, n.pattern,
		    n.length);
}

void
streams_stored(struct show *w, const struct record *r)
{
	struct shown *t = streams_get(w, r->stream);
	struct stored s;

	if (t == NULL)
		return;
	if (stored_decode(&s, r) == -1)
		stage_bad(w->stage, "malformed STORED");
	else
		name_set(t, "", 0, s.path, s.path_length);
}

static void
shown_free(struct shown *t)
{
	if (t != NULL)
		free(t->name);
	free(t);
}

void
streams_close(struct show *w, uint64_t id)
{
	shown_free(idmap_take(&w->streams, id));
}

void
streams_reset(struct show *w)
{
	struct shown *t;
	size_t at = 0;

	while ((t = idmap_each(&w->streams, &at)) != NULL)
		shown_free(t);
	idmap_free(&w->streams);
}
