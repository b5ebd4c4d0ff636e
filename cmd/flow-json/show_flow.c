/* SPDX-License-Identifier: ISC */
/* The bodies with a flow key or a payload as members of an object. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/flow-json/show_flow.h"
#include "formats/dfxml.h"
#include "formats/flow.h"

/* Is this how the body would be encoded: fixed part, path, payload? */
static bool
same_body(const struct record *r, size_t at, const uint8_t *fixed,
    size_t size, const struct flow_key *key, size_t payload)
{
	size_t path = key == NULL ? 0 : key->path_length;

	return r->length == at + size + path + payload &&
	    memcmp(r->body + at, fixed, size) == 0;
}

static void
show_mac(struct jsontext *j, const char *key, const uint8_t mac[6])
{
	char text[18];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
	    mac[1], mac[2], mac[3], mac[4], mac[5]);
	jsontext_string(j, key, text);
}

static void
show_address(struct jsontext *j, const char *key, uint8_t family,
    const uint8_t address[16])
{
	char text[FLOW_ADDRESS_TEXT];

	jsontext_string(j, key, flow_address(text, family, address));
}

static void
show_layer(struct jsontext *j, const struct encap_layer *l)
{
	jsontext_object(j, NULL);
	show_flow_word(j, "kind", encap_kind_name(l->kind), l->kind);
	jsontext_unsigned(j, "id", l->id);
	if (l->family != 0) {
		show_address(j, "src", l->family, l->src);
		show_address(j, "dst", l->family, l->dst);
	}
	jsontext_object_end(j);
}

/* The path; false when pushing its layers does not make it again. */
static bool
show_path(struct jsontext *j, const struct flow_key *k)
{
	struct encap_path again = { 0 };
	struct encap_layer l;
	bool exact = true;
	size_t at = 0;

	if (k->path_length == 0)
		return true;
	jsontext_array(j, "path");
	while (encap_next(&l, k->path, k->path_length, &at) == 1) {
		show_layer(j, &l);
		if (encap_push(&again, &l) == -1)
			exact = false;
	}
	jsontext_array_end(j);
	return exact && again.length == k->path_length &&
	    memcmp(again.bytes, k->path, again.length) == 0;
}

static bool
any_byte(const uint8_t *p, size_t n)
{
	while (n > 0 && *p == 0) {
		p++;
		n--;
	}
	return n > 0;
}

static bool
show_key(struct jsontext *j, const struct flow_key *k)
{
	bool mac = (k->info & FLOW_HAS_MAC) != 0 ||
	    any_byte(k->src_mac, 6) || any_byte(k->dst_mac, 6);
	bool tci = (k->info & FLOW_HAS_TCI) != 0 || k->tci != 0;
	unsigned derived = (mac ? FLOW_HAS_MAC : 0U) |
	    (tci ? FLOW_HAS_TCI : 0U);

	show_address(j, "src", k->family, k->src);
	jsontext_unsigned(j, "sport", k->sport);
	show_address(j, "dst", k->family, k->dst);
	jsontext_unsigned(j, "dport", k->dport);
	jsontext_unsigned(j, "family", k->family);
	if (mac) {
		show_mac(j, "src_mac", k->src_mac);
		show_mac(j, "dst_mac", k->dst_mac);
	}
	if (tci)
		jsontext_unsigned(j, "tci", k->tci);
	if (k->info != derived)
		show_flow_bits(j, "info", k->info, names_info);
	return show_path(j, k) && (k->family == 6 ||
	    (!any_byte(k->src + 4, 12) && !any_byte(k->dst + 4, 12)));
}

/* Where the bytes lie, where that is known, and the bytes themselves. */
static void
show_payload(struct jsontext *j, const struct reference *ref,
    const uint8_t *bytes)
{
	if (bytes == NULL || ref->source != 0 || ref->offset != 0)
		show_flow_reference(j, "ref", ref);
	if (bytes != NULL)
		jsontext_hex(j, "bytes", bytes, ref->length);
}

static bool
open_members(struct jsontext *j, const struct flow_open *o)
{
	static const char zeros[KIND_SIZE];
	size_t n = strnlen(o->kind, KIND_SIZE);

	jsontext_bytes(j, "kind", o->kind, n);
	show_flow_number(j, "parent", o->parent);
	jsontext_signed(j, "parent_offset", o->parent_offset);
	show_flow_number(j, "peer", o->peer);
	show_flow_number(j, "number", o->number);
	show_flow_number(j, "session", o->session);
	show_flow_number(j, "packet", o->packet);
	show_flow_word(j, "role", role_name(o->role), o->role);
	jsontext_unsigned(j, "source", o->source);
	jsontext_unsigned(j, "first_seq", o->first_seq);
	return show_key(j, &o->key) &&
	    memcmp(o->kind + n, zeros, KIND_SIZE - n) == 0;
}

