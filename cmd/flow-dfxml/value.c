/* SPDX-License-Identifier: ISC */
/* JSON values of META and STATS as XML. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-dfxml/value.h"
#include "libcommon/utf8.h"

enum { NUMBER_MAX = 400 };

/*
 * The bytes of a value, from malloc, NULL when it has no text.  A string
 * with characters above U+00FF is not from the wire: it stays UTF-8.
 */
static uint8_t *
value_bytes(json_t *v, size_t *n)
{
	const char *text = json_string_value(v);
	uint8_t *bytes = malloc(NUMBER_MAX + json_string_length(v));

	if (bytes == NULL)
		err(1, NULL);
	if (json_is_integer(v))
		*n = (size_t)sprintf((char *)bytes, "%" PRId64,
		    (int64_t)json_integer_value(v));
	else if (json_is_real(v))
		*n = (size_t)snprintf((char *)bytes, NUMBER_MAX, "%.6f",
		    json_real_value(v));
	else if (text != NULL) {
		*n = utf8_bytes(bytes, text, json_string_length(v));
		if (*n == SIZE_MAX) {
			*n = json_string_length(v);
			memcpy(bytes, text, *n);
		}
	} else {
		free(bytes);
		return NULL;
	}
	return bytes;
}

static void
append(char **line, size_t *length, const void *bytes, size_t n)
{
	*line = realloc(*line, *length + n + 1);
	if (*line == NULL)
		err(1, NULL);
	memcpy(*line + *length, bytes, n);
	*length += n;
}

/* One word, quoted where it is more than letters and the like. */
static void
append_word(char **line, size_t *length, const uint8_t *word, size_t n)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
	size_t i, safe = 0;

	while (safe < n && word[safe] != '\0' &&
	    strchr(plain, word[safe]) != NULL)
		safe++;
	if (n > 0 && safe == n) {
		append(line, length, word, n);
		return;
	}
	append(line, length, "'", 1);
	for (i = 0; i < n; i++)
		if (word[i] == '\'')
			append(line, length, "'\\''", 4);
		else
			append(line, length, word + i, 1);
	append(line, length, "'", 1);
}

void
value_attr(struct dfxml *x, const char *name, json_t *v)
{
	size_t n;
	uint8_t *bytes = value_bytes(v, &n);

	if (bytes != NULL)
		dfxml_attr(x, name, bytes, n);
	free(bytes);
}

void
value_element(struct dfxml *x, const char *element, json_t *v)
{
	size_t n;
	uint8_t *bytes = value_bytes(v, &n);

	if (bytes != NULL)
		dfxml_element(x, element, bytes, n);
	free(bytes);
}

double
value_real(json_t *object, const char *member)
{
	return json_number_value(json_object_get(object, member));
}

int64_t
value_integer(json_t *object, const char *member)
{
	return json_integer_value(json_object_get(object, member));
}

void
value_command(json_t *words, char **line, size_t *length)
{
	uint8_t *bytes;
	size_t i, n;

	if (*length > 0)
		append(line, length, " | ", 3);
	for (i = 0; i < json_array_size(words); i++) {
		bytes = value_bytes(json_array_get(words, i), &n);
		if (bytes == NULL)
			continue;
		if (i > 0)
			append(line, length, " ", 1);
		append_word(line, length, bytes, n);
		free(bytes);
	}
}
