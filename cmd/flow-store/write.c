/* SPDX-License-Identifier: ISC */
/*
 * held_write(): runs of bytes and of references to the disk, as many as
 * lie end to end in one call.  Pages of a capture go to the kernel as they
 * are mapped; where they are gone (the capture has shrunk, the disk fails)
 * it answers EFAULT, and the bytes are asked for in the way that explains.
 */
#include <sys/uio.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/file.h"
#include "cmd/flow-store/held.h"

enum { WRITE_SLOW = 1 << 18 };		/* bytes read at a time */

/* Runs that lie end to end in the file. */
struct batch {
	struct store	*store;
	struct file	*file;
	int		 fd;
	uint64_t	 offset;	/* in the file, of what is left */
	uint64_t	 end;		/* where the next run would adjoin */
	int		 first, n;	/* iov[first, n) is left */
	struct iovec	 iov[STORE_HELD_PIECES];
	const struct piece *piece[STORE_HELD_PIECES];
};

/* So many bytes of the batch are written, or given up. */
static void
batch_advance(struct batch *b, size_t done)
{
	struct iovec *v = &b->iov[b->first];

	b->offset += done;
	while (b->first < b->n && done >= v->iov_len) {
		done -= v->iov_len;
		v++;
		b->first++;
	}
	if (b->first < b->n) {
		if (v->iov_base != NULL)
			v->iov_base = (uint8_t *)v->iov_base + done;
		v->iov_len -= done;
	}
}

static void
batch_wrote(struct batch *b, size_t done)
{
	b->store->bytes += done;
	if (b->offset + done > b->file->size)
		b->file->size = b->offset + done;
	batch_advance(b, done);
}

/* The kernel could not read the first run: read some of it ourselves. */
static int
batch_slow(struct batch *b)
{
	const struct piece *p = b->piece[b->first];
	size_t left = b->iov[b->first].iov_len;
	size_t part = left < WRITE_SLOW ? left : WRITE_SLOW;
	struct reference ref = { .source = p->source,
	    .offset = p->where + p->length - left,
	    .length = (uint32_t)part };
	const uint8_t *bytes;
	ssize_t n;

	if (p->where == PIECE_HERE) {
		errno = EFAULT;
		return -1;
	}
	bytes = stage_bytes(b->store->stage, &ref, NULL);
	if (bytes == NULL) {		/* said; it stays a hole */
		batch_advance(b, left);
		return 0;
	}
	n = pwrite(b->fd, bytes, part, (off_t)b->offset);
	if (n > 0)
		batch_wrote(b, (size_t)n);
	return n == -1 && errno != EINTR ? -1 : 0;
}

/* Write what the kernel takes at once: how much, or -1. */
static ssize_t
batch_try(struct batch *b)
{
	ssize_t n;

	if (b->iov[b->first].iov_base == NULL) {
		errno = EFAULT;
		return -1;
	}
	n = pwritev(b->fd, b->iov + b->first, b->n - b->first,
	    (off_t)b->offset);
	if (n != 0)
		return n;
	errno = EIO;
	return -1;
}

static int
batch_write(struct batch *b)
{
	ssize_t n;

	while (b->first < b->n) {
		n = batch_try(b);
		if (n > 0)
			batch_wrote(b, (size_t)n);
		else if (errno == EINTR)
			continue;
		else if (errno != EFAULT || batch_slow(b) == -1)
			return -1;
	}
	b->first = b->n = 0;
	return 0;
}

/* A run's bytes: here, in the mapping, or NULL: to be read. */
static void *
piece_bytes(struct store *s, const struct piece *p)
{
	struct reference ref = { .source = p->source, .offset = p->where,
	    .length = p->length };
	const void *bytes = p->where == PIECE_HERE ? (const void *)(p + 1) :
	    stage_mapped(s->stage, &ref);

	return (void *)(uintptr_t)bytes;
}

static int
batch_add(struct batch *b, const struct piece *p, uint64_t shift)
{
	uint64_t offset = (uint64_t)p->offset + shift;
	void *bytes = piece_bytes(b->store, p);

	/* A run that must be read stands alone in its batch. */
	if (b->n > 0 && (offset != b->end || b->n == STORE_HELD_PIECES ||
	    bytes == NULL || b->iov[b->n - 1].iov_base == NULL)) {
		if (batch_write(b) == -1)
			return -1;
	}
	if (b->n == 0)
		b->offset = offset;
	b->piece[b->n] = p;
	b->iov[b->n].iov_base = bytes;
	b->iov[b->n].iov_len = p->length;
	b->end = offset + p->length;
	b->n++;
	return 0;
}

int
held_write(struct store *s, struct file *f, const struct held *h,
    uint64_t shift)
{
	struct batch b;			/* large: not all set to zero */
	const struct piece *p;
	uint32_t at = 0;

	b.store = s;
	b.file = f;
	b.first = b.n = 0;
	b.offset = b.end = 0;
	b.fd = file_open(s, f);
	if (b.fd == -1)
		return -1;
	while ((p = held_next(h, &at)) != NULL)
		if (batch_add(&b, p, shift) == -1)
			break;
	if (p == NULL && batch_write(&b) == 0)
		return 0;
	file_fail(s, f, errno);
	return -1;
}
