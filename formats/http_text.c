/* SPDX-License-Identifier: ISC */
/* Small texts from heads: comparing, lists, folded lines. */
#include <string.h>

#include "formats/http_head.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
http_text_is(const struct http_text *t, const char *lower)
{
	size_t i;

	for (i = 0; i < t->length; i++) {
		char c = t->at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (lower[i] == '\0' || c != lower[i])
			return false;
	}
	return lower[i] == '\0';
}

struct http_text
http_text_unfold(const struct http_text *t, char *buf)
{
	struct http_text out = *t;
	size_t i, n = 0;

	if (t->length == 0 || memchr(t->at, '\n', t->length) == NULL)
		return out;
	for (i = 0; i < t->length; i++) {
		if (t->at[i] != '\r' && t->at[i] != '\n') {
			buf[n++] = t->at[i];
			continue;
		}
		while (i + 1 < t->length && is_blank(t->at[i + 1]))
			i++;
		buf[n++] = ' ';
	}
	out.at = buf;
	out.length = n;
	return out;
}

bool
http_text_member(struct http_text *member, struct http_text *list)
{
	const char *at = list->at, *end, *comma;

	if (at == NULL)
		return false;
	end = at + list->length;
	while (at < end && (is_blank(*at) || *at == ','))
		at++;
	if (at == end)
		return false;
	comma = memchr(at, ',', (size_t)(end - at));
	if (comma == NULL)
		comma = end;
	list->at = comma;
	list->length = (size_t)(end - comma);
	member->at = at;
	while (comma > at && is_blank(comma[-1]))
		comma--;
	member->length = (size_t)(comma - at);
	return true;
}

const char *
http_anomaly_name(unsigned bit)
{
	static const char *const names[HTTP_ANOMALIES] = {
		"bare lf", "folded line", "line without colon",
		"content-length repeated", "content-length unreadable",
		"content-length with transfer-encoding",
		"headers not listed", "codings not listed",
		"trailing bytes", "not chunked"
	};

	return bit < HTTP_ANOMALIES ? names[bit] : NULL;
}
