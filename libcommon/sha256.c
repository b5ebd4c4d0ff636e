/* SPDX-License-Identifier: ISC */
/* SHA-256, FIPS 180-4 sections 4.1.2, 4.2.2, 5 and 6.2. */
#include <string.h>

#include "libcommon/bytes.h"
#include "libcommon/sha256.h"

/* Cube roots of the first 64 primes, 32 bits of each fraction. */
static const uint32_t sha256_k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
	0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
	0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
	0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
	0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
	0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
	0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

static uint32_t
rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

/* The message schedule, section 6.2.2 step 1. */
static void
sha256_schedule(uint32_t w[64], const uint8_t block[64])
{
	uint32_t a, b;
	unsigned i;

	for (i = 0; i < 16; i++)
		w[i] = be32_get(block + 4 * i);
	for (; i < 64; i++) {
		a = w[i - 15];
		b = w[i - 2];
		w[i] = (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10) + w[i - 7] +
		    (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 16];
	}
}

/* One round, section 6.2.2 step 3, with a to h turned by the caller. */
static inline void
sha256_round(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e,
    uint32_t f, uint32_t g, uint32_t *h, uint32_t kw)
{
	uint32_t t = *h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
	    (g ^ (e & (f ^ g))) + kw;

	*d += t;
	*h = t + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
	    ((a & b) | (c & (a | b)));
}

static void
sha256_block(uint32_t h[8], const uint8_t block[64])
{
	uint32_t w[64], v[8];
	unsigned i, j;

	sha256_schedule(w, block);
	memcpy(v, h, sizeof(v));
	for (i = 0; i < 64; i += 8) {
#pragma GCC unroll 8
		for (j = 0; j < 8; j++)
			sha256_round(v[-j & 7], v[(1 - j) & 7],
			    v[(2 - j) & 7], &v[(3 - j) & 7], v[(4 - j) & 7],
			    v[(5 - j) & 7], v[(6 - j) & 7], &v[(7 - j) & 7],
			    sha256_k[i + j] + w[i + j]);
	}
	for (i = 0; i < 8; i++)
		h[i] += v[i];
}

void
sha256_init(struct sha256 *s)
{
	static const uint32_t first[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
	};

	memcpy(s->h, first, sizeof(s->h));
	s->length = 0;
}

void
sha256_update(struct sha256 *s, const void *bytes, size_t length)
{
	const uint8_t *p = bytes;
	size_t have = s->length % 64, n;

	s->length += length;
	if (have > 0) {
		n = length < 64 - have ? length : 64 - have;
		memcpy(s->rest + have, p, n);
		if (have + n < 64)
			return;
		sha256_block(s->h, s->rest);
		p += n;
		length -= n;
	}
	for (; length >= 64; p += 64, length -= 64)
		sha256_block(s->h, p);
	if (length > 0)
		memcpy(s->rest, p, length);
}

void
sha256_final(struct sha256 *s, uint8_t digest[SHA256_SIZE])
{
	size_t have = s->length % 64, i;

	s->rest[have++] = 0x80;
	if (have > 56) {
		memset(s->rest + have, 0, 64 - have);
		sha256_block(s->h, s->rest);
		have = 0;
	}
	memset(s->rest + have, 0, 56 - have);
	be32_put(s->rest + 56, (uint32_t)(s->length >> 29));
	be32_put(s->rest + 60, (uint32_t)(s->length << 3));
	sha256_block(s->h, s->rest);
	for (i = 0; i < 8; i++)
		be32_put(digest + 4 * i, s->h[i]);
}

void
sha256(uint8_t digest[SHA256_SIZE], const void *bytes, size_t length)
{
	struct sha256 s;

	sha256_init(&s);
	sha256_update(&s, bytes, length);
	sha256_final(&s, digest);
}
