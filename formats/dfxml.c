/* SPDX-License-Identifier: ISC */
/* XML text of a DFXML report. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/dfxml.h"

/* Make room for n more bytes: 0, or -1 when there is none. */
static int
grow(struct dfxml *x, size_t n)
{
	size_t size = x->size == 0 ? 4096 : x->size;
	char *text;

	while (size - x->length < n)
		size *= 2;
	text = x->failed ? NULL : realloc(x->text, size);
	if (text == NULL) {
		x->failed = true;
		return -1;
	}
	x->text = text;
	x->size = size;
	return 0;
}

static inline void
put(struct dfxml *x, const char *text, size_t n)
{
	if (n == 0 || (x->size - x->length < n && grow(x, n) == -1))
		return;
	memcpy(x->text + x->length, text, n);
	x->length += n;
}

static inline void
puts_text(struct dfxml *x, const char *text)
{
	put(x, text, strlen(text));
}

/* Begin a line for an element, whose parent's tag ends here. */
static void
indent(struct dfxml *x)
{
	unsigned i;

	dfxml_inside(x);
	for (i = 0; i < x->depth; i++)
		puts_text(x, "  ");
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

/* Decimal digits at the end of a text; returns where they begin. */
static char *
decimal(char text[24], uint64_t v)
{
	char *at = text + 23;

	*at = '\0';
	do
		*--at = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	return at;
}

static void
percent(struct dfxml *x, uint8_t byte)
{
	static const char digits[] = "0123456789ABCDEF";
	char text[3] = { '%', digits[byte >> 4], digits[byte & 15] };

	put(x, text, sizeof(text));
}

/* Pairs of hexadecimal digits, with a byte between them unless it is NUL. */
static void
put_hex(struct dfxml *x, const uint8_t *p, size_t n, char between)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		char text[3] = { between, digits[p[i] >> 4],
		    digits[p[i] & 15] };

		if (i == 0 || between == '\0')
			put(x, text + 1, 2);
		else
			put(x, text, 3);
	}
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
dfxml_begin(struct dfxml *x, const char *element)
{
	indent(x);
	puts_text(x, "<");
	puts_text(x, element);
	x->in_tag = true;
	x->depth++;
}

void
dfxml_end(struct dfxml *x, const char *element)
{
	x->depth--;
	if (x->in_tag) {
		puts_text(x, " />\n");
		x->in_tag = false;
		return;
	}
	indent(x);
	puts_text(x, "</");
	puts_text(x, element);
	puts_text(x, ">\n");
}

void
dfxml_attr(struct dfxml *x, const char *name, const void *bytes, size_t n)
{
	puts_text(x, " ");
	puts_text(x, name);
	puts_text(x, "='");
	dfxml_text(x, bytes, n);
	puts_text(x, "'");
}

void
dfxml_attr_string(struct dfxml *x, const char *name, const char *text)
{
	dfxml_attr(x, name, text, strlen(text));
}

void
dfxml_attr_unsigned(struct dfxml *x, const char *name, uint64_t v)
{
	char text[24];

	dfxml_attr_string(x, name, decimal(text, v));
}

void
dfxml_attr_signed(struct dfxml *x, const char *name, int64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, v);
	dfxml_attr_string(x, name, text);
}

void
dfxml_attr_mac(struct dfxml *x, const char *name, const uint8_t mac[6])
{
	puts_text(x, " ");
	puts_text(x, name);
	puts_text(x, "='");
	put_hex(x, mac, 6, ':');
	puts_text(x, "'");
}

void
dfxml_attr_time(struct dfxml *x, const char *name, int64_t ns)
{
	char text[DFXML_TIME];

	if (ns != INT64_MIN)
		dfxml_attr_string(x, name, dfxml_time(text, ns));
}

void
dfxml_attr_mark(struct dfxml *x, const char *name)
{
	static const char mark = DFXML_MARK;

	puts_text(x, " ");
	puts_text(x, name);
	puts_text(x, "='");
	put(x, &mark, 1);
	puts_text(x, "'");
}

void
dfxml_element(struct dfxml *x, const char *element, const void *bytes,
    size_t n)
{
	indent(x);
	puts_text(x, "<");
	puts_text(x, element);
	puts_text(x, ">");
	dfxml_text(x, bytes, n);
	puts_text(x, "</");
	puts_text(x, element);
	puts_text(x, ">\n");
}

void
dfxml_element_string(struct dfxml *x, const char *element, const char *text)
{
	dfxml_element(x, element, text, strlen(text));
}

void
dfxml_element_unsigned(struct dfxml *x, const char *element, uint64_t v)
{
	char text[24];

	dfxml_element_string(x, element, decimal(text, v));
}

void
dfxml_hashdigest(struct dfxml *x, const char *type, const uint8_t *value,
    size_t n)
{
	indent(x);
	puts_text(x, "<hashdigest type='");
	puts_text(x, type);
	puts_text(x, "'>");
	put_hex(x, value, n, '\0');
	puts_text(x, "</hashdigest>\n");
}

/* How many bytes from p on stand for themselves, whatever follows. */
static size_t
plain_length(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *at = p;

	while (at < end && *at >= 0x20 && *at < 0x7f && *at != '%' &&
	    entity(*at) == NULL)
		at++;
	return (size_t)(at - p);
}

void
dfxml_text(struct dfxml *x, const void *bytes, size_t n)
{
	const uint8_t *p = bytes, *end = n == 0 ? p : p + n;
	const char *name;
	size_t length;

	while (p < end) {
		length = plain_length(p, end);
		put(x, (const char *)p, length);
		p += length;
		if (p == end)
			break;
		length = utf8_length(p, (size_t)(end - p));
		name = entity(*p);
		if (length == 0 || (*p == '%' && end - p > 2 &&
		    is_hex(p[1]) && is_hex(p[2]))) {
			percent(x, *p);
			length = 1;
		} else if (name != NULL) {
			puts_text(x, name);
		} else {
			put(x, (const char *)p, length);
		}
		p += length;
	}
}
