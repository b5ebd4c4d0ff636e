/* SPDX-License-Identifier: ISC */
/* Records written by hand to standard output. */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "libcommon/record.h"
#include "tests/reasm/write.h"

static void
put(const void *p, size_t n)
{
	if (n > 0 && fwrite(p, 1, n, stdout) != n)
		err(1, "standard output");
}

static void
put_record(const struct record *rec, const void *a, size_t a_size,
    const void *b, size_t b_size)
{
	static const uint8_t zeros[8];
	uint8_t header[RECORD_HEADER];
	struct record r = *rec;

	r.length = (uint32_t)(a_size + b_size);
	record_header_encode(header, &r);
	put(header, sizeof(header));
	put(a, a_size);
	put(b, b_size);
	put(zeros, record_padding(r.length));
}

void
write_section(void)
{
	uint8_t preamble[RECORD_PREAMBLE];

	record_preamble_encode(preamble);
	put(preamble, sizeof(preamble));
}

void
write_end(uint64_t records)
{
	struct record rec = { .type = RECORD_END, .time = RECORD_NO_TIME };
	struct end end = { .status = END_WHOLE, .records = records };
	uint8_t body[END_FIXED];

	end_encode(body, sizeof(body), &end);
	put_record(&rec, body, sizeof(body), NULL, 0);
}

void
write_segment(const struct segment *s, int64_t time, int64_t packet,
    const uint8_t *payload)
{
	struct record rec = { .type = RECORD_SEGMENT, .time = time,
	    .offset = packet };
	uint8_t body[SEGMENT_FIXED + ENCAP_PATH_MAX];
	size_t path = s->key.path_length;

	if (payload == NULL)
		rec.flags = RECORD_BYREF;
	segment_encode(body, s);
	if (path > 0)
		memcpy(body + SEGMENT_FIXED, s->key.path, path);
	put_record(&rec, body, SEGMENT_FIXED + path, payload,
	    payload == NULL ? 0 : s->ref.length);
}

void
write_address(uint8_t to[16], uint64_t number)
{
	to[0] = 10;
	to[1] = (uint8_t)(number >> 16);
	to[2] = (uint8_t)(number >> 8);
	to[3] = (uint8_t)number;
}
