/* SPDX-License-Identifier: ISC */
/* Unit test: codings taken off, in stacks, in pieces, and their limits. */
#include <stdlib.h>
#include <zlib.h>

#include "formats/coding.h"
#include "tests/unit/unit.h"

enum { ROOM = 1 << 22, TEXT = 200000, ZEROS = 3 << 20 };

static uint8_t text[TEXT], once[ROOM], twice[ROOM], out[ROOM];
static size_t out_length;

/* zlib's window bits: 15 zlib, 31 gzip, -15 raw. */
static size_t
deflated(uint8_t *to, const uint8_t *from, size_t n, int bits)
{
	z_stream z = { 0 };

	deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (Bytef *)(uintptr_t)from;
	z.avail_in = (uInt)n;
	z.next_out = to;
	z.avail_out = ROOM;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	n = z.total_out;
	deflateEnd(&z);
	return n;
}

static bool
sink(void *arg, const uint8_t *bytes, size_t n)
{
	(void)arg;
	if (n > ROOM - out_length)
		return false;
	memcpy(out + out_length, bytes, n);
	out_length += n;
	return true;
}

/* Decode in pieces of `step`; the state at the end. */
static enum coding_state
decode(const enum coding_kind *kinds, unsigned n, const uint8_t *in,
    size_t length, size_t step, const struct coding_limits *limits)
{
	struct coding_stack *s = coding_open(kinds, n, limits);
	enum coding_state state = CODING_GOING;
	size_t at, m;

	out_length = 0;
	CHECK(s != NULL);
	for (at = 0; at < length && state == CODING_GOING; at += m) {
		m = length - at < step ? length - at : step;
		state = coding_feed(s, in + at, m, sink, NULL);
	}
	if (state == CODING_GOING)
		state = coding_finish(s);
	CHECK(coding_made(s) == out_length);
	CHECK((state == CODING_FAILED) == (coding_error(s) != NULL) ||
	    state == CODING_LIMITED);
	coding_close(s);
	return state;
}

static const struct coding_limits wide = { ROOM, 100000 };

static void
test_one(enum coding_kind kind, int bits, size_t length)
{
	size_t n = deflated(once, text, length, bits), step;

	for (step = 1; step < 100000; step *= 17) {
		CHECK(decode(&kind, 1, once, n, step, &wide) == CODING_DONE);
		CHECK(out_length == length && memcmp(out, text, length) == 0);
	}
	/* cut, and with a wrong byte in the middle */
	CHECK(decode(&kind, 1, once, n - 1, 1000, &wide) == CODING_FAILED);
	CHECK(memcmp(out, text, out_length) == 0);
}

static void
test_stack(void)
{
	static const enum coding_kind kinds[] = {
		CODING_DEFLATE, CODING_GZIP
	};
	size_t n = deflated(once, text, TEXT, 31);

	n = deflated(twice, once, n, -15);
	CHECK(decode(kinds, 2, twice, n, 100, &wide) == CODING_DONE);
	CHECK(out_length == TEXT && memcmp(out, text, TEXT) == 0);
}

static void
test_members(void)
{
	static const enum coding_kind kind = CODING_GZIP;
	size_t n = deflated(once, text, 5000, 31);
	size_t m = deflated(once + n, text + 5000, 5000, 31);

	CHECK(decode(&kind, 1, once, n + m, 7, &wide) == CODING_DONE);
	CHECK(out_length == 10000 && memcmp(out, text, 10000) == 0);
	memcpy(once + n, "junk", 4);
	CHECK(decode(&kind, 1, once, n + 4, 7, &wide) == CODING_DONE);
	CHECK(out_length == 5000);
	memcpy(once + n, "\x1f" "unk", 4);
	CHECK(decode(&kind, 1, once, n + 4, 7, &wide) == CODING_DONE);
	CHECK(out_length == 5000);
}

static void
test_limits(void)
{
	static const enum coding_kind kind = CODING_GZIP;
	static uint8_t zeros[ZEROS];
	size_t n = deflated(once, zeros, ZEROS, 31);
	struct coding_limits l = { 12345, 100000 };

	CHECK(decode(&kind, 1, once, n, 1000, &l) == CODING_LIMITED);
	CHECK(out_length == 12345);
	l = (struct coding_limits){ ROOM, 100 };
	CHECK(decode(&kind, 1, once, n, 1000, &l) == CODING_LIMITED);
	CHECK(out_length >= CODING_RATIO_FLOOR && out_length < ZEROS);
	l = (struct coding_limits){ ZEROS, 2000 };
	CHECK(decode(&kind, 1, once, n, 1000, &l) == CODING_DONE);
}

/*
 * A complete member with zeros behind it, within another coding: the zeros
 * come to nothing, but must not cost whatever they like.
 */
static void
test_swelling(void)
{
	static const enum coding_kind kinds[] = {
		CODING_GZIP, CODING_GZIP, CODING_GZIP
	};
	struct coding_limits l = { ROOM, 100 };
	size_t n;

	memset(twice, 0, ZEROS);
	(void)deflated(twice, text, 100, 31);
	n = deflated(once, twice, ZEROS, 31);
	n = deflated(twice, once, n, 31);
	CHECK(decode(kinds, 3, twice, n, 1000, &l) == CODING_LIMITED);
	CHECK(out_length == 100 && memcmp(out, text, 100) == 0);
	l.ratio = 100000;
	CHECK(decode(kinds, 3, twice, n, 1000, &l) == CODING_DONE);
	CHECK(out_length == 100);
	l.size = 1000;
	CHECK(decode(kinds, 3, twice, n, 1000, &l) == CODING_LIMITED);
}

static void
test_weight(enum coding_kind kind)
{
	struct coding_stack *s = coding_open(&kind, 1, &wide);

	if (s == NULL)			/* not built in */
		return;
	CHECK(coding_weight(s) > CODING_BUFFER);
	CHECK(coding_weight(s) < 1 << 20);
	coding_close(s);
}

static void
test_names(void)
{
	enum coding_kind none = CODING_UNKNOWN;

	CHECK(coding_kind("gzip", 4) == CODING_GZIP);
	CHECK(coding_kind("X-GZip", 6) == CODING_GZIP);
	CHECK(coding_kind("gzipx", 5) == CODING_UNKNOWN);
	CHECK(coding_kind("gz", 2) == CODING_UNKNOWN);
	CHECK((coding_kind("br", 2) == CODING_BR) ==
	    (coding_brotli(CODING_BR) != NULL));
	CHECK((coding_kind("zstd", 4) == CODING_ZSTD) ==
	    (coding_zstd_version() != NULL));
	CHECK(coding_open(&none, 1, &wide) == NULL);
	CHECK(coding_open(&none, 0, &wide) == NULL);
}

int
main(void)
{
	size_t i;

	srand(1);
	for (i = 0; i < TEXT; i++)
		text[i] = (uint8_t)(i % 97 < 60 ? "the flow "[i % 9] :
		    rand() & 255);
	test_one(CODING_GZIP, 31, TEXT);
	test_one(CODING_GZIP, 15, 3000);	/* zlib's, but called gzip */
	test_one(CODING_DEFLATE, 15, TEXT);
	test_one(CODING_DEFLATE, -15, TEXT);
	test_one(CODING_DEFLATE, -15, 3);
	test_stack();
	test_members();
	test_limits();
	test_swelling();
	test_weight(CODING_GZIP);
	test_weight(CODING_BR);
	test_weight(CODING_ZSTD);
	test_names();
	return unit_status();
}
