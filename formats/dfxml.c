/* SPDX-License-Identifier: ISC */
/* XML text of a DFXML report. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "formats/dfxml.h"

enum {
	ESCAPED_MAX = 6,		/* bytes that one may become: &quot; */
	WORD = 8			/* bytes looked at together */
};

static void
put(struct dfxml *x, const char *text, size_t n)
{
	memcpy(dfxml_room(x, n), text, n);
	x->length += n;
}

static inline void
puts_text(struct dfxml *x, const char *text)
{
	put(x, text, strlen(text));
}

static bool
is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

/*
 * How many bytes of p are one character that XML 1.0 allows (its section
 * 2.2) in shortest UTF-8 (RFC 3629); 0: the first byte is no part of one.
 */
static size_t
utf8_length(const uint8_t *p, size_t n)
{
	size_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 :
	    p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
	uint32_t c;
	size_t i;

	if (length == 1)
		return p[0] < 0x20 || p[0] == 0x7f ? 0 : 1;
	if (length == 0 || length > n)
		return 0;
	c = p[0] & (0x7fU >> length);
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if ((length == 3 && c < 0x800) || (length == 4 && c < 0x10000) ||
	    c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || c == 0xfffe ||
	    c == 0xffff || (c >= 0x80 && c < 0xa0))
		return 0;
	return length;
}

static char *
percent(char *at, uint8_t byte)
{
	static const char digits[] = "0123456789ABCDEF";

	*at++ = '%';
	*at++ = digits[byte >> 4];
	*at++ = digits[byte & 15];
	return at;
}

static inline char *
put_hex(char *at, uint8_t byte)
{
	static const char digits[] = "0123456789abcdef";

	*at++ = digits[byte >> 4];
	*at++ = digits[byte & 15];
	return at;
}

/* The entity for a character that has one, or NULL. */
static const char *
entity(uint8_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '\'':
		return "&apos;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/*
 * Do eight bytes stand for themselves, whatever follows?  Those of names do:
 * all over ' and below DEL but < and >.  Each term has the high bit of a
 * byte that is not so.
 */
static inline bool
plain_word(uint64_t x)
{
	uint64_t angle = (x & 0xfdfdfdfdfdfdfdfd) ^ 0x3c3c3c3c3c3c3c3c;

	return ((x | (x + 0x0101010101010101) |
	    ((x - 0x2828282828282828) & ~x) |
	    ((angle - 0x0101010101010101) & ~angle)) &
	    0x8080808080808080) == 0;
}

/* One character, or one byte that is none; *p is moved behind it. */
static char *
escape_one(char *at, const uint8_t **p, const uint8_t *end)
{
	const uint8_t *c = *p;
	size_t length = utf8_length(c, (size_t)(end - c));
	const char *name = entity(*c);

	*p += length == 0 ? 1 : length;
	if (length == 0 || (*c == '%' && end - c > 2 && is_hex(c[1]) &&
	    is_hex(c[2])))
		return percent(at, *c);
	if (name != NULL)
		return stpcpy(at, name);
	memcpy(at, c, length);
	return at + length;
}

/*
 * A text escaped; returns the place behind it.  It may take ESCAPED_MAX
 * bytes for each.
 */
static char *
escape(char *at, const uint8_t *p, size_t n)
{
	const uint8_t *end = p + n;
	size_t left;
	uint64_t word;

	while ((left = (size_t)(end - p)) > 0) {
		if (n >= WORD) {	/* the last: with some before them */
			size_t back = left < WORD ? WORD - left : 0;

			memcpy(&word, p - back, WORD);
			if (plain_word(word)) {
				memcpy(at - back, &word, WORD);
				at += WORD - back;
				p += WORD - back;
				continue;
			}
		}
		at = escape_one(at, &p, end);
	}
	return at;
}

void
dfxml_grow(struct dfxml *x, size_t n)
{
	size_t size = x->size == 0 ? 4096 : x->size;

	while (size - x->length < n)
		size *= 2;
	x->text = realloc(x->text, size);
	if (x->text == NULL)
		err(1, NULL);
	x->size = size;
}

char *
dfxml_indent(struct dfxml *x, size_t n)
{
	static const char blanks[DFXML_INDENT] = "                ";
	size_t i, width = 2 * (size_t)x->depth;
	char *at = dfxml_room(x, 2 + width + DFXML_INDENT + n);

	if (x->in_tag) {
		*at++ = '>';
		*at++ = '\n';
	}
	x->in_tag = false;
	for (i = 0; i < width; i += DFXML_INDENT)
		memcpy(at + i, blanks, DFXML_INDENT);
	return at + width;
}

char *
dfxml_put_mac(char *at, const uint8_t mac[6])
{
	int i;

	at = put_hex(at, mac[0]);
	for (i = 1; i < 6; i++) {
		*at++ = ':';
		at = put_hex(at, mac[i]);
	}
	return at;
}

void
dfxml_free(struct dfxml *x)
{
	free(x->text);
	memset(x, 0, sizeof(*x));
}

void
dfxml_reset(struct dfxml *x)
{
	x->length = 0;
}

void
dfxml_declaration(struct dfxml *x)
{
	puts_text(x, "<?xml version='1.0' encoding='UTF-8'?>\n");
}

void
dfxml_inside(struct dfxml *x)
{
	if (x->in_tag)
		puts_text(x, ">\n");
	x->in_tag = false;
}

void
dfxml_attr(struct dfxml *x, const char *name, const void *bytes, size_t n)
{
	char *at = dfxml_attr_begin(x, name, n * ESCAPED_MAX);

	dfxml_attr_end(x, n == 0 ? at : escape(at, bytes, n));
}

void
dfxml_attr_string(struct dfxml *x, const char *name, const char *text)
{
	dfxml_attr(x, name, text, strlen(text));
}

void
dfxml_attr_signed(struct dfxml *x, const char *name, int64_t v)
{
	char *at = dfxml_attr_begin(x, name, 1 + DIGITS_MAX);

	if (v < 0)
		*at++ = '-';
	dfxml_attr_end(x, digits_put(at, v < 0 ? -(uint64_t)v : (uint64_t)v));
}

void
dfxml_element(struct dfxml *x, const char *element, const void *bytes,
    size_t n)
{
	char *at = dfxml_element_begin(x, element, n * ESCAPED_MAX);

	dfxml_tag_end(x, n == 0 ? at : escape(at, bytes, n), element);
}

void
dfxml_element_string(struct dfxml *x, const char *element, const char *text)
{
	dfxml_element(x, element, text, strlen(text));
}

void
dfxml_hashdigest(struct dfxml *x, const char *type, const uint8_t *value,
    size_t n)
{
	size_t i;
	char *at;

	dfxml_begin(x, "hashdigest");
	dfxml_attr_string(x, "type", type);
	at = dfxml_room(x, 2 * n + sizeof("></hashdigest>\n"));
	*at++ = '>';
	for (i = 0; i < n; i++)
		at = put_hex(at, value[i]);
	dfxml_tag_end(x, at, "hashdigest");
	x->in_tag = false;
	x->depth--;
}

void
dfxml_text(struct dfxml *x, const void *bytes, size_t n)
{
	if (n > 0)
		dfxml_written(x, escape(dfxml_room(x, n * ESCAPED_MAX), bytes,
		    n));
}
