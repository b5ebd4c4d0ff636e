/* SPDX-License-Identifier: ISC */
/* The framing of chunked bodies, byte by byte. */
#include "formats/http_chunk.h"
#include "libcommon/cursor.h"

enum { HEX_NONE = 16 };

static unsigned
hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return HEX_NONE;
}

/* The size line is complete. */
static enum http_chunk_event
chunk_line(struct http_chunk *c)
{
	c->line = 0;
	if (c->left == 0) {
		c->state = HTTP_CHUNK_START;
		return HTTP_CHUNK_LAST;
	}
	c->state = HTTP_CHUNK_BYTES;
	return HTTP_CHUNK_DATA;
}

/* What may follow the digits: blanks, an extension, the end of the line. */
static enum http_chunk_event
chunk_after_size(struct http_chunk *c, uint8_t byte)
{
	switch (byte) {
	case '\n':
		return chunk_line(c);
	case '\r':
		c->state = HTTP_CHUNK_LF;
		return HTTP_CHUNK_MORE;
	case ';':
		c->state = HTTP_CHUNK_EXTENSION;
		return HTTP_CHUNK_MORE;
	case ' ':			/* and what C calls space: seen */
	case '\t':
	case '\v':
	case '\f':
		c->state = HTTP_CHUNK_BLANK;
		return HTTP_CHUNK_MORE;
	default:
		return HTTP_CHUNK_BAD;
	}
}

static enum http_chunk_event
chunk_size(struct http_chunk *c, uint8_t byte)
{
	unsigned v = hex_value(byte);

	if (v == HEX_NONE) {
		if (c->state == HTTP_CHUNK_START)
			return byte == ' ' || byte == '\t' ?
			    HTTP_CHUNK_MORE : HTTP_CHUNK_BAD;
		return chunk_after_size(c, byte);
	}
	if (c->state == HTTP_CHUNK_START)
		c->left = 0;
	if (c->left > (uint64_t)INT64_MAX >> 4)
		return HTTP_CHUNK_BAD;
	c->left = c->left << 4 | v;
	c->state = HTTP_CHUNK_SIZE;
	return HTTP_CHUNK_MORE;
}

/* One byte of framing. */
static enum http_chunk_event
chunk_byte(struct http_chunk *c, uint8_t byte)
{
	switch (c->state) {
	case HTTP_CHUNK_START:
	case HTTP_CHUNK_SIZE:
		return chunk_size(c, byte);
	case HTTP_CHUNK_BLANK:
		return chunk_after_size(c, byte);
	case HTTP_CHUNK_EXTENSION:
		return byte == '\n' ? chunk_line(c) : HTTP_CHUNK_MORE;
	case HTTP_CHUNK_LF:
		return byte == '\n' ? chunk_line(c) : HTTP_CHUNK_BAD;
	case HTTP_CHUNK_AFTER:
		if (byte == '\r') {
			c->state = HTTP_CHUNK_AFTER_LF;
			return HTTP_CHUNK_MORE;
		}
		/* FALLTHROUGH */
	case HTTP_CHUNK_AFTER_LF:
		if (byte != '\n')
			return HTTP_CHUNK_BAD;
		c->state = HTTP_CHUNK_START;
		c->line = 0;
		return HTTP_CHUNK_MORE;
	case HTTP_CHUNK_BYTES:
		break;
	}
	return HTTP_CHUNK_BAD;
}

enum http_chunk_event
http_chunk_next(struct http_chunk *c, const uint8_t *p, size_t n,
    size_t *used)
{
	enum http_chunk_event event = HTTP_CHUNK_MORE;
	struct cursor in;

	cursor_init(&in, p, n);
	while (event == HTTP_CHUNK_MORE && cursor_left(&in) > 0) {
		if (c->line++ == HTTP_CHUNK_LINE_MAX)
			event = HTTP_CHUNK_BAD;
		else
			event = chunk_byte(c, cursor_u8(&in));
	}
	*used = n - cursor_left(&in);
	return event;
}

void
http_chunk_take(struct http_chunk *c, uint64_t n)
{
	c->left -= n;
	if (c->left == 0)
		c->state = HTTP_CHUNK_AFTER;
}
