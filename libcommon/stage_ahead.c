/* SPDX-License-Identifier: ISC */
/* A look ahead. */
#include "libcommon/stage_ahead.h"
#include "libcommon/stage_impl.h"

bool
stage_ahead(const struct stage *s, const uint8_t **at, struct record *r)
{
	const uint8_t *end = s->in.buf + s->in.end;
	const uint8_t *p = *at != NULL ? *at : s->in.buf + s->in.start;
	size_t left = (size_t)(end - p);

	if (left < RECORD_HEADER)
		return false;
	record_header_decode(r, p);
	if (r->type == RECORD_END || r->length > RECORD_BODY_MAX ||
	    record_size(r->length) > left)
		return false;
	r->body = p + RECORD_HEADER;
	*at = p + record_size(r->length);
	return true;
}
