/* SPDX-License-Identifier: ISC */
/*
 * A hash table of small entries, with orders of last activity.
 *
 * Linear hashing (Litwin, 1980): the table grows by one bucket at a time,
 * so that it never holds two copies of itself and never stops to rehash;
 * at most three entries for two buckets.  Entries come in two sizes
 * (TABLE_SIZES), each in an arena of its own; the top bit of a reference
 * says which.
 *
 * Buckets, and the links from one entry to the next, are cells of 32 bits
 * in arrays of their own, for an entry lies somewhere in memory and to look
 * at one costs more than all else.  So a cell holds some bits of the hash
 * beside the entry's number: an entry that is not meant is mostly passed
 * over unseen, and the bits decide into which bucket it goes when its
 * bucket is split.
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
	TABLE_SEGMENT_SHIFT = 12,	/* log2 of buckets in a segment */
	TABLE_MAX = (1 << 23) - 1	/* entries of each size */
};
#define TABLE_SECOND	0x80000000u	/* reference: of the second size */

/*
 * A cell: the entry's number, which size it is of, and hash bits with a 1
 * above the highest of them.
 */
#define TABLE_CELL_NUMBER	0x007fffffu
#define TABLE_CELL_SECOND	0x00800000u
#define TABLE_CELL_ENTRY	0x00ffffffu
#define TABLE_CELL_SHIFT	24

struct table_link {
	uint32_t	 older, newer;	/* neighbours in the order */
};

struct table_order {			/* zeroed: empty */
	uint32_t	 oldest, newest;
};

struct table {
	struct arena	 entries[TABLE_SIZES];
	uint32_t	**chain[TABLE_SIZES]; /* cells, as the arenas' chunks */
	uint32_t	 chains[TABLE_SIZES];
	uint32_t	**segment;	/* of buckets */
	uint32_t	 segments;
	uint32_t	 buckets;	/* in use */
	uint32_t	 mask;		/* buckets before this round, less 1 */
	unsigned	 bits;		/* in mask */
	uint32_t	 used;		/* entries */
	uint64_t	(*hash)(const void *arg, uint32_t ref);
	const void	*arg;
};

/* A walk over the entries that may have a hash. */
struct table_walk {
	uint64_t	 rest;		/* hash bits that chose no bucket */
	uint32_t	 cell;		/* the next one */
};

/*
 * Entries are of these sizes (the second may be 0: none).  hash(arg, ref)
 * gives the hash of an entry that is in the table.
 */
void	table_init(struct table *, uint32_t size, uint32_t second_size,
	    uint64_t (*hash)(const void *, uint32_t), const void *arg);
void	table_free(struct table *);

/*
 * A new entry, zeroed, not yet in the table; and the end of one.  No more
 * than TABLE_MAX of one size (abort).
 */
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

/* The number of a hash's bucket, and how many of its bits that took. */
static inline uint32_t
table_bucket(const struct table *t, uint64_t hash, unsigned *bits)
{
	uint32_t i = (uint32_t)hash & (t->mask << 1 | 1);
	uint32_t low = (uint32_t)hash & t->mask;

	/* Split in this round already? */
	*bits = low < t->buckets - t->mask - 1 ? t->bits + 1 : t->bits;
	return i < t->buckets ? i : low;
}

static inline uint32_t *
table_bucket_cell(const struct table *t, uint32_t i)
{
	return &t->segment[i >> TABLE_SEGMENT_SHIFT]
	    [i & ((1 << TABLE_SEGMENT_SHIFT) - 1)];
}

/* The cell of the entry after the one that a cell is for. */
static inline uint32_t *
table_chain_cell(const struct table *t, uint32_t cell)
{
	uint32_t i = (cell & TABLE_CELL_NUMBER) - 1;

	return &t->chain[(cell & TABLE_CELL_SECOND) != 0][i >> ARENA_SHIFT]
	    [i & (ARENA_CHUNK - 1)];
}

static inline uint32_t
table_cell_ref(uint32_t cell)
{
	return (cell & TABLE_CELL_NUMBER) |
	    ((cell & TABLE_CELL_SECOND) != 0 ? TABLE_SECOND : 0);
}

/* The next entry that may have the hash, 0: none. */
static inline uint32_t
table_next(const struct table *t, struct table_walk *w)
{
	uint32_t cell, tag, known;

	while ((cell = w->cell) != 0) {
		w->cell = *table_chain_cell(t, cell);
		tag = cell >> TABLE_CELL_SHIFT;
		known = tag | tag >> 1;		/* ones below the highest */
		known |= known >> 2;
		known |= known >> 4;
		if (((tag ^ (uint32_t)w->rest) & known >> 1) == 0)
			return table_cell_ref(cell);
	}
	return 0;
}

static inline uint32_t
table_first(const struct table *t, uint64_t hash, struct table_walk *w)
{
	unsigned bits;

	w->cell = *table_bucket_cell(t, table_bucket(t, hash, &bits));
	w->rest = hash >> bits;
	return table_next(t, w);
}

#endif
