/* SPDX-License-Identifier: ISC */
/*
 * Fuzz target: heads, trailers and the search for them.  What is found must
 * lie in the bytes, and a head's end must be found the other way too.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/http_search.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { FIELDS = 32 };

static void
inside(const uint8_t *p, size_t n, const struct http_text *t)
{
	const uint8_t *at = (const uint8_t *)t->at;

	if (at != NULL && (at < p || at > p + n ||
	    t->length > (size_t)(p + n - at)))
		abort();
}

static void
fuzz_fields(const uint8_t *p, size_t n, const struct http_head *h)
{
	struct http_text flat;
	char *buf = malloc(n + 1);
	size_t i;

	if (h->n > FIELDS)
		abort();
	for (i = 0; i < h->n; i++) {
		inside(p, n, &h->fields[i].name);
		inside(p, n, &h->fields[i].value);
		flat = http_text_unfold(&h->fields[i].value, buf);
		if (flat.length > h->fields[i].value.length)
			abort();
	}
	inside(p, n, &h->type);
	inside(p, n, &h->reason);
	inside(p, n, &h->target);
	free(buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_field fields[FIELDS];
	struct http_head h = { .fields = fields, .fields_max = FIELDS };
	const uint8_t none[2] = { 0, 0 }, line[2] = { 0, '\n' };
	int64_t length;
	size_t at;

	length = http_head_parse(&h, data, size);
	if (length > 0) {
		fuzz_fields(data, size, &h);
		if (http_head_end(none, data, size) != (size_t)length ||
		    http_head_start(h.kind, data, size) != 1)
			abort();
	}
	length = http_head_trailers(&h, data, size);
	if (length > 0) {
		fuzz_fields(data, size, &h);
		if (http_head_end(line, data, size) != (size_t)length)
			abort();
	}
	if (http_search(HTTP_UNKNOWN, data, size, &at) != HTTP_FOUND_NONE &&
	    at >= size)
		abort();
	return 0;
}
