/* SPDX-License-Identifier: ISC */
/* Derived streams: OPEN, NAME, DATA, GAP, CLOSE. */
#include <string.h>

#include "cmd/flow-http/flow_http.h"

/*
 * Ids: 2^52, the place of this stage in the pipeline, a counter.  They stay
 * below 2^53, so that JSON numbers hold them, and meet no other stage's.
 */
enum { ID_DERIVED = 52, ID_PLACE = 44 };

static void
derived_describe(struct flow_open *o, const struct direction *from,
    const struct derived *d)
{
	*o = from->open;
	kind_set(o->kind, d->kind);
	o->parent = from->id;
	o->parent_offset = d->parent_offset;
	o->peer = d->peer;
	o->packet = 0;
	o->source = d->source;
	o->first_seq = 0;
}

void
derived_open(struct http *h, const struct direction *from,
    struct derived *d, const char *kind, uint64_t parent_offset,
    const char *suffix)
{
	struct record r = { .type = RECORD_OPEN, .time = h->now.time };
	uint8_t body[OPEN_FIXED];
	struct flow_open o;
	struct iovec v[2];

	d->id = (uint64_t)1 << ID_DERIVED |
	    (h->position & 0xff) << ID_PLACE | ++h->ids;
	d->kind = kind;
	d->parent_offset = (int64_t)parent_offset;
	d->source = h->now.data.ref.source;
	d->length = d->missing = d->gaps = d->late = 0;
	d->start = d->end = h->now.time;
	derived_describe(&o, from, d);
	flow_open_encode(body, &o);
	v[0].iov_base = body;
	v[0].iov_len = sizeof(body);
	v[1].iov_base = (void *)(uintptr_t)o.key.path;
	v[1].iov_len = o.key.path_length;
	r.stream = d->id;
	stage_emitv(h->stage, &r, v, 2);
	if (suffix == NULL)
		return;
	r.type = RECORD_NAME;
	r.flags = RECORD_SUFFIX | (from->unstored ? NAME_UNSTORED : 0);
	r.body = (const uint8_t *)suffix;
	r.length = (uint32_t)strlen(suffix);
	stage_emit(h->stage, &r);
}

/* DATA, or LATE with its flags, at an offset. */
static void
derived_send(struct http *h, const struct derived *d, uint16_t type,
    uint64_t offset, const struct reference *ref, const uint8_t *bytes)
{
	struct record r = {
		.type = type, .stream = d->id, .time = h->now.time,
		.flags = bytes == NULL ? RECORD_BYREF : 0,
		.offset = (int64_t)offset
	};
	uint8_t fixed[REFERENCE_SIZE];
	struct iovec v[2];

	reference_encode(fixed, ref);
	v[0].iov_base = fixed;
	v[0].iov_len = sizeof(fixed);
	v[1].iov_base = (void *)(uintptr_t)bytes;
	v[1].iov_len = bytes == NULL ? 0 : ref->length;
	if (type == RECORD_LATE)
		r.flags |= h->now.record->flags & RECORD_REPLACE;
	stage_emitv(h->stage, &r, v, 2);
}

static void
derived_data(struct http *h, struct derived *d, const struct reference *ref,
    const uint8_t *bytes)
{
	derived_send(h, d, RECORD_DATA, d->length, ref, bytes);
	d->length += ref->length;
	d->end = h->now.time;
}

void
derived_bytes(struct http *h, struct derived *d, const uint8_t *bytes,
    size_t n)
{
	struct reference nowhere = { .length = (uint32_t)n };

	derived_data(h, d, &nowhere, bytes);
}

/* n bytes of h->now from `at`; NULL in *bytes: by reference.  -1: lost. */
static int
derived_cut(struct http *h, size_t at, size_t n, struct reference *ref,
    const uint8_t **bytes)
{
	*ref = h->now.data.ref;
	if (ref->source != 0)
		ref->offset += at;
	ref->length = (uint32_t)n;
	*bytes = h->now.data.bytes;
	if (*bytes == NULL && n < BYREF_MIN) {	/* short ones travel */
		*bytes = bodies_bytes(h);
		if (*bytes == NULL)
			return -1;
	}
	if (*bytes != NULL)
		*bytes += at;
	return 0;
}

void
derived_part(struct http *h, struct derived *d, size_t at, size_t n)
{
	struct reference ref;
	const uint8_t *bytes;

	if (derived_cut(h, at, n, &ref, &bytes) == -1)
		derived_gap(h, d, n);
	else
		derived_data(h, d, &ref, bytes);
}

void
derived_late(struct http *h, struct derived *d, uint64_t place,
    uint64_t origin)
{
	uint64_t n = h->now.data.ref.length, at = 0;
	struct reference ref;
	const uint8_t *bytes;

	if (place < origin) {
		at = origin - place;
		if (at >= n)
			return;
		n -= at;
		place = origin;
	}
	if (place - origin >= d->length)
		return;
	if (n > d->length - (place - origin))
		n = d->length - (place - origin);
	if (derived_cut(h, (size_t)at, (size_t)n, &ref, &bytes) == -1)
		return;
	derived_send(h, d, RECORD_LATE, place - origin, &ref, bytes);
	if ((h->now.record->flags & RECORD_REPLACE) == 0) {
		d->late += n;
		d->missing -= n < d->missing ? n : d->missing;
	}
}

void
derived_gap(struct http *h, struct derived *d, uint64_t length)
{
	struct record r = {
		.type = RECORD_GAP, .stream = d->id, .time = h->now.time,
		.offset = (int64_t)d->length, .length = GAP_SIZE
	};
	struct gap gap = { .cause = GAP_DAMAGED };
	uint8_t body[GAP_SIZE];

	if (h->now.record->type == RECORD_GAP)
		(void)gap_decode(&gap, h->now.record);
	gap.length = length;
	gap_encode(body, &gap);
	r.body = body;
	stage_emit(h->stage, &r);
	d->length += length;
	d->missing += length;
	d->gaps++;
}

void
derived_close(struct http *h, const struct direction *from,
    struct derived *d, uint16_t why)
{
	struct flow_close x = {
		.why = why, .length = d->length, .gaps = d->gaps,
		.missing = d->missing, .late = d->late,
		.start = d->start, .end = d->end
	};
	struct record r = {
		.type = RECORD_CLOSE, .stream = d->id, .time = h->now.time,
		.offset = (int64_t)d->length
	};
	uint8_t body[CLOSE_MAX];

	if (d->id == 0)
		return;
	derived_describe(&x.open, from, d);
	r.length = (uint32_t)flow_close_encode(body, &x);
	r.body = body;
	stage_emit(h->stage, &r);
	d->id = 0;
}
