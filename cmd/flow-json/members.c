/* SPDX-License-Identifier: ISC */
/* The members of one JSON object. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/flow-json/members.h"
#include "libcommon/record.h"
#include "libcommon/utf8.h"

/* The number in a text; false when it is none. */
static bool
text_unsigned(const char *text, uint64_t *v)
{
	bool hex = strncmp(text, "0x", 2) == 0;
	char *end;

	if (hex)
		text += 2;
	if (strchr("-+ ", text[0]) != NULL)	/* NUL too */
		return false;
	errno = 0;
	*v = strtoull(text, &end, hex ? 16 : 10);
	return *end == '\0' && errno == 0;
}

/* The fraction of a second after a time, in ns; moves past it. */
static int64_t
time_fraction(const char **at)
{
	int64_t ns = 0, place = 100000000;

	if (**at != '.')
		return 0;
	for ((*at)++; **at >= '0' && **at <= '9'; (*at)++) {
		ns += (**at - '0') * place;
		place /= 10;
	}
	return ns;
}

static bool
text_time(const char *text, int64_t *time)
{
	struct tm tm = { 0 };
	const char *at = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t ns, seconds;

	if (at == NULL)
		return false;
	ns = time_fraction(&at);
	if (strcmp(at, "Z") != 0)
		return false;
	seconds = timegm(&tm);
	if (seconds < 0) {		/* so that the least one fits */
		seconds++;
		ns -= 1000000000;
	}
	return !__builtin_mul_overflow(seconds, 1000000000, time) &&
	    !__builtin_add_overflow(*time, ns, time);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static uint32_t
bit_of(struct members *m, const char *key, json_t *v,
    const struct names_bit *names)
{
	const char *word = json_string_value(v);
	uint32_t bit = word == NULL ? 0 : names_bit(names, word);

	if (bit == 0)
		members_error(m, "%s: unknown: %s", key,
		    word == NULL ? "not a word" : word);
	return bit;
}

/* The value of a string member; NULL (and an error) for another type. */
static json_t *
take_string(struct members *m, const char *key)
{
	json_t *v = members_take(m, key);

	if (v != NULL && !json_is_string(v)) {
		members_error(m, "%s: not a string", key);
		return NULL;
	}
	return v;
}

void
members_init(struct members *m, json_t *object)
{
	memset(m, 0, sizeof(*m));
	m->object = object;
}

void
members_done(struct members *m)
{
	void *left = json_object_iter(m->object);

	if (left != NULL)
		members_error(m, "unknown member \"%s\"",
		    json_object_iter_key(left));
	while (m->n > 0)
		json_decref(m->taken[--m->n]);
}

void
members_error(struct members *m, const char *fmt, ...)
{
	va_list ap;

	if (m->error[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(m->error, sizeof(m->error), fmt, ap);
	va_end(ap);
}

json_t *
members_take(struct members *m, const char *key)
{
	json_t *v = json_object_get(m->object, key);

	if (v == NULL || m->n == MEMBERS_MAX)
		return NULL;
	m->taken[m->n++] = json_incref(v);
	json_object_del(m->object, key);
	return v;
}

bool
members_have(const struct members *m, const char *key)
{
	return json_object_get(m->object, key) != NULL;
}

uint64_t
members_unsigned(struct members *m, const char *key, uint64_t otherwise,
    uint64_t max)
{
	json_t *v = members_take(m, key);
	uint64_t n = 0;

	if (v == NULL)
		return otherwise;
	if (json_is_integer(v) && json_integer_value(v) >= 0)
		n = (uint64_t)json_integer_value(v);
	else if (!json_is_string(v) ||
	    !text_unsigned(json_string_value(v), &n))
		members_error(m, "%s: not a number from 0", key);
	if (n > max)
		members_error(m, "%s: over %" PRIu64, key, max);
	return n;
}

int64_t
members_signed(struct members *m, const char *key, int64_t otherwise)
{
	json_t *v = members_take(m, key);

	if (v != NULL && !json_is_integer(v))
		members_error(m, "%s: not an integer", key);
	return v == NULL ? otherwise : json_integer_value(v);
}

bool
members_bool(struct members *m, const char *key, bool otherwise)
{
	json_t *v = members_take(m, key);

	if (v != NULL && !json_is_boolean(v))
		members_error(m, "%s: neither true nor false", key);
	return v == NULL ? otherwise : json_is_true(v);
}

int64_t
members_time(struct members *m, const char *key, int64_t otherwise)
{
	json_t *v = members_take(m, key);
	int64_t time = RECORD_NO_TIME;

	if (v == NULL)
		return otherwise;
	if (json_is_integer(v))
		return json_integer_value(v);
	if (!json_is_null(v) && (!json_is_string(v) ||
	    !text_time(json_string_value(v), &time)))
		members_error(m, "%s: not a time", key);
	return time;
}

uint32_t
members_bits(struct members *m, const char *key,
    const struct names_bit *names, uint32_t otherwise)
{
	json_t *v = members_take(m, key);
	uint32_t bits = 0;
	size_t i;

	if (v == NULL)
		return otherwise;
	if (!json_is_array(v))
		return bit_of(m, key, v, names);
	for (i = 0; i < json_array_size(v); i++)
		bits |= bit_of(m, key, json_array_get(v, i), names);
	return bits;
}

uint32_t
members_word(struct members *m, const char *key,
    int (*number)(const char *), uint32_t otherwise, uint32_t max)
{
	json_t *v = json_object_get(m->object, key);
	int n;

	if (!json_is_string(v))
		return (uint32_t)members_unsigned(m, key, otherwise, max);
	v = members_take(m, key);
	n = v == NULL ? -1 : number(json_string_value(v));
	if (n < 0)
		members_error(m, "%s: unknown: %s", key,
		    json_string_value(v));
	return n < 0 ? 0 : (uint32_t)n;
}

const char *
members_string(struct members *m, const char *key)
{
	return json_string_value(take_string(m, key));
}

size_t
members_text(struct members *m, const char *key, uint8_t *buf, size_t size)
{
	json_t *v = take_string(m, key);
	size_t n = json_string_length(v);
	uint8_t *bytes = n == 0 ? NULL : malloc(n);

	if (bytes == NULL && n > 0)
		err(1, NULL);
	if (n > 0)
		n = utf8_bytes(bytes, json_string_value(v), n);
	if (n == SIZE_MAX)
		members_error(m, "%s: a character is over U+00FF", key);
	else if (n > size)
		members_error(m, "%s: too long", key);
	else if (n > 0)
		memcpy(buf, bytes, n);
	free(bytes);
	return n > size ? 0 : n;
}

size_t
members_hex(struct members *m, const char *key, uint8_t *buf, size_t size)
{
	json_t *v = take_string(m, key);
	const char *digits = json_string_value(v);
	size_t i, n = 0;
	int high, low;

	for (i = 0; i < json_string_length(v); i += 2, digits += 2) {
		high = hex_digit(digits[0]);
		low = high < 0 ? -1 : hex_digit(digits[1]);
		if (low < 0 || n == size) {
			members_error(m, low < 0 ? "%s: not pairs of "
			    "hexadecimal digits" : "%s: too long", key);
			return 0;
		}
		buf[n++] = (uint8_t)(high << 4 | low);
	}
	return n;
}
