/* SPDX-License-Identifier: ISC */
/* One direction of an HTTP connection: its states. */
#include <stdlib.h>
#include <string.h>

#include "formats/http_stream_impl.h"

enum { STREAM_KEPT_MIN = 512, STREAM_KEPT_IDLE = 4096 };

static bool
stream_end_message(struct http_stream *s, struct http_event *ev)
{
	ev->offset = s->offset - s->kept_length;
	ev->ending = s->ending;
	ev->whole = s->whole;
	ev->cause = s->cause;
	if (s->cause != NULL) {
		s->after = HTTP_AFTER_NONE;
		(void)http_stream_lose(s, s->offset - s->kept_length,
		    s->cause);
	} else if (s->after == HTTP_AFTER_TUNNEL) {
		s->state = HTTP_STATE_TUNNEL;
	} else {
		s->state = s->after == HTTP_AFTER_ASK ? HTTP_STATE_ASK :
		    HTTP_STATE_START;
	}
	return stream_event(ev, HTTP_END);
}

/* Bytes that are missing. */
static bool
stream_gap(struct http_stream *s, struct http_input *in,
    struct http_event *ev)
{
	uint64_t n = input_left(in);

	switch (s->state) {
	case HTTP_STATE_PEEK:
		if (s->likely_none || s->peeked > 0)
			return http_stream_no_body(s, "gap");
		s->doubtful = true;
		return http_stream_unpeek(s, ev);
	case HTTP_STATE_COUNTED:
	case HTTP_STATE_TO_END:
		return http_stream_counted(s, in, ev);
	case HTTP_STATE_CHUNKED:
		if (s->chunk.state == HTTP_CHUNK_BYTES)
			return http_stream_chunk(s, in, ev);
		return http_stream_done(s, HTTP_GAP, false, "gap");
	case HTTP_STATE_TRAILERS:
		s->kept_length = 0;
		return http_stream_done(s, HTTP_COMPLETE, true, "gap");
	case HTTP_STATE_TUNNEL:
		return http_stream_span(s, in, ev, HTTP_TUNNEL_HOLE, n);
	case HTTP_STATE_ASK:
	case HTTP_STATE_START:
		(void)http_stream_lose(s, s->offset - s->kept_length,
		    s->offset == 0 ? "start" : "gap");
		break;
	default:
		break;
	}
	s->kept_length = 0;
	stream_take(s, in, n);
	return false;
}

/* The stream ends: what is not finished is cut. */
static bool
stream_end(struct http_stream *s, struct http_event *ev)
{
	switch (s->state) {
	case HTTP_STATE_PEEK:
		if (s->peeked > 0)
			return http_stream_unpeek(s, ev);
		return http_stream_done(s, s->likely_none ||
		    s->framing == HTTP_BY_END ? HTTP_COMPLETE : HTTP_CUT,
		    s->likely_none || s->framing == HTTP_BY_END, NULL);
	case HTTP_STATE_COUNTED:
	case HTTP_STATE_CHUNKED:
		return http_stream_done(s, HTTP_CUT, false, NULL);
	case HTTP_STATE_TRAILERS:
		s->kept_length = 0;
		return http_stream_done(s, HTTP_COMPLETE, true, NULL);
	case HTTP_STATE_TO_END:
		return http_stream_done(s, HTTP_COMPLETE, true, NULL);
	case HTTP_STATE_START:
		if (s->kept_length == 0)
			return stream_event(ev, HTTP_MORE);
		s->start = s->offset - s->kept_length;
		s->cause = "cut";
		/* FALLTHROUGH */
	case HTTP_STATE_LOST:
		ev->offset = s->start;
		ev->length = s->offset - s->start;
		ev->cause = s->cause;
		s->kept_length = 0;
		s->state = HTTP_STATE_START;
		return ev->length > 0 && stream_event(ev, HTTP_SKIPPED);
	default:
		return stream_event(ev, HTTP_MORE);
	}
}

/* States that look at bytes, which are there. */
static bool
stream_look(struct http_stream *s, struct http_input *in,
    struct http_head *head, struct http_event *ev)
{
	switch (s->state) {
	case HTTP_STATE_START:
		return http_stream_start(s, in, head, ev);
	case HTTP_STATE_PEEK:
		return http_stream_peek(s, in, ev);
	case HTTP_STATE_CHUNKED:
		return http_stream_chunks(s, in);
	case HTTP_STATE_TRAILERS:
		return http_stream_trailers(s, in, head, ev);
	case HTTP_STATE_ASK:
		ev->offset = s->offset;
		ev->at = (size_t)in->at;
		return stream_event(ev, HTTP_ASK);
	default:
		return http_stream_search(s, in, ev);
	}
}

