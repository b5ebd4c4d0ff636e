/* SPDX-License-Identifier: ISC */
/* libcommon/digits: against printf(3), around every power of ten. */
#include <inttypes.h>
#include <stdio.h>

#include "libcommon/digits.h"
#include "tests/unit/unit.h"

static void
number(uint64_t v)
{
	char got[DIGITS_MAX + 2], want[DIGITS_MAX + 2];
	char *end;

	memset(got, '#', sizeof(got));
	end = digits_put(got, v);
	CHECK(*end == '#');
	*end = '\0';
	snprintf(want, sizeof(want), "%" PRIu64, v);
	CHECK_STR(got, want);
}

int
main(void)
{
	uint64_t power = 1;
	unsigned i;
	char got[4];

	for (i = 0; i < 100000; i++)
		number(i);
	for (i = 0; i < 20; i++, power *= 10) {
		number(power - 1);
		number(power);
		number(power + 1);
		number(power * 3 + 7);
	}
	number(UINT64_MAX);
	for (i = 0; i < 256; i++) {
		char want[4];

		*digits_octet(got, (uint8_t)i) = '\0';
		snprintf(want, sizeof(want), "%u", i);
		CHECK_STR(got, want);
	}
	return unit_status();
}
