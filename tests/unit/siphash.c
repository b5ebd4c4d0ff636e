/* SPDX-License-Identifier: ISC */
/* SipHash-1-3: the reference function's results. */
#include <string.h>

#include "libcommon/siphash.h"
#include "tests/unit/unit.h"

int
main(void)
{
	struct siphash_key key, a, b;
	uint8_t bytes[64];
	uint64_t word[5];
	unsigned i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	memcpy(&key, bytes, sizeof(key));
	memcpy(word, bytes, sizeof(word));
	CHECK(siphash(&key, word, 0) == 0xabac0158050fc4dc);
	CHECK(siphash(&key, word, 1) == 0x369095118d299a8e);
	CHECK(siphash(&key, word, 2) == 0xcc4fdd1a7d908b66);
	CHECK(siphash(&key, word, 5) == 0xc1d2363299e41531);
	siphash_seed(&a);
	siphash_seed(&b);
	CHECK(memcmp(&a, &b, sizeof(a)) != 0);
	return unit_status();
}
