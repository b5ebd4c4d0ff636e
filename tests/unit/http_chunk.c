/* SPDX-License-Identifier: ISC */
/* Unit test: chunk framing, in one piece and byte by byte. */
#include "formats/http_chunk.h"
#include "tests/unit/unit.h"

/* "3 2 last" or "3 bad": the chunks, in pieces of `step` bytes. */
static const char *
chunks(const char *text, size_t step)
{
	static char out[256];
	const uint8_t *p = (const uint8_t *)text;
	size_t n = strlen(text), at = 0, used, m;
	struct http_chunk c = { 0 };

	out[0] = '\0';
	while (at < n) {
		m = n - at < step ? n - at : step;
		if (c.state == HTTP_CHUNK_BYTES) {
			m = m < c.left ? m : (size_t)c.left;
			http_chunk_take(&c, m);
			at += m;
			continue;
		}
		switch (http_chunk_next(&c, p + at, m, &used)) {
		case HTTP_CHUNK_DATA:
			snprintf(out + strlen(out), 32, "%llu ",
			    (unsigned long long)c.left);
			break;
		case HTTP_CHUNK_LAST:
			strcat(out, "last");
			return out;
		case HTTP_CHUNK_BAD:
			strcat(out, "bad");
			return out;
		case HTTP_CHUNK_MORE:
			break;
		}
		at += used;
	}
	return out;
}

static void
test(const char *text, const char *want)
{
	CHECK_STR(chunks(text, 1000), want);
	CHECK_STR(chunks(text, 1), want);
}

int
main(void)
{
	test("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "3 2 last");
	test("A;x=y;z=\"q;r\"\r\n0123456789\r\n000\r\n", "10 last");
	test("3 \t\f\r\nabc\r\n0 \r\n", "3 last");
	test(" 3\nabc\n0\n", "3 last");
	test("0000000000000000000003\r\nabc\r\n", "3 ");
	test("3\r\nabcX", "3 bad");
	test("3\r\nabc\rX", "3 bad");
	test("x\r\n", "bad");
	test("-3\r\nabc\r\n", "bad");
	test("0x3\r\nabc\r\n", "bad");
	test("\r\n3\r\n", "bad");
	test("7fffffffffffffff\r\n", "9223372036854775807 ");
	test("10000000000000000\r\n", "bad");
	test("ffffffffffffffff5\r\n", "bad");
	return unit_status();
}
