/* SPDX-License-Identifier: ISC */
/* JSON text, written member by member. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libcommon/digits.h"
#include "libcommon/jsontext.h"

enum { JSONTEXT_WORD = 8 };		/* bytes looked at together */

static char *
jsontext_grow(struct jsontext *j, size_t n)
{
	size_t size = j->size == 0 ? 256 : j->size;

	while (size - j->length <= n)
		size *= 2;
	j->text = realloc(j->text, size);
	if (j->text == NULL)
		err(1, NULL);
	j->size = size;
	return j->text + j->length;
}

/* Make room for n more bytes and the NUL. */
static inline char *
jsontext_room(struct jsontext *j, size_t n)
{
	return j->size - j->length > n ? j->text + j->length :
	    jsontext_grow(j, n);
}

static void
jsontext_put(struct jsontext *j, const char *text, size_t n)
{
	memcpy(jsontext_room(j, n), text, n);
	j->length += n;
	j->text[j->length] = '\0';
}

/*
 * One byte: over 127 as the code point of that number or, in UTF-8, as it
 * is.  Returns what it took.
 */
static size_t
jsontext_escape(char *at, uint8_t byte, bool utf8)
{
	static const char hex[] = "0123456789abcdef";

	if (byte == '"' || byte == '\\') {
		at[0] = '\\';
		at[1] = (char)byte;
		return 2;
	}
	if (byte < 0x20 || byte == 0x7f) {
		memcpy(at, "\\u00", 4);
		at[4] = hex[byte >> 4];
		at[5] = hex[byte & 15];
		return 6;
	}
	if (byte < 0x80 || utf8) {
		at[0] = (char)byte;
		return 1;
	}
	at[0] = (char)(0xc0 | byte >> 6);
	at[1] = (char)(0x80 | (byte & 0x3f));
	return 2;
}

