/* SPDX-License-Identifier: ISC */
/*
 * formats/dfxml: whatever the text, what comes out is characters that XML
 * allows, in UTF-8, without markup, and tells the text back.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/dfxml.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
hex(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One character of an escaped text; what it takes. */
static size_t
unescape(uint8_t *out, const char *p, size_t n)
{
	static const struct { const char *name; char c; } entities[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&apos;", '\'' }, { "&quot;", '"' }
	};
	size_t i, length;

	for (i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		length = strlen(entities[i].name);
		if (n >= length && memcmp(p, entities[i].name, length) == 0) {
			*out = (uint8_t)entities[i].c;
			return length;
		}
	}
	if (*p == '%' && n > 2 && hex((uint8_t)p[1]) >= 0 &&
	    hex((uint8_t)p[2]) >= 0) {
		*out = (uint8_t)(hex((uint8_t)p[1]) << 4 |
		    hex((uint8_t)p[2]));
		return 3;
	}
	if (strchr("&<>'\"", *p) != NULL || (uint8_t)*p < 0x20)
		abort();
	*out = (uint8_t)*p;
	return 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dfxml x = { 0 };
	uint8_t *back = malloc(size + 1);
	size_t at = 0, n = 0;

	dfxml_text(&x, data, size);
	while (at < x.length) {
		if (n == size)
			abort();
		at += unescape(&back[n++], x.text + at, x.length - at);
	}
	if (n != size || memcmp(back, data, size) != 0)
		abort();
	dfxml_free(&x);
	free(back);
	return 0;
}
