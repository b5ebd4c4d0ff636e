/* SPDX-License-Identifier: ISC */
/*
 * Patterns of NAME records (formats/flow.h) and their counters.  The counter
 * of a pattern goes up from 0 until the name is free; the last one is
 * remembered for many patterns (not all: memory is bounded), so that the
 * thousandth connection of the same name does not try a thousand.
 */
#ifndef FLOW_STORE_NAMES_H
#define FLOW_STORE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NAMES_PATTERN_MAX = 32768,	/* bytes of a pattern */
	NAMES_PATH_MAX = 65536,		/* bytes of a path, its NUL counted */
	NAMES_MEMORY = 65536		/* counters remembered */
};

#define NAMES_TOO_LONG	SIZE_MAX

struct names_slot {
	uint64_t	 hash;
	uint32_t	 next;		/* first counter not yet tried */
};

struct names {				/* zeroed: remembers nothing */
	struct names_slot *slot;	/* NAMES_MEMORY, or NULL */
	uint64_t	 seed;
};

/*
 * The path of a pattern with its counter filled in, NUL-terminated.  A
 * pattern without a counter has "c" and the counter at its end when that is
 * not 0.  Returns its length, or NAMES_TOO_LONG.
 */
size_t	names_path(char[NAMES_PATH_MAX], const char *pattern,
	    size_t length, uint32_t count);

/* The counter to try first. */
uint32_t	names_first(const struct names *, const char *pattern,
		    size_t length);

/* This counter was used. */
void	names_took(struct names *, const char *pattern, size_t length,
	    uint32_t count);

void	names_free(struct names *);

#endif
