/* SPDX-License-Identifier: ISC */
/* A hash table that grows bucket by bucket, with orders of activity. */
#include <stdlib.h>
#include <string.h>

#include "libcommon/table.h"

_Static_assert(sizeof(struct table_line) == 64, "one line of the cache");
_Static_assert(sizeof(struct table_link) == 8, "links must stay small");

/* Where the cells of a bucket are dealt out to. */
struct deal {
	struct table_line *line;
	unsigned	 at;
};

static void
deal(struct table *t, struct deal *d, uint32_t cell)
{
	if (d->at == TABLE_CELLS) {
		d->line->more = arena_new(&t->more);
		d->line = arena_at(&t->more, d->line->more);
		d->at = 0;
	}
	d->line->cell[d->at++] = cell;
}

/* Add a bucket and deal its elder twin's entries out between the two. */
static void
table_split(struct table *t)
{
	struct table_line *elder, *twin, line;
	unsigned bit, i;
	uint32_t more;

	if (t->buckets.made == (t->mask + 1) << 1) {
		t->mask = t->mask << 1 | 1;
		t->bits++;
	}
	bit = t->bits - TABLE_BITS_MIN;
	elder = arena_at(&t->buckets, (t->buckets.made & t->mask) + 1);
	twin = arena_at(&t->buckets, arena_new(&t->buckets));
	struct deal to[2] = { { elder, 0 }, { twin, 0 } };
	line = *elder;
	memset(elder, 0, sizeof(*elder));
	for (;;) {
		for (i = 0; i < TABLE_CELLS && line.cell[i] != 0; i++)
			deal(t, &to[table_link(t, line.cell[i] &
			    TABLE_REF)->hash >> bit & 1], line.cell[i]);
		if ((more = line.more) == 0)
			return;
		line = *(struct table_line *)arena_at(&t->more, more);
		arena_delete(&t->more, more);
	}
}

void
table_init(struct table *t, uint32_t size, uint32_t second_size)
{
	unsigned i;

	memset(t, 0, sizeof(*t));
	t->entries[0].size = size;
	t->entries[1].size = second_size;
	for (i = 0; i < TABLE_SIZES; i++)
		t->links[i].size = sizeof(struct table_link);
	t->buckets.size = t->more.size = sizeof(struct table_line);
	t->bits = TABLE_BITS_MIN;
	t->mask = (1 << TABLE_BITS_MIN) - 1;
	for (i = 0; i <= t->mask; i++)
		arena_new(&t->buckets);
}

void
table_free(struct table *t)
{
	unsigned i;

	for (i = 0; i < TABLE_SIZES; i++) {
		arena_free(&t->entries[i]);
		arena_free(&t->links[i]);
	}
	arena_free(&t->buckets);
	arena_free(&t->more);
	memset(t, 0, sizeof(*t));
}

uint32_t
table_new(struct table *t, bool second)
{
	uint32_t i = arena_new(&t->entries[second]), ref;

	if (i > TABLE_MAX)
		abort();
	ref = i | (second ? TABLE_SECOND : 0);
	if (i > t->links[second].made)
		arena_new(&t->links[second]);
	else
		memset(table_link(t, ref), 0, sizeof(struct table_link));
	return ref;
}

void
table_delete(struct table *t, uint32_t ref)
{
	arena_delete(&t->entries[ref >> TABLE_NUMBER_BITS], ref & TABLE_MAX);
}

/*
 * What the next split will look at lies anywhere in memory: it is asked for
 * in time, as one line names the next.
 */
static void
split_prepare(const struct table *t)
{
	const struct table_line *line = table_bucket(t,
	    t->buckets.made & t->mask);
	unsigned step = t->used % TABLE_LOAD, i;

	if (step == 0)
		__builtin_prefetch(line);
	if (step == TABLE_LOAD / 3 && line->more != 0)
		__builtin_prefetch(arena_at(&t->more, line->more));
	if (step != 2 * TABLE_LOAD / 3)
		return;
	for (;; line = arena_at(&t->more, line->more)) {
		for (i = 0; i < TABLE_CELLS && line->cell[i] != 0; i++)
			__builtin_prefetch(table_link(t,
			    line->cell[i] & TABLE_REF));
		if (line->more == 0)
			return;
	}
}

void
table_insert(struct table *t, uint32_t ref, uint64_t hash)
{
	uint32_t cell = ref | table_tag(hash) << TABLE_TAG_SHIFT, last;
	struct table_line *line;

	if (t->used >= t->buckets.made * TABLE_LOAD &&
	    t->buckets.made < 1 << TABLE_BITS_MAX)
		table_split(t);
	split_prepare(t);
	table_link(t, ref)->hash = hash >> TABLE_BITS_MIN & UINT16_MAX;
	line = table_bucket(t, hash);
	for (;;) {
		last = line->cell[TABLE_CELLS - 1];
		memmove(line->cell + 1, line->cell,
		    (TABLE_CELLS - 1) * sizeof(cell));
		line->cell[0] = cell;
		if (last == 0)
			break;
		cell = last;
		if (line->more == 0)
			line->more = arena_new(&t->more);
		line = arena_at(&t->more, line->more);
	}
	t->used++;
}

/* Take an entry's cell out of a line. */
static bool
line_remove(struct table_line *line, uint32_t ref)
{
	unsigned i;

	for (i = 0; i < TABLE_CELLS; i++) {
		if ((line->cell[i] & TABLE_REF) != ref)
			continue;
		memmove(line->cell + i, line->cell + i + 1,
		    (TABLE_CELLS - 1 - i) * sizeof(line->cell[0]));
		line->cell[TABLE_CELLS - 1] = 0;
		return true;
	}
	return false;
}

void
table_remove(struct table *t, uint32_t ref, uint64_t hash)
{
	struct table_line *line = table_bucket(t, hash), *before = NULL;
	uint32_t empty;

	while (!line_remove(line, ref)) {
		before = line;
		line = arena_at(&t->more, line->more);
	}
	if (line->cell[0] == 0 && before != NULL) {
		empty = before->more;
		before->more = line->more;
		arena_delete(&t->more, empty);
	}
	t->used--;
}

void
table_leave(struct table *t, struct table_order *order, uint32_t ref)
{
	struct table_link *link = table_link(t, ref);

	if (link->older != 0)
		table_link(t, link->older)->newer = link->newer;
	else if (order->oldest == ref)
		order->oldest = link->newer;
	else
		return;
	if (link->newer != 0)
		table_link(t, link->newer)->older = link->older;
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
	link = table_link(t, ref);
	link->older = order->newest & TABLE_REF;
	if (order->newest != 0)
		table_link(t, order->newest)->newer = ref & TABLE_REF;
	else
		order->oldest = ref;
	order->newest = ref;
}
