/* SPDX-License-Identifier: ISC */
/*
 * The lines of a .findx file: which packet brought which bytes of a file.
 *
 *	byte-index|seconds.fraction|length
 *
 * Decimal numbers; six digits of fraction, nine where the time is finer
 * than a microsecond.
 */
#ifndef FORMATS_FINDX_H
#define FORMATS_FINDX_H

#include <stddef.h>
#include <stdint.h>

enum { FINDX_LINE_MAX = 64 };		/* bytes, with the newline */

struct findx {
	uint64_t	 offset;	/* in the file, bytes */
	int64_t		 time;		/* ns since the epoch; RECORD_NO_TIME
					 * is written as the epoch */
	uint64_t	 length;	/* bytes */
};

/* Write the line; returns its length. */
size_t	findx_encode(char[FINDX_LINE_MAX], const struct findx *);

/*
 * Read the line that begins at text; returns its length with the newline,
 * 0 when there is no whole line or it is malformed.
 */
size_t	findx_decode(struct findx *, const char *text, size_t length);

#endif
