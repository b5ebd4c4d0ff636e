/* SPDX-License-Identifier: ISC */
/* Stream id -> pointer: linear probing, deletion by shifting back. */
#include <err.h>
#include <stdlib.h>
#include <time.h>

#include "libcommon/idmap.h"

enum {
	IDMAP_MIN = 16,
	IDMAP_TOGETHER = 4		/* ids in a cache line of 64 bytes */
};

/*
 * The finalizer of SplitMix64: every bit of the id moves every other, but
 * for the lowest two: ids in a row, which are mostly asked for in a row,
 * share a cache line.
 */
static size_t
idmap_slot(const struct idmap *m, uint64_t id)
{
	uint64_t h = (id / IDMAP_TOGETHER ^ m->seed) + 0x9e3779b97f4a7c15;

	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9;
	h = (h ^ h >> 27) * 0x94d049bb133111eb;
	h = (h ^ h >> 31) * IDMAP_TOGETHER + id % IDMAP_TOGETHER;
	return (size_t)h & (m->size - 1);
}

/* The slot that has the id, or the empty one where it would go. */
static size_t
idmap_find(const struct idmap *m, uint64_t id)
{
	size_t i = idmap_slot(m, id);

	while (m->slots[i].value != NULL && m->slots[i].id != id)
		i = (i + 1) & (m->size - 1);
	return i;
}

static void
idmap_resize(struct idmap *m, size_t size)
{
	struct idmap old = *m;
	size_t i;

	m->slots = calloc(size, sizeof(*m->slots));
	if (m->slots == NULL)
		err(1, NULL);
	m->size = size;
	if (m->seed == 0)
		m->seed = (uint64_t)time(NULL) * 0x9e3779b97f4a7c15 ^
		    (uint64_t)(uintptr_t)m->slots;
	for (i = 0; i < old.size; i++)
		if (old.slots[i].value != NULL)
			m->slots[idmap_find(m, old.slots[i].id)] =
			    old.slots[i];
	free(old.slots);
}

void *
idmap_get(const struct idmap *m, uint64_t id)
{
	return m->size == 0 ? NULL : m->slots[idmap_find(m, id)].value;
}

void
idmap_put(struct idmap *m, uint64_t id, void *value)
{
	size_t i;

	if (m->used * 2 >= m->size)
		idmap_resize(m, m->size == 0 ? IDMAP_MIN : m->size * 2);
	i = idmap_find(m, id);
	if (m->slots[i].value == NULL)
		m->used++;
	m->slots[i].id = id;
	m->slots[i].value = value;
}

void *
idmap_take(struct idmap *m, uint64_t id)
{
	size_t i, j, home, mask = m->size - 1;
	void *value;

	if (m->size == 0)
		return NULL;
	i = idmap_find(m, id);
	value = m->slots[i].value;
	if (value == NULL)
		return NULL;
	for (j = (i + 1) & mask; m->slots[j].value != NULL;
	    j = (j + 1) & mask) {
		home = idmap_slot(m, m->slots[j].id);
		/* May stay where it is if its home lies in (i, j]. */
		if (((j - home) & mask) < ((j - i) & mask))
			continue;
		m->slots[i] = m->slots[j];
		i = j;
	}
	m->slots[i].value = NULL;
	m->used--;
	if (m->size > IDMAP_MIN && m->used * 8 < m->size)
		idmap_resize(m, m->size / 2);
	return value;
}

void *
idmap_each(const struct idmap *m, size_t *at)
{
	while (*at < m->size)
		if (m->slots[(*at)++].value != NULL)
			return m->slots[*at - 1].value;
	return NULL;
}

void
idmap_free(struct idmap *m)
{
	free(m->slots);
	m->slots = NULL;
	m->size = m->used = 0;
}
