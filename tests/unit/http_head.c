/* SPDX-License-Identifier: ISC */
/* Unit test: heads, what they say, and what is let pass in them. */
#include "formats/http_head.h"
#include "tests/unit/unit.h"

static struct http_field fields[8];
static struct http_head head;

static int64_t
parse(const char *text)
{
	head.fields = fields;
	head.fields_max = 8;
	return http_head_parse(&head, (const uint8_t *)text, strlen(text));
}

static const char *
text_of(const struct http_text *t)
{
	static char buf[4][64];
	static unsigned next;
	char *p = buf[next++ % 4];

	snprintf(p, 64, "%.*s", (int)t->length, t->at);
	return p;
}

static void
test_request(void)
{
	CHECK(parse("GET /a b HTTP/1.1\r\nHost: x\r\nA:\r\n\r\nrest") == 34);
	CHECK(head.kind == HTTP_REQUEST);
	CHECK_STR(text_of(&head.method), "GET");
	CHECK_STR(text_of(&head.target), "/a b");
	CHECK_STR(text_of(&head.version), "1.1");
	CHECK_STR(text_of(&head.host), "x");
	CHECK(head.n == 2 && head.fields[1].value.length == 0);
	CHECK(head.content_length == -1 && head.anomalies == 0);
	CHECK(parse("FROBNICATE * HTTP/1.0\n\n") > 0);
	CHECK(head.anomalies == HTTP_BARE_LF);
	CHECK(parse("GET / HTTP/1.1\r\nHost: x\r\n") == 0);
	CHECK(parse("GET /\r\n\r\n") == -1);
	CHECK(parse("GET / HTTP/2.0\r\n\r\n") == -1);
	CHECK(parse("220 mail.example ESMTP\r\n") == -1);
	CHECK(parse("\x16\x03\x01\n") == -1);
}

static void
test_response(void)
{
	CHECK(parse("HTTP/1.1 404 Not Found\r\n\r\n") == 26);
	CHECK(head.kind == HTTP_RESPONSE && head.status == 404);
	CHECK_STR(text_of(&head.reason), "Not Found");
	CHECK(parse("ICY 200 OK\r\nicy-name: x\r\n\r\n") > 0);
	CHECK_STR(text_of(&head.version), "ICY");
	CHECK(parse("HTTP/1.0 200\r\n\r\n") > 0 && head.reason.length == 0);
	CHECK(parse("http/1.1 200 ok\r\n\r\n") > 0);
	CHECK(parse("HTTP/1.1 2x0 OK\r\n\r\n") == -1);
	CHECK(parse("HTTP/1.1 x OK\r\n\r\n") == -1);
	CHECK(parse("HTTP/1.1 99 ok\r\n\r\n") > 0 && head.status == 99);
	CHECK_STR(text_of(&head.reason), "ok");
	CHECK(parse("HTTP/1.1 7\r\n\r\n") > 0 && head.status == 7);
}

/* A value that begins on the line after its name. */
static void
test_fold(void)
{
	CHECK(parse("HTTP/1.1 200 OK\r\nContent-Type:\r\n text/html\r\n"
	    "Content-Length: \r\n\t\r\n  5 \r\nA: b\r\n  \r\n\r\n") > 0);
	CHECK_STR(text_of(&head.type), "text/html");
	CHECK(head.content_length == 5 && head.n == 3);
	CHECK_STR(text_of(&head.fields[0].value), "text/html");
	CHECK_STR(text_of(&head.fields[1].value), "5");
	CHECK_STR(text_of(&head.fields[2].value), "b");
	CHECK(head.anomalies == HTTP_FOLDED);
}

