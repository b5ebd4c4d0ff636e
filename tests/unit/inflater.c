/* SPDX-License-Identifier: ISC */
/*
 * Unit test: formats/inflater against zlib's inflate(), with every kind of
 * block, whole and damaged, in pieces and with little room: what comes out
 * of each piece, how it ends, and what is said of it.
 */
#include <stdlib.h>
#include <zlib.h>

#include "formats/inflater.h"
#include "tests/unit/unit.h"

enum { TEXT = 100000, ROOM = TEXT + 5000, DAMAGES = 400 };

static uint8_t text[TEXT], packed[ROOM], theirs[INFLATER_MADE];
static struct inflater inflater;

static size_t
deflated(size_t n, int level, int strategy)
{
	z_stream z = { 0 };

	deflateInit2(&z, level, Z_DEFLATED, -15, 8, strategy);
	z.next_in = text;
	z.avail_in = (uInt)n;
	z.next_out = packed;
	z.avail_out = ROOM;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	n = z.total_out;
	deflateEnd(&z);
	return n;
}

/* One call of each; false when it was the last. */
static bool
same_run(z_stream *z, const uint8_t **in, size_t *left, size_t room)
{
	const uint8_t *ours = inflater_room(&inflater);
	enum inflater_result result;
	size_t made;
	int want;

	z->next_out = theirs;
	z->avail_out = (uInt)room;
	want = inflate(z, Z_NO_FLUSH);
	result = inflater_run(&inflater, in, left, room, &made);
	CHECK(made == room - z->avail_out);
	CHECK(made != room - z->avail_out ||
	    memcmp(ours, theirs, made) == 0);
	CHECK((result == INFLATER_ERROR) == (want == Z_DATA_ERROR));
	if (result == INFLATER_ERROR && want == Z_DATA_ERROR)
		CHECK_STR(inflater.error, z->msg);
	/* With no room left, zlib looks ahead for an end, we do not. */
	if (result != INFLATER_ERROR && z->avail_out > 0) {
		CHECK((result == INFLATER_END) == (want == Z_STREAM_END));
		CHECK(want != Z_STREAM_END || *left == z->avail_in);
	}
	return result == INFLATER_MORE && want != Z_DATA_ERROR &&
	    want != Z_STREAM_END;
}

/* Pieces of `step`, at most `room` bytes out of each call. */
static void
same(size_t n, size_t step, size_t room)
{
	z_stream z = { 0 };
	const uint8_t *in;
	size_t at, piece, left;
	bool more = true;

	inflateInit2(&z, -15);
	inflater_begin(&inflater);
	for (at = 0; at < n && more; at += piece) {
		piece = n - at < step ? n - at : step;
		in = packed + at;
		left = piece;
		z.next_in = packed + at;
		z.avail_in = (uInt)piece;
		do
			more = same_run(&z, &in, &left, room);
		while (more && (left > 0 || z.avail_out == 0));
	}
	inflateEnd(&z);
}

static void
test_kind(size_t length, int level, int strategy)
{
	size_t n = deflated(length, level, strategy), i, at;
	uint8_t was;

	same(n, n, INFLATER_MADE);
	same(n, 1, INFLATER_MADE);
	same(n, 7, 100);
	same(n, 1448, 1000);
	same(n, 1448, INFLATER_MADE);
	same(n / 2, 1000, INFLATER_MADE);
	for (i = 0; i < DAMAGES; i++) {
		at = (size_t)rand() % (i % 2 == 0 || n < 100 ? n : 100);
		was = packed[at];
		packed[at] = (uint8_t)(i % 3 == 0 ? rand() :
		    was ^ 1 << rand() % 8);
		same(n < 20000 ? n : 20000, i % 5 == 0 ? 1 : 1448,
		    INFLATER_MADE);
		packed[at] = was;
	}
}

/* Bytes at random: mostly nonsense, with every error in it. */
static void
test_noise(void)
{
	size_t i, k;

	for (i = 0; i < 20000; i++) {
		for (k = 0; k < 120; k++)
			packed[k] = (uint8_t)rand();
		packed[0] = (uint8_t)((packed[0] & 0xf8U) | 4 | (i & 1));
		same(120, i % 3 == 0 ? 1 : 120, INFLATER_MADE);
	}
}

int
main(void)
{
	static const int strategies[] = {
		Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED
	};
	static const size_t lengths[] = { 0, 1, 300, 5000, TEXT };
	size_t i, k;

	srand(1);
	inflater_init(&inflater);
	for (i = 0; i < TEXT; i++)
		text[i] = (uint8_t)(i / 3000 % 3 == 2 ? rand() :
		    i % 97 < 60 ? "the flow "[i % 9] : 'a' + rand() % 20);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (k = 0; k < 4; k++)
			test_kind(lengths[i], 6, strategies[k]);
		test_kind(lengths[i], 0, Z_DEFAULT_STRATEGY);
	}
	test_noise();
	return unit_status();
}
