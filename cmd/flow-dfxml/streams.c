/* SPDX-License-Identifier: ISC */
/* What the records between OPEN and CLOSE said of a stream. */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-dfxml/streams.h"

static void
set_path(struct stream *t, const char *path, size_t n)
{
	if (t->path_size < n + 1) {
		free(t->path);
		t->path = malloc(n + 1);
		if (t->path == NULL)
			err(1, NULL);
		t->path_size = n + 1;
	}
	memcpy(t->path, path, n);
	t->path_length = n;
	t->named = true;
}

static int
take_stored(struct report *r, const struct record *rec)
{
	struct stored s;
	struct stream *t;

	if (stored_decode(&s, rec) == -1)
		return -1;
	t = streams_get(r, rec->stream);
	set_path(t, s.path, s.path_length);
	t->stored = true;
	t->limited = (s.flags & STORED_LIMITED) != 0;
	t->size = s.size;
	t->shift = s.shift;
	return 0;
}

static int
take_digest(struct report *r, const struct record *rec)
{
	struct stream_digest *keep;
	struct digest d;
	struct stream *t;

	if (digest_decode(&d, rec) == -1 || d.value_length > STREAMS_DIGEST)
		return -1;
	t = streams_get(r, rec->stream);
	if (t->digests == REPORT_DIGESTS_MAX)
		return 0;
	t->digest = realloc(t->digest, (t->digests + 1) * sizeof(*keep));
	if (t->digest == NULL)
		err(1, NULL);
	keep = &t->digest[t->digests++];
	keep->algorithm = d.algorithm;
	keep->flags = d.flags;
	keep->covered = d.covered;
	keep->length = d.value_length;
	memcpy(keep->value, d.value, d.value_length);
	return 0;
}

/* The name with the counter 0: the parts that depend on it. */
static size_t
fill_counter(char *out, const struct name *n)
{
	size_t i, used = 0;

	for (i = 0; i < n->length; i++) {
		if (n->pattern[i] != '\0') {
			out[used++] = n->pattern[i];
			continue;
		}
		if (++i < n->length && n->pattern[i] == '#')
			out[used++] = '0';
	}
	return used;
}

/* Where nothing is stored, the name that the stream would have had. */
static int
take_name(struct report *r, const struct record *rec)
{
	struct name n;
	struct stream *t;
	char *text;

	if (name_decode(&n, rec) == -1)
		return -1;
	if ((rec->flags & (NAME_UNSTORED | RECORD_SUFFIX)) != 0)
		return 0;
	text = malloc(n.length);
	if (text == NULL)
		err(1, NULL);
	t = streams_get(r, rec->stream);
	if (!t->stored)
		set_path(t, text, fill_counter(text, &n));
	free(text);
	return 0;
}

static int
take_data(struct report *r, const struct record *rec)
{
	struct stream_run run;
	struct stream *t;
	struct data d;

	if (data_decode(&d, rec) == -1)
		return -1;
	if (d.ref.length == 0)
		return 0;
	t = streams_get(r, rec->stream);
	memset(&run, 0, sizeof(run));
	run.offset = rec->offset;
	run.ref = d.ref;
	run.order = t->run_count++;
	spill_append(&r->spill, &t->runs, &run, sizeof(run));
	return 0;
}

void
streams_record(struct report *r, struct stage *s, const struct record *rec)
{
	int result = 0;

	switch (rec->type) {
	case RECORD_STORED:
		result = take_stored(r, rec);
		break;
	case RECORD_DIGEST:
		result = take_digest(r, rec);
		break;
	case RECORD_NAME:
		if (r->names)
			result = take_name(r, rec);
		break;
	case RECORD_DATA:
	case RECORD_LATE:
		if (r->byte_runs)
			result = take_data(r, rec);
		break;
	default:
		break;
	}
	if (result == -1)
		stage_bad(s, "standard input: stream %" PRIu64
		    ": malformed %s", rec->stream,
		    record_type_name(rec->type));
}

struct stream *
streams_find(struct report *r, uint64_t id)
{
	return idmap_get(&r->streams, id);
}

static struct stream *
stream_new(struct report *r)
{
	struct stream *t = r->spare;

	if (t != NULL) {
		r->spare = t->next;
		r->spares--;
		return t;
	}
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		err(1, NULL);
	return t;
}

struct stream *
streams_get(struct report *r, uint64_t id)
{
	struct stream *t = streams_find(r, id);

	if (t != NULL)
		return t;
	t = stream_new(r);
	idmap_put(&r->streams, id, t);
	return t;
}

struct stream *
streams_take(struct report *r, uint64_t id)
{
	return idmap_take(&r->streams, id);
}

static void
ignore(void *arg, const uint8_t *bytes, size_t n)
{
	(void)arg;
	(void)bytes;
	(void)n;
}

void
streams_free(struct report *r, struct stream *t)
{
	if (t == NULL)
		return;
	if (t->held.length + t->held.extents > 0)
		spill_drain(&r->spill, &t->held, ignore, NULL);
	if (t->runs.length + t->runs.extents > 0)
		spill_drain(&r->spill, &t->runs, ignore, NULL);
	free(t->digest);
	if (r->spares == STREAMS_SPARE || t->path_size > STREAMS_PATH) {
		free(t->path);
		free(t);
		return;
	}
	*t = (struct stream){ .next = r->spare, .path = t->path,
	    .path_size = t->path_size };
	r->spare = t;
	r->spares++;
}

void
streams_drain(struct report *r)
{
	struct stream *t;

	while ((t = r->spare) != NULL) {
		r->spare = t->next;
		free(t->path);
		free(t);
	}
}
