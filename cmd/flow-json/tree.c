/* SPDX-License-Identifier: ISC */
/* A tree of jansson's as JSON text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-json/tree.h"

enum { REAL_MAX = 400 };		/* digits of the largest double */

/* With a point or an exponent, so that it stays what it is. */
static void
tree_real(struct jsontext *j, const char *key, double v)
{
	char text[REAL_MAX];
	int n = snprintf(text, sizeof(text), "%.6f", v);

	if (strtod(text, NULL) != v) {
		n = snprintf(text, sizeof(text) - 2, "%.17g", v);
		if (strpbrk(text, ".e") == NULL) {
			memcpy(text + n, ".0", 3);
			n += 2;
		}
	}
	jsontext_raw(j, key, text, (size_t)n);
}

static void
tree_array(struct jsontext *j, const char *key, json_t *array)
{
	size_t i;

	jsontext_array(j, key);
	for (i = 0; i < json_array_size(array); i++)
		tree_text(j, NULL, json_array_get(array, i));
	jsontext_array_end(j);
}

static void
tree_object(struct jsontext *j, const char *key, json_t *object)
{
	const char *name;
	json_t *value;

	jsontext_object(j, key);
	json_object_foreach(object, name, value)
		tree_text(j, name, value);
	jsontext_object_end(j);
}

void
tree_text(struct jsontext *j, const char *key, json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		tree_object(j, key, v);
		break;
	case JSON_ARRAY:
		tree_array(j, key, v);
		break;
	case JSON_STRING:
		jsontext_utf8(j, key, json_string_value(v),
		    json_string_length(v));
		break;
	case JSON_INTEGER:
		jsontext_signed(j, key, json_integer_value(v));
		break;
	case JSON_REAL:
		tree_real(j, key, json_real_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		jsontext_bool(j, key, json_is_true(v));
		break;
	case JSON_NULL:
		jsontext_null(j, key);
		break;
	}
}
