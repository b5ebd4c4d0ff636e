/* SPDX-License-Identifier: ISC */
/* Heads of HTTP/1.x messages: start lines and fields. */
#include <string.h>

#include "formats/http_head.h"
#include "libcommon/cursor.h"

/* Characters of a token, RFC 9110 section 5.6.2, and of a start line. */
static bool
is_tchar(uint8_t c)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr(others, c) != NULL);
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static void
text_set(struct http_text *t, const uint8_t *from, const uint8_t *to)
{
	t->at = (const char *)from;
	t->length = (size_t)(to - from);
}

static const uint8_t *
skip_blanks(const uint8_t *p, const uint8_t *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static const uint8_t *
trim_blanks(const uint8_t *p, const uint8_t *end)
{
	while (end > p && is_blank(end[-1]))
		end--;
	return end;
}

/* Do the bytes and the word agree, case apart, as far as both go? */
static bool
agrees(const uint8_t *p, const uint8_t *end, const char *word)
{
	for (; *word != '\0' && p < end; p++, word++)
		if (*p != (uint8_t)*word && (*word < 'A' || *word > 'Z' ||
		    *p != (uint8_t)(*word + ('a' - 'A'))))
			return false;
	return true;
}

static bool
begins(const uint8_t *p, const uint8_t *end, const char *word)
{
	return (size_t)(end - p) >= strlen(word) && agrees(p, end, word);
}

/* The next line without CR LF or LF; false when it is not complete. */
static bool
head_line(struct cursor *c, const uint8_t **line, const uint8_t **end,
    unsigned *anomalies)
{
	const uint8_t *lf = memchr(c->at, '\n', cursor_left(c));

	if (lf == NULL)
		return false;
	*line = cursor_bytes(c, (size_t)(lf + 1 - c->at));
	*end = lf;
	if (*end > *line && (*end)[-1] == '\r')
		(*end)--;
	else
		*anomalies |= HTTP_BARE_LF;
	return true;
}

/* "1.1" after "HTTP/"; returns what follows it, or NULL. */
static const uint8_t *
head_version(struct http_text *version, const uint8_t *p,
    const uint8_t *end)
{
	const uint8_t *start = p;

	if (p == end || *p < '0' || *p > '1')
		return NULL;
	if (++p == end || *p != '.')
		return NULL;
	for (p++; p < end && is_digit(*p); p++)
		continue;
	text_set(version, start, p);
	return p - start < 3 ? NULL : p;
}

/* HTTP/1.1 200 OK, or ICY 200 OK: RFC 9112 section 4. */
static bool
head_status(struct http_head *h, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *digits;

	if (begins(p, end, "HTTP/")) {
		p = head_version(&h->version, p + 5, end);
		if (p == NULL)
			return false;
	} else if (begins(p, end, "ICY ")) {
		text_set(&h->version, p, p + 3);
		p += 3;
	} else {
		return false;
	}
	digits = p = skip_blanks(p, end);
	h->status = 0;
	for (; p < end && is_digit(*p) && p - digits < 3; p++)
		h->status = h->status * 10 + (unsigned)(*p - '0');
	if (p == digits || (p - digits < 3 && p < end && !is_blank(*p)))
		return false;
	text_set(&h->reason, skip_blanks(p, end), end);
	h->kind = HTTP_RESPONSE;
	return true;
}

/* GET /path HTTP/1.1, the target perhaps with blanks in it: section 3. */
static bool
head_request(struct http_head *h, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *start = p, *target, *at;

	while (p < end && p - start < HTTP_METHOD_MAX && is_tchar(*p))
		p++;
	if (p == start || p == end || !is_blank(*p))
		return false;
	text_set(&h->method, start, p);
	target = skip_blanks(p, end);
	end = trim_blanks(target, end);
	for (at = end; at > target && !is_blank(at[-1]); at--)
		continue;
	if (at == target || !begins(at, end, "HTTP/") ||
	    head_version(&h->version, at + 5, end) != end)
		return false;
	text_set(&h->target, target, trim_blanks(target, at));
	h->kind = HTTP_REQUEST;
	return h->target.length > 0;
}

static void
head_codings(struct http_head *h, struct http_codings *list,
    struct http_text value)
{
	struct http_text one;
	const char *semicolon;

	while (http_text_member(&one, &value)) {
		semicolon = memchr(one.at, ';', one.length);
		if (semicolon != NULL)
			one.length = (size_t)(trim_blanks(
			    (const uint8_t *)one.at,
			    (const uint8_t *)semicolon) -
			    (const uint8_t *)one.at);
		if (http_text_is(&one, "identity"))
			continue;
		if (list == &h->transfer && http_text_is(&one, "chunked"))
			h->chunked = true;
		else if (list->n == HTTP_CODINGS_MAX)
			h->anomalies |= HTTP_CODINGS_CUT;
		else
			list->name[list->n++] = one;
	}
}

/* Content-Length; the first that can be read counts: section 6.3. */
static void
head_length(struct http_head *h, struct http_text value)
{
	struct http_text one;
	int64_t v;
	size_t i;

	while (http_text_member(&one, &value)) {
		for (i = 0, v = 0; i < one.length; i++) {
			if (!is_digit((uint8_t)one.at[i]) ||
			    v > (INT64_MAX - 9) / 10)
				break;
			v = v * 10 + (one.at[i] - '0');
		}
		if (i < one.length || one.length == 0)
			h->anomalies |= HTTP_LENGTH_UNREADABLE;
		else if (h->content_length == -1)
			h->content_length = v;
		else if (h->content_length != v)
			h->anomalies |= HTTP_LENGTH_REPEATED;
	}
}

/* What a field says about the message itself. */
static void
head_field(struct http_head *h, const struct http_field *f,
    const uint8_t *line_end)
{
	switch (f->name.length) {
	case 4:
		if (h->host.at == NULL && http_text_is(&f->name, "host"))
			h->host = f->value;
		break;
	case 7:
		if (http_text_is(&f->name, "upgrade"))
			h->upgrade = f->value;
		break;
	case 12:
		if (http_text_is(&f->name, "content-type"))
			text_set(&h->type, (const uint8_t *)f->value.at,
			    line_end);
		break;
	case 14:
		if (http_text_is(&f->name, "content-length"))
			head_length(h, f->value);
		break;
	case 16:
		if (http_text_is(&f->name, "content-encoding"))
			head_codings(h, &h->content, f->value);
		break;
	case 17:
		if (http_text_is(&f->name, "transfer-encoding"))
			head_codings(h, &h->transfer, f->value);
		break;
	}
}

static void
field_read(struct http_head *h, struct http_field *f, const uint8_t *line,
    const uint8_t *end)
{
	const uint8_t *colon = memchr(line, ':', (size_t)(end - line)), *value;

	if (colon == NULL) {
		h->anomalies |= HTTP_NO_COLON;
		colon = end;
	}
	value = colon == end ? end : skip_blanks(colon + 1, end);
	text_set(&f->name, line, trim_blanks(line, colon));
	text_set(&f->value, value, trim_blanks(value, end));
}

/* A line that continues the field; what was empty so far begins here. */
static void
field_fold(struct http_field *f, const uint8_t *line, const uint8_t *end)
{
	const uint8_t *value = f->value.length == 0 ? skip_blanks(line, end) :
	    (const uint8_t *)f->value.at;

	end = trim_blanks(value, end);
	if (end > line)
		text_set(&f->value, value, end);
}

/* A field is complete: list it and see what it says. */
static void
field_done(struct http_head *h, const struct http_field *f,
    const uint8_t *end)
{
	if (h->n < h->fields_max)
		h->fields[h->n++] = *f;
	else
		h->anomalies |= HTTP_NOT_LISTED;
	head_field(h, f, end);
}

/* Field lines up to the empty line: 1, or 0 when that has not come. */
static int
head_fields(struct http_head *h, struct cursor *c)
{
	const uint8_t *line, *end, *last = NULL;
	struct http_field f;

	for (;;) {
		if (!head_line(c, &line, &end, &h->anomalies))
			return 0;
		if (last != NULL && line < end && is_blank(*line)) {
			h->anomalies |= HTTP_FOLDED;
			last = end;
			field_fold(&f, line, end);
			continue;
		}
		if (last != NULL)
			field_done(h, &f, last);
		if (line == end)
			return 1;
		field_read(h, &f, line, end);
		last = end;
	}
}

static void
head_reset(struct http_head *h)
{
	struct http_field *fields = h->fields;
	size_t max = h->fields_max;

	memset(h, 0, sizeof(*h));
	h->fields = fields;
	h->fields_max = max;
	h->content_length = -1;
}

int64_t
http_head_parse(struct http_head *h, const uint8_t *p, size_t n)
{
	const uint8_t *line, *end;
	struct cursor c;

	head_reset(h);
	cursor_init(&c, p, n);
	if (!head_line(&c, &line, &end, &h->anomalies))
		return 0;
	if (!head_status(h, line, end) && !head_request(h, line, end))
		return -1;
	if (head_fields(h, &c) == 0)
		return 0;
	if (h->content_length != -1 && (h->chunked || h->transfer.n > 0))
		h->anomalies |= HTTP_LENGTH_AND_CODING;
	return (int64_t)(n - cursor_left(&c));
}

int64_t
http_head_trailers(struct http_head *h, const uint8_t *p, size_t n)
{
	struct cursor c;

	head_reset(h);
	cursor_init(&c, p, n);
	if (head_fields(h, &c) == 0)
		return 0;
	return (int64_t)(n - cursor_left(&c));
}

size_t
http_head_end(const uint8_t before[2], const uint8_t *p, size_t n)
{
	const uint8_t *at = p, *lf;
	uint8_t a, b;

	while ((lf = memchr(at, '\n', n - (size_t)(at - p))) != NULL) {
		b = lf > p ? lf[-1] : before[1];
		a = lf > p + 1 ? lf[-2] : lf > p ? before[1] : before[0];
		if (b == '\n' || (b == '\r' && a == '\n'))
			return (size_t)(lf + 1 - p);
		at = lf + 1;
	}
	return 0;
}

/* No line end yet: could this still become a start line? */
static int
start_partial(enum http_kind kind, const uint8_t *p, size_t n)
{
	size_t i;

	if (kind != HTTP_REQUEST && (agrees(p, p + n, "HTTP/1.") ||
	    agrees(p, p + n, "HTTP/0.") || agrees(p, p + n, "ICY ")))
		return 0;
	if (kind == HTTP_RESPONSE)
		return -1;
	for (i = 0; i < n && i <= HTTP_METHOD_MAX && is_tchar(p[i]); i++)
		continue;
	if (i == n)
		return n > HTTP_METHOD_MAX ? -1 : 0;
	if (i == 0 || i > HTTP_METHOD_MAX || p[i] != ' ')
		return -1;
	for (; i < n; i++)
		if (p[i] < 0x20 && p[i] != '\r' && p[i] != '\t')
			return -1;
	return 0;
}

int
http_head_start(enum http_kind kind, const uint8_t *p, size_t n)
{
	const uint8_t *line, *end;
	struct http_head h;
	unsigned anomalies = 0;
	struct cursor c;

	cursor_init(&c, p, n);
	if (!head_line(&c, &line, &end, &anomalies))
		return start_partial(kind, p, n);
	return (kind != HTTP_REQUEST && head_status(&h, line, end)) ||
	    (kind != HTTP_RESPONSE && head_request(&h, line, end)) ? 1 : -1;
}
