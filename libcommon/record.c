/* SPDX-License-Identifier: ISC */
/* The frame of the record stream; see flow-record(5). */
#include <string.h>

#include "libcommon/bytes.h"
#include "libcommon/cursor.h"
#include "libcommon/record.h"

/*
 * A byte over 127 shows a 7-bit channel, CR LF and LF a text-mode transfer,
 * 0x1a stops DOS type; PNG's signature does the same.
 */
static const uint8_t record_magic[8] = {
	0x89, 'F', 'L', 'O', '\r', '\n', 0x1a, '\n'
};

enum { SOURCE_REFERABLE = 1 };

static const char *const record_names[RECORD_TYPES] = {
	[RECORD_META] = "meta", [RECORD_SOURCE] = "source",
	[RECORD_SEGMENT] = "segment", [RECORD_FRAME] = "frame",
	[RECORD_CLOCK] = "clock", [RECORD_OPEN] = "open",
	[RECORD_DATA] = "data", [RECORD_GAP] = "gap",
	[RECORD_LATE] = "late", [RECORD_ARRIVAL] = "arrival",
	[RECORD_CONFLICT] = "conflict", [RECORD_NAME] = "name",
	[RECORD_STORED] = "stored", [RECORD_DIGEST] = "digest",
	[RECORD_NOTE] = "note", [RECORD_CLOSE] = "close",
	[RECORD_STATS] = "stats", [RECORD_END] = "end",
};

void
record_preamble_encode(uint8_t p[RECORD_PREAMBLE])
{
	memcpy(p, record_magic, sizeof(record_magic));
	le16_put(p + 8, RECORD_MAJOR);
	le16_put(p + 10, RECORD_MINOR);
	le32_put(p + 12, 0);
}

/* What somebody may have given us in place of a record stream. */
static const char *
record_guess(const uint8_t p[RECORD_PREAMBLE])
{
	static const struct {
		uint8_t		 magic[4];
		uint8_t		 length;
		const char	*what;
	} known[] = {
		{ { 0xd4, 0xc3, 0xb2, 0xa1 }, 4, "is a pcap capture" },
		{ { 0xa1, 0xb2, 0xc3, 0xd4 }, 4, "is a pcap capture" },
		{ { 0x4d, 0x3c, 0xb2, 0xa1 }, 4, "is a pcap capture" },
		{ { 0xa1, 0xb2, 0x3c, 0x4d }, 4, "is a pcap capture" },
		{ { 0x0a, 0x0d, 0x0d, 0x0a }, 4, "is a pcapng capture" },
		{ { 0x1f, 0x8b }, 2, "is gzip data" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (memcmp(p, known[i].magic, known[i].length) == 0)
			return known[i].what;
	if (memcmp(p + 1, record_magic + 1, 3) == 0)
		return "is a record stream that a text-mode transfer damaged";
	return "is not a record stream";
}

const char *
record_preamble_check(const uint8_t p[RECORD_PREAMBLE])
{
	if (memcmp(p, record_magic, sizeof(record_magic)) != 0)
		return record_guess(p);
	if (le16_get(p + 8) != RECORD_MAJOR)
		return "is a record stream of another major version";
	return NULL;
}

void
reference_encode(uint8_t p[REFERENCE_SIZE], const struct reference *ref)
{
	le64_put(p, ref->offset);
	le32_put(p + 8, ref->source);
	le32_put(p + 12, ref->length);
}

void
reference_decode(struct reference *ref, const uint8_t p[REFERENCE_SIZE])
{
	ref->offset = le64_get(p);
	ref->source = le32_get(p + 8);
	ref->length = le32_get(p + 12);
}

void
source_encode(uint8_t p[SOURCE_FIXED], const struct source *s)
{
	le32_put(p, s->index);
	le32_put(p + 4, s->link_type);
	le32_put(p + 8, s->snaplen);
	le16_put(p + 12, s->format);
	le16_put(p + 14, s->referable ? SOURCE_REFERABLE : 0);
	le64_put(p + 16, s->size);
	memcpy(p + 24, s->fingerprint, FINGERPRINT_SIZE);
}

int
source_decode(struct source *s, const struct record *r)
{
	struct cursor c;
	const uint8_t *print;

	if ((r->flags & RECORD_FLAGS_CRITICAL & ~RECORD_NO_NEW) != 0)
		return -1;
	cursor_init(&c, r->body, r->length);
	s->index = cursor_le32(&c);
	s->link_type = cursor_le32(&c);
	s->snaplen = cursor_le32(&c);
	s->format = cursor_le16(&c);
	s->referable = (cursor_le16(&c) & SOURCE_REFERABLE) != 0;
	s->size = cursor_le64(&c);
	print = cursor_bytes(&c, FINGERPRINT_SIZE);
	if (c.bad || s->index == 0)
		return -1;
	memcpy(s->fingerprint, print, FINGERPRINT_SIZE);
	s->name = (const char *)c.at;
	s->name_length = cursor_left(&c);
	return 0;
}

size_t
end_encode(uint8_t *buf, size_t size, const struct end *e)
{
	size_t program = e->program_length, text = e->text_length;

	if (program > size - END_FIXED)
		program = size - END_FIXED;
	if (text > size - END_FIXED - program)
		text = size - END_FIXED - program;
	le16_put(buf, (uint16_t)e->status);
	le16_put(buf + 2, (uint16_t)program);
	le32_put(buf + 4, 0);
	le64_put(buf + 8, e->records);
	if (program > 0)
		memcpy(buf + END_FIXED, e->program, program);
	if (text > 0)
		memcpy(buf + END_FIXED + program, e->text, text);
	return END_FIXED + program + text;
}

int
end_decode(struct end *e, const struct record *r)
{
	struct cursor c;
	uint16_t status;

	cursor_init(&c, r->body, r->length);
	status = cursor_le16(&c);
	e->program_length = cursor_le16(&c);
	cursor_skip(&c, 4);
	e->records = cursor_le64(&c);
	e->program = (const char *)cursor_bytes(&c, e->program_length);
	if (c.bad || status >= END_STATUSES)
		return -1;
	e->status = (enum end_status)status;
	e->text = (const char *)c.at;
	e->text_length = cursor_left(&c);
	return 0;
}

const char *
record_type_name(uint16_t type)
{
	return type < RECORD_TYPES ? record_names[type] : NULL;
}

uint16_t
record_type_number(const char *name)
{
	uint16_t i;

	for (i = RECORD_META; i < RECORD_TYPES; i++)
		if (strcmp(record_names[i], name) == 0)
			return i;
	return 0;
}
