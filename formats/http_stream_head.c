/* SPDX-License-Identifier: ISC */
/* Heads in a direction: the next one, and the search for one. */
#include <string.h>

#include "formats/http_search.h"
#include "formats/http_stream_impl.h"

enum { STREAM_KEPT_EARLY = 64 };

/* A head is complete, in the input or in what was kept. */
static bool
stream_head(struct http_stream *s, const struct http_head *head,
    struct http_event *ev, size_t length)
{
	ev->offset = s->start;
	ev->length = length;
	s->kind = head->kind;
	s->known = true;
	s->state = HTTP_STATE_FRAME;
	s->missing = false;
	s->after = HTTP_AFTER_NONE;
	s->cause = NULL;
	s->kept_length = 0;
	return stream_event(ev, HTTP_HEAD);
}

/* No head has been begun: most are complete in one input. */
static bool
stream_first(struct http_stream *s, struct http_input *in,
    struct http_head *head, struct http_event *ev)
{
	const uint8_t *p = input_bytes(in);
	size_t n = (size_t)input_left(in);
	int64_t length;

	if (*p == '\r' || *p == '\n') {
		stream_take(s, in, 1);
		return false;
	}
	s->start = s->offset;
	length = http_head_parse(head, p, n);
	if (length > 0 ? s->kind != HTTP_UNKNOWN && s->kind != head->kind :
	    length < 0 || http_head_start(s->kind, p, n) == -1)
		return http_stream_lose(s, s->start, "not http");
	if (length > 0 && (size_t)length <= s->head_max) {
		ev->at = in->at;
		stream_take(s, in, (uint64_t)length);
		return stream_head(s, head, ev, (size_t)length);
	}
	stream_take(s, in, n);
	if (length > 0 || !http_stream_keep(s, p, n, s->head_max))
		return http_stream_lose(s, s->start, "head too long");
	return false;
}

static bool
stream_more(struct http_stream *s, struct http_input *in,
    struct http_head *head, struct http_event *ev)
{
	size_t before = s->kept_length;
	int complete = http_stream_gather(s, in, false);

	if (complete == -1)
		return http_stream_lose(s, s->start, "head too long");
	if (complete == 0) {
		if ((before < STREAM_KEPT_EARLY || memchr(s->kept + before,
		    '\n', s->kept_length - before) != NULL) &&
		    http_head_start(s->kind, s->kept, s->kept_length) == -1)
			return http_stream_lose(s, s->start, "not http");
		return false;
	}
	if (http_head_start(s->kind, s->kept, s->kept_length) != 1 ||
	    http_head_parse(head, s->kept, s->kept_length) <= 0)
		return http_stream_lose(s, s->start, "not http");
	ev->kept = s->kept;
	return stream_head(s, head, ev, s->kept_length);
}

/* A message was found; n bytes of the input (or kept) lie before it. */
static bool
stream_found(struct http_stream *s, struct http_event *ev, uint64_t at)
{
	ev->offset = s->start;
	ev->length = at - s->start;
	ev->cause = s->cause;
	s->start = at;
	s->state = HTTP_STATE_START;
	s->searched = 0;
	return ev->length > 0 && stream_event(ev, HTTP_SKIPPED);
}

static void
stream_drop(struct http_stream *s, size_t n)
{
	s->kept_length -= n;
	memmove(s->kept, s->kept + n, s->kept_length);
}

/* Search what is kept of a line that may begin a message, line by line. */
static bool
stream_search_kept(struct http_stream *s, struct http_input *in,
    struct http_event *ev)
{
	const uint8_t *p = input_bytes(in), *lf;
	size_t n = (size_t)input_left(in), at;

	lf = memchr(p, '\n', n);
	if (lf != NULL)
		n = (size_t)(lf + 1 - p);
	n = (size_t)stream_min(n, HTTP_LINE_MAX);
	if (!http_stream_keep(s, p, n, 2 * (size_t)HTTP_LINE_MAX)) {
		s->kept_length = 0;
		return false;
	}
	stream_take(s, in, n);
	s->searched += n;
	switch (http_search(s->kind, s->kept, s->kept_length, &at)) {
	case HTTP_FOUND:
		stream_drop(s, at);
		return stream_found(s, ev, s->offset - s->kept_length);
	case HTTP_FOUND_PART:
		stream_drop(s, at);
		return false;
	case HTTP_FOUND_NONE:
		s->kept_length = 0;
		return false;
	}
	return false;
}

int
http_stream_gather(struct http_stream *s, struct http_input *in, bool trailers)
{
	const uint8_t *p = input_bytes(in);
	size_t n = (size_t)input_left(in), end, k = s->kept_length;
	uint8_t before[2] = { 0, trailers ? '\n' : 0 };

	if (k > 0) {
		before[0] = k > 1 ? s->kept[k - 2] : before[1];
		before[1] = s->kept[k - 1];
	}
	end = http_head_end(before, p, n);
	if (end > 0)
		n = end;
	stream_take(s, in, n);
	if (!http_stream_keep(s, p, n, s->head_max)) {
		s->kept_length = 0;
		return -1;
	}
	return end > 0;
}

bool
http_stream_start(struct http_stream *s, struct http_input *in,
    struct http_head *head, struct http_event *ev)
{
	return s->kept_length > 0 ? stream_more(s, in, head, ev) :
	    stream_first(s, in, head, ev);
}

bool
http_stream_search(struct http_stream *s, struct http_input *in,
    struct http_event *ev)
{
	const uint8_t *p = input_bytes(in);
	size_t n = (size_t)input_left(in), at;

	if (!s->known && s->searched > s->search_max) {
		s->state = HTTP_STATE_IGNORE;
		s->kept_length = 0;
		return false;
	}
	if (s->kept_length > 0)
		return stream_search_kept(s, in, ev);
	switch (http_search(s->kind, p, n, &at)) {
	case HTTP_FOUND:
		stream_take(s, in, at);
		return stream_found(s, ev, s->offset);
	case HTTP_FOUND_PART:
		(void)http_stream_keep(s, p + at, n - at,
		    2 * (size_t)HTTP_LINE_MAX);
		break;
	case HTTP_FOUND_NONE:
		break;
	}
	stream_take(s, in, n);
	s->searched += n;
	return false;
}
