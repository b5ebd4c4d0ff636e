/* SPDX-License-Identifier: ISC */
/* A hash table that grows bucket by bucket, with orders of activity. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "libcommon/table.h"

enum { TABLE_SEGMENT = 1 << TABLE_SEGMENT_SHIFT };

static void
segment_add(struct table *t)
{
	uint32_t **segment;

	segment = realloc(t->segment, (t->segments + 1) * sizeof(*segment));
	if (segment == NULL)
		err(1, "out of memory");
	t->segment = segment;
	segment[t->segments] = calloc(TABLE_SEGMENT, sizeof(**segment));
	if (segment[t->segments] == NULL)
		err(1, "out of memory");
	t->segments++;
}

static struct table_link *
link_at(const struct table *t, uint32_t ref)
{
	return table_at(t, ref);
}

/* Add a bucket and deal its elder twin's entries out between the two. */
static void
table_split(struct table *t)
{
	uint32_t ref, next, *from;
	uint64_t hash;

	if (t->buckets == (t->mask + 1) << 1)
		t->mask = t->mask << 1 | 1;
	if (t->buckets >> TABLE_SEGMENT_SHIFT == t->segments)
		segment_add(t);
	from = table_bucket(t, t->buckets & t->mask);
	ref = *from;
	*from = 0;
	t->buckets++;
	for (; ref != 0; ref = next) {
		next = link_at(t, ref)->chain;
		hash = t->hash(t->arg, ref);
		link_at(t, ref)->chain = *table_bucket(t, hash);
		*table_bucket(t, hash) = ref;
	}
}

void
table_init(struct table *t, uint32_t size, uint32_t second_size,
    uint64_t (*hash)(const void *, uint32_t), const void *arg)
{
	memset(t, 0, sizeof(*t));
	t->entries[0].size = size;
	t->entries[1].size = second_size;
	t->hash = hash;
	t->arg = arg;
	segment_add(t);
	t->buckets = 2;
	t->mask = 1;
}

void
table_free(struct table *t)
{
	uint32_t i;

	for (i = 0; i < t->segments; i++)
		free(t->segment[i]);
	free(t->segment);
	arena_free(&t->entries[0]);
	arena_free(&t->entries[1]);
	memset(t, 0, sizeof(*t));
}

uint32_t
table_new(struct table *t, bool second)
{
	return arena_new(&t->entries[second]) | (second ? TABLE_SECOND : 0);
}

void
table_delete(struct table *t, uint32_t ref)
{
	arena_delete(&t->entries[ref >> 31], ref & ~TABLE_SECOND);
}

void
table_insert(struct table *t, uint32_t ref, uint64_t hash)
{
	uint32_t *bucket;

	if (t->used / 3 >= t->buckets / 2)
		table_split(t);
	bucket = table_bucket(t, hash);
	link_at(t, ref)->chain = *bucket;
	*bucket = ref;
	t->used++;
}

void
table_remove(struct table *t, uint32_t ref, uint64_t hash)
{
	uint32_t *at = table_bucket(t, hash);

	while (*at != ref)
		at = &link_at(t, *at)->chain;
	*at = link_at(t, ref)->chain;
	t->used--;
}

void
table_leave(struct table *t, struct table_order *order, uint32_t ref)
{
	struct table_link *link = link_at(t, ref);

	if (link->older != 0)
		link_at(t, link->older)->newer = link->newer;
	else if (order->oldest == ref)
		order->oldest = link->newer;
	else
		return;
	if (link->newer != 0)
		link_at(t, link->newer)->older = link->older;
	else
		order->newest = link->older;
	link->older = link->newer = 0;
}

void
table_touch(struct table *t, struct table_order *order, uint32_t ref)
{
	struct table_link *link;

	if (order->newest == ref)
		return;
	table_leave(t, order, ref);
	link = link_at(t, ref);
	link->older = order->newest;
	if (order->newest != 0)
		link_at(t, order->newest)->newer = ref;
	else
		order->oldest = ref;
	order->newest = ref;
}
