/* SPDX-License-Identifier: ISC */
/* The bytes of generated streams. */
#include <string.h>

#include "libcommon/bytes.h"
#include "tests/gen/random.h"

void
random_bytes(uint8_t *p, uint64_t seed, uint64_t offset, size_t n)
{
	uint8_t word[8];
	uint64_t i = offset / 8;
	size_t skip = offset % 8, k;

	while (n > 0) {
		if (skip == 0 && n >= 8) {
			le64_put(p, random_mix(seed ^ i++));
			p += 8;
			n -= 8;
			continue;
		}
		le64_put(word, random_mix(seed ^ i++));
		k = 8 - skip < n ? 8 - skip : n;
		memcpy(p, word + skip, k);
		p += k;
		n -= k;
		skip = 0;
	}
}