static void
test_fields(void)
{
	char buf[64];
	struct http_text t;

	CHECK(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
	    "content-length : 6\r\nTransfer-Encoding: gzip,\r\n  Chunked\r\n"
	    "Content-Encoding: identity, br , x;q=1\r\nno colon\r\n"
	    "Content-Type: text/html \r\n\r\n") > 0);
	CHECK(head.content_length == 5 && head.chunked);
	CHECK(head.transfer.n == 1 && head.content.n == 2);
	CHECK_STR(text_of(&head.transfer.name[0]), "gzip");
	CHECK_STR(text_of(&head.content.name[1]), "x");
	CHECK(head.anomalies == (HTTP_LENGTH_REPEATED | HTTP_FOLDED |
	    HTTP_NO_COLON | HTTP_LENGTH_AND_CODING));
	CHECK_STR(text_of(&head.type), "text/html ");
	t = http_text_unfold(&head.fields[2].value, buf);
	CHECK_STR(text_of(&t), "gzip, Chunked");
	CHECK(parse("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n") > 0);
	CHECK(head.content_length == -1);
	CHECK(head.anomalies == HTTP_LENGTH_UNREADABLE);
	CHECK(parse("HTTP/1.1 200 OK\r\nContent-Length: "
	    "99999999999999999999\r\n\r\n") > 0);
	CHECK(head.content_length == -1);
	CHECK(parse("HTTP/1.1 200 OK\r\nContent-Length: 7, 7\r\n\r\n") > 0);
	CHECK(head.content_length == 7 && head.anomalies == 0);
	CHECK(parse("HTTP/1.1 200 OK\r\na:1\r\na:2\r\na:3\r\na:4\r\na:5\r\n"
	    "a:6\r\na:7\r\na:8\r\nContent-Length: 3\r\n\r\n") > 0);
	CHECK(head.n == 8 && head.content_length == 3);
	CHECK(head.anomalies == HTTP_NOT_LISTED);
}

/* The end of a head is found the same wherever it is cut. */
static void
test_end(void)
{
	static const char text[] = "GET / HTTP/1.1\r\nA: b\r\n\r\nxyz\n\n";
	const uint8_t *p = (const uint8_t *)text;
	size_t cut, end = strlen(text) - 5;
	uint8_t before[2] = { 0, 0 };

	for (cut = 2; cut < end; cut++) {
		memcpy(before, p + cut - 2, 2);
		CHECK(http_head_end(before, p + cut, 30 - cut - 1) ==
		    end - cut);
	}
	CHECK(http_head_end((const uint8_t[2]){ 0, '\n' },
	    (const uint8_t *)"\r\nx", 3) == 2);
	CHECK(http_head_end((const uint8_t[2]){ 'x', '\n' },
	    (const uint8_t *)"\nx", 2) == 1);
	CHECK(http_head_end((const uint8_t[2]){ 'x', '\r' },
	    (const uint8_t *)"\nx\r", 3) == 0);
}

static int
start(enum http_kind kind, const char *text)
{
	return http_head_start(kind, (const uint8_t *)text, strlen(text));
}

static void
test_start(void)
{
	CHECK(start(HTTP_UNKNOWN, "H") == 0);
	CHECK(start(HTTP_UNKNOWN, "HTTP/1.1 200 O") == 0);
	CHECK(start(HTTP_RESPONSE, "HTTP/1.1 200 OK\r\n") == 1);
	CHECK(start(HTTP_REQUEST, "HTTP/1.1 200 OK\r\n") == -1);
	CHECK(start(HTTP_RESPONSE, "GET / HTTP/1.1\r\n") == -1);
	CHECK(start(HTTP_UNKNOWN, "GET /aaaa") == 0);
	CHECK(start(HTTP_UNKNOWN, "GET /a\x01") == -1);
	CHECK(start(HTTP_UNKNOWN, "SSH-2.0-OpenSSH_9.2\r\n") == -1);
	CHECK(start(HTTP_UNKNOWN, "\x16\x03\x01") == -1);
}

int
main(void)
{
	test_request();
	test_response();
	test_fields();
	test_fold();
	test_end();
	test_start();
	return unit_status();
}
