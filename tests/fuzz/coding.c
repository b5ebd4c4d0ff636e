/* SPDX-License-Identifier: ISC */
/*
 * Fuzz target: the codings.  The first byte chooses the stack and the size
 * of the pieces.  What comes out keeps to the limits.
 */
#include <stdlib.h>

#include "formats/coding.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { FUZZ_SIZE_MAX = 1 << 20 };

static bool
fuzz_sink(void *arg, const uint8_t *bytes, size_t n)
{
	uint64_t *made = arg;

	(void)bytes;
	*made += n;
	return *made < FUZZ_SIZE_MAX / 2 || n < 100;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum coding_kind all[] = {
		CODING_GZIP, CODING_DEFLATE, CODING_BR, CODING_ZSTD
	};
	const struct coding_limits limits = { FUZZ_SIZE_MAX, 1000 };
	enum coding_kind kinds[2];
	struct coding_stack *s;
	uint64_t made = 0;
	size_t at, n, step;

	if (size == 0)
		return 0;
	kinds[0] = all[data[0] & 3];
	kinds[1] = all[data[0] >> 2 & 3];
	step = (data[0] & 0x20) != 0 ? 1 : size;
	s = coding_open(kinds, (data[0] & 0x10) != 0 ? 2 : 1, &limits);
	if (s == NULL)
		return 0;
	for (at = 1; at < size; at += n) {
		n = size - at < step ? size - at : step;
		if (coding_feed(s, data + at, n, fuzz_sink, &made) !=
		    CODING_GOING)
			break;
	}
	(void)coding_finish(s);
	if (coding_made(s) != made || made > FUZZ_SIZE_MAX)
		abort();
	coding_close(s);
	return 0;
}
