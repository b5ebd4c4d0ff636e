/* SPDX-License-Identifier: ISC */
/* Unit test: the cursor never leaves its bytes and remembers that it would. */
#include "libcommon/cursor.h"
#include "tests/unit/unit.h"

int
main(void)
{
	static const uint8_t b[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
	struct cursor c;

	cursor_init(&c, b, sizeof(b));
	CHECK(cursor_u8(&c) == 1);
	CHECK(cursor_be16(&c) == 0x0203);
	CHECK(cursor_le32(&c) == 0x07060504);
	CHECK(cursor_peek(&c, 4) == b + 7 && cursor_peek(&c, 5) == NULL);
	CHECK(!c.bad && cursor_left(&c) == 4);
	CHECK(cursor_le64(&c) == 0 && c.bad && cursor_left(&c) == 0);
	CHECK(cursor_u8(&c) == 0 && cursor_bytes(&c, 0) != NULL && c.bad);
	cursor_init(&c, b, sizeof(b));
	cursor_limit(&c, 3);
	CHECK(cursor_be32(&c) == 0 && c.bad);
	cursor_init(&c, b, sizeof(b));
	cursor_skip(&c, SIZE_MAX);
	CHECK(c.bad);
	return unit_status();
}
