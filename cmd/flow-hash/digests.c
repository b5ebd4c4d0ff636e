/* SPDX-License-Identifier: ISC */
/* MD5, SHA-1 and SHA-256 by nettle. */
#include <stdlib.h>
#include <string.h>

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <nettle/version.h>

#include "cmd/flow-hash/digests.h"

#define TEXT(x)		#x
#define VERSION_OF(a, b) TEXT(a) "." TEXT(b)

const char digests_version[] =
    VERSION_OF(NETTLE_VERSION_MAJOR, NETTLE_VERSION_MINOR);

/* A state has room for the algorithms of its set alone, in this order. */
struct digests {
	size_t	at[DIGEST_ALGORITHMS];	/* of each state, in bytes */
	max_align_t state[];
};

static const size_t sizes[DIGEST_ALGORITHMS] = {
	[DIGEST_MD5] = sizeof(struct md5_ctx),
	[DIGEST_SHA1] = sizeof(struct sha1_ctx),
	[DIGEST_SHA256] = sizeof(struct sha256_ctx)
};

static size_t
digests_size(unsigned set, size_t at[DIGEST_ALGORITHMS])
{
	size_t size = 0;
	int i;

	for (i = DIGEST_MD5; i < DIGEST_ALGORITHMS; i++) {
		at[i] = size;
		if ((set & 1U << i) != 0)
			size += (sizes[i] + sizeof(max_align_t) - 1) /
			    sizeof(max_align_t) * sizeof(max_align_t);
	}
	return size;
}

static void *
state(struct digests *d, int algorithm)
{
	return (uint8_t *)d->state + d->at[algorithm];
}

struct digests *
digests_new(unsigned set)
{
	size_t at[DIGEST_ALGORITHMS] = { 0 };
	struct digests *d = calloc(1, sizeof(*d) + digests_size(set, at));

	if (d == NULL)
		return NULL;
	memcpy(d->at, at, sizeof(at));
	if ((set & 1U << DIGEST_MD5) != 0)
		md5_init(state(d, DIGEST_MD5));
	if ((set & 1U << DIGEST_SHA1) != 0)
		sha1_init(state(d, DIGEST_SHA1));
	if ((set & 1U << DIGEST_SHA256) != 0)
		sha256_init(state(d, DIGEST_SHA256));
	return d;
}

struct digests *
digests_copy(const struct digests *d, unsigned set)
{
	size_t at[DIGEST_ALGORITHMS] = { 0 };
	size_t size = sizeof(*d) + digests_size(set, at);
	struct digests *copy = malloc(size);

	if (copy != NULL)
		memcpy(copy, d, size);
	return copy;
}

void
digests_update(struct digests *d, unsigned set, const void *bytes, size_t n)
{
	if ((set & 1U << DIGEST_MD5) != 0)
		md5_update(state(d, DIGEST_MD5), n, bytes);
	if ((set & 1U << DIGEST_SHA1) != 0)
		sha1_update(state(d, DIGEST_SHA1), n, bytes);
	if ((set & 1U << DIGEST_SHA256) != 0)
		sha256_update(state(d, DIGEST_SHA256), n, bytes);
}

void
digests_zeros(struct digests *d, unsigned set, uint64_t n)
{
	static const uint8_t zeros[65536];
	size_t some;

	for (; n > 0; n -= some) {
		some = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);
		digests_update(d, set, zeros, some);
	}
}

size_t
digests_value(struct digests *d, uint16_t algorithm,
    uint8_t value[DIGESTS_VALUE])
{
	switch (algorithm) {
	case DIGEST_MD5:
		md5_digest(state(d, DIGEST_MD5), MD5_DIGEST_SIZE, value);
		return MD5_DIGEST_SIZE;
	case DIGEST_SHA1:
		sha1_digest(state(d, DIGEST_SHA1), SHA1_DIGEST_SIZE, value);
		return SHA1_DIGEST_SIZE;
	case DIGEST_SHA256:
		sha256_digest(state(d, DIGEST_SHA256), SHA256_DIGEST_SIZE,
		    value);
		return SHA256_DIGEST_SIZE;
	default:
		return 0;
	}
}
