/* SPDX-License-Identifier: ISC */
/* libcommon/utf8: bytes out of JSON strings. */
#include <stdint.h>

#include "libcommon/utf8.h"
#include "tests/unit/unit.h"

int
main(void)
{
	uint8_t out[16];

	CHECK(utf8_bytes(out, "", 0) == 0);
	CHECK(utf8_bytes(out, "a\0b", 3) == 3 &&
	    memcmp(out, "a\0b", 3) == 0);
	CHECK(utf8_bytes(out, "\302\200\303\277", 4) == 2 &&
	    memcmp(out, "\x80\xff", 2) == 0);
	CHECK(utf8_bytes(out, "x\304\200", 3) == SIZE_MAX);
	CHECK(utf8_bytes(out, "\342\202\254", 3) == SIZE_MAX);
	CHECK(utf8_bytes(out, "\360\237\220\242", 4) == SIZE_MAX);
	return unit_status();
}
