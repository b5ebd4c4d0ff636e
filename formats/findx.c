/* SPDX-License-Identifier: ISC */
/* Lines of a .findx file. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "formats/findx.h"
#include "libcommon/cursor.h"
#include "libcommon/record.h"

/* Digits up to the character `end`, which is passed over. */
static uint64_t
number(struct cursor *c, char end, unsigned *digits)
{
	uint64_t n = 0;
	uint8_t b;

	*digits = 0;
	while ((b = cursor_u8(c)) != (uint8_t)end && !c->bad) {
		if (b < '0' || b > '9' || n > (UINT64_MAX - 9) / 10)
			c->bad = true;
		n = n * 10 + (uint64_t)(b - '0');
		++*digits;
	}
	if (*digits == 0)
		c->bad = true;
	return n;
}

size_t
findx_encode(char line[FINDX_LINE_MAX], const struct findx *x)
{
	int64_t time = x->time == RECORD_NO_TIME ? 0 : x->time;
	int64_t s = time / 1000000000, ns = time % 1000000000;
	bool fine;

	if (ns < 0) {
		ns += 1000000000;
		s--;
	}
	fine = ns % 1000 != 0;
	return (size_t)snprintf(line, FINDX_LINE_MAX, "%" PRIu64 "|%" PRId64
	    ".%0*" PRId64 "|%" PRIu64 "\n", x->offset, s, fine ? 9 : 6,
	    fine ? ns : ns / 1000, x->length);
}

size_t
findx_decode(struct findx *x, const char *text, size_t length)
{
	unsigned digits, places;
	uint64_t s, fraction;
	struct cursor c;
	const uint8_t *sign;
	bool minus;

	cursor_init(&c, text, length < FINDX_LINE_MAX ? length :
	    FINDX_LINE_MAX);
	x->offset = number(&c, '|', &digits);
	sign = cursor_peek(&c, 1);
	minus = sign != NULL && *sign == '-';
	if (minus)
		cursor_skip(&c, 1);
	s = number(&c, '.', &digits);
	fraction = number(&c, '|', &places);
	x->length = number(&c, '\n', &digits);
	if (c.bad || (places != 6 && places != 9) || s > 9223372036)
		return 0;
	if (places == 6)
		fraction *= 1000;
	if (!minus && s == 9223372036 && fraction > 854775807)
		return 0;
	x->time = minus ? -(int64_t)s * 1000000000 : (int64_t)s * 1000000000;
	x->time += (int64_t)fraction;
	return (size_t)((const char *)c.at - text);
}
