/* SPDX-License-Identifier: ISC */
/* Bytes from the wire out of JSON strings. */
#include "libcommon/cursor.h"
#include "libcommon/utf8.h"

size_t
utf8_bytes(uint8_t *out, const char *text, size_t n)
{
	struct cursor c;
	size_t used = 0;
	uint8_t byte;

	cursor_init(&c, text, n);
	while (cursor_left(&c) > 0) {
		byte = cursor_u8(&c);
		if (byte >= 0xc4)	/* U+0100 and more */
			return SIZE_MAX;
		if (byte >= 0xc2)
			byte = (uint8_t)(byte << 6 |
			    (cursor_u8(&c) & 0x3f));
		out[used++] = byte;
	}
	return used;
}
