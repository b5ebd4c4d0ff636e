/* SPDX-License-Identifier: ISC */
/*
 * SipHash-1-3 (Aumasson and Bernstein, 2012): a keyed hash for tables whose
 * keys come from outside, so that nobody can choose keys that collide.
 */
#ifndef LIBCOMMON_SIPHASH_H
#define LIBCOMMON_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t	 k[2];
};

/* A key from the system's random source. */
void		siphash_seed(struct siphash_key *);

/*
 * The hash of n words.  The tables' keys are made of whole words, so there
 * is no tail of bytes; the result is that of the reference function for
 * the same bytes in little-endian order.
 */
uint64_t	siphash(const struct siphash_key *, const uint64_t *, size_t n);

#endif
