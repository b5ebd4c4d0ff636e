/* SPDX-License-Identifier: ISC */
/*
 * XML text of a DFXML report, written element by element into a growing
 * buffer: one element a line, two blanks a level, single quotes, as
 * tcpflow's report.  Pure: no I/O; out of memory ends the program.
 *
 * Text is bytes that nobody vouches for.  What XML cannot hold, or a reader
 * would change (control characters, bytes that are not UTF-8, U+FFFE and
 * U+FFFF), is written as %XX for each byte, and so is a % in front of two
 * hexadecimal digits; so every text can be told back: each %XX is a byte.
 *
 * There are a dozen attributes for each of a million flows: what writes them
 * is inline, so that the lengths of names are known to the compiler.
 */
#ifndef FORMATS_DFXML_H
#define FORMATS_DFXML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "libcommon/digits.h"

#define DFXML_NAMESPACE	\
	"http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML"
#define DFXML_DC	"http://purl.org/dc/elements/1.1/"
/* Our own elements: tcpflow, derived, pipeline, summary. */
#define DFXML_OURS	"urn:flowpipe:report"

enum {
	DFXML_TIME = 36,		/* a time as text */
	DFXML_SECONDS = 19,		/* of it, to the second */
	DFXML_INDENT = 16,		/* blanks written together */
	DFXML_MAC = 17,			/* an Ethernet address as text */
	/*
	 * A byte that no XML text has: where an entry is to be filled in
	 * later, see dfxml_attr_mark().
	 */
	DFXML_MARK = 1
};

/* The second that was written last, for most times share theirs. */
struct dfxml_clock {			/* zeroed: none yet */
	int64_t		 second;
	char		 text[DFXML_SECONDS];
};

struct dfxml {				/* zeroed: empty, at the top */
	char		*text;		/* owned; not NUL-terminated */
	size_t		 length, size;
	unsigned	 depth;		/* of the element to come */
	bool		 in_tag;	/* attributes may follow */
	struct dfxml_clock clock;
};

void	dfxml_free(struct dfxml *);
/* Empty the buffer; the depth stays. */
void	dfxml_reset(struct dfxml *);

/* <?xml ...?> */
void	dfxml_declaration(struct dfxml *);

/* The attributes of the element just begun are complete. */
void	dfxml_inside(struct dfxml *);

/* Whole elements with text and without attributes. */
void	dfxml_element(struct dfxml *, const char *element, const void *,
	    size_t);
void	dfxml_element_string(struct dfxml *, const char *element,
	    const char *);

/* <hashdigest type='MD5'>, the value in hexadecimal. */
void	dfxml_hashdigest(struct dfxml *, const char *type, const uint8_t *,
	    size_t);

/* The text of a value, escaped; for filling in a mark. */
void	dfxml_text(struct dfxml *, const void *, size_t);

/*
 * UTC as in the report: 2008-10-06T17:54:54.796605Z; no fraction when it is
 * 0, nine digits where six do not say it all.  Returns its argument.
 */
char	*dfxml_time(char[DFXML_TIME], int64_t ns);

/* What the functions below are made of.  Make room for n more bytes. */
void	dfxml_grow(struct dfxml *, size_t n);
/*
 * Begin a line for an element, whose parent's tag ends here.  Returns the
 * place for up to n bytes more.
 */
char	*dfxml_indent(struct dfxml *, size_t n);
/* Write a value; each returns the place behind it, and there is no NUL. */
char	*dfxml_put_mac(char *, const uint8_t[6]);
char	*dfxml_put_time(char *, struct dfxml_clock *, int64_t ns);

static inline char *
dfxml_room(struct dfxml *x, size_t n)
{
	if (x->size - x->length < n)
		dfxml_grow(x, n);
	return x->text + x->length;
}

/* What has been written ends here. */
static inline void
dfxml_written(struct dfxml *x, char *at)
{
	x->length = (size_t)(at - x->text);
}

