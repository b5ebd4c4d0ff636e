/* SPDX-License-Identifier: ISC */
/* SipHash-1-3 over whole words. */
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "libcommon/siphash.h"

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t
rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v2 = rotate(s->v2, 32);
}

static inline void
sip_word(struct sip *s, uint64_t m)
{
	s->v3 ^= m;
	sip_round(s);
	s->v0 ^= m;
}

void
siphash_seed(struct siphash_key *key)
{
	struct timespec now;

	if (getrandom(key, sizeof(*key), 0) == (ssize_t)sizeof(*key))
		return;
	/* No random source: something that differs from run to run. */
	clock_gettime(CLOCK_REALTIME, &now);
	key->k[0] = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec;
	key->k[1] = (uint64_t)getpid() << 32 ^ (uintptr_t)key;
}

uint64_t
siphash(const struct siphash_key *key, const uint64_t *word, size_t n)
{
	struct sip s = {
		key->k[0] ^ 0x736f6d6570736575, key->k[1] ^ 0x646f72616e646f6d,
		key->k[0] ^ 0x6c7967656e657261, key->k[1] ^ 0x7465646279746573
	};
	size_t i;

	for (i = 0; i < n; i++)
		sip_word(&s, word[i]);
	sip_word(&s, (uint64_t)n * 8 << 56);
	s.v2 ^= 0xff;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
