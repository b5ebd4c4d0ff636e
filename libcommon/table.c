/* SPDX-License-Identifier: ISC */
/* A hash table that grows bucket by bucket, with orders of activity. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "libcommon/table.h"

enum {
	TABLE_SEGMENT = 1 << TABLE_SEGMENT_SHIFT,
	TAG_FULL = 0x80,		/* seven bits of the hash below it */
	TAG_EMPTY = 1			/* none left */
};

/* One more array of zeroed cells in a list of such. */
static void
cells_add(uint32_t ***list, uint32_t *n, size_t cells)
{
	uint32_t **more;

	more = realloc(*list, (*n + 1) * sizeof(*more));
	if (more == NULL)
		err(1, "out of memory");
	*list = more;
	more[*n] = calloc(cells, sizeof(**more));
	if (more[*n] == NULL)
		err(1, "out of memory");
	++*n;
}

static void
cells_free(uint32_t **list, uint32_t n)
{
	while (n > 0)
		free(list[--n]);
	free(list);
}

static struct table_link *
link_at(const struct table *t, uint32_t ref)
{
	return table_at(t, ref);
}

static uint32_t
cell_make(uint32_t ref, uint64_t rest)
{
	uint32_t tag = TAG_FULL | ((uint32_t)rest & (TAG_FULL - 1));

	return (ref & TABLE_CELL_NUMBER) |
	    ((ref & TABLE_SECOND) != 0 ? TABLE_CELL_SECOND : 0) |
	    tag << TABLE_CELL_SHIFT;
}

/* A cell whose first hash bit can be read: from the entry if none is left. */
static uint32_t
cell_ready(const struct table *t, uint32_t cell)
{
	uint32_t ref = table_cell_ref(cell);

	if (cell >> TABLE_CELL_SHIFT != TAG_EMPTY)
		return cell;
	return cell_make(ref, t->hash(t->arg, ref) >> t->bits);
}

/* Add a bucket and deal its elder twin's entries out between the two. */
static void
table_split(struct table *t)
{
	uint32_t cell, next, tag, *to[2];

	if (t->buckets == (t->mask + 1) << 1) {
		t->mask = t->mask << 1 | 1;
		t->bits++;
	}
	if (t->buckets >> TABLE_SEGMENT_SHIFT == t->segments)
		cells_add(&t->segment, &t->segments, TABLE_SEGMENT);
	to[0] = table_bucket_cell(t, t->buckets & t->mask);
	to[1] = table_bucket_cell(t, t->buckets);
	t->buckets++;
	for (cell = *to[0], *to[0] = 0; cell != 0; cell = next) {
		next = *table_chain_cell(t, cell);
		cell = cell_ready(t, cell);
		tag = cell >> TABLE_CELL_SHIFT;
		cell = (cell & TABLE_CELL_ENTRY) | tag >> 1 << TABLE_CELL_SHIFT;
		*table_chain_cell(t, cell) = *to[tag & 1];
		*to[tag & 1] = cell;
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
	cells_add(&t->segment, &t->segments, TABLE_SEGMENT);
	t->buckets = 2;
	t->mask = 1;
	t->bits = 1;
}

void
table_free(struct table *t)
{
	unsigned i;

	cells_free(t->segment, t->segments);
	for (i = 0; i < TABLE_SIZES; i++) {
		cells_free(t->chain[i], t->chains[i]);
		arena_free(&t->entries[i]);
	}
	memset(t, 0, sizeof(*t));
}

uint32_t
table_new(struct table *t, bool second)
{
	uint32_t i = arena_new(&t->entries[second]);

	if (i > TABLE_MAX)
		abort();
	if ((i - 1) >> ARENA_SHIFT == t->chains[second])
		cells_add(&t->chain[second], &t->chains[second], ARENA_CHUNK);
	return i | (second ? TABLE_SECOND : 0);
}

void
table_delete(struct table *t, uint32_t ref)
{
	arena_delete(&t->entries[ref >> 31], ref & ~TABLE_SECOND);
}

void
table_insert(struct table *t, uint32_t ref, uint64_t hash)
{
	uint32_t *bucket, cell;
	unsigned bits;

	if (t->used / 3 >= t->buckets / 2)
		table_split(t);
	bucket = table_bucket_cell(t, table_bucket(t, hash, &bits));
	cell = cell_make(ref, hash >> bits);
	*table_chain_cell(t, cell) = *bucket;
	*bucket = cell;
	t->used++;
}

void
table_remove(struct table *t, uint32_t ref, uint64_t hash)
{
	uint32_t *at;
	unsigned bits;

	at = table_bucket_cell(t, table_bucket(t, hash, &bits));
	while (table_cell_ref(*at) != ref)
		at = table_chain_cell(t, *at);
	*at = *table_chain_cell(t, *at);
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
