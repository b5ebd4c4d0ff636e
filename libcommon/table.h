/* SPDX-License-Identifier: ISC */
/*
 * A hash table of small entries, with orders of last activity.
 *
 * There may be millions of entries and each lies somewhere in memory, so
 * what costs is not to compute but to wait for memory.  A bucket is one
 * line of the processor's cache (64 bytes): fifteen cells, each the number
 * of an entry beside eight bits of its hash, so that an entry that is not
 * meant is passed over unseen 255 times in 256.  To look for what is not
 * there takes one line, to find what is there the entry's besides.
 *
 * Linear hashing (Litwin, 1980): the table grows by one bucket at a time,
 * so that it never holds two copies of itself and never stops to rehash;
 * TABLE_LOAD entries for each bucket, those that do not fit in lines of
 * their own behind it.  The bits that decide where an entry goes when its
 * bucket is split are kept beside the entry's place in its order.
 *
 * An order is a list from the entry that was touched longest ago to the one
 * touched last.  An entry is in one order at a time, or in none.
 *
 * Entries come in two sizes (TABLE_SIZES), each in an arena of its own; one
 * bit of a reference says which.  An entry takes 16 bytes beside its own.
 * Out of memory ends the program.
 */
#ifndef LIBCOMMON_TABLE_H
#define LIBCOMMON_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libcommon/arena.h"

enum {
	TABLE_SIZES = 2,
	TABLE_CELLS = 15,		/* of a bucket */
	TABLE_LOAD = 9,			/* entries for each bucket */
	TABLE_BITS_MIN = 4,		/* log2 of buckets: from this... */
	TABLE_BITS_MAX = 20,		/* ...to this */
	TABLE_NUMBER_BITS = 23,
	TABLE_MAX = (1 << TABLE_NUMBER_BITS) - 1, /* entries of each size */
	TABLE_SECOND = 1 << TABLE_NUMBER_BITS, /* reference: second size */
	TABLE_REF = 2 * TABLE_SECOND - 1, /* bits of a reference */
	TABLE_TAG_SHIFT = TABLE_NUMBER_BITS + 1
};

/* A cell is a reference and, above it, a tag: bits of the hash. */
struct table_line {
	uint32_t	 cell[TABLE_CELLS]; /* the newest first, 0: none */
	uint32_t	 more;		/* line for older ones, 0: none */
};

struct table_link {
	uint64_t	 older : 24, newer : 24; /* in the order */
	uint64_t	 hash : 16;	/* above TABLE_BITS_MIN bits */
};

struct table_order {			/* zeroed: empty */
	uint32_t	 oldest, newest;
};

struct table {
	struct arena	 entries[TABLE_SIZES];
	struct arena	 links[TABLE_SIZES];
	struct arena	 buckets;	/* struct table_line, from 1 */
	struct arena	 more;		/* struct table_line */
	uint32_t	 mask;		/* buckets before this round, less 1 */
	unsigned	 bits;		/* in mask */
	uint32_t	 used;		/* entries */
};

/* A walk over the entries that may have a hash, the newest first. */
struct table_walk {
	const struct table_line *line;
	unsigned	 at;		/* the next cell */
	uint32_t	 tag;
};

/* Entries are of these sizes (the second may be 0: none). */
void	table_init(struct table *, uint32_t size, uint32_t second_size);
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
	return arena_at(&t->entries[ref >> TABLE_NUMBER_BITS], ref & TABLE_MAX);
}

static inline struct table_link *
table_link(const struct table *t, uint32_t ref)
{
	return arena_at(&t->links[ref >> TABLE_NUMBER_BITS], ref & TABLE_MAX);
}

static inline uint32_t
table_tag(uint64_t hash)
{
	return (uint32_t)(hash >> 32) >> TABLE_TAG_SHIFT;
}

/* The bucket of a hash. */
static inline struct table_line *
table_bucket(const struct table *t, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (t->mask << 1 | 1);

	/* Not split in this round yet? */
	if (i >= t->buckets.made)
		i &= t->mask;
	return arena_at(&t->buckets, i + 1);
}

/* The next entry that may have the hash, 0: none. */
static inline uint32_t
table_next(const struct table *t, struct table_walk *w)
{
	uint32_t cell;

	for (;;) {
		while (w->at < TABLE_CELLS &&
		    (cell = w->line->cell[w->at]) != 0) {
			w->at++;
			if (cell >> TABLE_TAG_SHIFT == w->tag)
				return cell & TABLE_REF;
		}
		if (w->line->more == 0)
			return 0;
		w->line = arena_at(&t->more, w->line->more);
		w->at = 0;
	}
}

static inline uint32_t
table_first(const struct table *t, uint64_t hash, struct table_walk *w)
{
	w->line = table_bucket(t, hash);
	w->at = 0;
	w->tag = table_tag(hash);
	return table_next(t, w);
}

#endif
