/* SPDX-License-Identifier: ISC */
/*
 * The inside of http_stream*.c alone: what each state does with an input.
 * The functions that return bool say whether there is an event to tell.
 */
#ifndef FORMATS_HTTP_STREAM_IMPL_H
#define FORMATS_HTTP_STREAM_IMPL_H

#include "formats/http_stream.h"

static inline uint64_t
input_left(const struct http_input *in)
{
	return in->length - in->at;
}

static inline const uint8_t *
input_bytes(const struct http_input *in)
{
	return in->bytes + in->at;
}

static inline void
stream_take(struct http_stream *s, struct http_input *in, uint64_t n)
{
	s->offset += n;
	in->at += n;
}

static inline bool
stream_event(struct http_event *ev, enum http_event_type type)
{
	ev->type = type;
	return true;
}

static inline uint64_t
stream_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* http_stream.c */
/* A span of the input, as it is, becomes an event. */
bool	http_stream_span(struct http_stream *, struct http_input *,
	    struct http_event *, enum http_event_type, uint64_t);
/* Put bytes behind those that are kept; false when that is over max. */
bool	http_stream_keep(struct http_stream *, const uint8_t *, size_t n,
	    size_t max);
/* Search from here on; what follows `start` is lost for this cause. */
bool	http_stream_lose(struct http_stream *, uint64_t start, const char *);
/* The message is over; `lost`: and the stream with it, for this cause. */
bool	http_stream_done(struct http_stream *, enum http_ending, bool whole,
	    const char *lost);

/* http_stream_head.c */
/*
 * Add to what is kept of a head or trailer section up to its end.  Returns
 * 1 when it is complete, 0 when not, -1 when it is too long.
 */
int	http_stream_gather(struct http_stream *, struct http_input *,
	    bool trailers);
bool	http_stream_start(struct http_stream *, struct http_input *,
	    struct http_head *, struct http_event *);
bool	http_stream_search(struct http_stream *, struct http_input *,
	    struct http_event *);

/* http_stream_body.c */
/* Which state counts a body off. */
enum http_state	http_stream_framed(enum http_framing);
bool	http_stream_peek(struct http_stream *, struct http_input *,
	    struct http_event *);
/* PEEK: there is no body, but perhaps the beginning of a start line. */
bool	http_stream_no_body(struct http_stream *, const char *lost);
bool	http_stream_unpeek(struct http_stream *, struct http_event *);
bool	http_stream_counted(struct http_stream *, struct http_input *,
	    struct http_event *);
bool	http_stream_doubtful(struct http_stream *, struct http_input *,
	    struct http_event *);
bool	http_stream_chunk(struct http_stream *, struct http_input *,
	    struct http_event *);
bool	http_stream_chunks(struct http_stream *, struct http_input *);
bool	http_stream_trailers(struct http_stream *, struct http_input *,
	    struct http_head *, struct http_event *);

#endif
