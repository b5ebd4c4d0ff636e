/* SPDX-License-Identifier: ISC */
/*
 * Numbers as text, two digits at a time.  There are a dozen in what is
 * written of each of a million flows.
 */
#ifndef LIBCOMMON_DIGITS_H
#define LIBCOMMON_DIGITS_H

#include <stdint.h>
#include <string.h>

enum { DIGITS_MAX = 20 };		/* of a number of 64 bits */

/* "00" to "99". */
extern const char digits_pairs[200];

/* The last two digits of v; returns the place behind them. */
static inline char *
digits_two(char *at, unsigned v)
{
	memcpy(at, digits_pairs + 2 * (v % 100), 2);
	return at + 2;
}

/* A number in decimal; returns the place behind it.  There is no NUL. */
char	*digits_put(char at[DIGITS_MAX], uint64_t);

/* The same of an octet. */
static inline char *
digits_octet(char *at, uint8_t v)
{
	if (v >= 100)
		*at++ = (char)('0' + v / 100);
	if (v >= 10)
		return digits_two(at, v);
	*at++ = (char)('0' + v);
	return at;
}

#endif
