/* SPDX-License-Identifier: ISC */
/* The bodies of records made from the members of JSON objects. */
#include <string.h>

#include "cmd/flow-json/body.h"
#include "cmd/flow-json/body_flow.h"
#include "cmd/flow-json/tree.h"
#include "formats/flow.h"
#include "libcommon/bytes.h"
#include "libcommon/record.h"

static int
cause_of(const char *name)
{
	uint32_t n = gap_cause_number(name);

	return n == GAP_UNKNOWN && strcmp(name, "unknown") != 0 ? -1 : (int)n;
}

static int
algorithm_of(const char *name)
{
	uint32_t n = digest_number(name);

	return n == 0 ? -1 : (int)n;
}

/* Room that is left in the body from here. */
static size_t
room(size_t at)
{
	return RECORD_BODY_MAX - at;
}

/* The exact text, else the tree. */
static void
take_embedded(struct body *b, struct members *m, uint16_t type)
{
	json_t *v = members_take(m, record_type_name(type));
	struct jsontext text = { 0 };

	if (members_have(m, "text")) {
		b->length = members_text(m, "text", b->bytes, room(0));
		return;
	}
	if (v == NULL)
		jsontext_raw(&text, NULL, "{}", 2);
	else
		tree_text(&text, NULL, v);
	if (text.length > RECORD_BODY_MAX)
		members_error(m, "%s: too long", record_type_name(type));
	else
		memcpy(b->bytes, text.text, b->length = text.length);
	jsontext_free(&text);
}

static void
take_source(struct body *b, struct members *m)
{
	struct source s = { 0 };

	s.index = (uint32_t)members_unsigned(m, "index", 1, UINT32_MAX);
	s.format = (uint16_t)members_word(m, "format",
	    names_source_format_number, SOURCE_PCAP, UINT16_MAX);
	s.link_type = (uint32_t)members_unsigned(m, "link_type", 1,
	    UINT32_MAX);
	s.snaplen = (uint32_t)members_unsigned(m, "snaplen", 262144,
	    UINT32_MAX);
	s.size = members_unsigned(m, "size", 0, UINT64_MAX);
	s.referable = members_bool(m, "referable", false);
	members_hex(m, "fingerprint", s.fingerprint, FINGERPRINT_SIZE);
	source_encode(b->bytes, &s);
	b->length = SOURCE_FIXED + members_text(m, "name",
	    b->bytes + SOURCE_FIXED, room(SOURCE_FIXED));
}

static void
take_frame(struct body *b, struct members *m)
{
	struct frame f = { 0 };

	body_flow_payload(b, m, &f.ref, FRAME_FIXED);
	f.wire_length = (uint32_t)members_unsigned(m, "wire_length",
	    f.ref.length, UINT32_MAX);
	f.link_type = (uint32_t)members_unsigned(m, "link_type", 1,
	    UINT32_MAX);
	frame_encode(b->bytes, &f);
}

static void
take_data(struct body *b, struct members *m)
{
	struct reference ref;

	body_flow_payload(b, m, &ref, REFERENCE_SIZE);
	reference_encode(b->bytes, &ref);
}

static void
take_gap(struct body *b, struct members *m)
{
	struct gap g = { 0 };

	g.length = members_unsigned(m, "length", 0, UINT64_MAX);
	g.cause = members_word(m, "cause", cause_of, GAP_MISSED, UINT32_MAX);
	gap_encode(b->bytes, &g);
	b->length = GAP_SIZE;
	b->span = g.length;
}

static void
take_conflict(struct body *b, struct members *m)
{
	bool have = members_have(m, "bytes") || members_have(m, "text");
	size_t n = body_take_bytes(b, m, CONFLICT_FIXED);
	struct conflict x = { 0 };

	x.length = (uint32_t)members_unsigned(m, "length", n, UINT32_MAX);
	x.last_won = members_bool(m, "last_won", false);
	body_flow_reference(m, "kept", &x.kept);
	body_flow_reference(m, "other", &x.other);
	if (have && x.length != n)
		members_error(m, "length: not that of the bytes");
	conflict_encode(b->bytes, &x);
	b->length = CONFLICT_FIXED + n;
	b->byref = !have;
}

