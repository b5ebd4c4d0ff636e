/* SPDX-License-Identifier: ISC */
/*
 * XML text of a DFXML report, written element by element into a growing
 * buffer: one element a line, two blanks a level, single quotes, as
 * tcpflow's report.  Pure: no I/O; out of memory sets `failed` and the rest
 * is dropped.
 *
 * Text is bytes that nobody vouches for.  What XML cannot hold, or a reader
 * would change (control characters, bytes that are not UTF-8, U+FFFE and
 * U+FFFF), is written as %XX for each byte, and so is a % in front of two
 * hexadecimal digits; so every text can be told back: each %XX is a byte.
 */
#ifndef FORMATS_DFXML_H
#define FORMATS_DFXML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DFXML_NAMESPACE	\
	"http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML"
#define DFXML_DC	"http://purl.org/dc/elements/1.1/"
/* Our own elements: tcpflow, derived, pipeline, summary. */
#define DFXML_OURS	"urn:flowpipe:report"

enum {
	DFXML_TIME = 36,		/* a time as text */
	/*
	 * A byte that no XML text has: where an entry is to be filled in
	 * later, see dfxml_attr_mark().
	 */
	DFXML_MARK = 1
};

struct dfxml {				/* zeroed: empty, at the top */
	char		*text;		/* owned; not NUL-terminated */
	size_t		 length, size;
	unsigned	 depth;		/* of the element to come */
	bool		 in_tag;	/* attributes may follow */
	bool		 failed;	/* out of memory */
};

void	dfxml_free(struct dfxml *);
/* Empty the buffer; the depth stays. */
void	dfxml_reset(struct dfxml *);

/* <?xml ...?> */
void	dfxml_declaration(struct dfxml *);
void	dfxml_begin(struct dfxml *, const char *element);
void	dfxml_end(struct dfxml *, const char *element);

/* The attributes of the element just begun are complete. */
void	dfxml_inside(struct dfxml *);

/* Attributes of the element just begun. */
void	dfxml_attr(struct dfxml *, const char *name, const void *, size_t);
void	dfxml_attr_string(struct dfxml *, const char *name, const char *);
void	dfxml_attr_unsigned(struct dfxml *, const char *name, uint64_t);
void	dfxml_attr_signed(struct dfxml *, const char *name, int64_t);
void	dfxml_attr_mac(struct dfxml *, const char *name, const uint8_t[6]);
/* Nanoseconds since the epoch; INT64_MIN: no attribute. */
void	dfxml_attr_time(struct dfxml *, const char *name, int64_t);
/* An attribute whose value is a single DFXML_MARK. */
void	dfxml_attr_mark(struct dfxml *, const char *name);

/* Whole elements with text and without attributes. */
void	dfxml_element(struct dfxml *, const char *element, const void *,
	    size_t);
void	dfxml_element_string(struct dfxml *, const char *element,
	    const char *);
void	dfxml_element_unsigned(struct dfxml *, const char *element, uint64_t);

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

#endif
