/* SPDX-License-Identifier: ISC */
/*
 * Just enough compression to make test data: DEFLATE with fixed codes (RFC
 * 1951 section 3.2.6) in a gzip member (RFC 1952).
 */
#ifndef TESTS_GEN_DEFLATE_H
#define TESTS_GEN_DEFLATE_H

#include <stddef.h>
#include <stdint.h>

/* The most that n bytes can become. */
static inline size_t
deflate_bound(size_t n)
{
	return n + n / 7 + 64;
}

/* Returns the length of the gzip member at `out`. */
size_t	deflate_gzip(uint8_t *out, const uint8_t *bytes, size_t n);

#endif