static void
take_stored(struct body *b, struct members *m)
{
	struct stored s = { 0 };

	s.path_length = members_text(m, "path", b->bytes + STORED_FIXED,
	    room(STORED_FIXED));
	s.size = members_unsigned(m, "size", 0, UINT64_MAX);
	s.shift = members_unsigned(m, "shift", 0, UINT64_MAX);
	s.flags = members_bool(m, "limited", false) ? STORED_LIMITED : 0;
	stored_encode(b->bytes, &s);
	b->length = STORED_FIXED + s.path_length;
}

static void
take_digest(struct body *b, struct members *m)
{
	struct digest d = { 0 };

	d.algorithm = (uint16_t)members_word(m, "algorithm", algorithm_of,
	    DIGEST_MD5, UINT16_MAX);
	d.value_length = members_hex(m, "value", b->bytes + DIGEST_FIXED,
	    UINT16_MAX);
	d.covered = members_unsigned(m, "covered", 0, UINT64_MAX);
	d.flags = (members_bool(m, "gaps", false) ? DIGEST_GAPS : 0U) |
	    (members_bool(m, "partial", false) ? DIGEST_PARTIAL : 0U);
	digest_encode(b->bytes, &d);
	b->length = DIGEST_FIXED + d.value_length;
}

static void
take_end(struct body *b, struct members *m, const struct known *k)
{
	uint8_t *at = b->bytes + END_FIXED;
	uint32_t status = members_word(m, "status", names_end_status_number,
	    END_WHOLE, UINT16_MAX);
	size_t program = members_text(m, "program", at, UINT16_MAX);

	le16_put(b->bytes, (uint16_t)status);
	le16_put(b->bytes + 2, (uint16_t)program);
	le32_put(b->bytes + 4, 0);
	le64_put(b->bytes + 8, members_unsigned(m, "records", k->records,
	    UINT64_MAX));
	b->length = END_FIXED + program + members_text(m, "text",
	    at + program, room(END_FIXED + program));
}

size_t
body_take_bytes(struct body *b, struct members *m, size_t at)
{
	if (members_have(m, "bytes") && members_have(m, "text"))
		members_error(m, "bytes and text: one of them");
	if (members_have(m, "text"))
		return members_text(m, "text", b->bytes + at, room(at));
	return members_hex(m, "bytes", b->bytes + at, room(at));
}

void
body_take(struct body *b, struct members *m, uint16_t type,
    const struct known *k, struct known_stream *ks)
{
	b->length = 0;
	b->byref = false;
	b->span = 0;
	switch (type) {
	case RECORD_META:
	case RECORD_NOTE:
	case RECORD_STATS:
		take_embedded(b, m, type);
		break;
	case RECORD_SOURCE:
		take_source(b, m);
		break;
	case RECORD_SEGMENT:
		body_flow_segment(b, m);
		break;
	case RECORD_FRAME:
		take_frame(b, m);
		break;
	case RECORD_OPEN:
		body_flow_open(b, m, ks);
		break;
	case RECORD_DATA:
	case RECORD_LATE:
	case RECORD_ARRIVAL:
		take_data(b, m);
		break;
	case RECORD_GAP:
		take_gap(b, m);
		break;
	case RECORD_CONFLICT:
		take_conflict(b, m);
		break;
	case RECORD_NAME:
		b->length = members_text(m, "pattern", b->bytes, room(0));
		break;
	case RECORD_STORED:
		take_stored(b, m);
		break;
	case RECORD_DIGEST:
		take_digest(b, m);
		break;
	case RECORD_CLOSE:
		body_flow_close(b, m, ks);
		break;
	case RECORD_END:
		take_end(b, m, k);
		break;
	default:
		break;
	}
}
