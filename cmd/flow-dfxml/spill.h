/* SPDX-License-Identifier: ISC */
/*
 * Byte strings that are held until their stream closes: many of them, each
 * only appended to.  All together they take a bounded amount of memory; what
 * is beyond goes to a temporary file without a name, as long as that has room.
 */
#ifndef FLOW_DFXML_SPILL_H
#define FLOW_DFXML_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SPILL_MEMORY = 32 << 20 };	/* bytes held in memory, all strings */

struct spill {				/* the place for all strings */
	int		 file;		/* -1: there is none */
	bool		 full;		/* no more goes into it */
	uint64_t	 end;		/* of what the file holds */
	size_t		 memory;	/* bytes held in memory */
	size_t		 users;		/* strings with a part in the file */
};

struct spill_extent {
	uint64_t	 offset;
	size_t		 length;
};

struct spill_string {			/* zeroed: empty */
	uint8_t			*bytes;	/* the last part */
	size_t			 length, size;
	struct spill_extent	*extent; /* the parts before, in order */
	size_t			 extents;
};

/* Before confinement; without a writable directory all stays in memory. */
void	spill_open(struct spill *);
void	spill_close(struct spill *);

/* Out of memory ends the program. */
void	spill_append(struct spill *, struct spill_string *, const void *,
	    size_t);

/*
 * Give the string to `use` in order and in parts, and empty it.  0, or -1
 * with errno when it could not be read back.
 */
int	spill_drain(struct spill *, struct spill_string *,
	    void (*use)(void *, const uint8_t *, size_t), void *);

/* Is all of it in `bytes`? */
bool	spill_in_memory(const struct spill_string *);

#endif
