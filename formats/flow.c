/* SPDX-License-Identifier: ISC */
/* Bodies of the records about packets and streams; see flow-record(5). */
#include <stdio.h>
#include <string.h>

#include "formats/flow.h"
#include "libcommon/bytes.h"
#include "libcommon/cursor.h"

/* Are there flags that a decoder must understand, beyond `known`? */
static bool
flags_unknown(const struct record *r, unsigned known)
{
	return (r->flags & RECORD_FLAGS_CRITICAL & ~known) != 0;
}

/*
 * What follows a fixed part: the bytes that a reference stands for, or
 * nothing when they travel by reference.
 */
static int
payload_decode(const uint8_t **bytes, struct cursor *c,
    const struct record *r, uint32_t length)
{
	if ((r->flags & RECORD_BYREF) != 0)
		*bytes = NULL;
	else
		*bytes = cursor_bytes(c, length);
	return c->bad ? -1 : 0;
}

static void
reference_read(struct reference *ref, struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, REFERENCE_SIZE);

	if (p == NULL)
		memset(ref, 0, sizeof(*ref));
	else
		reference_decode(ref, p);
}

void
segment_encode(uint8_t p[SEGMENT_FIXED], const struct segment *s)
{
	reference_encode(p, &s->ref);
	memcpy(p + 16, s->key.src, 16);
	memcpy(p + 32, s->key.dst, 16);
	le16_put(p + 48, s->key.sport);
	le16_put(p + 50, s->key.dport);
	le32_put(p + 52, s->seq);
	le32_put(p + 56, s->ack);
	le16_put(p + 60, s->window);
	p[62] = s->tcp_flags;
	p[63] = s->key.family;
	le32_put(p + 64, s->wire_length);
	le32_put(p + 68, s->cap_length);
	le32_put(p + 72, s->payload_length);
	le16_put(p + 76, s->key.tci);
	p[78] = s->key.info;
	p[79] = (uint8_t)(s->key.path_length / 8);
	memcpy(p + 80, s->key.src_mac, 6);
	memcpy(p + 86, s->key.dst_mac, 6);
	le32_put(p + 92, 0);
}

int
segment_decode(struct segment *s, const struct record *r)
{
	const uint8_t *p = r->body;
	struct cursor c;

	if (r->length < SEGMENT_FIXED || flags_unknown(r, RECORD_BYREF))
		return -1;
	reference_decode(&s->ref, p);
	memcpy(s->key.src, p + 16, 16);
	memcpy(s->key.dst, p + 32, 16);
	s->key.sport = le16_get(p + 48);
	s->key.dport = le16_get(p + 50);
	s->seq = le32_get(p + 52);
	s->ack = le32_get(p + 56);
	s->window = le16_get(p + 60);
	s->tcp_flags = p[62];
	s->key.family = p[63];
	s->wire_length = le32_get(p + 64);
	s->cap_length = le32_get(p + 68);
	s->payload_length = le32_get(p + 72);
	s->key.tci = le16_get(p + 76);
	s->key.info = p[78];
	s->key.path_length = (uint16_t)(p[79] * 8);
	memcpy(s->key.src_mac, p + 80, 6);
	memcpy(s->key.dst_mac, p + 86, 6);
	cursor_init(&c, p + SEGMENT_FIXED, r->length - SEGMENT_FIXED);
	s->key.path = cursor_bytes(&c, s->key.path_length);
	if ((s->key.family != 4 && s->key.family != 6) ||
	    s->key.path_length > ENCAP_PATH_MAX ||
	    s->payload_length < s->ref.length)
		return -1;
	return payload_decode(&s->payload, &c, r, s->ref.length);
}

void
frame_encode(uint8_t p[FRAME_FIXED], const struct frame *f)
{
	reference_encode(p, &f->ref);
	le32_put(p + 16, f->wire_length);
	le32_put(p + 20, f->link_type);
}

int
frame_decode(struct frame *f, const struct record *r)
{
	struct cursor c;

	if (flags_unknown(r, RECORD_BYREF))
		return -1;
	cursor_init(&c, r->body, r->length);
	reference_read(&f->ref, &c);
	f->wire_length = cursor_le32(&c);
	f->link_type = cursor_le32(&c);
	return payload_decode(&f->bytes, &c, r, f->ref.length);
}

