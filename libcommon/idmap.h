/* SPDX-License-Identifier: ISC */
/*
 * Stream id -> pointer.  Open addressing with a seeded mix, so that ids
 * chosen by somebody else make no long runs.  The map does not own what the
 * pointers point to.  Out of memory ends the program.
 */
#ifndef LIBCOMMON_IDMAP_H
#define LIBCOMMON_IDMAP_H

#include <stddef.h>
#include <stdint.h>

struct idmap_slot {
	uint64_t	 id;
	void		*value;		/* NULL: empty slot */
};

struct idmap {				/* zeroed: an empty map */
	struct idmap_slot *slots;
	size_t		 size;		/* slots, a power of two */
	size_t		 used;
	uint64_t	 seed;
};

void	*idmap_get(const struct idmap *, uint64_t id);	/* NULL: none */
/* Set, replacing; value not NULL. */
void	 idmap_put(struct idmap *, uint64_t id, void *value);
/* Remove and return what was there, or NULL. */
void	*idmap_take(struct idmap *, uint64_t id);
/*
 * Every value in turn: start with *at = 0; NULL at the end.  The map must
 * not change meanwhile.
 */
void	*idmap_each(const struct idmap *, size_t *at);
void	 idmap_free(struct idmap *);

#endif