bool
show_flow_segment(struct jsontext *j, const struct record *r)
{
	uint8_t fixed[SEGMENT_FIXED];
	struct segment s;
	bool exact;

	if (segment_decode(&s, r) == -1)
		return false;
	exact = show_key(j, &s.key);
	jsontext_unsigned(j, "seq", s.seq);
	jsontext_unsigned(j, "ack", s.ack);
	jsontext_unsigned(j, "window", s.window);
	show_flow_bits(j, "tcp_flags", s.tcp_flags, names_tcp);
	jsontext_unsigned(j, "wire_length", s.wire_length);
	jsontext_unsigned(j, "cap_length", s.cap_length);
	jsontext_unsigned(j, "payload_length", s.payload_length);
	show_payload(j, &s.ref, s.payload);
	segment_encode(fixed, &s);
	return exact && same_body(r, 0, fixed, sizeof(fixed), &s.key,
	    s.payload == NULL ? 0 : s.ref.length);
}

bool
show_flow_frame(struct jsontext *j, const struct record *r)
{
	struct frame f;

	if (frame_decode(&f, r) == -1)
		return false;
	jsontext_unsigned(j, "wire_length", f.wire_length);
	jsontext_unsigned(j, "link_type", f.link_type);
	show_payload(j, &f.ref, f.bytes);
	return r->length == FRAME_FIXED + (f.bytes == NULL ? 0 :
	    f.ref.length);
}

bool
show_flow_open(struct jsontext *j, const struct record *r)
{
	uint8_t fixed[OPEN_FIXED];
	struct flow_open o;

	if (flow_open_decode(&o, r) == -1)
		return false;
	flow_open_encode(fixed, &o);
	return open_members(j, &o) &&
	    same_body(r, 0, fixed, sizeof(fixed), &o.key, 0);
}

bool
show_flow_data(struct jsontext *j, const struct record *r)
{
	struct data d;

	if (data_decode(&d, r) == -1)
		return false;
	show_payload(j, &d.ref, d.bytes);
	return r->length == REFERENCE_SIZE + (d.bytes == NULL ? 0 :
	    d.ref.length);
}

bool
show_flow_close(struct jsontext *j, const struct record *r, bool text_times)
{
	uint8_t again[CLOSE_MAX];
	struct flow_close x;
	bool exact;

	if (flow_close_decode(&x, r) == -1)
		return false;
	show_flow_word(j, "why", close_why_name(x.why), x.why);
	show_flow_number(j, "length", x.length);
	show_flow_number(j, "packets", x.packets);
	show_flow_number(j, "wire_bytes", x.wire_bytes);
	show_flow_number(j, "cap_bytes", x.cap_bytes);
	show_flow_number(j, "out_of_order", x.out_of_order);
	show_flow_number(j, "violations", x.violations);
	show_flow_number(j, "gaps", x.gaps);
	show_flow_number(j, "missing", x.missing);
	show_flow_number(j, "late", x.late);
	show_flow_number(j, "conflicts", x.conflicts);
	show_flow_time(j, "start", x.start, text_times);
	show_flow_time(j, "end", x.end, text_times);
	jsontext_object(j, "open");
	exact = open_members(j, &x.open);
	jsontext_object_end(j);
	return exact && flow_close_encode(again, &x) == r->length &&
	    memcmp(again, r->body, r->length) == 0;
}

void
show_flow_reference(struct jsontext *j, const char *key,
    const struct reference *ref)
{
	jsontext_object(j, key);
	jsontext_unsigned(j, "source", ref->source);
	show_flow_number(j, "offset", ref->offset);
	jsontext_unsigned(j, "length", ref->length);
	jsontext_object_end(j);
}

/* jansson's integers, like many readers', end at 2^63. */
void
show_flow_number(struct jsontext *j, const char *key, uint64_t v)
{
	char text[24];

	if (v <= INT64_MAX) {
		jsontext_unsigned(j, key, v);
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, v);
	jsontext_string(j, key, text);
}

void
show_flow_time(struct jsontext *j, const char *key, int64_t time, bool text)
{
	char buf[DFXML_TIME];

	if (time == RECORD_NO_TIME)
		jsontext_null(j, key);
	else if (text)
		jsontext_string(j, key, dfxml_time(buf, time));
	else
		jsontext_signed(j, key, time);
}

void
show_flow_bits(struct jsontext *j, const char *key, uint32_t bits,
    const struct names_bit *names)
{
	const char *word;
	char text[16];
	uint32_t bit;

	jsontext_array(j, key);
	for (bit = 1; bit != 0 && bit <= bits; bit <<= 1) {
		if ((bits & bit) == 0)
			continue;
		word = names_word(names, bit);
		snprintf(text, sizeof(text), "0x%04" PRIx32, bit);
		jsontext_string(j, NULL, word == NULL ? text : word);
	}
	jsontext_array_end(j);
}

void
show_flow_word(struct jsontext *j, const char *key, const char *word,
    uint32_t number)
{
	if (word != NULL)
		jsontext_string(j, key, word);
	else
		jsontext_unsigned(j, key, number);
}
