/* SPDX-License-Identifier: ISC */
/* JSON Lines back into records. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cmd/flow-json/body.h"
#include "cmd/flow-json/reverse.h"
#include "libcommon/bytes.h"
#include "libcommon/record.h"

enum {
	REVERSE_OUT = RECORD_PREAMBLE + RECORD_HEADER + RECORD_BODY_MAX + 8
};

/* Is the record about one stream, so that it needs an id? */
static bool
about_stream(uint16_t type)
{
	switch (type) {
	case RECORD_OPEN:
	case RECORD_DATA:
	case RECORD_GAP:
	case RECORD_LATE:
	case RECORD_ARRIVAL:
	case RECORD_CONFLICT:
	case RECORD_NAME:
	case RECORD_STORED:
	case RECORD_DIGEST:
	case RECORD_NOTE:
	case RECORD_CLOSE:
		return true;
	default:
		return false;
	}
}

/* Does the record happen at a time of the capture? */
static bool
has_time(uint16_t type)
{
	return about_stream(type) || type == RECORD_SEGMENT ||
	    type == RECORD_FRAME || type == RECORD_CLOCK;
}

static uint16_t
take_type(struct members *m, const char *name)
{
	uint16_t type;

	if (name == NULL)
		return (uint16_t)members_unsigned(m, "type", 0, UINT16_MAX);
	type = record_type_number(name);
	if (type == 0)
		members_error(m, "type: unknown: %s", name);
	(void)members_take(m, "type");
	return type;
}

static void
begin(struct reverse *v)
{
	known_reset(&v->known);
	record_preamble_encode(v->out);
	v->length = RECORD_PREAMBLE;
	v->begun = true;
}

static void
take_section(struct reverse *v, struct members *m)
{
	begin(v);
	(void)members_take(m, "type");
	le16_put(v->out + 8, (uint16_t)members_unsigned(m, "major",
	    RECORD_MAJOR, UINT16_MAX));
	le16_put(v->out + 10, (uint16_t)members_unsigned(m, "minor",
	    RECORD_MINOR, UINT16_MAX));
	if (members_have(m, "body") &&
	    members_hex(m, "body", v->out, RECORD_PREAMBLE) !=
	    RECORD_PREAMBLE)
		members_error(m, "body: a preamble has 16 bytes");
}

static void
take_raw(struct reverse *v, struct members *m)
{
	struct body b = { .bytes = v->out };

	(void)members_take(m, "type");
	v->length = body_take_bytes(&b, m, 0);
	v->begun = true;
}

/* The header's fields, which may depend on what the body said. */
static void
take_header(struct reverse *v, struct members *m, struct record *r,
    const struct body *b, const struct known_stream *ks)
{
	int64_t offset = 0;

	if (r->type == RECORD_DATA || r->type == RECORD_GAP)
		offset = (int64_t)ks->position;
	if (r->type == RECORD_CLOSE)
		offset = (int64_t)b->span;
	r->offset = members_signed(m, "offset", offset);
	r->flags = (uint16_t)members_bits(m, "flags", names_flags(r->type),
	    b->byref ? RECORD_BYREF : 0);
	if (r->time != RECORD_NO_TIME)
		v->known.time = r->time;
}

/* What later records of the stream are told. */
static void
remember(struct reverse *v, const struct record *r, const struct body *b,
    struct known_stream *ks)
{
	v->known.records++;
	if (ks == NULL)
		return;
	if (r->type == RECORD_OPEN)
		ks->opened = r->time;
	if (r->time != RECORD_NO_TIME)
		ks->last = r->time;
	if (r->type == RECORD_DATA || r->type == RECORD_GAP)
		ks->position = (uint64_t)r->offset + b->span;
	if (r->type == RECORD_CLOSE)
		known_forget(&v->known, r->stream);
}

static void
take_record(struct reverse *v, struct members *m, const char *name)
{
	struct record r = { .type = take_type(m, name) };
	struct known_stream *ks = NULL;
	bool exact = members_have(m, "body");
	struct body b = { 0 };

	if (!v->begun)
		begin(v);
	b.bytes = v->out + v->length + RECORD_HEADER;
	r.stream = members_unsigned(m, "stream", about_stream(r.type),
	    UINT64_MAX);
	if (about_stream(r.type))
		ks = known_get(&v->known, r.stream);
	r.time = members_time(m, "time", has_time(r.type) ? v->known.time :
	    RECORD_NO_TIME);
	if (ks != NULL && r.time != RECORD_NO_TIME)
		ks->last = r.time;
	if (exact)
		b.length = members_hex(m, "body", b.bytes, RECORD_BODY_MAX);
	else
		body_take(&b, m, r.type, &v->known, ks);
	take_header(v, m, &r, &b, ks);
	if (exact)			/* its fields besides do not count */
		json_object_clear(m->object);
	r.length = (uint32_t)b.length;
	record_header_encode(v->out + v->length, &r);
	memset(b.bytes + b.length, 0, record_padding(r.length));
	v->length += record_size(r.length);
	remember(v, &r, &b, ks);
	v->begun = r.type != RECORD_END;
}

static void
take_object(struct reverse *v, json_t *object)
{
	json_t *type = json_object_get(object, "type");
	const char *name = json_string_value(type);
	struct members m;

	members_init(&m, object);
	if (type == NULL)
		members_error(&m, "no type");
	else if (name != NULL && strcmp(name, "section") == 0)
		take_section(v, &m);
	else if (name != NULL && strcmp(name, "raw") == 0)
		take_raw(v, &m);
	else
		take_record(v, &m, name);
	if (type != NULL)
		members_done(&m);
	memcpy(v->error, m.error, sizeof(v->error));
}

void
reverse_init(struct reverse *v)
{
	memset(v, 0, sizeof(*v));
	v->out = malloc(REVERSE_OUT);
	if (v->out == NULL)
		err(1, NULL);
	known_reset(&v->known);
}

int
reverse_line(struct reverse *v, const char *line, size_t length)
{
	json_error_t why;
	json_t *object;
	size_t blank = 0;

	v->length = 0;
	v->error[0] = '\0';
	while (blank < length && (line[blank] == ' ' || line[blank] == '\t' ||
	    line[blank] == '\r'))
		blank++;
	if (blank == length || line[blank] == '#')
		return 0;
	object = json_loadb(line, length, JSON_ALLOW_NUL |
	    JSON_REJECT_DUPLICATES, &why);
	if (object == NULL)
		snprintf(v->error, sizeof(v->error), "column %d: %s",
		    why.column, why.text);
	else if (!json_is_object(object))
		snprintf(v->error, sizeof(v->error), "not an object");
	else
		take_object(v, object);
	json_decref(object);
	return v->error[0] == '\0' ? 0 : -1;
}

void
reverse_free(struct reverse *v)
{
	known_reset(&v->known);
	free(v->out);
	memset(v, 0, sizeof(*v));
}
