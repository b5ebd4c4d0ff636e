/* SPDX-License-Identifier: ISC */
/* HTTP messages, RFC 9112, made up. */
#include <err.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/deflate.h"
#include "tests/gen/random.h"
#include "tests/gen/web.h"

enum { HEAD_MAX = 1024, CHUNK_MAX = 4096, WORDS = 32 };

struct type {
	const char	*name;
	const char	*extension;
	bool		 text;		/* else random bytes */
};

static const struct type types[WEB_TYPES] = {
	{ "text/html", "html", true }, { "application/json", "json", true },
	{ "text/css", "css", true }, { "image/png", "png", false }
};

static const char *const words[WORDS] = {
	"packet ", "flow ", "segment ", "stream ", "the ", "of ", "and ",
	"window ", "\n", "{ \"id\": ", " }, ", "<p>", "</p>\n", "<a href=\"/",
	"\">", "</a> ", "color: #", "; ", "margin: ", "px", "server ",
	"client ", "sequence ", "number ", "in ", "order ", "capture ",
	"0", "1", "2", "3", "length "
};

static void *
web_alloc(void *old, size_t n)
{
	void *p = realloc(old, n == 0 ? 1 : n);

	if (p == NULL)
		err(1, NULL);
	return p;
}

static void
web_append(struct web *w, int side, const void *p, size_t n)
{
	if (w->size[side] - w->length[side] < n) {
		w->size[side] = 2 * w->size[side] + n;
		w->bytes[side] = web_alloc(w->bytes[side], w->size[side]);
	}
	memcpy(w->bytes[side] + w->length[side], p, n);
	w->length[side] += n;
}

__attribute__((format(printf, 3, 4))) static void
web_printf(struct web *w, int side, const char *fmt, ...)
{
	char line[HEAD_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	web_append(w, side, line, (size_t)n);
}

static void
web_fill(struct web *w, struct web_body *b)
{
	const char *word;
	size_t at = 0, n;

	if (!types[b->type].text) {
		random_bytes(b->bytes, random_next(&w->state), 0, b->length);
		return;
	}
	while (at < b->length) {
		word = words[random_below(&w->state, WORDS)];
		n = strlen(word);
		if (n > b->length - at)
			n = b->length - at;
		memcpy(b->bytes + at, word, n);
		at += n;
	}
}

/* A new body, about `mean` bytes long. */
static struct web_body *
web_body(struct web *w, int side, uint64_t number, uint64_t mean)
{
	struct web_body *b = &w->body[w->bodies++];

	b->side = (uint8_t)side;
	b->number = (uint32_t)number + 1;
	b->type = (uint8_t)random_below(&w->state, WEB_TYPES);
	b->length = (size_t)(1 + random_below(&w->state, 2 * mean));
	b->bytes = web_alloc(NULL, b->length);
	web_fill(w, b);
	return b;
}

static void
web_chunks(struct web *w, int side, const uint8_t *p, size_t n)
{
	size_t k;

	for (; n > 0; p += k, n -= k) {
		k = 1 + (size_t)random_below(&w->state, CHUNK_MAX);
		if (k > n)
			k = n;
		web_printf(w, side, "%zx\r\n", k);
		web_append(w, side, p, k);
		web_append(w, side, "\r\n", 2);
	}
	web_append(w, side, "0\r\n\r\n", 5);
}

/* The rest of a message's head, and its body. */
static void
web_send(struct web *w, int side, const struct web_body *b)
{
	bool zip = types[b->type].text && random_below(&w->state, 2) == 0;
	bool chunked = random_below(&w->state, 3) == 0;
	const uint8_t *p = b->bytes;
	uint8_t *zipped = NULL;
	size_t n = b->length;

	web_printf(w, side, "Content-Type: %s\r\n", types[b->type].name);
	if (zip) {
		zipped = web_alloc(NULL, deflate_bound(n));
		n = deflate_gzip(zipped, p, n);
		p = zipped;
		web_printf(w, side, "Content-Encoding: gzip\r\n");
	}
	if (chunked) {
		web_printf(w, side, "Transfer-Encoding: chunked\r\n\r\n");
		web_chunks(w, side, p, n);
	} else {
		web_printf(w, side, "Content-Length: %zu\r\n\r\n", n);
		web_append(w, side, p, n);
	}
	free(zipped);
}

static void
web_request(struct web *w, uint64_t number)
{
	bool post = random_below(&w->state, 8) == 0;

	web_printf(w, 0, "%s /%08x/%u HTTP/1.1\r\nHost: www.example.org\r\n"
	    "User-Agent: gencap\r\nAccept: */*\r\n", post ? "POST" : "GET",
	    (unsigned)random_next(&w->state), (unsigned)number);
	if (post)
		web_send(w, 0, web_body(w, 0, number, 300));
	else
		web_append(w, 0, "\r\n", 2);
}

static void
web_response(struct web *w, uint64_t number, uint64_t mean)
{
	if (random_below(&w->state, 16) == 0) {
		web_printf(w, 1, "HTTP/1.1 304 Not Modified\r\n"
		    "Server: gencap\r\n\r\n");
		return;
	}
	web_printf(w, 1, "HTTP/1.1 200 OK\r\nServer: gencap\r\n"
	    "Date: Sun, 09 Sep 2001 01:46:40 GMT\r\n");
	web_send(w, 1, web_body(w, 1, number, mean));
}

struct web *
web_new(uint64_t seed, uint64_t exchanges, uint64_t mean)
{
	struct web *w = web_alloc(NULL, sizeof(*w));
	size_t before[2];
	uint64_t i;

	memset(w, 0, sizeof(*w));
	w->state = seed;
	w->turns = 2 * exchanges;
	w->turn = web_alloc(NULL, 2 * exchanges * sizeof(*w->turn));
	w->body = web_alloc(NULL, 2 * exchanges * sizeof(*w->body));
	for (i = 0; i < exchanges; i++) {
		before[0] = w->length[0];
		before[1] = w->length[1];
		web_request(w, i);
		web_response(w, i, mean);
		w->turn[2 * i] = w->length[0] - before[0];
		w->turn[2 * i + 1] = w->length[1] - before[1];
	}
	return w;
}

void
web_manifest(const struct web *w, struct manifest *m,
    const struct endpoint end[2])
{
	char flow[MANIFEST_NAME], name[2 * MANIFEST_NAME];
	const struct web_body *b;
	size_t i;

	for (i = 0; i < w->bodies; i++) {
		b = &w->body[i];
		manifest_name(flow, &end[b->side], &end[!b->side]);
		snprintf(name, sizeof(name), "%s-HTTPBODY-%03u.%s", flow,
		    b->number, types[b->type].extension);
		manifest_begin(m);
		manifest_bytes(m, b->bytes, b->length);
		manifest_end(m, name);
	}
}

void
web_free(struct web *w)
{
	size_t i;

	if (w == NULL)
		return;
	for (i = 0; i < w->bodies; i++)
		free(w->body[i].bytes);
	free(w->body);
	free(w->turn);
	free(w->bytes[0]);
	free(w->bytes[1]);
	free(w);
}