void
flow_open_encode(uint8_t p[OPEN_FIXED], const struct flow_open *o)
{
	memcpy(p, o->kind, KIND_SIZE);
	le64_put(p + 16, o->parent);
	le64_put(p + 24, (uint64_t)o->parent_offset);
	le64_put(p + 32, o->peer);
	le64_put(p + 40, o->number);
	le64_put(p + 48, o->session);
	le64_put(p + 56, o->packet);
	memcpy(p + 64, o->key.src, 16);
	memcpy(p + 80, o->key.dst, 16);
	le16_put(p + 96, o->key.sport);
	le16_put(p + 98, o->key.dport);
	p[100] = o->key.family;
	p[101] = o->role;
	le16_put(p + 102, o->key.tci);
	memcpy(p + 104, o->key.src_mac, 6);
	memcpy(p + 110, o->key.dst_mac, 6);
	p[116] = o->key.info;
	p[117] = (uint8_t)(o->key.path_length / 8);
	le16_put(p + 118, 0);
	le32_put(p + 120, o->source);
	le32_put(p + 124, o->first_seq);
}

/* An OPEN body, alone or inside a CLOSE. */
static int
flow_open_read(struct flow_open *o, struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, OPEN_FIXED);

	if (p == NULL)
		return -1;
	memcpy(o->kind, p, KIND_SIZE);
	o->parent = le64_get(p + 16);
	o->parent_offset = (int64_t)le64_get(p + 24);
	o->peer = le64_get(p + 32);
	o->number = le64_get(p + 40);
	o->session = le64_get(p + 48);
	o->packet = le64_get(p + 56);
	memcpy(o->key.src, p + 64, 16);
	memcpy(o->key.dst, p + 80, 16);
	o->key.sport = le16_get(p + 96);
	o->key.dport = le16_get(p + 98);
	o->key.family = p[100];
	o->role = p[101];
	o->key.tci = le16_get(p + 102);
	memcpy(o->key.src_mac, p + 104, 6);
	memcpy(o->key.dst_mac, p + 110, 6);
	o->key.info = p[116];
	o->key.path_length = (uint16_t)(p[117] * 8);
	o->source = le32_get(p + 120);
	o->first_seq = le32_get(p + 124);
	o->key.path = cursor_bytes(c, o->key.path_length);
	if (c->bad || o->key.path_length > ENCAP_PATH_MAX ||
	    (o->key.family != 4 && o->key.family != 6) ||
	    o->kind[KIND_SIZE - 1] != '\0')
		return -1;
	return 0;
}

int
flow_open_decode(struct flow_open *o, const struct record *r)
{
	struct cursor c;

	if (flags_unknown(r, 0))
		return -1;
	cursor_init(&c, r->body, r->length);
	return flow_open_read(o, &c);
}

int
data_decode(struct data *d, const struct record *r)
{
	struct cursor c;

	if (flags_unknown(r, RECORD_BYREF |
	    (r->type == RECORD_LATE ? RECORD_REPLACE : 0)))
		return -1;
	cursor_init(&c, r->body, r->length);
	reference_read(&d->ref, &c);
	return payload_decode(&d->bytes, &c, r, d->ref.length);
}

void
gap_encode(uint8_t p[GAP_SIZE], const struct gap *g)
{
	le64_put(p, g->length);
	le32_put(p + 8, g->cause);
	le32_put(p + 12, 0);
}

int
gap_decode(struct gap *g, const struct record *r)
{
	struct cursor c;

	if (flags_unknown(r, 0))
		return -1;
	cursor_init(&c, r->body, r->length);
	g->length = cursor_le64(&c);
	g->cause = cursor_le32(&c);
	cursor_skip(&c, 4);
	return c.bad || g->length > INT64_MAX ? -1 : 0;
}

void
conflict_encode(uint8_t p[CONFLICT_FIXED], const struct conflict *x)
{
	le32_put(p, x->length);
	le32_put(p + 4, x->last_won);
	reference_encode(p + 8, &x->kept);
	reference_encode(p + 24, &x->other);
}

int
conflict_decode(struct conflict *x, const struct record *r)
{
	struct cursor c;

	if (flags_unknown(r, RECORD_BYREF))
		return -1;
	cursor_init(&c, r->body, r->length);
	x->length = cursor_le32(&c);
	x->last_won = cursor_le32(&c) != 0;
	reference_read(&x->kept, &c);
	reference_read(&x->other, &c);
	return payload_decode(&x->bytes, &c, r, x->length);
}

