/* SPDX-License-Identifier: ISC */
/*
 * flow-json: the first byte chooses.  Even: the rest is a record, type and
 * flags first, whose JSON must give the same bytes back.  Odd: the rest are
 * lines of JSON, read back after each other.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-json/reverse.h"
#include "cmd/flow-json/show.h"
#include "libcommon/bytes.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { HEADER = 12 };			/* of the fuzzed record */

static void
there_and_back(const uint8_t *data, size_t size)
{
	struct record r = { .stream = data[4], .offset = (int8_t)data[5],
	    .time = (int64_t)(le32_get(data + 6)) * 1000003 };
	uint8_t header[RECORD_HEADER];
	struct jsontext line = { 0 };
	struct reverse v;

	r.type = le16_get(data) % 24;
	r.flags = le16_get(data + 2);
	r.body = data + HEADER;
	r.length = (uint32_t)(size - HEADER);
	show_record(&line, &r, (data[6] & 1) != 0);
	reverse_init(&v);
	if (reverse_line(&v, line.text, line.length) == -1)
		abort();
	record_header_encode(header, &r);
	if (v.length != RECORD_PREAMBLE + record_size(r.length) ||
	    memcmp(v.out + RECORD_PREAMBLE, header, RECORD_HEADER) != 0 ||
	    memcmp(v.out + RECORD_PREAMBLE + RECORD_HEADER, r.body,
	    r.length) != 0)
		abort();
	reverse_free(&v);
	jsontext_free(&line);
}

static void
lines(const uint8_t *data, size_t size)
{
	const uint8_t *end;
	struct reverse v;

	reverse_init(&v);
	while (size > 0) {
		end = memchr(data, '\n', size);
		if (end == NULL)
			end = data + size;
		(void)reverse_line(&v, (const char *)data,
		    (size_t)(end - data));
		size -= (size_t)(end - data);
		data = end;
		if (size > 0) {
			data++;
			size--;
		}
	}
	reverse_free(&v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > RECORD_BODY_MAX)
		return 0;
	if ((data[0] & 1) != 0)
		lines(data + 1, size - 1);
	else if (size > HEADER + 1)
		there_and_back(data + 1, size - 1);
	return 0;
}
