/* SPDX-License-Identifier: ISC */
/* <byte_runs>: which bytes of a file lie where in which capture. */
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-dfxml/runs.h"

struct runs {
	struct report	*r;
	const struct stream *t;
	void		(*full)(void *);
	void		*arg;
};

static int
by_offset(const void *pa, const void *pb)
{
	const struct stream_run *a = pa, *b = pb;

	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static int
by_order(const void *pa, const void *pb)
{
	const struct stream_run *a = pa, *b = pb;

	return a->order < b->order ? -1 : a->order > b->order;
}

/*
 * By place in the file; but as they came where some replace others, for the
 * reader must know which.
 */
static void
sort(struct spill_string *runs)
{
	size_t n = runs->length / sizeof(struct stream_run), i;
	struct stream_run a, b;

	qsort(runs->bytes, n, sizeof(a), by_offset);
	for (i = 1; i < n; i++) {
		memcpy(&a, runs->bytes + (i - 1) * sizeof(a), sizeof(a));
		memcpy(&b, runs->bytes + i * sizeof(b), sizeof(b));
		if ((uint64_t)b.offset - (uint64_t)a.offset < a.ref.length)
			break;
	}
	if (i < n)
		qsort(runs->bytes, n, sizeof(a), by_order);
}

/* One run, cut to what is in the file. */
static void
put_run(struct dfxml *x, const struct stream *t, const struct stream_run *run)
{
	int64_t at;
	uint64_t offset, length = run->ref.length;

	if (__builtin_add_overflow(run->offset, (int64_t)t->shift, &at) ||
	    at < 0)
		return;
	offset = (uint64_t)at;
	if (t->stored && offset >= t->size)
		return;
	if (t->stored && length > t->size - offset)
		length = t->size - offset;
	dfxml_begin(x, "byte_run");
	dfxml_attr_unsigned(x, "file_offset", offset);
	if (run->ref.source != 0)
		dfxml_attr_unsigned(x, "img_offset", run->ref.offset);
	dfxml_attr_unsigned(x, "len", length);
	if (run->ref.source > 1)
		dfxml_attr_unsigned(x, "flow:source", run->ref.source);
	dfxml_end(x, "byte_run");
}

static void
put_runs(void *arg, const uint8_t *bytes, size_t n)
{
	struct runs *runs = arg;
	struct stream_run run;

	for (; n >= sizeof(run); n -= sizeof(run)) {
		memcpy(&run, bytes, sizeof(run));
		put_run(&runs->r->x, runs->t, &run);
		bytes += sizeof(run);
		if (runs->r->x.length > OUT_BUFFER)
			runs->full(runs->arg);
	}
}

int
runs_put(struct report *r, struct stream *t, void (*full)(void *), void *arg)
{
	struct runs runs = { .r = r, .t = t, .full = full, .arg = arg };
	int result;

	if (t->runs.length == 0 && t->runs.extents == 0)
		return 0;
	if (spill_in_memory(&t->runs))
		sort(&t->runs);
	dfxml_begin(&r->x, "byte_runs");
	dfxml_attr_string(&r->x, "xmlns:flow", DFXML_OURS);
	result = spill_drain(&r->spill, &t->runs, put_runs, &runs);
	dfxml_end(&r->x, "byte_runs");
	return result;
}
