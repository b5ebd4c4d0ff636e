/* SPDX-License-Identifier: ISC */
/*
 * The framing of chunked bodies (RFC 9112 section 7.1), without the bytes of
 * the chunks: the caller consumes those by count, whether they are bytes, a
 * reference or a gap.
 */
#ifndef FORMATS_HTTP_CHUNK_H
#define FORMATS_HTTP_CHUNK_H

#include <stddef.h>
#include <stdint.h>

enum { HTTP_CHUNK_LINE_MAX = 16384 };	/* size and extensions, bytes */

enum http_chunk_state {
	HTTP_CHUNK_START, HTTP_CHUNK_SIZE, HTTP_CHUNK_BLANK,
	HTTP_CHUNK_EXTENSION, HTTP_CHUNK_LF, HTTP_CHUNK_BYTES,
	HTTP_CHUNK_AFTER, HTTP_CHUNK_AFTER_LF
};

struct http_chunk {			/* zeroed: at the first chunk */
	enum http_chunk_state state;
	uint32_t	 line;		/* bytes of it so far */
	uint64_t	 left;		/* bytes of this chunk to come */
};

enum http_chunk_event {
	HTTP_CHUNK_MORE,	/* the input is used up */
	HTTP_CHUNK_DATA,	/* `left` bytes of the body come next */
	HTTP_CHUNK_LAST,	/* the trailer section comes next */
	HTTP_CHUNK_BAD		/* this is no chunked body */
};

/*
 * Read framing from p[0, n); *used is how many bytes were.  After DATA the
 * caller takes the chunk's bytes with http_chunk_take() before the next
 * call.
 */
enum http_chunk_event	http_chunk_next(struct http_chunk *,
			    const uint8_t *p, size_t n, size_t *used);

/* n bytes of the chunk (at most `left`) have gone by. */
void	http_chunk_take(struct http_chunk *, uint64_t n);

#endif
