/* SPDX-License-Identifier: ISC */
/*
 * Patterns of names in less room, for hundreds of thousands of streams:
 * two of the characters that names are mostly made of take one byte.
 */
#ifndef FLOW_STORE_PACK_H
#define FLOW_STORE_PACK_H

#include <stddef.h>

enum { PACK_GROWTH = 4 };

/*
 * Pack; returns the packed length, or 0 when it would not be less than the
 * pattern's own.  `out` has room for `length` bytes.
 */
size_t	pack_encode(char *out, const char *pattern, size_t length);

/*
 * Unpack; returns the length.  `out` has room for PACK_GROWTH times the
 * packed length, all of which may be written to.
 */
size_t	pack_decode(char *out, const char *packed, size_t length);

#endif