int
name_decode(struct name *n, const struct record *r)
{
	if (flags_unknown(r, RECORD_SUFFIX) || r->length == 0)
		return -1;
	n->pattern = (const char *)r->body;
	n->length = r->length;
	return 0;
}

void
stored_encode(uint8_t p[STORED_FIXED], const struct stored *s)
{
	le64_put(p, s->size);
	le64_put(p + 8, s->shift);
	le32_put(p + 16, s->flags);
	le32_put(p + 20, (uint32_t)s->path_length);
}

int
stored_decode(struct stored *s, const struct record *r)
{
	struct cursor c;

	if (flags_unknown(r, 0))
		return -1;
	cursor_init(&c, r->body, r->length);
	s->size = cursor_le64(&c);
	s->shift = cursor_le64(&c);
	s->flags = cursor_le32(&c);
	s->path_length = cursor_le32(&c);
	s->path = (const char *)cursor_bytes(&c, s->path_length);
	return c.bad ? -1 : 0;
}

void
digest_encode(uint8_t p[DIGEST_FIXED], const struct digest *d)
{
	le16_put(p, d->algorithm);
	le16_put(p + 2, (uint16_t)d->value_length);
	le32_put(p + 4, d->flags);
	le64_put(p + 8, d->covered);
}

int
digest_decode(struct digest *d, const struct record *r)
{
	struct cursor c;

	if (flags_unknown(r, 0))
		return -1;
	cursor_init(&c, r->body, r->length);
	d->algorithm = cursor_le16(&c);
	d->value_length = cursor_le16(&c);
	d->flags = cursor_le32(&c);
	d->covered = cursor_le64(&c);
	d->value = cursor_bytes(&c, d->value_length);
	return c.bad ? -1 : 0;
}

size_t
flow_close_encode(uint8_t p[CLOSE_MAX], const struct flow_close *x)
{
	size_t path = x->open.key.path_length;

	le16_put(p, x->why);
	le16_put(p + 2, 0);
	le32_put(p + 4, 0);
	le64_put(p + 8, x->length);
	le64_put(p + 16, x->packets);
	le64_put(p + 24, x->wire_bytes);
	le64_put(p + 32, x->cap_bytes);
	le64_put(p + 40, x->out_of_order);
	le64_put(p + 48, x->violations);
	le64_put(p + 56, x->gaps);
	le64_put(p + 64, x->missing);
	le64_put(p + 72, x->late);
	le64_put(p + 80, x->conflicts);
	le64_put(p + 88, (uint64_t)x->start);
	le64_put(p + 96, (uint64_t)x->end);
	memset(p + 104, 0, CLOSE_FIXED - 104);
	flow_open_encode(p + CLOSE_FIXED, &x->open);
	if (path > 0)
		memcpy(p + CLOSE_FIXED + OPEN_FIXED, x->open.key.path, path);
	return CLOSE_FIXED + OPEN_FIXED + path;
}

int
flow_close_decode(struct flow_close *x, const struct record *r)
{
	const uint8_t *p = r->body;
	struct cursor c;

	if (r->length < CLOSE_FIXED || flags_unknown(r, 0))
		return -1;
	x->why = le16_get(p);
	x->length = le64_get(p + 8);
	x->packets = le64_get(p + 16);
	x->wire_bytes = le64_get(p + 24);
	x->cap_bytes = le64_get(p + 32);
	x->out_of_order = le64_get(p + 40);
	x->violations = le64_get(p + 48);
	x->gaps = le64_get(p + 56);
	x->missing = le64_get(p + 64);
	x->late = le64_get(p + 72);
	x->conflicts = le64_get(p + 80);
	x->start = (int64_t)le64_get(p + 88);
	x->end = (int64_t)le64_get(p + 96);
	cursor_init(&c, p + CLOSE_FIXED, r->length - CLOSE_FIXED);
	return flow_open_read(&x->open, &c);
}

void
kind_set(char kind[KIND_SIZE], const char *text)
{
	size_t n = strnlen(text, KIND_SIZE - 1);

	memset(kind, 0, KIND_SIZE);
	memcpy(kind, text, n);
}

bool
kind_is(const char kind[KIND_SIZE], const char *text)
{
	return strncmp(kind, text, KIND_SIZE) == 0;
}

int
flow_vlan(const struct flow_key *k)
{
	return (k->info & FLOW_HAS_TCI) != 0 ? k->tci & 0xfff : -1;
}
