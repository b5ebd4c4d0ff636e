/* SPDX-License-Identifier: ISC */
/*
 * SHA-256 (FIPS 180-4), for the fingerprints of captures, so that the
 * suite needs no cryptographic library; flow-hash uses nettle.
 */
#ifndef LIBCOMMON_SHA256_H
#define LIBCOMMON_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32 };

struct sha256 {
	uint32_t	 h[8];
	uint64_t	 length;	/* bytes so far */
	uint8_t		 rest[64];	/* those that fill no block yet */
};

/* The digest of one run of bytes. */
void	sha256(uint8_t digest[SHA256_SIZE], const void *bytes, size_t length);

/* The same piece by piece. */
void	sha256_init(struct sha256 *);
void	sha256_update(struct sha256 *, const void *bytes, size_t length);
void	sha256_final(struct sha256 *, uint8_t digest[SHA256_SIZE]);

#endif
