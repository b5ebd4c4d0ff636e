/* SPDX-License-Identifier: ISC */
/* Unit test: preamble, record header, SOURCE, END, references. */
#include <string.h>

#include "libcommon/record.h"
#include "tests/unit/unit.h"

static void
test_preamble(void)
{
	uint8_t p[RECORD_PREAMBLE];

	record_preamble_encode(p);
	CHECK(record_preamble_check(p) == NULL);
	p[10] = 9;				/* a later minor version */
	CHECK(record_preamble_check(p) == NULL);
	p[8] = 2;
	CHECK(record_preamble_check(p) != NULL);
	record_preamble_encode(p);
	p[0] &= 0x7f;				/* a 7-bit channel */
	CHECK_STR(record_preamble_check(p),
	    "is a record stream that a text-mode transfer damaged");
	memcpy(p, "\xd4\xc3\xb2\xa1", 4);
	CHECK_STR(record_preamble_check(p), "is a pcap capture");
}

static void
test_header(void)
{
	struct record a = {
		.length = 0x01020304, .type = 0x0506, .flags = 0x0708,
		.stream = 0x1112131415161718, .time = INT64_MIN,
		.offset = -2
	}, b = { .length = 0 };
	uint8_t p[RECORD_HEADER];

	record_header_encode(p, &a);
	CHECK(p[0] == 4 && p[3] == 1 && p[4] == 6 && p[8] == 0x18);
	record_header_decode(&b, p);
	CHECK(a.length == b.length && a.type == b.type);
	CHECK(a.flags == b.flags && a.stream == b.stream);
	CHECK(a.time == b.time && a.offset == b.offset);
	CHECK(record_size(0) == 32 && record_size(1) == 40);
	CHECK(record_size(8) == 40 && record_size(9) == 48);
}

static void
test_source(void)
{
	struct source a = {
		.index = 3, .link_type = 113, .snaplen = 96,
		.format = SOURCE_PCAPNG, .referable = true, .size = 1u << 31
	}, b;
	uint8_t body[SOURCE_FIXED + 5];
	struct record r = { .body = body, .length = sizeof(body) };

	memset(a.fingerprint, 0x5a, sizeof(a.fingerprint));
	source_encode(body, &a);
	memcpy(body + SOURCE_FIXED, "a b\nc", 5);
	CHECK(source_decode(&b, &r) == 0);
	CHECK(b.index == 3 && b.link_type == 113 && b.snaplen == 96);
	CHECK(b.format == SOURCE_PCAPNG && b.referable);
	CHECK(b.size == 1u << 31 && b.name_length == 5);
	CHECK(memcmp(b.name, "a b\nc", 5) == 0);
	CHECK(memcmp(a.fingerprint, b.fingerprint, 32) == 0);
	r.length = SOURCE_FIXED - 1;
	CHECK(source_decode(&b, &r) == -1);
	r.length = SOURCE_FIXED;
	r.flags = 0x8000;			/* must be understood */
	CHECK(source_decode(&b, &r) == -1);
}

static void
test_end(void)
{
	struct end a = {
		.status = END_TRUNCATED, .records = 77, .program = "p",
		.program_length = 1, .text = "cut short", .text_length = 9
	}, b;
	uint8_t body[64];
	struct record r = { .body = body };

	r.length = (uint32_t)end_encode(body, sizeof(body), &a);
	CHECK(r.length == END_FIXED + 10);
	CHECK(end_decode(&b, &r) == 0);
	CHECK(b.status == END_TRUNCATED && b.records == 77);
	CHECK(b.program_length == 1 && b.text_length == 9);
	CHECK(memcmp(b.text, "cut short", 9) == 0);
	CHECK(end_encode(body, END_FIXED + 4, &a) == END_FIXED + 4);
	body[0] = END_STATUSES;
	CHECK(end_decode(&b, &r) == -1);
}

static void
test_names(void)
{
	uint16_t t;

	for (t = RECORD_META; t < RECORD_TYPES; t++)
		CHECK(record_type_number(record_type_name(t)) == t);
	CHECK(record_type_name(RECORD_TYPES) == NULL);
	CHECK(record_type_number("no such") == 0);
}

int
main(void)
{
	test_preamble();
	test_header();
	test_source();
	test_end();
	test_names();
	return unit_status();
}
