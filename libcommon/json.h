/* SPDX-License-Identifier: ISC */
/*
 * JSON text (RFC 8259), written member by member into a growing buffer: for
 * META, STATS and NOTE.  Whoever reads JSON uses jansson.
 *
 * Strings are bytes, one code point U+0000-U+00FF for each, so that text
 * from the wire comes back byte for byte.  Members of objects have a key;
 * elements of arrays are written with key NULL.  Out of memory ends the
 * program.
 */
#ifndef LIBCOMMON_JSON_H
#define LIBCOMMON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	char	*text;		/* NUL-terminated, owned; NULL when empty */
	size_t	 length;
	size_t	 size;
	bool	 comma;		/* something stands before here */
};

/* A zeroed struct json is ready; free makes it so again. */
void	json_free(struct json *);
/* Empty it but keep the buffer. */
void	json_reset(struct json *);

void	json_object(struct json *, const char *key);	/* { */
void	json_object_end(struct json *);
void	json_array(struct json *, const char *key);	/* [ */
void	json_array_end(struct json *);

void	json_bytes(struct json *, const char *key, const void *, size_t);
void	json_string(struct json *, const char *key, const char *);
void	json_unsigned(struct json *, const char *key, uint64_t);
void	json_signed(struct json *, const char *key, int64_t);
void	json_bool(struct json *, const char *key, bool);
void	json_null(struct json *, const char *key);
/* Text that is JSON already, unchanged. */
void	json_raw(struct json *, const char *key, const char *, size_t);

#endif
