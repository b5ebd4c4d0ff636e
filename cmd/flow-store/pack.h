/* SPDX-License-Identifier: ISC */
/*
 * Patterns of names in less room, for hundreds of thousands of streams:
 * what names are mostly made of takes four bits.
 */
#ifndef FLOW_STORE_PACK_H
#define FLOW_STORE_PACK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Pack; returns the packed length, or 0 when it would not be less than the
 * pattern's own.
 */
size_t	pack_encode(char *out, const char *pattern, size_t length);

/*
 * Unpack; returns the length; writes at most `size` bytes, of which the last
 * four may stay unused and up to four more than the length are scratch.
 */
size_t	pack_decode(char *out, size_t size, const char *packed,
	    size_t length);

#endif
