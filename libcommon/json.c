/* SPDX-License-Identifier: ISC */
/* JSON text, written member by member. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libcommon/json.h"

/* Make room for n more bytes and the NUL. */
static char *
json_room(struct json *j, size_t n)
{
	size_t size = j->size == 0 ? 256 : j->size;

	while (size - j->length <= n)
		size *= 2;
	if (size != j->size) {
		j->text = realloc(j->text, size);
		if (j->text == NULL)
			err(1, NULL);
		j->size = size;
	}
	return j->text + j->length;
}

static void
json_put(struct json *j, const char *text, size_t n)
{
	memcpy(json_room(j, n), text, n);
	j->length += n;
	j->text[j->length] = '\0';
}

/* One byte as the code point U+0000-U+00FF; returns what it took. */
static size_t
json_escape(char *at, uint8_t byte)
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
	if (byte < 0x80) {
		at[0] = (char)byte;
		return 1;
	}
	at[0] = (char)(0xc0 | byte >> 6);
	at[1] = (char)(0x80 | (byte & 0x3f));
	return 2;
}

static void
json_quote(struct json *j, const uint8_t *bytes, size_t n)
{
	char *start, *at;
	size_t i;

	start = at = json_room(j, n * 6 + 2);
	*at++ = '"';
	for (i = 0; i < n; i++)
		at += json_escape(at, bytes[i]);
	*at++ = '"';
	*at = '\0';
	j->length += (size_t)(at - start);
}

/* A comma if one is due, and the key. */
static void
json_key(struct json *j, const char *key)
{
	if (j->comma)
		json_put(j, ",", 1);
	j->comma = true;
	if (key != NULL) {
		json_quote(j, (const uint8_t *)key, strlen(key));
		json_put(j, ":", 1);
	}
}

void
json_free(struct json *j)
{
	free(j->text);
	memset(j, 0, sizeof(*j));
}

void
json_reset(struct json *j)
{
	j->length = 0;
	j->comma = false;
	if (j->text != NULL)
		j->text[0] = '\0';
}

void
json_object(struct json *j, const char *key)
{
	json_key(j, key);
	json_put(j, "{", 1);
	j->comma = false;
}

void
json_object_end(struct json *j)
{
	json_put(j, "}", 1);
	j->comma = true;
}

void
json_array(struct json *j, const char *key)
{
	json_key(j, key);
	json_put(j, "[", 1);
	j->comma = false;
}

void
json_array_end(struct json *j)
{
	json_put(j, "]", 1);
	j->comma = true;
}

void
json_bytes(struct json *j, const char *key, const void *bytes, size_t n)
{
	json_key(j, key);
	json_quote(j, bytes, n);
}

void
json_string(struct json *j, const char *key, const char *text)
{
	json_bytes(j, key, text, strlen(text));
}

void
json_unsigned(struct json *j, const char *key, uint64_t v)
{
	char text[24], *at = text + sizeof(text);

	do
		*--at = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	json_key(j, key);
	json_put(j, at, (size_t)(text + sizeof(text) - at));
}

void
json_signed(struct json *j, const char *key, int64_t v)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%" PRId64, v);

	json_key(j, key);
	json_put(j, text, (size_t)n);
}

void
json_bool(struct json *j, const char *key, bool v)
{
	json_key(j, key);
	json_put(j, v ? "true" : "false", v ? 4 : 5);
}

void
json_null(struct json *j, const char *key)
{
	json_key(j, key);
	json_put(j, "null", 4);
}

void
json_raw(struct json *j, const char *key, const char *text, size_t n)
{
	json_key(j, key);
	json_put(j, text, n);
}
