/* SPDX-License-Identifier: ISC */
/* Patterns of names in less room. */
#include <stdbool.h>
#include <string.h>

#include "cmd/flow-store/pack.h"

enum {
	CODES = 15,			/* of a text each */
	CODE_BYTE = 15			/* two nibbles of a byte follow */
};

/* The longest first, so that the first that fits is the best. */
static const struct code {
	uint8_t		 length;
	char		 text[5];
} codes[CODES] = {
	{ 4, "\0C\0c" }, { 3, "000" }, { 2, "00" }, { 1, "0" },
	{ 1, "1" }, { 1, "2" }, { 1, "3" }, { 1, "4" }, { 1, "5" },
	{ 1, "6" }, { 1, "7" }, { 1, "8" }, { 1, "9" }, { 1, "." },
	{ 1, "-" }
};

struct nibbles {
	char		*out;
	size_t		 n;		/* nibbles written */
};

static void
put(struct nibbles *o, unsigned code)
{
	if (o->n % 2 == 0)
		o->out[o->n / 2] = (char)(code << 4);
	else
		o->out[o->n / 2] = (char)((uint8_t)o->out[o->n / 2] | code);
	o->n++;
}

static unsigned
code_of(const char *p, size_t left)
{
	unsigned i;

	for (i = 0; i < CODES; i++)
		if (codes[i].length <= left &&
		    memcmp(codes[i].text, p, codes[i].length) == 0)
			return i;
	return CODE_BYTE;
}

size_t
pack_encode(char *out, const char *pattern, size_t length)
{
	struct nibbles o = { out, 0 };
	unsigned code;
	size_t i = 0;

	while (i < length) {
		if (o.n / 2 + 2 >= length)
			return 0;
		code = code_of(pattern + i, length - i);
		put(&o, code);
		if (code == CODE_BYTE) {
			put(&o, (uint8_t)pattern[i] >> 4);
			put(&o, (uint8_t)pattern[i] & 15);
			i++;
		} else {
			i += codes[code].length;
		}
	}
	if (o.n % 2 != 0)
		put(&o, CODE_BYTE);	/* with nothing behind it */
	return o.n / 2;
}

static unsigned
get(const char *packed, size_t n)
{
	uint8_t b = (uint8_t)packed[n / 2];

	return n % 2 == 0 ? b >> 4 : b & 15;
}

size_t
pack_decode(char *out, size_t size, const char *packed, size_t length)
{
	size_t i, n = 0, end = length * 2;
	const struct code *c;
	unsigned code;

	for (i = 0; i < end; i++) {
		code = get(packed, i);
		if (code != CODE_BYTE) {
			c = &codes[code];
			if (c->length > size - n)
				break;
			memcpy(out + n, c->text, c->length);
			n += c->length;
			continue;
		}
		if (i + 2 >= end || n == size)
			break;
		out[n++] = (char)(get(packed, i + 1) << 4 |
		    get(packed, i + 2));
		i += 2;
	}
	return n;
}
