/* SPDX-License-Identifier: ISC */
/*
 * Patterns of names in less room.  A packed byte is two characters that have
 * a code, or one and no second; a byte without a first one is a mark: the
 * counter that most names end in, or that the next byte is a character.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "cmd/flow-store/pack.h"

enum { MARK_BYTE = 0, MARK_COUNTER = 1 };

static const char counter[4] = "\0C\0c";

/* 0: no code. */
static const uint8_t codes[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6,
	['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10, ['.'] = 11, ['-'] = 12,
	[':'] = 13, ['/'] = 14, ['T'] = 15
};

static const char characters[] = " 0123456789.-:/T";

static bool
is_counter(const char *p, size_t left)
{
	return left >= sizeof(counter) &&
	    memcmp(p, counter, sizeof(counter)) == 0;
}

size_t
pack_encode(char *out, const char *pattern, size_t length)
{
	size_t i = 0, n = 0;
	unsigned first, second;

	while (i < length) {
		if (n + 2 >= length)
			return 0;
		first = codes[(uint8_t)pattern[i]];
		second = i + 1 < length ? codes[(uint8_t)pattern[i + 1]] : 0;
		if (first != 0) {
			out[n++] = (char)(first << 4 | second);
			i += second != 0 ? 2 : 1;
		} else if (is_counter(pattern + i, length - i)) {
			out[n++] = MARK_COUNTER;
			i += sizeof(counter);
		} else {
			out[n++] = MARK_BYTE;
			out[n++] = pattern[i++];
		}
	}
	return n;
}

size_t
pack_decode(char *out, const char *packed, size_t length)
{
	const uint8_t *p = (const uint8_t *)packed, *end = p + length;
	char *start = out;
	unsigned b;

	while (p < end) {
		b = *p++;
		if (b > 15) {
			out[0] = characters[b >> 4];
			out[1] = characters[b & 15];
			out += (b & 15) != 0 ? 2 : 1;
		} else if (b == MARK_COUNTER) {
			memcpy(out, counter, sizeof(counter));
			out += sizeof(counter);
		} else if (p < end) {
			*out++ = (char)*p++;
		}
	}
	return (size_t)(out - start);
}
