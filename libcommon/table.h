/* SPDX-License-Identifier: ISC */
/*
 * A hash table of small entries, with orders of last activity.
 *
 * Linear hashing (Litwin, 1980): the table grows by one bucket at a time,
 * so that it never holds two copies of itself and never stops to rehash.
 * Buckets are 32-bit references, chained through the entries; at most
 * three entries for two buckets.  Entries come in two sizes (TABLE_SIZES),
 * each in an arena of its own; the top bit of a reference says which.
 *
 * An order is a list from the entry that was touched longest ago to the one
 * touched last.  An entry is in one order at a time, or in none.
 *
 * Every entry begins with a struct table_link.  Out of memory ends the
 * program.
 */
#ifndef LIBCOMMON_TABLE_H
#define LIBCOMMON_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libcommon/arena.h"

enum {
	TABLE_SIZES = 2,
	TABLE_SEGMENT_SHIFT = 12	/* log2 of buckets in a segment */
};
#define TABLE_SECOND	0x80000000u	/* reference: of the second size */

struct table_link {
	uint32_t	 chain;		/* next in the bucket */
	uint32_t	 older, newer;	/* neighbours in the order */
};

struct table_order {			/* zeroed: empty */
	uint32_t	 oldest, newest;
};

struct table {
	struct arena	 entries[TABLE_SIZES];
	uint32_t	**segment;	/* of buckets */
	uint32_t	 segments;
	uint32_t	 buckets;	/* in use */
	uint32_t	 mask;		/* buckets before this round, less 1 */
	uint32_t	 used;		/* entries */
	uint64_t	(*hash)(const void *arg, uint32_t ref);
	const void	*arg;
};

/*
 * Entries are of these sizes (the second may be 0: none).  hash(arg, ref)
 * gives the hash of an entry that is in the table.
 */
void	table_init(struct table *, uint32_t size, uint32_t second_size,
	    uint64_t (*hash)(const void *, uint32_t), const void *arg);
void	table_free(struct table *);

/* A new entry, zeroed, not yet in the table; and the end of one. */
uint32_t	table_new(struct table *, bool second);
void		table_delete(struct table *, uint32_t ref);

void	table_insert(struct table *, uint32_t ref, uint64_t hash);
void	table_remove(struct table *, uint32_t ref, uint64_t hash);

/* The order: put at its newest end (from where it was); take out. */
void	table_touch(struct table *, struct table_order *, uint32_t ref);
void	table_leave(struct table *, struct table_order *, uint32_t ref);

static inline void *
table_at(const struct table *t, uint32_t ref)
{
	return arena_at(&t->entries[ref >> 31], ref & ~TABLE_SECOND);
}

static inline uint32_t *
table_bucket(const struct table *t, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (t->mask << 1 | 1);

	if (i >= t->buckets)
		i &= t->mask;
	return &t->segment[i >> TABLE_SEGMENT_SHIFT]
	    [i & ((1 << TABLE_SEGMENT_SHIFT) - 1)];
}

/* The first entry of a hash's bucket, and the one after an entry; 0: none. */
static inline uint32_t
table_first(const struct table *t, uint64_t hash)
{
	return *table_bucket(t, hash);
}

static inline uint32_t
table_next(const struct table *t, uint32_t ref)
{
	return ((const struct table_link *)table_at(t, ref))->chain;
}

#endif
