/* SPDX-License-Identifier: ISC */
/* Records as JSON: the header, the small bodies, embedded JSON. */
#include <string.h>

#include <jansson.h>

#include "cmd/flow-json/names.h"
#include "cmd/flow-json/show.h"
#include "cmd/flow-json/show_flow.h"
#include "cmd/flow-json/tree.h"
#include "formats/flow.h"
#include "libcommon/bytes.h"

/* A body that is JSON; as text too when the tree would be another text. */
static bool
show_embedded(struct jsontext *j, const struct record *r)
{
	struct jsontext again = { 0 };
	const char *key = record_type_name(r->type);
	json_t *tree = json_loadb((const char *)r->body, r->length,
	    JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
	bool exact = false;

	if (tree != NULL) {
		tree_text(&again, NULL, tree);
		jsontext_raw(j, key, again.text, again.length);
		exact = again.length == r->length &&
		    memcmp(again.text, r->body, r->length) == 0;
	}
	if (!exact)
		jsontext_bytes(j, "text", r->body, r->length);
	json_decref(tree);
	jsontext_free(&again);
	return true;
}

static bool
show_source(struct jsontext *j, const struct record *r)
{
	static const uint8_t zeros[FINGERPRINT_SIZE];
	uint8_t fixed[SOURCE_FIXED];
	struct source s;

	if (source_decode(&s, r) == -1)
		return false;
	jsontext_unsigned(j, "index", s.index);
	jsontext_bytes(j, "name", s.name, s.name_length);
	show_flow_word(j, "format", names_source_format(s.format), s.format);
	jsontext_unsigned(j, "link_type", s.link_type);
	jsontext_unsigned(j, "snaplen", s.snaplen);
	show_flow_number(j, "size", s.size);
	jsontext_bool(j, "referable", s.referable);
	if (memcmp(s.fingerprint, zeros, FINGERPRINT_SIZE) != 0)
		jsontext_hex(j, "fingerprint", s.fingerprint,
		    FINGERPRINT_SIZE);
	source_encode(fixed, &s);
	return memcmp(fixed, r->body, sizeof(fixed)) == 0;
}

static bool
show_gap(struct jsontext *j, const struct record *r)
{
	uint8_t fixed[GAP_SIZE];
	struct gap g;

	if (gap_decode(&g, r) == -1)
		return false;
	show_flow_number(j, "length", g.length);
	show_flow_word(j, "cause", gap_cause_name(g.cause), g.cause);
	gap_encode(fixed, &g);
	return r->length == GAP_SIZE && memcmp(fixed, r->body, GAP_SIZE) == 0;
}

static bool
show_conflict(struct jsontext *j, const struct record *r)
{
	uint8_t fixed[CONFLICT_FIXED];
	struct conflict x;

	if (conflict_decode(&x, r) == -1)
		return false;
	jsontext_unsigned(j, "length", x.length);
	jsontext_bool(j, "last_won", x.last_won);
	show_flow_reference(j, "kept", &x.kept);
	show_flow_reference(j, "other", &x.other);
	if (x.bytes != NULL)
		jsontext_hex(j, "bytes", x.bytes, x.length);
	conflict_encode(fixed, &x);
	return memcmp(fixed, r->body, CONFLICT_FIXED) == 0 &&
	    r->length == CONFLICT_FIXED + (x.bytes == NULL ? 0 : x.length);
}

static bool
show_name(struct jsontext *j, const struct record *r)
{
	struct name n;

	if (name_decode(&n, r) == -1)
		return false;
	jsontext_bytes(j, "pattern", n.pattern, n.length);
	return true;
}

static bool
show_stored(struct jsontext *j, const struct record *r)
{
	uint8_t fixed[STORED_FIXED];
	struct stored s;

	if (stored_decode(&s, r) == -1)
		return false;
	jsontext_bytes(j, "path", s.path, s.path_length);
	show_flow_number(j, "size", s.size);
	show_flow_number(j, "shift", s.shift);
	jsontext_bool(j, "limited", (s.flags & STORED_LIMITED) != 0);
	s.flags &= STORED_LIMITED;
	stored_encode(fixed, &s);
	return r->length == STORED_FIXED + s.path_length &&
	    memcmp(fixed, r->body, STORED_FIXED) == 0;
}

static bool
show_digest(struct jsontext *j, const struct record *r)
{
	uint8_t fixed[DIGEST_FIXED];
	struct digest d;

	if (digest_decode(&d, r) == -1)
		return false;
	show_flow_word(j, "algorithm", digest_name(d.algorithm),
	    d.algorithm);
	jsontext_hex(j, "value", d.value, d.value_length);
	show_flow_number(j, "covered", d.covered);
	jsontext_bool(j, "gaps", (d.flags & DIGEST_GAPS) != 0);
	jsontext_bool(j, "partial", (d.flags & DIGEST_PARTIAL) != 0);
	d.flags &= DIGEST_GAPS | DIGEST_PARTIAL;
	digest_encode(fixed, &d);
	return r->length == DIGEST_FIXED + d.value_length &&
	    memcmp(fixed, r->body, DIGEST_FIXED) == 0;
}

static bool
show_end(struct jsontext *j, const struct record *r)
{
	struct end e;

	if (end_decode(&e, r) == -1)
		return false;
	show_flow_word(j, "status", names_end_status(e.status), e.status);
	show_flow_number(j, "records", e.records);
	jsontext_bytes(j, "program", e.program, e.program_length);
	jsontext_bytes(j, "text", e.text, e.text_length);
	return le32_get(r->body + 4) == 0;
}

static bool
show_body(struct jsontext *j, const struct record *r, bool text_times)
{
	switch (r->type) {
	case RECORD_META:
	case RECORD_NOTE:
	case RECORD_STATS:
		return show_embedded(j, r);
	case RECORD_SOURCE:
		return show_source(j, r);
	case RECORD_SEGMENT:
		return show_flow_segment(j, r);
	case RECORD_FRAME:
		return show_flow_frame(j, r);
	case RECORD_CLOCK:
		return r->length == 0;
	case RECORD_OPEN:
		return show_flow_open(j, r);
	case RECORD_DATA:
	case RECORD_LATE:
	case RECORD_ARRIVAL:
		return show_flow_data(j, r);
	case RECORD_GAP:
		return show_gap(j, r);
	case RECORD_CONFLICT:
		return show_conflict(j, r);
	case RECORD_NAME:
		return show_name(j, r);
	case RECORD_STORED:
		return show_stored(j, r);
	case RECORD_DIGEST:
		return show_digest(j, r);
	case RECORD_CLOSE:
		return show_flow_close(j, r, text_times);
	case RECORD_END:
		return show_end(j, r);
	default:
		return false;
	}
}

void
show_record(struct jsontext *j, const struct record *r, bool text_times)
{
	jsontext_object(j, NULL);
	show_flow_word(j, "type", record_type_name(r->type), r->type);
	show_flow_number(j, "stream", r->stream);
	show_flow_time(j, "time", r->time, text_times);
	jsontext_signed(j, "offset", r->offset);
	if (r->flags != 0)
		show_flow_bits(j, "flags", r->flags, names_flags(r->type));
	if (!show_body(j, r, text_times))
		jsontext_hex(j, "body", r->body, r->length);
	jsontext_object_end(j);
}

void
show_preamble(struct jsontext *j, const uint8_t preamble[RECORD_PREAMBLE])
{
	uint8_t ours[RECORD_PREAMBLE];

	jsontext_object(j, NULL);
	jsontext_string(j, "type", "section");
	jsontext_unsigned(j, "major", le16_get(preamble + 8));
	jsontext_unsigned(j, "minor", le16_get(preamble + 10));
	record_preamble_encode(ours);
	memcpy(ours + 10, preamble + 10, 2);
	if (memcmp(ours, preamble, RECORD_PREAMBLE) != 0)
		jsontext_hex(j, "body", preamble, RECORD_PREAMBLE);
	jsontext_object_end(j);
}
