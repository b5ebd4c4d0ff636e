/* SPDX-License-Identifier: ISC */
/*
 * The members of one JSON object, each taken once.  A member that is not
 * there gives the caller's `otherwise`; one that does not fit sets `error`,
 * of which the first is kept.  What nobody has taken is an error too, so a
 * misspelt member is found.
 */
#ifndef FLOW_JSON_MEMBERS_H
#define FLOW_JSON_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "cmd/flow-json/names.h"

enum { MEMBERS_MAX = 64, MEMBERS_ERROR = 200 };

struct members {
	json_t	*object;		/* borrowed; members are removed */
	json_t	*taken[MEMBERS_MAX];	/* owned */
	size_t	 n;
	char	 error[MEMBERS_ERROR];	/* "": none */
};

void	members_init(struct members *, json_t *object);
/* Complain about what is left, let go of what was taken; error stays. */
void	members_done(struct members *);
void	members_error(struct members *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A member's value, or NULL; it is the object's until members_done(). */
json_t	*members_take(struct members *, const char *key);
bool	 members_have(const struct members *, const char *key);

/* Numbers may be written as text, decimal or 0x hexadecimal. */
uint64_t	members_unsigned(struct members *, const char *key,
		    uint64_t otherwise, uint64_t max);
int64_t		members_signed(struct members *, const char *key,
		    int64_t otherwise);
bool		members_bool(struct members *, const char *key, bool);
/* Nanoseconds, null for none, or "2008-10-06T17:54:54.796605Z". */
int64_t		members_time(struct members *, const char *key, int64_t);
/* The sum of the words of an array, or of a single word. */
uint32_t	members_bits(struct members *, const char *key,
		    const struct names_bit *, uint32_t otherwise);
/* A word by `number`, -1 unknown, or a number. */
uint32_t	members_word(struct members *, const char *key,
		    int (*number)(const char *), uint32_t otherwise,
		    uint32_t max);
/* UTF-8, NUL-terminated, or NULL. */
const char	*members_string(struct members *, const char *key);

/*
 * Bytes written as U+0000-U+00FF, or as pairs of hexadecimal digits.
 * Returns how many went into buf; more than size is an error.
 */
size_t	members_text(struct members *, const char *key, uint8_t *buf,
	    size_t size);
size_t	members_hex(struct members *, const char *key, uint8_t *buf,
	    size_t size);

#endif
