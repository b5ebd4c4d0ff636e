/* SPDX-License-Identifier: ISC */
/* Chains of blocks in a temporary file. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/flow-store/spool.h"

enum {
	SPOOL_BLOCK = 1024,		/* bytes */
	SPOOL_ROOM = 1024		/* blocks that `next` begins with */
};

static off_t
block_offset(uint32_t block, uint32_t at)
{
	return (off_t)block * SPOOL_BLOCK + (off_t)at;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* A block that nobody has, or 0: there can be no more. */
static uint32_t
block_take(struct spool *s)
{
	uint32_t block = s->free;

	if (block != 0) {
		s->free = s->next[block];
		return block;
	}
	if (s->blocks == UINT32_MAX)
		return 0;
	if (s->blocks == 0)		/* block 0 stands for none */
		s->blocks = 1;
	if (s->blocks >= s->room) {
		s->room = s->room == 0 ? SPOOL_ROOM :
		    s->room > UINT32_MAX / 2 ? UINT32_MAX : s->room * 2;
		s->next = realloc(s->next, s->room * sizeof(*s->next));
		if (s->next == NULL)
			err(1, NULL);
	}
	return s->blocks++;
}

static int
chain_grow(struct spool *s, struct spool_chain *c)
{
	uint32_t block = block_take(s);

	if (block == 0) {
		errno = EFBIG;
		return -1;
	}
	s->next[block] = 0;
	if (c->last == 0)
		c->first = block;
	else
		s->next[c->last] = block;
	c->last = block;
	return 0;
}

static int
write_at(int fd, const uint8_t *bytes, uint32_t n, off_t offset)
{
	ssize_t done;

	do
		done = pwrite(fd, bytes, n, offset);
	while (done == -1 && errno == EINTR);
	if (done >= 0 && (uint32_t)done < n)
		errno = ENOSPC;
	return done == (ssize_t)n ? 0 : -1;
}

static int
read_at(int fd, uint8_t *bytes, uint32_t n, off_t offset)
{
	ssize_t done;

	do
		done = pread(fd, bytes, n, offset);
	while (done == -1 && errno == EINTR);
	if (done >= 0 && (uint32_t)done < n)
		errno = EIO;
	return done == (ssize_t)n ? 0 : -1;
}

int
spool_put(struct spool *s, struct spool_chain *c, const void *bytes,
    uint32_t n)
{
	const uint8_t *p = bytes;
	uint32_t at, part;

	while (n > 0) {
		at = c->used % SPOOL_BLOCK;
		if (at == 0 && chain_grow(s, c) == -1)
			return -1;
		part = least(n, SPOOL_BLOCK - at);
		if (write_at(s->fd, p, part, block_offset(c->last, at)) == -1)
			return -1;
		c->used += part;
		p += part;
		n -= part;
	}
	return 0;
}

int
spool_get(const struct spool *s, const struct spool_chain *c, void *bytes)
{
	uint32_t block = c->first, left = c->used, part;
	uint8_t *p = bytes;

	for (; left > 0; block = s->next[block]) {
		part = least(left, SPOOL_BLOCK);
		if (read_at(s->fd, p, part, block_offset(block, 0)) == -1)
			return -1;
		p += part;
		left -= part;
	}
	return 0;
}

void
spool_drop(struct spool *s, struct spool_chain *c)
{
	if (c->last != 0) {
		s->next[c->last] = s->free;
		s->free = c->first;
	}
	c->first = c->last = c->used = 0;
}

void
spool_free(struct spool *s)
{
	free(s->next);
	s->next = NULL;
	close(s->fd);
}
