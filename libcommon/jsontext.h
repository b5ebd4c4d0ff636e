/* SPDX-License-Identifier: ISC */
/*
 * JSON text (RFC 8259), written member by member into a growing buffer: for
 * META, STATS and NOTE.  Whoever reads JSON uses jansson, whose names (json_*)
 * these must not share.
 *
 * Strings are bytes, one code point U+0000-U+00FF for each, so that text
 * from the wire comes back byte for byte.  Members of objects have a key,
 * UTF-8 and never text from the wire; elements of arrays are written with
 * key NULL.  Out of memory ends the program.
 */
#ifndef LIBCOMMON_JSONTEXT_H
#define LIBCOMMON_JSONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jsontext {
	char	*text;		/* NUL-terminated, owned; NULL when empty */
	size_t	 length;
	size_t	 size;
	bool	 comma;		/* something stands before here */
};

/* A zeroed struct jsontext is ready; free makes it so again. */
void	jsontext_free(struct jsontext *);
/* Empty it but keep the buffer. */
void	jsontext_reset(struct jsontext *);

void	jsontext_object(struct jsontext *, const char *key);	/* { */
void	jsontext_object_end(struct jsontext *);
void	jsontext_array(struct jsontext *, const char *key);	/* [ */
void	jsontext_array_end(struct jsontext *);

void	jsontext_bytes(struct jsontext *, const char *key, const void *,
	    size_t);
/* The same as hexadecimal digits; UTF-8 text as the text that it is. */
void	jsontext_hex(struct jsontext *, const char *key, const void *, size_t);
void	jsontext_utf8(struct jsontext *, const char *key, const char *,
	    size_t);
void	jsontext_string(struct jsontext *, const char *key, const char *);
void	jsontext_unsigned(struct jsontext *, const char *key, uint64_t);
void	jsontext_signed(struct jsontext *, const char *key, int64_t);
void	jsontext_bool(struct jsontext *, const char *key, bool);
void	jsontext_null(struct jsontext *, const char *key);
/* An element that is an array of two strings of bytes. */
void	jsontext_pair(struct jsontext *, const void *a, size_t a_length,
	    const void *b, size_t b_length);
/* Text that is JSON already, unchanged. */
void	jsontext_raw(struct jsontext *, const char *key, const char *, size_t);

#endif