static inline bool
jsontext_plain(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* In each byte: the high bit, when that byte of x is zero. */
static inline uint64_t
jsontext_zeros(uint64_t x)
{
	return (x - 0x0101010101010101) & ~x & 0x8080808080808080;
}

/* Do eight bytes go as they are?  Most texts do, and they are long. */
static inline bool
jsontext_plain_word(uint64_t x)
{
	return ((x & 0x8080808080808080) |
	    ((x - 0x2020202020202020) & ~x & 0x8080808080808080) |
	    jsontext_zeros(x ^ 0x2222222222222222) |
	    jsontext_zeros(x ^ 0x5c5c5c5c5c5c5c5c) |
	    jsontext_zeros(x ^ 0x7f7f7f7f7f7f7f7f)) == 0;
}

/*
 * The last n (fewer than eight) of `all` bytes, when they are plain: as part
 * of the last eight, those before having gone as they are, or as two fours.
 */
static inline bool
jsontext_tail(char *at, const uint8_t *bytes, size_t n, size_t all)
{
	uint64_t word = 0;
	uint32_t first, last;

	if (all >= JSONTEXT_WORD) {
		bytes -= JSONTEXT_WORD - n;
		memcpy(&word, bytes, JSONTEXT_WORD);
		if (!jsontext_plain_word(word))
			return false;
		memcpy(at - (JSONTEXT_WORD - n), &word, JSONTEXT_WORD);
		return true;
	}
	if (n < sizeof(first))
		return false;
	memcpy(&first, bytes, sizeof(first));
	memcpy(&last, bytes + n - sizeof(last), sizeof(last));
	if (!jsontext_plain_word((uint64_t)first << 32 | last))
		return false;
	memcpy(at, &first, sizeof(first));
	memcpy(at + n - sizeof(last), &last, sizeof(last));
	return true;
}

/* Bytes in quotes; returns the place behind them. */
static char *
jsontext_quoted(char *at, const uint8_t *bytes, size_t n, bool utf8)
{
	uint64_t word;
	size_t i = 0;

	*at++ = '"';
	while (i < n) {
		if (n - i >= JSONTEXT_WORD) {
			memcpy(&word, bytes + i, JSONTEXT_WORD);
			if (jsontext_plain_word(word)) {
				memcpy(at, &word, JSONTEXT_WORD);
				at += JSONTEXT_WORD;
				i += JSONTEXT_WORD;
				continue;
			}
		} else if (jsontext_tail(at, bytes + i, n - i, n)) {
			at += n - i;
			break;
		}
		if (jsontext_plain(bytes[i]))
			*at++ = (char)bytes[i];
		else
			at += jsontext_escape(at, bytes[i], utf8);
		i++;
	}
	*at++ = '"';
	return at;
}

static void
jsontext_quote(struct jsontext *j, const uint8_t *bytes, size_t n, bool utf8)
{
	char *at = jsontext_room(j, n * 6 + 2);

	at = jsontext_quoted(at, bytes, n, utf8);
	*at = '\0';
	j->length = (size_t)(at - j->text);
}

/* A comma if one is due, and the key. */
static void
jsontext_key(struct jsontext *j, const char *key)
{
	size_t n = key == NULL ? 0 : strlen(key);
	char *at = jsontext_room(j, n * 6 + 4);

	if (j->comma)
		*at++ = ',';
	j->comma = true;
	if (key != NULL) {
		at = jsontext_quoted(at, (const uint8_t *)key, n, true);
		*at++ = ':';
	}
	*at = '\0';
	j->length = (size_t)(at - j->text);
}

void
jsontext_free(struct jsontext *j)
{
	free(j->text);
	memset(j, 0, sizeof(*j));
}

void
jsontext_reset(struct jsontext *j)
{
	j->length = 0;
	j->comma = false;
	if (j->text != NULL)
		j->text[0] = '\0';
}

void
jsontext_object(struct jsontext *j, const char *key)
{
	jsontext_key(j, key);
	jsontext_put(j, "{", 1);
	j->comma = false;
}

void
jsontext_object_end(struct jsontext *j)
{
	jsontext_put(j, "}", 1);
	j->comma = true;
}

void
jsontext_array(struct jsontext *j, const char *key)
{
	jsontext_key(j, key);
	jsontext_put(j, "[", 1);
	j->comma = false;
}

void
jsontext_array_end(struct jsontext *j)
{
	jsontext_put(j, "]", 1);
	j->comma = true;
}

void
jsontext_bytes(struct jsontext *j, const char *key, const void *bytes,
    size_t n)
{
	jsontext_key(j, key);
	jsontext_quote(j, bytes, n, false);
}

void
jsontext_hex(struct jsontext *j, const char *key, const void *bytes, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *p = bytes, *end = p + n;
	char *at;

	jsontext_key(j, key);
	at = jsontext_room(j, 2 * n + 2);
	*at++ = '"';
	for (; p < end; p++) {
		*at++ = hex[*p >> 4];
		*at++ = hex[*p & 15];
	}
	*at++ = '"';
	*at = '\0';
	j->length += 2 * n + 2;
}

void
jsontext_utf8(struct jsontext *j, const char *key, const char *text, size_t n)
{
	jsontext_key(j, key);
	jsontext_quote(j, (const uint8_t *)text, n, true);
}

void
jsontext_string(struct jsontext *j, const char *key, const char *text)
{
	jsontext_bytes(j, key, text, strlen(text));
}

void
jsontext_unsigned(struct jsontext *j, const char *key, uint64_t v)
{
	char *at;

	jsontext_key(j, key);
	at = digits_put(jsontext_room(j, DIGITS_MAX), v);
	*at = '\0';
	j->length = (size_t)(at - j->text);
}

void
jsontext_signed(struct jsontext *j, const char *key, int64_t v)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%" PRId64, v);

	jsontext_key(j, key);
	jsontext_put(j, text, (size_t)n);
}

void
jsontext_bool(struct jsontext *j, const char *key, bool v)
{
	jsontext_key(j, key);
	jsontext_put(j, v ? "true" : "false", v ? 4 : 5);
}

void
jsontext_null(struct jsontext *j, const char *key)
{
	jsontext_key(j, key);
	jsontext_put(j, "null", 4);
}

void
jsontext_raw(struct jsontext *j, const char *key, const char *text, size_t n)
{
	jsontext_key(j, key);
	jsontext_put(j, text, n);
}

void
jsontext_pair(struct jsontext *j, const void *a, size_t a_length,
    const void *b, size_t b_length)
{
	char *at = jsontext_room(j, (a_length + b_length) * 6 + 8);

	if (j->comma)
		*at++ = ',';
	j->comma = true;
	*at++ = '[';
	at = jsontext_quoted(at, a, a_length, false);
	*at++ = ',';
	at = jsontext_quoted(at, b, b_length, false);
	*at++ = ']';
	*at = '\0';
	j->length = (size_t)(at - j->text);
}
