/* SPDX-License-Identifier: ISC */
/* Finding a message in the middle of a stream. */
#include <stdbool.h>
#include <string.h>

#include "formats/http_search.h"
#include "libcommon/cursor.h"

enum {
	SEARCH_NAME_MAX = 64, SEARCH_METHOD_MAX = 17, SEARCH_REASON_MAX = 512
};

/* The methods of IANA's registry, and some of older times. */
static const char *const search_methods[] = {
	"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH",
	"CONNECT", "TRACE", "PROPFIND", "PROPPATCH", "MKCOL", "COPY",
	"MOVE", "LOCK", "UNLOCK", "SEARCH", "REPORT", "CHECKIN",
	"CHECKOUT", "UNCHECKOUT", "VERSION-CONTROL", "MERGE", "ACL",
	"BIND", "UNBIND", "REBIND", "LINK", "UNLINK", "LABEL", "UPDATE",
	"MKACTIVITY", "MKCALENDAR", "MKREDIRECTREF", "MKWORKSPACE",
	"BASELINE-CONTROL", "ORDERPATCH", "UPDATEREDIRECTREF", "PURGE",
	"NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "M-SEARCH", "SOURCE",
	"RPC_IN_DATA", "RPC_OUT_DATA", "BITS_POST", "PRI", NULL
};

static bool
is_method_char(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool
is_name_char(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* Is this a method, or (whole false) the beginning of one? */
static bool
search_method(const uint8_t *p, size_t n, bool whole)
{
	const char *const *m;

	for (m = search_methods; *m != NULL; m++)
		if ((uint8_t)**m == *p &&
		    strncmp(*m, (const char *)p, n) == 0 &&
		    (!whole || (*m)[n] == '\0'))
			return true;
	return false;
}

/* A field line: 1, 0 too early to say, -1 no. */
static int
search_field(const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && i <= SEARCH_NAME_MAX && is_name_char(p[i]); i++)
		continue;
	if (i == n)
		return i > SEARCH_NAME_MAX ? -1 : 0;
	return i > 0 && p[i] == ':' ? 1 : -1;
}

/* The end of a line from p[at]: 1 with *at behind it, 0 too early, -1 no. */
static int
search_line_end(const uint8_t *p, size_t n, size_t *at)
{
	if (*at < n && p[*at] == '\r')
		++*at;
	if (*at >= n)
		return 0;
	return p[(*at)++] == '\n' ? 1 : -1;
}

/* As much of a word as there is: 1 all of it, 0 cut off by n, -1 no. */
static int
search_text(const uint8_t *p, size_t n, size_t *at, const char *word)
{
	for (; *word != '\0'; word++, ++*at) {
		if (*at >= n)
			return 0;
		if (p[*at] != (uint8_t)*word)
			return -1;
	}
	return 1;
}

/* METHOD target HTTP/1.x; stricter than a head's, so no blanks in it. */
static int
search_request_line(const uint8_t *p, size_t n, size_t *at)
{
	int ok;

	while (*at < n && *at < SEARCH_METHOD_MAX && p[*at] != ' ')
		++*at;
	ok = search_text(p, n, at, " ");
	if (ok != 1)
		return ok;
	while (*at < n && *at < HTTP_LINE_MAX && p[*at] > ' ' &&
	    p[*at] != 0x7f)
		++*at;
	ok = search_text(p, n, at, " HTTP/1.");
	if (ok != 1)
		return *at < HTTP_LINE_MAX ? ok : -1;
	if (*at < n && (p[*at] < '0' || p[*at] > '9'))
		return -1;
	++*at;
	return search_line_end(p, n, at);
}

/* HTTP/1.x NNN reason */
static int
search_status_line(const uint8_t *p, size_t n, size_t *at)
{
	static const char shape[] = "HTTP/1.d ddd";
	const char *c;

	for (c = shape; *c != '\0'; c++, ++*at) {
		if (*at >= n)
			return 0;
		if (*c == 'd' ? p[*at] < '0' || p[*at] > '9' :
		    p[*at] != (uint8_t)*c)
			return -1;
	}
	while (*at < n && *at < SEARCH_REASON_MAX &&
	    (p[*at] >= 0x20 || p[*at] == '\t'))
		++*at;
	return search_line_end(p, n, at);
}

/* Does a message begin right here?  1, 0 too early to say, -1 no. */
static int
search_check(enum http_kind kind, const uint8_t *p, size_t n)
{
	size_t at = 0;
	int ok = kind == HTTP_REQUEST ? search_request_line(p, n, &at) :
	    search_status_line(p, n, &at);

	return ok == 1 ? search_field(p + at, n - at) : ok;
}

/* The next "HTTP/1." in p[from, n), or as much of it as n lets be seen. */
static size_t
search_response(const uint8_t *p, size_t n, size_t from)
{
	static const char word[] = "HTTP/1.";
	const size_t length = sizeof(word) - 1;
	const uint8_t *found;

	if (from >= n)
		return n;
	found = memmem(p + from, n - from, word, length);
	if (found != NULL)
		return (size_t)(found - p);
	if (n - from >= length)
		from = n - length + 1;
	for (; from < n; from++)
		if (memcmp(p + from, word, n - from) == 0)
			return from;
	return n;
}

/* Where the run of method characters that ends at p[end] begins. */
static size_t
search_word(const uint8_t *p, size_t from, size_t end)
{
	size_t at = end;

	while (at > from && end - at < SEARCH_METHOD_MAX &&
	    is_method_char(p[at - 1]))
		at--;
	return at;
}

/* The next "METHOD /" in p[from, n), or as much of it as can be seen. */
static size_t
search_request(const uint8_t *p, size_t n, size_t from)
{
	const uint8_t *blank;
	size_t end, at, next = from;

	while (next < n) {
		blank = memchr(p + next, ' ', n - next);
		if (blank == NULL)
			break;
		end = (size_t)(blank - p);
		next = end + 1;
		for (at = search_word(p, from, end); at < end; at++)
			if (search_method(p + at, end - at, true))
				return at;
	}
	for (at = search_word(p, from, n); at < n; at++)
		if (search_method(p + at, n - at, false))
			return at;
	return n;
}

enum http_found
http_search(enum http_kind kind, const uint8_t *p, size_t n, size_t *at)
{
	size_t request = kind == HTTP_RESPONSE ? n : search_request(p, n, 0);
	size_t response = kind == HTTP_REQUEST ? n : search_response(p, n, 0);
	bool first;
	int ok;

	while (request < n || response < n) {
		first = request < response;
		*at = first ? request : response;
		ok = search_check(first ? HTTP_REQUEST : HTTP_RESPONSE,
		    p + *at, n - *at);
		if (ok >= 0)
			return ok == 1 ? HTTP_FOUND : HTTP_FOUND_PART;
		if (first)
			request = search_request(p, n, request + 1);
		else
			response = search_response(p, n, response + 1);
	}
	*at = n;
	return HTTP_FOUND_NONE;
}