/* Bytes: some states count them off, the others must see them. */
static bool
stream_bytes(struct http_stream *s, struct http_input *in,
    struct http_head *head, struct http_event *ev)
{
	switch (s->state) {
	case HTTP_STATE_COUNTED:
	case HTTP_STATE_TO_END:
		if (s->doubtful && in->bytes == NULL)
			break;
		if (s->doubtful)
			return http_stream_doubtful(s, in, ev);
		return http_stream_counted(s, in, ev);
	case HTTP_STATE_TUNNEL:
		return http_stream_span(s, in, ev, HTTP_TUNNEL,
		    input_left(in));
	case HTTP_STATE_IGNORE:
		stream_take(s, in, input_left(in));
		return false;
	case HTTP_STATE_CHUNKED:
		if (s->chunk.state == HTTP_CHUNK_BYTES)
			return http_stream_chunk(s, in, ev);
		break;
	default:
		break;
	}
	if (in->bytes == NULL)
		return stream_event(ev, HTTP_LOOK);
	return stream_look(s, in, head, ev);
}

/* A long head is over: do not keep its room for every idle stream. */
static void
stream_shrink(struct http_stream *s)
{
	if (s->kept_length == 0 && s->kept_size > 0) {
		free(s->kept);
		s->kept = NULL;
		s->kept_size = 0;
	}
}

bool
http_stream_span(struct http_stream *s, struct http_input *in,
    struct http_event *ev, enum http_event_type type, uint64_t n)
{
	ev->type = type;
	ev->offset = s->offset;
	ev->at = in->at;
	ev->length = n;
	stream_take(s, in, n);
	return true;
}

bool
http_stream_keep(struct http_stream *s, const uint8_t *p, size_t n, size_t max)
{
	size_t size = s->kept_size == 0 ? STREAM_KEPT_MIN : s->kept_size;
	uint8_t *grown;

	if (n > max || s->kept_length > max - n)
		return false;
	while (size < s->kept_length + n)
		size *= 2;
	if (size != s->kept_size) {
		grown = realloc(s->kept, size);
		if (grown == NULL)
			return false;
		s->kept = grown;
		s->kept_size = size;
	}
	memcpy(s->kept + s->kept_length, p, n);
	s->kept_length += n;
	return true;
}

bool
http_stream_lose(struct http_stream *s, uint64_t start, const char *cause)
{
	s->state = HTTP_STATE_LOST;
	s->start = start;
	s->cause = cause;
	return false;
}

bool
http_stream_done(struct http_stream *s, enum http_ending ending, bool whole,
    const char *lost)
{
	s->state = HTTP_STATE_DONE;
	s->ending = ending == HTTP_COMPLETE && s->missing ? HTTP_GAP :
	    ending;
	s->whole = whole;
	s->cause = lost;
	return false;
}

void
http_stream_init(struct http_stream *s, size_t head_max, uint64_t search_max)
{
	memset(s, 0, sizeof(*s));
	s->head_max = head_max;
	s->search_max = search_max;
}

void
http_stream_free(struct http_stream *s)
{
	free(s->kept);
	s->kept = NULL;
	s->kept_length = s->kept_size = 0;
}

bool
http_stream_idle(const struct http_stream *s)
{
	return (s->state == HTTP_STATE_START || s->state == HTTP_STATE_ASK ||
	    s->state == HTTP_STATE_LOST) && s->kept_length == 0;
}

void
http_stream_next(struct http_stream *s, struct http_input *in,
    struct http_head *head, struct http_event *ev)
{
	bool told = false;

	stream_shrink(s);
	memset(ev, 0, sizeof(*ev));
	while (!told) {
		if (s->state == HTTP_STATE_DONE)
			told = stream_end_message(s, ev);
		else if (in->end)
			told = stream_end(s, ev);
		else if (input_left(in) == 0)
			told = stream_event(ev, HTTP_MORE);
		else if (in->gap)
			told = stream_gap(s, in, ev);
		else
			told = stream_bytes(s, in, head, ev);
	}
}

void
http_stream_body(struct http_stream *s, enum http_framing framing,
    uint64_t length, bool peek, bool likely_none)
{
	s->chunk_begun = s->not_chunked = s->doubtful = false;
	if (framing == HTTP_NO_BODY ||
	    (framing == HTTP_BY_LENGTH && length == 0)) {
		(void)http_stream_done(s, HTTP_COMPLETE, true, NULL);
		return;
	}
	s->framing = framing;
	s->left = length;
	s->peeked = 0;
	s->likely_none = likely_none;
	memset(&s->chunk, 0, sizeof(s->chunk));
	s->state = peek ? HTTP_STATE_PEEK : http_stream_framed(framing);
}

void
http_stream_ask(struct http_stream *s)
{
	s->after = HTTP_AFTER_ASK;
}

void
http_stream_answer(struct http_stream *s, bool tunnel)
{
	if (s->after != HTTP_AFTER_ASK)
		return;
	s->after = tunnel ? HTTP_AFTER_TUNNEL : HTTP_AFTER_NONE;
	if (s->state == HTTP_STATE_ASK)
		s->state = tunnel ? HTTP_STATE_TUNNEL : HTTP_STATE_START;
}

void
http_stream_wake(struct http_stream *s)
{
	s->known = true;
	if (s->state == HTTP_STATE_IGNORE)
		s->state = HTTP_STATE_LOST;
}
