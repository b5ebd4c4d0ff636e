/* SPDX-License-Identifier: ISC */
/*
 * Small objects of one size that come by the million.  They lie in chunks
 * and are known by a 32-bit number from 1 (0: none), half the size of a
 * pointer.  An object never moves.  Memory of deleted objects is used
 * again; it goes back to the system with arena_free().  Out of memory ends
 * the program.
 */
#ifndef LIBCOMMON_ARENA_H
#define LIBCOMMON_ARENA_H

#include <stddef.h>
#include <stdint.h>

enum {
	ARENA_SHIFT = 15,
	ARENA_CHUNK = 1 << ARENA_SHIFT	/* objects in a chunk */
};

struct arena {				/* zeroed but for size: empty */
	uint32_t	 size;		/* of an object, bytes, >= 4 */
	uint32_t	 live;		/* objects in use */
	uint32_t	 made;		/* objects ever used */
	uint32_t	 unused;	/* deleted ones, a list */
	uint8_t		**chunk;
	uint32_t	 chunks;
};

/* A new object, zeroed; its address is arena_at(). */
uint32_t	arena_new(struct arena *);
void		arena_delete(struct arena *, uint32_t);
void		arena_free(struct arena *);

static inline void *
arena_at(const struct arena *a, uint32_t i)
{
	i--;
	return a->chunk[i >> ARENA_SHIFT] +
	    (size_t)(i & (ARENA_CHUNK - 1)) * a->size;
}

#endif
