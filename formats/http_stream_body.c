/* SPDX-License-Identifier: ISC */
/* Bodies in a direction: counted, chunked, and whether there is one. */
#include <string.h>

#include "formats/http_search.h"
#include "formats/http_stream_impl.h"

static const uint8_t stream_word[] = { 'H', 'T', 'T', 'P', '/', '1', '.' };

enum http_state
http_stream_framed(enum http_framing framing)
{
	return framing == HTTP_BY_LENGTH ? HTTP_STATE_COUNTED :
	    framing == HTTP_BY_CHUNKS ? HTTP_STATE_CHUNKED :
	    HTTP_STATE_TO_END;
}

/*
 * What looked like a start line in place of a body was none: the bytes that
 * were taken for it belong to the body.
 */
bool
http_stream_unpeek(struct http_stream *s, struct http_event *ev)
{
	uint64_t n = s->peeked;

	s->state = http_stream_framed(s->framing);
	s->peeked = 0;
	if (n == 0)
		return false;
	if (s->framing == HTTP_BY_CHUNKS)
		return http_stream_done(s, HTTP_BROKEN, false, "bad chunk");
	ev->kept = stream_word;
	ev->offset = s->offset - n;
	if (s->framing == HTTP_BY_LENGTH && n >= s->left) {
		(void)http_stream_done(s, HTTP_COMPLETE, true, NULL);
		(void)http_stream_keep(s, stream_word + s->left,
		    (size_t)(n - s->left), s->head_max);
		s->start = s->offset - (n - s->left);
		n = s->left;
	}
	if (s->framing == HTTP_BY_LENGTH)
		s->left -= n;
	ev->length = n;
	return stream_event(ev, HTTP_BODY);
}

bool
http_stream_no_body(struct http_stream *s, const char *lost)
{
	s->start = s->offset - s->peeked;
	(void)http_stream_keep(s, stream_word, s->peeked, s->head_max);
	s->peeked = 0;
	return http_stream_done(s, HTTP_COMPLETE, true, lost);
}

bool
http_stream_peek(struct http_stream *s, struct http_input *in,
    struct http_event *ev)
{
	while (input_left(in) > 0 && s->peeked < sizeof(stream_word)) {
		if (*input_bytes(in) != stream_word[s->peeked])
			return http_stream_unpeek(s, ev);
		s->peeked++;
		stream_take(s, in, 1);
	}
	if (s->peeked < sizeof(stream_word))
		return false;
	return http_stream_no_body(s, NULL);
}

/* Bytes or a gap of a body that ends by its length or with the stream. */
bool
http_stream_counted(struct http_stream *s, struct http_input *in,
    struct http_event *ev)
{
	bool to_end = s->state == HTTP_STATE_TO_END;
	uint64_t n = input_left(in);

	if (!to_end) {
		n = stream_min(s->left, n);
		s->left -= n;
	}
	s->missing |= in->gap;
	(void)http_stream_span(s, in, ev, in->gap ? HTTP_HOLE : HTTP_BODY, n);
	if (!to_end && s->left == 0)
		(void)http_stream_done(s, HTTP_COMPLETE, true, NULL);
	return true;
}

/*
 * The body began with a hole and may be none, the answer to a HEAD that was
 * not seen: then a message within it is the next one.
 */
bool
http_stream_doubtful(struct http_stream *s, struct http_input *in,
    struct http_event *ev)
{
	uint64_t n = input_left(in);
	size_t at;

	if (http_search(s->kind, input_bytes(in), (size_t)n, &at) !=
	    HTTP_FOUND || (s->state == HTTP_STATE_COUNTED && at >= s->left))
		return http_stream_counted(s, in, ev);
	if (at == 0)
		return http_stream_done(s, HTTP_GAP, false, NULL);
	if (s->state == HTTP_STATE_COUNTED)
		s->left -= at;
	return http_stream_span(s, in, ev, HTTP_BODY, at);
}

/* Bytes or a gap of one chunk. */
bool
http_stream_chunk(struct http_stream *s, struct http_input *in,
    struct http_event *ev)
{
	uint64_t n = stream_min(s->chunk.left, input_left(in));

	http_chunk_take(&s->chunk, n);
	s->missing |= in->gap;
	return http_stream_span(s, in, ev, in->gap ? HTTP_HOLE : HTTP_BODY, n);
}

/*
 * No chunk where the first one should be: a Content-Length that came with
 * the header field counts after all.
 */
static bool
stream_not_chunked(struct http_stream *s)
{
	if (s->left == 0 || s->chunk_begun)
		return http_stream_done(s, HTTP_BROKEN, false, "bad chunk");
	s->not_chunked = true;
	s->state = HTTP_STATE_COUNTED;
	return false;
}

bool
http_stream_chunks(struct http_stream *s, struct http_input *in)
{
	size_t used;

	switch (http_chunk_next(&s->chunk, input_bytes(in),
	    (size_t)input_left(in), &used)) {
	case HTTP_CHUNK_BAD:
		return stream_not_chunked(s);
	case HTTP_CHUNK_LAST:
		s->state = HTTP_STATE_TRAILERS;
		s->kept_length = 0;
		break;
	case HTTP_CHUNK_DATA:
	case HTTP_CHUNK_MORE:
		break;
	}
	s->chunk_begun = true;
	stream_take(s, in, used);
	return false;
}

/* Gather trailers, the first line by itself when it comes in parts. */
static int
stream_gather_line(struct http_stream *s, struct http_input *in, bool first)
{
	struct http_input line = *in;
	const uint8_t *p = input_bytes(in), *lf;
	int complete;

	lf = first && s->kept_length > 0 ?
	    memchr(p, '\n', (size_t)input_left(in)) : NULL;
	if (lf != NULL)
		line.length = in->at + (uint64_t)(lf + 1 - p);
	complete = http_stream_gather(s, &line, true);
	in->at = line.at;
	return complete;
}

/* Trailers; or, where the empty line is missing, the next message. */
bool
http_stream_trailers(struct http_stream *s, struct http_input *in,
    struct http_head *head, struct http_event *ev)
{
	bool first = s->kept_length == 0 ||
	    memchr(s->kept, '\n', s->kept_length) == NULL;
	uint64_t start = s->offset - s->kept_length;
	size_t length;
	int complete;

	if (s->kept_length == 0 && http_head_start(s->kind, input_bytes(in),
	    (size_t)input_left(in)) == 1)
		return http_stream_done(s, HTTP_COMPLETE, true, NULL);
	complete = stream_gather_line(s, in, first);
	if (complete == 0) {
		if (!first || s->kept[s->kept_length - 1] != '\n' ||
		    http_head_start(s->kind, s->kept, s->kept_length) != 1)
			return false;
		s->start = start;
		return http_stream_done(s, HTTP_COMPLETE, true, NULL);
	}
	(void)http_stream_done(s, HTTP_COMPLETE, true,
	    complete == -1 ? "head too long" : NULL);
	length = s->kept_length;
	s->kept_length = 0;
	if (length <= 2 || http_head_trailers(head, s->kept, length) <= 0)
		return false;
	ev->length = length;
	ev->offset = start;
	ev->kept = s->kept;
	return stream_event(ev, HTTP_TRAILERS);
}
