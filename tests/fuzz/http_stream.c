/* SPDX-License-Identifier: ISC */
/*
 * Fuzz target: a direction with its framing and chunks.  The first byte
 * chooses how the rest is cut and what is missing; a byte 0xff begins a gap.
 * The events must be in order and lie within what was fed.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/http_stream.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { FIELDS = 8 };

struct state {
	struct http_stream s;
	struct http_field fields[FIELDS];
	struct http_head head;
	uint64_t	 fed;		/* bytes and gaps so far */
	uint64_t	 told;		/* end of the last span */
	bool		 in_message;
	uint8_t		 how;
};

static void
fuzz_frame(struct state *f)
{
	const struct http_head *h = &f->head;
	enum http_framing framing = h->chunked ? HTTP_BY_CHUNKS :
	    h->content_length >= 0 ? HTTP_BY_LENGTH :
	    h->kind == HTTP_RESPONSE ? HTTP_BY_END : HTTP_NO_BODY;

	http_stream_body(&f->s, framing, h->content_length < 0 ? 0 :
	    (uint64_t)h->content_length, (f->how & 1) != 0,
	    (f->how & 2) != 0);
	if (h->upgrade.at != NULL)
		http_stream_ask(&f->s);
	f->in_message = true;
}

static void
fuzz_event(struct state *f, const struct http_event *ev,
    const struct http_input *in)
{
	if (ev->offset + ev->length > f->fed)
		abort();
	switch (ev->type) {
	case HTTP_HEAD:
		if (f->in_message)
			abort();
		fuzz_frame(f);
		break;
	case HTTP_BODY:
	case HTTP_HOLE:
		if (!f->in_message)
			abort();
		/* FALLTHROUGH */
	case HTTP_TUNNEL:
	case HTTP_TUNNEL_HOLE:
		if (ev->length == 0 || ev->offset < f->told ||
		    (ev->kept == NULL && ev->at + ev->length > in->length))
			abort();
		f->told = ev->offset + ev->length;
		break;
	case HTTP_END:
		if (!f->in_message)
			abort();
		f->in_message = false;
		break;
	case HTTP_ASK:
		http_stream_answer(&f->s, (f->how & 4) != 0);
		break;
	default:
		break;
	}
}

static void
fuzz_feed(struct state *f, struct http_input *in)
{
	struct http_event ev;

	f->fed += in->length;
	for (;;) {
		http_stream_next(&f->s, in, &f->head, &ev);
		if (ev.type == HTTP_MORE)
			break;
		if (ev.type == HTTP_LOOK)
			abort();
		fuzz_event(f, &ev, in);
	}
	if (in->at != in->length || f->s.offset != f->fed)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct state f = { .how = size > 0 ? data[0] : 0 };
	struct http_input in;
	size_t at = 1, n, step = (size_t)(f.how >> 3) * 3 + 1;

	f.head.fields = f.fields;
	f.head.fields_max = FIELDS;
	http_stream_init(&f.s, 1024, 4096);
	while (at < size) {
		memset(&in, 0, sizeof(in));
		if (data[at] == 0xff && at + 1 < size) {
			in.gap = true;
			in.length = data[at + 1];
			at += 2;
		} else {
			for (n = 1; n < step && at + n < size &&
			    data[at + n] != 0xff; n++)
				continue;
			in.bytes = data + at;
			in.length = n;
			at += n;
		}
		fuzz_feed(&f, &in);
	}
	in = (struct http_input){ .end = true };
	fuzz_feed(&f, &in);
	if (f.in_message)
		abort();
	http_stream_free(&f.s);
	return 0;
}
