/* SPDX-License-Identifier: ISC */
/* The bodies with a flow key from the members of JSON objects. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "cmd/flow-json/body_flow.h"
#include "formats/flow.h"

enum { FRAME_HEADERS = 54 };		/* Ethernet, IPv4, TCP */

static int
layer_number(const char *name)
{
	uint8_t n = encap_kind_number(name);

	return n == 0 ? -1 : n;
}

static int
role_of(const char *name)
{
	uint32_t n = role_number(name);

	return n == ROLE_UNKNOWN && strcmp(name, "unknown") != 0 ? -1 :
	    (int)n;
}

static int
why_of(const char *name)
{
	uint32_t n = close_why_number(name);

	return n == CLOSE_UNKNOWN && strcmp(name, "unknown") != 0 ? -1 :
	    (int)n;
}

/* An address; returns its family, 0 when it is not there. */
static uint8_t
take_address(struct members *m, const char *key, uint8_t address[16])
{
	const char *text = members_string(m, key);

	memset(address, 0, 16);
	if (text == NULL)
		return 0;
	if (inet_pton(AF_INET, text, address) == 1)
		return 4;
	if (inet_pton(AF_INET6, text, address) == 1)
		return 6;
	members_error(m, "%s: not an address: %s", key, text);
	return 0;
}

static void
take_mac(struct members *m, const char *key, uint8_t mac[6])
{
	const char *text = members_string(m, key);
	unsigned v[6];
	int i, end = 0;

	memset(mac, 0, 6);
	if (text == NULL)
		return;
	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &v[0], &v[1], &v[2],
	    &v[3], &v[4], &v[5], &end) != 6 || text[end] != '\0') {
		members_error(m, "%s: not a MAC address: %s", key, text);
		return;
	}
	for (i = 0; i < 6; i++)
		mac[i] = (uint8_t)v[i];
}

static void
take_layer(struct members *m, json_t *object, struct encap_path *path)
{
	struct encap_layer l = { 0 };
	struct members inner;
	uint8_t family;

	if (!json_is_object(object)) {
		members_error(m, "path: a layer is not an object");
		return;
	}
	members_init(&inner, object);
	l.kind = (uint8_t)members_word(&inner, "kind", layer_number, 0,
	    UINT8_MAX);
	l.id = (uint32_t)members_unsigned(&inner, "id", 0, UINT32_MAX);
	l.family = take_address(&inner, "src", l.src);
	family = take_address(&inner, "dst", l.dst);
	if (family != l.family)
		members_error(&inner, "addresses of two families");
	members_done(&inner);
	if (inner.error[0] != '\0')
		members_error(m, "path: %s", inner.error);
	else if (encap_push(path, &l) == -1)
		members_error(m, "path: too many layers");
}

static void
take_path(struct members *m, struct flow_key *k, struct encap_path *path)
{
	json_t *v = members_take(m, "path");
	size_t i;

	path->length = 0;
	path->depth = 0;
	if (v != NULL && !json_is_array(v))
		members_error(m, "path: not an array");
	for (i = 0; i < json_array_size(v); i++)
		take_layer(m, json_array_get(v, i), path);
	k->path = path->bytes;
	k->path_length = path->length;
}

static void
take_ends(struct members *m, struct flow_key *k)
{
	static const uint8_t src[4] = { 10, 0, 0, 1 }, dst[4] = { 10, 0, 0, 2 };
	uint8_t s = take_address(m, "src", k->src);
	uint8_t d = take_address(m, "dst", k->dst);

	k->family = s != 0 ? s : d != 0 ? d : 4;
	if (s == 0)
		memcpy(k->src, src, sizeof(src));
	if (d == 0)
		memcpy(k->dst, dst, sizeof(dst));
	if (s != 0 && d != 0 && s != d)
		members_error(m, "src and dst are of two families");
	if (members_unsigned(m, "family", k->family, 6) != k->family)
		members_error(m, "family: not that of the addresses");
	k->sport = (uint16_t)members_unsigned(m, "sport", 1234, UINT16_MAX);
	k->dport = (uint16_t)members_unsigned(m, "dport", 80, UINT16_MAX);
}

static void
take_key(struct members *m, struct flow_key *k, struct encap_path *path)
{
	uint32_t info = 0;

	take_ends(m, k);
	if (members_have(m, "src_mac") || members_have(m, "dst_mac"))
		info |= FLOW_HAS_MAC;
	if (members_have(m, "tci"))
		info |= FLOW_HAS_TCI;
	take_mac(m, "src_mac", k->src_mac);
	take_mac(m, "dst_mac", k->dst_mac);
	k->tci = (uint16_t)members_unsigned(m, "tci", 0, UINT16_MAX);
	k->info = (uint8_t)members_bits(m, "info", names_info, info);
	take_path(m, k, path);
}

/* A number without a limit of its own. */
static uint64_t
take(struct members *m, const char *key)
{
	return members_unsigned(m, key, 0, UINT64_MAX);
}

static void
take_open(struct members *m, struct flow_open *o, struct encap_path *path)
{
	size_t n;

	kind_set(o->kind, "tcp");
	if (members_have(m, "kind")) {
		n = members_text(m, "kind", (uint8_t *)o->kind,
		    KIND_SIZE - 1);
		memset(o->kind + n, 0, KIND_SIZE - n);
	}
	o->parent = take(m, "parent");
	o->parent_offset = members_signed(m, "parent_offset",
	    o->parent != 0 ? 0 : -1);
	o->peer = take(m, "peer");
	o->number = take(m, "number");
	o->session = take(m, "session");
	o->packet = take(m, "packet");
	o->role = (uint8_t)members_word(m, "role", role_of, ROLE_UNKNOWN,
	    UINT8_MAX);
	o->source = (uint32_t)members_unsigned(m, "source", 0, UINT32_MAX);
	o->first_seq = (uint32_t)members_unsigned(m, "first_seq", 0,
	    UINT32_MAX);
	take_key(m, &o->key, path);
}

