/* SPDX-License-Identifier: ISC */
/*
 * Unit test: the events of a direction, the same whether its bytes come at
 * once or one by one.  In the inputs "{N}" is a gap of N bytes.
 */
#include <stdlib.h>

#include "formats/http_stream.h"
#include "tests/unit/unit.h"

enum { TRACE_MAX = 2048 };

struct trace {
	char		 text[TRACE_MAX];
	uint64_t	 run;		/* bytes of the same event so far */
	enum http_event_type type;
	bool		 peek, none;
};

static struct http_field fields[16];

static void
say(struct trace *t, const char *what, uint64_t n)
{
	size_t used = strlen(t->text);

	snprintf(t->text + used, sizeof(t->text) - used, "%s%s",
	    used > 0 ? " " : "", what);
	used = strlen(t->text);
	if (n > 0)
		snprintf(t->text + used, sizeof(t->text) - used, ":%llu",
		    (unsigned long long)n);
}

/* Spans of the same kind are told as one. */
static void
flush(struct trace *t, enum http_event_type next)
{
	static const char *const names[] = {
		[HTTP_BODY] = "body", [HTTP_HOLE] = "hole",
		[HTTP_TUNNEL] = "tunnel", [HTTP_TUNNEL_HOLE] = "tunnel-hole"
	};

	if (t->run > 0 && next != t->type) {
		say(t, names[t->type], t->run);
		t->run = 0;
	}
	t->type = next;
}

static void
frame(struct http_stream *s, const struct http_head *h,
    const struct trace *t)
{
	enum http_framing f = h->kind == HTTP_RESPONSE ? HTTP_BY_END :
	    HTTP_NO_BODY;

	if (h->chunked)
		f = HTTP_BY_CHUNKS;
	else if (h->content_length >= 0)
		f = HTTP_BY_LENGTH;
	if (h->status == 204)
		f = HTTP_NO_BODY;
	http_stream_body(s, f, h->content_length < 0 ? 0 :
	    (uint64_t)h->content_length, t->peek, t->none);
	if (h->upgrade.at != NULL)
		http_stream_ask(s);
}

static bool
event(struct trace *t, struct http_stream *s, struct http_head *h,
    const struct http_event *ev)
{
	static const char *const endings[] = {
		"complete", "gap", "cut", "broken"
	};

	flush(t, ev->type);
	switch (ev->type) {
	case HTTP_MORE:
	case HTTP_LOOK:
		return false;
	case HTTP_HEAD:
		say(t, "head", ev->offset);
		frame(s, h, t);
		break;
	case HTTP_BODY:
	case HTTP_HOLE:
	case HTTP_TUNNEL:
	case HTTP_TUNNEL_HOLE:
		t->run += ev->length;
		break;
	case HTTP_TRAILERS:
		say(t, "trailers", h->n);
		break;
	case HTTP_END:
		say(t, endings[ev->ending], 0);
		if (!ev->whole)
			say(t, "!", 0);
		break;
	case HTTP_ASK:
		http_stream_answer(s, s->offset % 2 == 0);
		break;
	case HTTP_SKIPPED:
		say(t, "skipped", ev->length);
		say(t, ev->cause, 0);
		break;
	}
	return true;
}

static void
feed(struct trace *t, struct http_stream *s, struct http_input *in)
{
	struct http_head head = { .fields = fields, .fields_max = 16 };
	struct http_event ev;

	do
		http_stream_next(s, in, &head, &ev);
	while (ev.type != HTTP_MORE && event(t, s, &head, &ev));
}

static const char *
trace(const char *text, size_t step, bool peek, bool none)
{
	static struct trace t;
	struct http_stream s;
	struct http_input in;
	size_t n;

	memset(&t, 0, sizeof(t));
	t.peek = peek;
	t.none = none;
	http_stream_init(&s, 256, 1000);
	while (*text != '\0') {
		memset(&in, 0, sizeof(in));
		if (*text == '{') {
			in.gap = true;
			in.length = strtoull(text + 1, (char **)&text, 10);
			text++;
		} else {
			n = strcspn(text, "{");
			in.length = n < step ? n : step;
			in.bytes = (const uint8_t *)text;
			text += in.length;
		}
		feed(&t, &s, &in);
	}
	in = (struct http_input){ .end = true };
	feed(&t, &s, &in);
	flush(&t, HTTP_MORE);
	http_stream_free(&s);
	return t.text;
}

static void
test_peek(const char *text, const char *want, bool peek, bool none)
{
	CHECK_STR(trace(text, 10000, peek, none), want);
	CHECK_STR(trace(text, 1, peek, none), want);
	CHECK_STR(trace(text, 7, peek, none), want);
}

static void
test(const char *text, const char *want)
{
	test_peek(text, want, false, false);
}

#define OK	"HTTP/1.1 200 OK\r\n"		/* 17 bytes */
#define FIVE	OK "Content-Length: 5\r\n\r\n"	/* 38 bytes */
#define CHUNKS	OK "Transfer-Encoding: chunked\r\n\r\n" /* 47 bytes */

