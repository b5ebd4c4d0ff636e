/* SPDX-License-Identifier: ISC */
/* Small objects of one size, in chunks. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "libcommon/arena.h"
#include "libcommon/pages.h"

/* Chunks, before large pages: what one of them wastes is little by then. */
enum { LARGE_FROM = 16 };

static void
arena_grow(struct arena *a)
{
	uint8_t **chunk;

	if (a->made > UINT32_MAX - 2 * ARENA_CHUNK)
		errx(1, "out of memory: too many objects");
	chunk = realloc(a->chunk, (a->chunks + 1) * sizeof(*chunk));
	if (chunk == NULL)
		err(1, "out of memory");
	a->chunk = chunk;
	chunk[a->chunks] = pages_new((size_t)ARENA_CHUNK * a->size,
	    a->chunks >= LARGE_FROM);
	if (chunk[a->chunks] == NULL)
		err(1, "out of memory");
	a->chunks++;
}

uint32_t
arena_new(struct arena *a)
{
	uint32_t i = a->unused;
	void *object;

	a->live++;
	if (i != 0) {
		object = arena_at(a, i);
		memcpy(&a->unused, object, sizeof(a->unused));
		memset(object, 0, a->size);
		return i;
	}
	if (a->made >> ARENA_SHIFT == a->chunks)
		arena_grow(a);
	return ++a->made;
}

void
arena_delete(struct arena *a, uint32_t i)
{
	memcpy(arena_at(a, i), &a->unused, sizeof(a->unused));
	a->unused = i;
	a->live--;
}

void
arena_free(struct arena *a)
{
	uint32_t i, size = a->size;

	for (i = 0; i < a->chunks; i++)
		pages_free(a->chunk[i], (size_t)ARENA_CHUNK * a->size);
	free(a->chunk);
	memset(a, 0, sizeof(*a));
	a->size = size;
}
