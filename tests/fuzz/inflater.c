/* SPDX-License-Identifier: ISC */
/*
 * Fuzz target: formats/inflater does what zlib's inflate() does.  The first
 * byte is the size of the pieces, 0: all at once.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "formats/inflater.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { FUZZ_MADE_MAX = 4 << 20 };

/* One call of each; false when it was the last. */
static bool
run_both(struct inflater *s, z_stream *z, const uint8_t **in, size_t *left)
{
	static uint8_t theirs[INFLATER_MADE];
	const uint8_t *ours = inflater_room(s);
	enum inflater_result result;
	size_t made;
	int want;

	z->next_out = theirs;
	z->avail_out = INFLATER_MADE;
	want = inflate(z, Z_NO_FLUSH);
	result = inflater_run(s, in, left, INFLATER_MADE, &made);
	if (made != INFLATER_MADE - z->avail_out ||
	    memcmp(ours, theirs, made) != 0)
		abort();
	if ((result == INFLATER_ERROR) != (want == Z_DATA_ERROR) ||
	    (result == INFLATER_ERROR && strcmp(s->error, z->msg) != 0))
		abort();
	if (want == Z_STREAM_END && z->avail_out > 0 &&
	    (result != INFLATER_END || *left != z->avail_in))
		abort();
	return result == INFLATER_MORE && want != Z_STREAM_END;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct inflater s;
	size_t at, step, n, left;
	z_stream z = { 0 };
	const uint8_t *in;
	bool more = true;

	if (size == 0)
		return 0;
	step = data[0] == 0 ? size : data[0];
	inflater_init(&s);
	inflater_begin(&s);
	inflateInit2(&z, -15);
	for (at = 1; at < size && more && z.total_out < FUZZ_MADE_MAX;
	    at += n) {
		n = size - at < step ? size - at : step;
		in = data + at;
		left = n;
		z.next_in = (Bytef *)(uintptr_t)in;
		z.avail_in = (uInt)n;
		do
			more = run_both(&s, &z, &in, &left);
		while (more && (left > 0 || z.avail_out == 0));
	}
	inflateEnd(&z);
	return 0;
}
