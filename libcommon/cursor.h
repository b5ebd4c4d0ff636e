/* SPDX-License-Identifier: ISC */
/*
 * A bounds-checked reading position in bytes that nobody vouches for.
 *
 * Every read that would leave the bytes returns 0 (or NULL), moves to the
 * end and makes `bad` true for good, so that a decoder reads all its fields
 * and checks `bad` once.  A cursor borrows the bytes; it owns nothing.
 * The accessors are inline because they run several times for each packet.
 */
#ifndef LIBCOMMON_CURSOR_H
#define LIBCOMMON_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libcommon/bytes.h"

struct cursor {
	const uint8_t	*at;		/* the next byte */
	const uint8_t	*end;		/* one past the last byte */
	bool		 bad;		/* a read has gone past the end */
};

static inline void
cursor_init(struct cursor *c, const void *bytes, size_t length)
{
	c->at = bytes;
	c->end = c->at + length;
	c->bad = false;
}

/* Bytes that are left. */
static inline size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* The next n bytes, borrowed, or NULL when there are fewer. */
static inline const uint8_t *
cursor_bytes(struct cursor *c, size_t n)
{
	const uint8_t *p = c->at;

	if (n > cursor_left(c)) {
		c->bad = true;
		c->at = c->end;
		return NULL;
	}
	c->at += n;
	return p;
}

/* The next n bytes without moving, or NULL (and not bad) when fewer. */
static inline const uint8_t *
cursor_peek(const struct cursor *c, size_t n)
{
	return n > cursor_left(c) ? NULL : c->at;
}

static inline void
cursor_skip(struct cursor *c, size_t n)
{
	(void)cursor_bytes(c, n);
}

/* Forget everything after the next n bytes; fewer left is no error. */
static inline void
cursor_limit(struct cursor *c, size_t n)
{
	if (n < cursor_left(c))
		c->end = c->at + n;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 1);

	return p == NULL ? 0 : *p;
}

static inline uint16_t
cursor_be16(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 2);

	return p == NULL ? 0 : be16_get(p);
}

static inline uint32_t
cursor_be32(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 4);

	return p == NULL ? 0 : be32_get(p);
}

static inline uint16_t
cursor_le16(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 2);

	return p == NULL ? 0 : le16_get(p);
}

static inline uint32_t
cursor_le32(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 4);

	return p == NULL ? 0 : le32_get(p);
}

static inline uint64_t
cursor_le64(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 8);

	return p == NULL ? 0 : le64_get(p);
}

#endif
