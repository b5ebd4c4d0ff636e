/* SPDX-License-Identifier: ISC */
/* FLOW.findx, sorted. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-store/beside.h"
#include "cmd/flow-store/file.h"
#include "cmd/flow-store/front.h"
#include "cmd/flow-store/held.h"
#include "cmd/flow-store/index.h"
#include "cmd/flow-store/rewrite.h"
#include "formats/findx.h"

struct entry {
	int64_t		 offset;	/* in the stream */
	int64_t		 time;
	uint64_t	 length;
};

struct index {
	struct file	*file;
	uint64_t	 size;		/* of its text so far */
	int64_t		 end;		/* where those in order end */
	bool		 any;		/* last is there */
	struct entry	 last;		/* not yet written: may grow */
	struct entry	*late;		/* owned */
	size_t		 n, room;
	uint64_t	 shift;		/* applied to what is written */
};

/* The index of a file, made when there is none; NULL: it cannot be. */
static struct index *
index_of(struct store *s, struct file *f)
{
	struct extra *x = front_extra(f);
	struct file *file;

	if (x->index != NULL || (f->flags & FILE_FAILED) != 0)
		return x->index;
	file = beside_new(s, f, ".findx", f->time);
	if (file == NULL)
		return NULL;
	x->index = calloc(1, sizeof(*x->index));
	if (x->index == NULL)
		err(1, NULL);
	x->index->file = file;
	return x->index;
}

static size_t
line_of(char line[FINDX_LINE_MAX], const struct entry *e, uint64_t shift)
{
	struct findx x = { .offset = (uint64_t)e->offset + shift,
	    .time = e->time, .length = e->length };

	return findx_encode(line, &x);
}

/* Write the entry that might have grown. */
static void
index_settle(struct store *s, struct index *x)
{
	char line[FINDX_LINE_MAX];
	struct reference ref = { 0 };

	if (!x->any)
		return;
	x->any = false;
	ref.length = (uint32_t)line_of(line, &x->last, x->shift);
	held_add(s, x->file, (int64_t)x->size, &ref, (const uint8_t *)line);
	x->size += ref.length;
}

static int
entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->time < y->time ? -1 : x->time > y->time;
}

static void
put_late(struct rewrite *w, const struct entry *e, uint64_t shift)
{
	char line[FINDX_LINE_MAX];

	rewrite_put(w, line, line_of(line, e, shift));
}

/* The lines there are, moved on, with the late ones among them. */
static void
merge(struct rewrite *w, struct index *x, uint64_t shift)
{
	uint64_t add = shift - x->shift;
	char line[FINDX_LINE_MAX];
	const uint8_t *text;
	struct findx old;
	size_t i = 0, n;

	for (;;) {
		n = rewrite_get(w, FINDX_LINE_MAX, &text);
		n = findx_decode(&old, (const char *)text, n);
		if (n == 0)
			break;
		rewrite_used(w, n);
		old.offset += add;
		while (i < x->n && (uint64_t)x->late[i].offset + shift <
		    old.offset)
			put_late(w, &x->late[i++], shift);
		rewrite_put(w, line, findx_encode(line, &old));
	}
	while (i < x->n)
		put_late(w, &x->late[i++], shift);
}

static void
index_merge(struct store *s, struct index *x, uint64_t shift)
{
	struct rewrite w;

	index_settle(s, x);
	if (x->n == 0 && shift == x->shift)
		return;
	if (held_flush(s, x->file) == 0 &&
	    rewrite_begin(&w, s, x->file) == 0) {
		qsort(x->late, x->n, sizeof(*x->late), entry_compare);
		merge(&w, x, shift);
		if (rewrite_end(&w) == 0)
			x->size = x->file->size;
	}
	x->shift = shift;
	x->n = 0;
}

static void
late_add(struct index *x, const struct entry *e)
{
	if (x->n == x->room) {
		x->room = x->room == 0 ? 8 : x->room * 2;
		x->late = realloc(x->late, x->room * sizeof(*x->late));
		if (x->late == NULL)
			err(1, NULL);
	}
	x->late[x->n++] = *e;
}

void
index_add(struct store *s, struct file *f, int64_t offset, uint32_t length,
    int64_t time)
{
	struct entry e = { .offset = offset, .time = time,
	    .length = length }, *last;
	struct index *x = index_of(s, f);

	if (x == NULL)
		return;
	if (offset < x->end) {
		late_add(x, &e);
		if (x->n >= INDEX_LATE_MAX && f->extra->front == NULL)
			index_merge(s, x, f->extra->shift);
		return;
	}
	x->end = offset + length;
	last = &x->last;
	if (x->any && last->time == time &&
	    last->offset + (int64_t)last->length == offset) {
		last->length += length;
		return;
	}
	index_settle(s, x);
	*last = e;
	x->any = true;
}

void
index_finish(struct store *s, struct file *f)
{
	struct index *x = f->extra == NULL ? NULL : f->extra->index;

	if (x == NULL)
		return;
	index_merge(s, x, f->extra->shift);
	index_free(s, f);
}

void
index_free(struct store *s, struct file *f)
{
	struct index *x = f->extra->index;

	if (x == NULL)
		return;
	f->extra->index = NULL;
	beside_finish(s, x->file);
	free(x->late);
	free(x);
}
