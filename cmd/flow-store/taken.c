/* SPDX-License-Identifier: ISC */
/* The names that an archive has. */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/flow-store/taken.h"

enum { TAKEN_MIN = 1024 };

static uint64_t
name_hash(const struct taken *t, const char *name)
{
	uint64_t h = 0xcbf29ce484222325 ^ t->seed;

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 0x100000001b3;
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9;
	return (h ^ h >> 31) | 1;
}

static size_t
taken_slot(const struct taken *t, uint64_t hash)
{
	size_t i = (size_t)(hash >> 1) & (t->size - 1);

	while (t->hash[i] != 0 && t->hash[i] != hash)
		i = (i + 1) & (t->size - 1);
	return i;
}

/* Room for one more. */
static void
taken_grow(struct taken *t)
{
	size_t i, old_size = t->size;
	uint64_t *old = t->hash;

	if (t->used * 3 < old_size * 2)
		return;
	if (old_size == 0)
		t->seed = (uint64_t)time(NULL) * 0x9e3779b97f4a7c15 ^
		    (uint64_t)(uintptr_t)t;
	t->size = old_size == 0 ? TAKEN_MIN : old_size * 2;
	t->hash = calloc(t->size, sizeof(*t->hash));
	if (t->hash == NULL)
		err(1, NULL);
	for (i = 0; i < old_size; i++)
		if (old[i] != 0)
			t->hash[taken_slot(t, old[i])] = old[i];
	free(old);
}

bool
taken_add(struct taken *t, const char *name)
{
	uint64_t hash;
	size_t i;

	taken_grow(t);
	hash = name_hash(t, name);
	i = taken_slot(t, hash);
	if (t->hash[i] != 0)
		return false;
	t->hash[i] = hash;
	t->used++;
	return true;
}

void
taken_free(struct taken *t)
{
	free(t->hash);
	memset(t, 0, sizeof(*t));
}
