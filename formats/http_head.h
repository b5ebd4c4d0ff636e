/* SPDX-License-Identifier: ISC */
/*
 * Heads of HTTP/1.x messages (RFC 9112 sections 2 to 6), as a passive reader
 * takes them: what a browser or a server lets pass is let pass and told as
 * an anomaly.  Texts borrow the bytes that were parsed; nothing is allocated.
 */
#ifndef FORMATS_HTTP_HEAD_H
#define FORMATS_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HTTP_METHOD_MAX = 32,		/* bytes of a method */
	HTTP_CODINGS_MAX = 8,		/* codings in one stack */
	HTTP_LINE_MAX = 16384		/* a start line found in a search */
};

enum http_kind { HTTP_UNKNOWN, HTTP_REQUEST, HTTP_RESPONSE };

/* What was out of order but let pass. */
enum http_anomaly {
	HTTP_BARE_LF = 0x01,
	HTTP_FOLDED = 0x02,		/* obs-fold */
	HTTP_NO_COLON = 0x04,
	HTTP_LENGTH_REPEATED = 0x08,	/* with different values */
	HTTP_LENGTH_UNREADABLE = 0x10,
	HTTP_LENGTH_AND_CODING = 0x20,	/* with Transfer-Encoding */
	HTTP_NOT_LISTED = 0x40,		/* fields over the limit */
	HTTP_CODINGS_CUT = 0x80,	/* more than HTTP_CODINGS_MAX */
	HTTP_TRAILING = 0x100,		/* bytes after compressed data */
	HTTP_NOT_CHUNKED = 0x200,	/* though it was said */
	HTTP_ANOMALIES = 10		/* how many bits */
};

struct http_text {
	const char	*at;		/* not NUL-terminated; NULL: none */
	size_t		 length;
};

struct http_field {
	struct http_text name;
	struct http_text value;		/* without the blanks around it; a
					 * folded one still has its CR LF */
};

struct http_codings {
	struct http_text name[HTTP_CODINGS_MAX]; /* in order of application */
	unsigned	 n;
};

struct http_head {
	/* given by the caller */
	struct http_field *fields;
	size_t		 fields_max;
	/* results */
	size_t		 n;		/* fields listed */
	enum http_kind	 kind;
	struct http_text version;	/* "1.1", "ICY" */
	struct http_text method, target; /* requests */
	struct http_text reason;	/* responses */
	unsigned	 status;
	int64_t		 content_length; /* -1: none that can be read */
	bool		 chunked;
	struct http_codings content;	/* Content-Encoding */
	struct http_codings transfer;	/* Transfer-Encoding, not chunked */
	struct http_text host, upgrade;
	struct http_text type;		/* Content-Type, the last one, with
					 * the blanks at its end */
	unsigned	 anomalies;
};

/*
 * Parse the head at the start of the bytes.  Returns its length with the
 * empty line, 0 when it does not end in these bytes, -1 when they do not
 * begin with a start line.
 */
int64_t	http_head_parse(struct http_head *, const uint8_t *, size_t);

/*
 * The same for a trailer section (RFC 9112 section 7.1.2): fills fields and
 * n only.
 */
int64_t	http_head_trailers(struct http_head *, const uint8_t *, size_t);

/*
 * Where a head or trailer section ends: the count of bytes up to and with
 * the empty line that ends it, when it ends in p[0, n), else 0.  `before`
 * is how the bytes before p end: the count of bytes of an empty line seen
 * so far is found from the last two of them (0 where there are none).
 */
size_t	http_head_end(const uint8_t before[2], const uint8_t *p, size_t n);

/*
 * Can a message of this kind (HTTP_UNKNOWN: of either) begin with these
 * bytes?  1 yes, and the start line is complete; 0 too early to say; -1 no.
 */
int	http_head_start(enum http_kind, const uint8_t *, size_t);

/* A text equals a lower-case word, case apart. */
bool	http_text_is(const struct http_text *, const char *lower);

/*
 * A field's value on one line: as it is, or with its folds made one blank
 * each, written to buf (value.length bytes).
 */
struct http_text	http_text_unfold(const struct http_text *, char *buf);

/* The next member of a comma-separated list; false at its end. */
bool	http_text_member(struct http_text *member, struct http_text *list);

/* "bare lf", ...: the anomaly of one bit (0 to HTTP_ANOMALIES - 1). */
const char	*http_anomaly_name(unsigned bit);

#endif
