/* SPDX-License-Identifier: ISC */
/*
 * Fuzz target: the bodies of records.  The first byte is the type, the
 * second the flags' high byte, the rest the body.  What decodes is encoded
 * again and must decode to the same.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/flow.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define SAME(member)	do {						\
	if (a.member != b.member)					\
		abort();						\
} while (0)

static void
fuzz_segment(const struct record *r)
{
	uint8_t buf[SEGMENT_FIXED + 8 * 255];
	struct record again = { .type = r->type, .flags = RECORD_BYREF,
	    .body = buf };
	struct segment a, b;

	if (segment_decode(&a, r) == -1)
		return;
	segment_encode(buf, &a);
	if (a.key.path_length > 0)
		memcpy(buf + SEGMENT_FIXED, a.key.path, a.key.path_length);
	again.length = SEGMENT_FIXED + a.key.path_length;
	if (segment_decode(&b, &again) == -1)
		abort();
	SAME(seq);
	SAME(ref.offset);
	SAME(payload_length);
	SAME(key.tci);
}

static void
fuzz_close(const struct record *r)
{
	uint8_t buf[CLOSE_MAX];
	struct record again = { .type = r->type, .body = buf };
	struct flow_close a, b;

	if (flow_close_decode(&a, r) == -1)
		return;
	again.length = (uint32_t)flow_close_encode(buf, &a);
	if (flow_close_decode(&b, &again) == -1)
		abort();
	SAME(length);
	SAME(open.number);
	SAME(open.key.path_length);
}

/* Touch the bytes that a struct says it has: the sanitizer checks them. */
static void
fuzz_touch(const uint8_t *p, size_t n)
{
	volatile uint8_t sum = 0;
	size_t i;

	for (i = 0; p != NULL && i < n; i++)
		sum = (uint8_t)(sum + p[i]);
}

static void
fuzz_rest(const struct record *r)
{
	struct flow_open o;
	struct frame f;
	struct data d;
	struct gap g;
	struct conflict x;
	struct name n;
	struct stored s;
	struct digest e;
	struct source c;
	struct end z;

	if (flow_open_decode(&o, r) == 0)
		fuzz_touch(o.key.path, o.key.path_length);
	if (frame_decode(&f, r) == 0)
		fuzz_touch(f.bytes, f.ref.length);
	if (data_decode(&d, r) == 0)
		fuzz_touch(d.bytes, d.ref.length);
	if (conflict_decode(&x, r) == 0)
		fuzz_touch(x.bytes, x.length);
	if (name_decode(&n, r) == 0)
		fuzz_touch((const uint8_t *)n.pattern, n.length);
	if (stored_decode(&s, r) == 0)
		fuzz_touch((const uint8_t *)s.path, s.path_length);
	if (digest_decode(&e, r) == 0)
		fuzz_touch(e.value, e.value_length);
	if (source_decode(&c, r) == 0)
		fuzz_touch((const uint8_t *)c.name, c.name_length);
	if (end_decode(&z, r) == 0)
		fuzz_touch((const uint8_t *)z.text, z.text_length);
	(void)gap_decode(&g, r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct record r = { .time = 0 };

	if (size < 2)
		return 0;
	r.type = bytes[0];
	r.flags = (uint16_t)(bytes[1] << 8);
	r.body = bytes + 2;
	r.length = (uint32_t)(size - 2);
	fuzz_segment(&r);
	fuzz_close(&r);
	fuzz_rest(&r);
	return 0;
}
