/* SPDX-License-Identifier: ISC */
/*
 * Patterns of names in less room: a nibble for each digit, dot and dash, one
 * for two or three zeros, and one for the counter that most names end in.
 */
#include <stdbool.h>
#include <string.h>

#include "cmd/flow-store/pack.h"

enum {
	CODE_DOT = 10,
	CODE_DASH,
	CODE_00,
	CODE_000,
	CODE_COUNTER,
	CODE_BYTE			/* two nibbles of a byte follow */
};

static const char counter[4] = "\0C\0c";

static const struct code {
	uint8_t		 length;
	char		 text[5];
} codes[CODE_BYTE] = {
	{ 1, "0" }, { 1, "1" }, { 1, "2" }, { 1, "3" }, { 1, "4" },
	{ 1, "5" }, { 1, "6" }, { 1, "7" }, { 1, "8" }, { 1, "9" },
	{ 1, "." }, { 1, "-" }, { 2, "00" }, { 3, "000" }, { 4, "\0C\0c" }
};

struct nibbles {
	uint8_t		*out;
	size_t		 n;		/* nibbles written */
};

static inline void
put(struct nibbles *o, unsigned code)
{
	if (o->n % 2 == 0)
		o->out[o->n / 2] = (uint8_t)(code << 4);
	else
		o->out[o->n / 2] |= (uint8_t)code;
	o->n++;
}

/* The code for what stands at p; how much of it is in *length. */
static inline unsigned
code_of(const char *p, size_t left, size_t *length)
{
	*length = 1;
	if (*p > '0' && *p <= '9')
		return (unsigned)(*p - '0');
	if (*p == '.')
		return CODE_DOT;
	if (*p == '-')
		return CODE_DASH;
	if (*p == '0') {
		while (*length < 3 && *length < left && p[*length] == '0')
			++*length;
		return *length == 1 ? 0 : *length == 2 ? CODE_00 : CODE_000;
	}
	if (left < sizeof(counter) ||
	    memcmp(p, counter, sizeof(counter)) != 0)
		return CODE_BYTE;
	*length = sizeof(counter);
	return CODE_COUNTER;
}

static inline unsigned
get(const char *packed, size_t n)
{
	uint8_t b = (uint8_t)packed[n / 2];

	return n % 2 == 0 ? b >> 4 : b & 15;
}

size_t
pack_encode(char *out, const char *pattern, size_t length)
{
	struct nibbles o = { (uint8_t *)out, 0 };
	size_t i, part;
	unsigned code;

	for (i = 0; i < length; i += part) {
		if (o.n / 2 + 2 >= length)
			return 0;
		code = code_of(pattern + i, length - i, &part);
		put(&o, code);
		if (code == CODE_BYTE) {
			put(&o, (uint8_t)pattern[i] >> 4);
			put(&o, (uint8_t)pattern[i] & 15);
		}
	}
	if (o.n % 2 != 0)
		put(&o, CODE_BYTE);	/* with nothing behind it */
	return o.n / 2;
}

size_t
pack_decode(char *out, size_t size, const char *packed, size_t length)
{
	size_t i, n = 0, end = length * 2;
	unsigned code;

	for (i = 0; i < end && size - n >= sizeof(codes[0].text); i++) {
		code = get(packed, i);
		if (code != CODE_BYTE) {
			memcpy(out + n, codes[code].text,
			    sizeof(codes[0].text));
			n += codes[code].length;
			continue;
		}
		if (i + 2 >= end)
			break;
		out[n++] = (char)(get(packed, i + 1) << 4 |
		    get(packed, i + 2));
		i += 2;
	}
	return n;
}
