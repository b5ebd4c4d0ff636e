/* SPDX-License-Identifier: ISC */
/* Numbers as text. */
#include "libcommon/digits.h"

const char digits_pairs[200] =
    "0001020304050607080910111213141516171819"
    "2021222324252627282930313233343536373839"
    "4041424344454647484950515253545556575859"
    "6061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

static unsigned
digits_count(uint64_t v)
{
	unsigned n = 1;

	while (v >= 10000) {
		v /= 10000;
		n += 4;
	}
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

char *
digits_put(char at[DIGITS_MAX], uint64_t v)
{
	char *end, *p;

	if (v < 10) {
		*at = (char)('0' + v);
		return at + 1;
	}
	p = end = at + digits_count(v);
	for (; v >= 100; v /= 100) {
		p -= 2;
		memcpy(p, digits_pairs + 2 * (v % 100), 2);
	}
	if (v >= 10)
		memcpy(at, digits_pairs + 2 * v, 2);
	else
		*at = (char)('0' + v);
	return end;
}