static void
test_framing(void)
{
	test(FIVE "abcde" FIVE "fghij",
	    "head body:5 complete head:43 body:5 complete");
	test("\r\n" FIVE "abc", "head:2 body:3 cut !");
	test(OK "\r\nabc" FIVE, "head body:41 complete");
	test(CHUNKS "3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n" FIVE "abcde",
	    "head body:5 complete head:69 body:5 complete");
	test(CHUNKS "3\r\nabc\r\n0\r\nA: b\r\nC: d\r\n\r\n" FIVE "abcde",
	    "head body:3 trailers:2 complete head:72 body:5 complete");
	test(CHUNKS "3\r\nabc\r\n0\r\n", "head body:3 complete");
	test(CHUNKS "3\r\nabc\r\n0\r\n" FIVE "abcde",
	    "head body:3 complete head:58 body:5 complete");
	test("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "3\r\nabc\r\n0\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n",
	    "head body:3 complete head:57 complete");
	test(CHUNKS "3\r\nab", "head body:2 cut !");
	test(CHUNKS "3\r\nabcd", "head body:3 broken ! skipped:1 bad chunk");
	test("HTTP/1.1 204 No\r\nA: b\r\n\r\n" FIVE "abcde",
	    "head complete head:25 body:5 complete");
	test("GET / HTTP/1.1\r\nA: b\r\n\r\nPOST / HTTP/1.1\r\n"
	    "Content-Length: 3\r\n\r\nabc",
	    "head complete head:24 body:3 complete");
	test("GET / HTTP/1.1\r\nA: b", "skipped:20 cut");
	test("SSH-2.0-x\r\n", "skipped:11 not http");
}

static void
test_gaps(void)
{
	test(FIVE "a{3}e" FIVE "abcde",
	    "head body:1 hole:3 body:1 gap head:43 body:5 complete");
	test(FIVE "a{4}" FIVE "abcde",
	    "head body:1 hole:4 gap head:43 body:5 complete");
	test(FIVE "a{14}xyz" FIVE "abcde",
	    "head body:1 hole:4 gap skipped:13 gap head:56 body:5 complete");
	test(CHUNKS "6\r\nab{2}ef\r\n0\r\n\r\n",
	    "head body:2 hole:2 body:2 gap");
	test(CHUNKS "6\r\nab{20}" FIVE "abcde", "head body:2 hole:4 gap ! "
	    "skipped:16 gap head:72 body:5 complete");
	test(CHUNKS "6{20}" FIVE "abcde",
	    "head gap ! skipped:20 gap head:68 body:5 complete");
	test("HTTP/1.1 20{10}xx\r\n\r\nabc" FIVE "abcde",
	    "skipped:30 gap head:30 body:5 complete");
	test(FIVE "abcde{100}" FIVE "abcde", "head body:5 complete "
	    "skipped:100 gap head:143 body:5 complete");
	test("{5}abcdefg" FIVE "abcde",
	    "skipped:12 start head:12 body:5 complete");
	test(OK "\r\nabc{3}def", "head body:3 hole:3 body:3 gap");
	test(CHUNKS "1\r\na\r\n0\r\nA:{3}b\r\n\r\n" FIVE "abcde",
	    "head body:1 complete skipped:8 gap head:66 body:5 complete");
}

static void
test_unsure(void)
{
	test_peek(FIVE FIVE "abcde", "head complete head:38 body:5 complete",
	    true, true);
	CHECK_STR(trace(OK "Content-Length: 777\r\n\r\n{20}" FIVE "abcde",
	    10000, true, false),
	    "head hole:20 gap ! head:60 body:5 complete");
	test_peek(FIVE "HTTPx", "head body:5 complete", true, false);
	test_peek(FIVE "HT", "head body:2 cut !", true, false);
	test_peek(FIVE, "head complete", true, true);
	test_peek(FIVE, "head cut !", true, false);
	test_peek(CHUNKS FIVE, "head complete head:47 complete", true, true);
	test_peek(OK "\r\n" FIVE, "head complete head:19 complete", true,
	    true);
}

static void
test_tunnel(void)
{
	/* the test's answer is yes when the tunnel's offset is even */
	test(OK "Content-Length: 0\r\nUpgrade: x\r\n\r\nabc{3}d",
	    "head complete tunnel:3 tunnel-hole:3 tunnel:1");
	test(OK "Content-Length: 0\r\nUpgrade: xy\r\n\r\n" FIVE "abcde",
	    "head complete head:51 body:5 complete");
}

static void
test_limits(void)
{
	char long_head[600];

	memset(long_head, 'x', sizeof(long_head));
	memcpy(long_head, "GET / HTTP/1.1\r\nA: ", 19);
	strcpy(long_head + 300, "\r\n\r\n");
	CHECK_STR(trace(long_head, 10000, false, false),
	    "skipped:304 head too long");
	CHECK_STR(trace(long_head, 1, false, false),
	    "skipped:304 head too long");
}

int
main(void)
{
	test_framing();
	test_gaps();
	test_unsure();
	test_tunnel();
	test_limits();
	return unit_status();
}
