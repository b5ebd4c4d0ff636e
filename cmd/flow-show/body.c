/* SPDX-License-Identifier: ISC */
/* The bytes of one packet as text, raw, hex or JSON. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/flow-show/show.h"

enum {
	HEX_LINE = 32,			/* bytes shown in one line of hex */
	HEX_WIDTH = 20 + HEX_LINE * 5 / 2 /* offset and the pairs */
};

static bool
body_printable(uint8_t c)
{
	return c >= 0x20 && c <= 0x7e;
}

/*
 * Everything but printable ASCII and line ends as dots.  On a terminal a
 * carriage return alone would overwrite the line that it stands in.
 */
static void
body_text(const struct show *w, const uint8_t *p, size_t n)
{
	uint8_t block[4096];
	size_t i, used = 0;
	bool passes;

	for (i = 0; i < n; i++) {
		passes = body_printable(p[i]) || p[i] == '\n' ||
		    (p[i] == '\r' &&
		    (!w->terminal || i + 1 == n || p[i + 1] == '\n'));
		block[used++] = passes ? p[i] : '.';
		if (used == sizeof(block)) {
			fwrite(block, 1, used, stdout);
			used = 0;
		}
	}
	fwrite(block, 1, used, stdout);
}

/*
 * One line: offset, pairs of bytes, padding up to the widest line of this
 * packet so far, a blank, the bytes that are printable.  Returns the width
 * of the first part.
 */
static size_t
body_hex_line(const uint8_t *p, size_t n, size_t offset, size_t widest)
{
	static const char digits[] = "0123456789abcdef";
	char line[HEX_WIDTH + HEX_LINE + 2];
	size_t i, at = (size_t)snprintf(line, 20, "%04zx: ", offset), width;

	for (i = 0; i < n; i++) {
		line[at++] = digits[p[i] >> 4];
		line[at++] = digits[p[i] & 15];
		if (i % 2 == 1)
			line[at++] = ' ';
	}
	width = at;
	while (at < widest)
		line[at++] = ' ';
	line[at++] = ' ';
	for (i = 0; i < n; i++)
		line[at++] = body_printable(p[i]) ? (char)p[i] : '.';
	line[at++] = '\n';
	fwrite(line, 1, at, stdout);
	return width;
}

static void
body_hex(const uint8_t *p, size_t n)
{
	size_t at, width, widest = 0;

	for (at = 0; at < n; at += HEX_LINE) {
		width = body_hex_line(p + at,
		    n - at < HEX_LINE ? n - at : HEX_LINE, at, widest);
		if (width > widest)
			widest = width;
	}
}

/* Bytes as decimal numbers with commas between them. */
static void
body_numbers(const uint8_t *p, size_t n)
{
	char block[4096];
	size_t i, used = 0;

	for (i = 0; i < n; i++) {
		if (used > sizeof(block) - 4) {
			fwrite(block, 1, used, stdout);
			used = 0;
		}
		if (i > 0)
			block[used++] = ',';
		if (p[i] >= 100)
			block[used++] = (char)('0' + p[i] / 100);
		if (p[i] >= 10)
			block[used++] = (char)('0' + p[i] / 10 % 10);
		block[used++] = (char)('0' + p[i] % 10);
	}
	fwrite(block, 1, used, stdout);
}

static void
body_json(const struct flow_open *o, const uint8_t *p, size_t n)
{
	char src[FLOW_ADDRESS_TEXT], dst[FLOW_ADDRESS_TEXT];

	printf("{\"src_host\":\"%s\",\"src_port\":%u,"
	    "\"dst_host\":\"%s\",\"dst_port\":%u,\"payload\": [",
	    flow_address(src, o->key.family, o->key.src), o->key.sport,
	    flow_address(dst, o->key.family, o->key.dst), o->key.dport);
	body_numbers(p, n);
	fputs("]}", stdout);
}

void
body_write(const struct show *w, const struct flow_open *o,
    const uint8_t *p, size_t n)
{
	switch (w->form) {
	case SHOW_TEXT:
		body_text(w, p, n);
		break;
	case SHOW_RAW:
		fwrite(p, 1, n, stdout);
		break;
	case SHOW_HEX:
		body_hex(p, n);
		break;
	case SHOW_JSON:
		body_json(o, p, n);
		break;
	}
}
