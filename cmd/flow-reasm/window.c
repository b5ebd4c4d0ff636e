/* SPDX-License-Identifier: ISC */
/* The ring of extents that were sent lately. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-reasm/window.h"

struct extent_head {
	uint64_t	 before;	/* place of the one before */
	int64_t		 start;
	struct reference ref;
	uint32_t	 length;
	uint32_t	 inside;	/* bytes that follow */
};

void
window_init(struct window *w, uint64_t size)
{
	memset(w, 0, sizeof(*w));
	w->size = size & ~UINT64_C(7);
	w->head = 8;			/* 0 means none */
}

void
window_free(struct window *w)
{
	free(w->ring);
	memset(w, 0, sizeof(*w));
}

uint64_t
window_add(struct window *w, uint64_t last, const struct run *run)
{
	struct extent_head h = { .before = last, .start = run->start,
	    .ref = run->ref, .length = run->length };
	uint64_t at = w->head, left;
	size_t size;

	h.inside = run->bytes == NULL ? 0 : run->length;
	size = sizeof(h) + ((h.inside + 7u) & ~(size_t)7);
	if (size > w->size / 4)
		return last;
	/* The system gives it memory only as it fills. */
	if (w->ring == NULL && (w->ring = malloc(w->size)) == NULL)
		err(1, "out of memory");
	left = w->size - at % w->size;
	if (size > left)
		at += left;
	memcpy(w->ring + at % w->size, &h, sizeof(h));
	if (h.inside > 0)
		memcpy(w->ring + at % w->size + sizeof(h), run->bytes,
		    h.inside);
	w->head = at + size;
	return at;
}

uint64_t
window_get(const struct window *w, uint64_t at, struct run *run)
{
	struct extent_head h;
	const uint8_t *p;

	run->length = 0;
	if (at == 0 || w->head - at > w->size)
		return 0;
	p = w->ring + at % w->size;
	memcpy(&h, p, sizeof(h));
	run->start = h.start;
	run->length = h.length;
	run->ref = h.ref;
	run->bytes = h.inside > 0 ? p + sizeof(h) : NULL;
	return h.before;
}

void
run_part(struct run *run, int64_t start, int64_t end)
{
	uint32_t skip = (uint32_t)(start - run->start);

	run->start = start;
	run->length = (uint32_t)(end - start);
	if (run->bytes != NULL)
		run->bytes += skip;
	if (run->ref.source != 0)
		run->ref.offset += skip;
	run->ref.length = run->length;
}
