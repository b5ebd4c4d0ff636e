/* SPDX-License-Identifier: ISC */
/*
 * Fuzz target: chunk framing gives the same chunks in one piece and byte by
 * byte.
 */
#include <stdlib.h>

#include "formats/http_chunk.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A sum over the chunks and how they ended. */
static uint64_t
fuzz_chunks(const uint8_t *p, size_t n, size_t step)
{
	struct http_chunk c = { 0 };
	enum http_chunk_event event;
	uint64_t sum = 0;
	size_t at = 0, used, m;

	while (at < n) {
		m = n - at < step ? n - at : step;
		if (c.state == HTTP_CHUNK_BYTES) {
			m = m < c.left ? m : (size_t)c.left;
			http_chunk_take(&c, m);
			at += m;
			continue;
		}
		event = http_chunk_next(&c, p + at, m, &used);
		if (used > m)
			abort();
		at += used;
		if (event == HTTP_CHUNK_DATA)
			sum = sum * 31 + c.left;
		if (event == HTTP_CHUNK_LAST || event == HTTP_CHUNK_BAD)
			return sum * 4 + (uint64_t)event + (uint64_t)at * 8;
	}
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)fuzz_chunks(data, size, 3);
	if (fuzz_chunks(data, size, size) != fuzz_chunks(data, size, 1))
		abort();
	return 0;
}
