/* SPDX-License-Identifier: ISC */
/*
 * Numbers that look random and depend on a seed alone, and the bytes of
 * streams: any part of a stream can be had at any time, so that nothing
 * has to be kept for retransmissions or digests.
 */
#ifndef TESTS_GEN_RANDOM_H
#define TESTS_GEN_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The finaliser of splitmix64: every bit of x bears on every bit. */
static inline uint64_t
random_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* The next number of a sequence. */
static inline uint64_t
random_next(uint64_t *state)
{
	return random_mix((*state)++ * 0x2545f4914f6cdd1d);
}

/* One of 0 to n - 1. */
static inline uint64_t
random_below(uint64_t *state, uint64_t n)
{
	return random_next(state) % n;
}

/* Bytes [offset, offset + n) of the stream of that seed. */
void	random_bytes(uint8_t *, uint64_t seed, uint64_t offset, size_t n);

#endif