static inline void
dfxml_begin(struct dfxml *x, const char *element)
{
	size_t n = strlen(element);
	char *at = dfxml_indent(x, n + 1);

	*at++ = '<';
	memcpy(at, element, n);
	dfxml_written(x, at + n);
	x->in_tag = true;
	x->depth++;
}

/* "</element>" and the end of the line: n + 4 bytes. */
static inline void
dfxml_tag_end(struct dfxml *x, char *at, const char *element)
{
	size_t n = strlen(element);

	*at++ = '<';
	*at++ = '/';
	memcpy(at, element, n);
	at += n;
	*at++ = '>';
	*at++ = '\n';
	dfxml_written(x, at);
}

static inline void
dfxml_end(struct dfxml *x, const char *element)
{
	char *at;

	x->depth--;
	if (!x->in_tag) {
		at = dfxml_indent(x, strlen(element) + 4);
		dfxml_tag_end(x, at, element);
		return;
	}
	at = dfxml_room(x, 4);
	memcpy(at, " />\n", 4);
	dfxml_written(x, at + 4);
	x->in_tag = false;
}

/* An element up to its text, of up to n bytes; dfxml_tag_end() ends it. */
static inline char *
dfxml_element_begin(struct dfxml *x, const char *element, size_t n)
{
	size_t length = strlen(element);
	char *at = dfxml_indent(x, 2 * length + 6 + n);

	*at++ = '<';
	memcpy(at, element, length);
	at += length;
	*at++ = '>';
	return at;
}

static inline void
dfxml_element_unsigned(struct dfxml *x, const char *element, uint64_t v)
{
	char *at = dfxml_element_begin(x, element, DIGITS_MAX);

	dfxml_tag_end(x, digits_put(at, v), element);
}

/* Begin an attribute; returns the place for its value of up to n bytes. */
static inline char *
dfxml_attr_begin(struct dfxml *x, const char *name, size_t n)
{
	size_t length = strlen(name);
	char *at = dfxml_room(x, length + n + 4);

	*at++ = ' ';
	memcpy(at, name, length);
	at += length;
	*at++ = '=';
	*at++ = '\'';
	return at;
}

/* Its value ends here. */
static inline void
dfxml_attr_end(struct dfxml *x, char *at)
{
	*at++ = '\'';
	dfxml_written(x, at);
}

/* Attributes of the element just begun. */
void	dfxml_attr(struct dfxml *, const char *name, const void *, size_t);
void	dfxml_attr_string(struct dfxml *, const char *name, const char *);
void	dfxml_attr_signed(struct dfxml *, const char *name, int64_t);

/* A constant text that needs no escaping. */
static inline void
dfxml_attr_plain(struct dfxml *x, const char *name, const char *text)
{
	size_t n = strlen(text);
	char *at = dfxml_attr_begin(x, name, n);

	memcpy(at, text, n);
	dfxml_attr_end(x, at + n);
}

static inline void
dfxml_attr_unsigned(struct dfxml *x, const char *name, uint64_t v)
{
	char *at = dfxml_attr_begin(x, name, DIGITS_MAX);

	dfxml_attr_end(x, digits_put(at, v));
}

static inline void
dfxml_attr_mac(struct dfxml *x, const char *name, const uint8_t mac[6])
{
	char *at = dfxml_attr_begin(x, name, DFXML_MAC);

	dfxml_attr_end(x, dfxml_put_mac(at, mac));
}

/* Nanoseconds since the epoch; INT64_MIN: no attribute. */
static inline void
dfxml_attr_time(struct dfxml *x, const char *name, int64_t ns)
{
	char *at;

	if (ns == INT64_MIN)
		return;
	at = dfxml_attr_begin(x, name, DFXML_TIME);
	dfxml_attr_end(x, dfxml_put_time(at, &x->clock, ns));
}

/* An attribute whose value is a single DFXML_MARK. */
static inline void
dfxml_attr_mark(struct dfxml *x, const char *name)
{
	char *at = dfxml_attr_begin(x, name, 1);

	*at = DFXML_MARK;
	dfxml_attr_end(x, at + 1);
}

#endif
