/* SPDX-License-Identifier: ISC */
/*
 * One direction of an HTTP connection: where its messages begin and end
 * (RFC 9112 sections 6 and 9), from bytes and gaps at stream offsets.
 *
 * The caller feeds one input after the other and takes events until it is
 * told HTTP_MORE.  What is counted off (bodies, chunks, tunnels) is never
 * looked at: an input may be a mere count until HTTP_LOOK asks for its
 * bytes.  A stream keeps at most `head_max` bytes of an unfinished head, on
 * the heap.
 */
#ifndef FORMATS_HTTP_STREAM_H
#define FORMATS_HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/http_chunk.h"
#include "formats/http_head.h"

enum http_state {
	HTTP_STATE_START,	/* between messages, or in a head */
	HTTP_STATE_FRAME,	/* the caller says how the body is framed */
	HTTP_STATE_PEEK,	/* is there a body?  What follows says so */
	HTTP_STATE_COUNTED, HTTP_STATE_CHUNKED, HTTP_STATE_TRAILERS,
	HTTP_STATE_TO_END,	/* body by the end of the connection */
	HTTP_STATE_DONE,	/* the message's end is to be told */
	HTTP_STATE_ASK,		/* the caller says whether this is a tunnel */
	HTTP_STATE_TUNNEL,
	HTTP_STATE_LOST,	/* looking for a message */
	HTTP_STATE_IGNORE	/* nothing found in head of a stream */
};

enum http_framing {
	HTTP_NO_BODY, HTTP_BY_LENGTH, HTTP_BY_CHUNKS, HTTP_BY_END
};

/* What comes after the message. */
enum http_after { HTTP_AFTER_NONE, HTTP_AFTER_ASK, HTTP_AFTER_TUNNEL };

enum http_ending {
	HTTP_COMPLETE, HTTP_GAP, HTTP_CUT, HTTP_BROKEN
};

enum http_event_type {
	HTTP_MORE,		/* the input is used up */
	HTTP_LOOK,		/* set input.bytes and call again */
	HTTP_HEAD,		/* head parsed: call http_stream_body() */
	HTTP_BODY,		/* bytes of a body */
	HTTP_HOLE,		/* bytes of a body that are missing */
	HTTP_TRAILERS,		/* in head->fields */
	HTTP_END,		/* of the message: see ending, whole */
	HTTP_ASK,		/* call http_stream_answer() */
	HTTP_TUNNEL,		/* bytes of a tunnel */
	HTTP_TUNNEL_HOLE,
	HTTP_SKIPPED		/* a range without messages: see cause */
};

struct http_event {
	enum http_event_type type;
	uint64_t	 offset;	/* in the stream */
	uint64_t	 length;	/* bytes */
	size_t		 at;		/* where in the input, bytes */
	const uint8_t	*kept;		/* not NULL: the bytes are here and
					 * not in the input */
	enum http_ending ending;
	bool		 whole;		/* the body came to its own end */
	const char	*cause;		/* constant text */
};

struct http_input {
	const uint8_t	*bytes;		/* NULL: not looked at yet */
	uint64_t	 length;
	bool		 gap;		/* these are missing */
	bool		 end;		/* the stream ends; length is 0 */
	uint64_t	 at;		/* used so far: begin with 0 */
};

struct http_stream {
	/* set by the caller after http_stream_init(), may change */
	size_t		 head_max;
	uint64_t	 search_max;
	bool		 known;		/* this connection is HTTP */
	enum http_kind	 kind;		/* what this direction carries */
	/* inside */
	enum http_state	 state;
	enum http_framing framing;
	uint64_t	 offset;	/* of the next byte */
	uint64_t	 left;		/* of a counted body */
	struct http_chunk chunk;
	uint8_t		*kept;
	size_t		 kept_length, kept_size;
	uint64_t	 start;		/* of the head, or of what is lost */
	uint64_t	 searched;
	uint8_t		 peeked;	/* bytes of a start line in PEEK */
	bool		 likely_none;	/* PEEK: it was a HEAD, it seems */
	enum http_after	 after;
	bool		 chunk_begun;
	bool		 not_chunked;	/* though it was said */
	bool		 doubtful;	/* a hole hid whether there is a body */
	bool		 missing;	/* the body has a hole */
	enum http_ending ending;
	bool		 whole;
	const char	*cause;
};

void	http_stream_init(struct http_stream *, size_t head_max,
	    uint64_t search_max);
void	http_stream_free(struct http_stream *);

/* Is nothing of a message under way, so that the next byte begins one? */
bool	http_stream_idle(const struct http_stream *);

/*
 * The next event.  head->fields and fields_max are the caller's; the rest
 * is valid until the next call.
 */
void	http_stream_next(struct http_stream *, struct http_input *,
	    struct http_head *, struct http_event *);

/*
 * After HTTP_HEAD: how the body is framed.  length counts for BY_LENGTH,
 * and for BY_CHUNKS when no chunk follows (0: none given).  peek: the
 * request is not known for certain, so that a start line in place of the
 * body means that there is none; likely_none: and so does the end of the
 * stream, or a hole.
 */
void	http_stream_body(struct http_stream *, enum http_framing,
	    uint64_t length, bool peek, bool likely_none);

/*
 * What comes after this message may be a tunnel: HTTP_ASK is told before
 * its first byte.  Call between HTTP_HEAD and the next event.
 */
void	http_stream_ask(struct http_stream *);
/* Answer to HTTP_ASK; may be given early, and then stands. */
void	http_stream_answer(struct http_stream *, bool tunnel);

/* The other direction turned out to be HTTP: look again. */
void	http_stream_wake(struct http_stream *);

#endif
