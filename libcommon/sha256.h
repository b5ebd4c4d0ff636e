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

/* The digest of one run of bytes. */
void	sha256(uint8_t digest[SHA256_SIZE], const void *bytes, size_t length);

#endif
