/* SPDX-License-Identifier: ISC */
/* Unit test: messages found in the middle of other bytes. */
#include "formats/http_search.h"
#include "tests/unit/unit.h"

static int
search(enum http_kind kind, const char *text)
{
	size_t at;

	switch (http_search(kind, (const uint8_t *)text, strlen(text), &at)) {
	case HTTP_FOUND:
		return (int)at;
	case HTTP_FOUND_PART:
		return -2 - (int)at;
	case HTTP_FOUND_NONE:
		break;
	}
	return -1;
}

int
main(void)
{
	CHECK(search(HTTP_RESPONSE, "abcHTTP/1.1 200 OK\r\nA: b\r\n") == 3);
	CHECK(search(HTTP_UNKNOWN, "}GET /x HTTP/1.1\r\nHost: b\r\n") == 1);
	CHECK(search(HTTP_RESPONSE, "}GET /x HTTP/1.1\r\nHost: b\r\n") == -1);
	CHECK(search(HTTP_REQUEST, "abcHTTP/1.1 200 OK\r\nA: b\r\n") == -1);
	/* a start line, but no field after it */
	CHECK(search(HTTP_UNKNOWN, "HTTP/1.1 200 OK\r\n\r\nxxxx") == -1);
	CHECK(search(HTTP_UNKNOWN, "\"GET / HTTP/1.1\" 200 5\nGET /") == -25);
	CHECK(search(HTTP_UNKNOWN, "GET /\x01 HTTP/1.1\r\nA: b\r\n") == -1);
	/* cut off */
	CHECK(search(HTTP_UNKNOWN, "xxHTTP/1.1 20") == -4);
	CHECK(search(HTTP_UNKNOWN, "xxHT") == -4);
	CHECK(search(HTTP_UNKNOWN, "xx PO") == -5);
	CHECK(search(HTTP_UNKNOWN, "xxHTTP/1.1 200 OK\r\nSer") == -4);
	/* the first of several */
	CHECK(search(HTTP_UNKNOWN, "HTTP/1.1 x\r\nHTTP/1.1 200 OK\r\nA: b\r\n"
	    "\r\nGET / HTTP/1.1\r\nA: b\r\n") == 12);
	CHECK(search(HTTP_UNKNOWN, "GET x GET /y HTTP/1.1\r\nA: b\r\n") == 6);
	CHECK(search(HTTP_UNKNOWN, "xGET /y HTTP/1.1\nA:") == 1);
	CHECK(search(HTTP_UNKNOWN, "xGET /y HTTP/1.1\nA") == -3);
	CHECK(search(HTTP_UNKNOWN, "xGET /y HTTP/1.") == -3);
	CHECK(search(HTTP_UNKNOWN, "xGET /y HTTP/1.x") == -1);
	/* a method at the end of a longer word of capitals */
	CHECK(search(HTTP_UNKNOWN, "ABGET / HTTP/1.1\r\nA: b\r\n") == 2);
	return unit_status();
}