/* OPEN inside CLOSE: as given, or as the stream's OPEN said. */
static void
take_closed_open(struct members *m, struct flow_open *o,
    struct encap_path *path, const struct known_stream *ks)
{
	struct record r = { .type = RECORD_OPEN };
	json_t *empty = json_object(), *v = members_take(m, "open");
	struct members inner;

	if (v != NULL && !json_is_object(v)) {
		members_error(m, "open: not an object");
		v = NULL;
	}
	r.body = ks->open;
	r.length = (uint32_t)ks->open_length;
	if (v != NULL || ks->open_length == 0 ||
	    flow_open_decode(o, &r) == -1) {
		members_init(&inner, v != NULL ? v : empty);
		take_open(&inner, o, path);
		members_done(&inner);
		if (inner.error[0] != '\0')
			members_error(m, "open: %s", inner.error);
	}
	json_decref(empty);
}

void
body_flow_reference(struct members *m, const char *key,
    struct reference *ref)
{
	json_t *v = members_take(m, key);
	struct members inner;

	memset(ref, 0, sizeof(*ref));
	if (v == NULL)
		return;
	if (!json_is_object(v)) {
		members_error(m, "%s: not an object", key);
		return;
	}
	members_init(&inner, v);
	ref->source = (uint32_t)members_unsigned(&inner, "source", 0,
	    UINT32_MAX);
	ref->offset = take(&inner, "offset");
	ref->length = (uint32_t)members_unsigned(&inner, "length", 0,
	    UINT32_MAX);
	members_done(&inner);
	if (inner.error[0] != '\0')
		members_error(m, "%s: %s", key, inner.error);
}

void
body_flow_payload(struct body *b, struct members *m, struct reference *ref,
    size_t at)
{
	bool have = members_have(m, "bytes") || members_have(m, "text");
	size_t n = body_take_bytes(b, m, at);

	body_flow_reference(m, "ref", ref);
	if (!have)
		n = members_unsigned(m, "length", ref->length, UINT32_MAX);
	if (have && ref->length != 0 && ref->length != n)
		members_error(m, "ref: length is not that of the bytes");
	ref->length = (uint32_t)n;
	b->byref = !have && n > 0;
	b->length = at + (have ? n : 0);
	b->span = n;
}

void
body_flow_segment(struct body *b, struct members *m)
{
	struct segment s = { 0 };
	struct encap_path path;

	take_key(m, &s.key, &path);
	memcpy(b->bytes + SEGMENT_FIXED, path.bytes, path.length);
	s.seq = (uint32_t)members_unsigned(m, "seq", 0, UINT32_MAX);
	s.ack = (uint32_t)members_unsigned(m, "ack", 0, UINT32_MAX);
	s.window = (uint16_t)members_unsigned(m, "window", UINT16_MAX,
	    UINT16_MAX);
	s.tcp_flags = (uint8_t)members_bits(m, "tcp_flags", names_tcp,
	    TCP_ACK);
	body_flow_payload(b, m, &s.ref, SEGMENT_FIXED + path.length);
	s.payload_length = (uint32_t)members_unsigned(m, "payload_length",
	    s.ref.length, UINT32_MAX);
	s.cap_length = (uint32_t)members_unsigned(m, "cap_length",
	    s.ref.length + FRAME_HEADERS, UINT32_MAX);
	s.wire_length = (uint32_t)members_unsigned(m, "wire_length",
	    s.payload_length + FRAME_HEADERS, UINT32_MAX);
	segment_encode(b->bytes, &s);
}

void
body_flow_open(struct body *b, struct members *m, struct known_stream *ks)
{
	struct flow_open o = { 0 };
	struct encap_path path;

	take_open(m, &o, &path);
	flow_open_encode(b->bytes, &o);
	memcpy(b->bytes + OPEN_FIXED, path.bytes, path.length);
	b->length = (size_t)OPEN_FIXED + path.length;
	memcpy(ks->open, b->bytes, b->length);
	ks->open_length = b->length;
}

void
body_flow_close(struct body *b, struct members *m,
    const struct known_stream *ks)
{
	struct flow_close x = { 0 };
	struct encap_path path;

	x.why = (uint16_t)members_word(m, "why", why_of, CLOSE_FIN,
	    UINT16_MAX);
	x.length = members_unsigned(m, "length", ks->position, UINT64_MAX);
	x.packets = take(m, "packets");
	x.wire_bytes = take(m, "wire_bytes");
	x.cap_bytes = members_unsigned(m, "cap_bytes", x.wire_bytes,
	    UINT64_MAX);
	x.out_of_order = take(m, "out_of_order");
	x.violations = take(m, "violations");
	x.gaps = take(m, "gaps");
	x.missing = take(m, "missing");
	x.late = take(m, "late");
	x.conflicts = take(m, "conflicts");
	x.start = members_time(m, "start", ks->opened);
	x.end = members_time(m, "end", ks->last);
	take_closed_open(m, &x.open, &path, ks);
	b->length = flow_close_encode(b->bytes, &x);
	b->span = x.length;
}
