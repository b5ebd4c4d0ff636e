/* SPDX-License-Identifier: ISC */
/* One stream of output from bytes here and in captures. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/gather.h"

static const uint8_t zeros[4096];

static void
failed(struct gather *g, int error)
{
	if (!g->failed)
		stage_bad(g->stage, "%s: %s", g->name, strerror(error));
	g->failed = true;
}

/* What went wrong with a write: 0 when it may be tried again. */
static int
retry(int fd, int error)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (error == EAGAIN || error == EWOULDBLOCK) {
		poll(&p, 1, -1);
		return 0;
	}
	return error == EINTR ? 0 : error;
}

static void
write_all(struct gather *g, const uint8_t *p, size_t n)
{
	ssize_t done;

	while (n > 0 && !g->failed) {
		done = write(g->fd, p, n);
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		} else if (done == 0 || retry(g->fd, errno) != 0) {
			failed(g, done == 0 ? EIO : errno);
		}
	}
}

/* Bytes that the kernel could not take from the mapping, or zeros. */
static void
write_slow(struct gather *g, struct reference ref)
{
	const uint8_t *bytes;
	uint32_t left = ref.length, i, part;

	for (; left > 0 && !g->failed; left -= ref.length) {
		ref.length = left < GATHER_COPY ? left : GATHER_COPY;
		bytes = stage_bytes(g->stage, &ref, NULL);
		for (i = 0; i < ref.length; i += part) {
			part = ref.length - i < sizeof(zeros) ?
			    ref.length - i : sizeof(zeros);
			write_all(g, bytes == NULL ? zeros : bytes + i,
			    part);
		}
		ref.offset += ref.length;
	}
}

/* The rest of the piece that stopped a writev. */
static void
write_piece(struct gather *g, int i)
{
	struct reference ref = g->ref[i];

	if (ref.length == 0) {
		failed(g, EFAULT);
		return;
	}
	ref.offset += ref.length - g->iov[i].iov_len;
	ref.length = (uint32_t)g->iov[i].iov_len;
	write_slow(g, ref);
}

static void
piece_add(struct gather *g, const void *p, size_t n,
    const struct reference *ref)
{
	g->iov[g->n].iov_base = (void *)(uintptr_t)p;
	g->iov[g->n].iov_len = n;
	if (ref != NULL)
		g->ref[g->n] = *ref;
	else
		memset(&g->ref[g->n], 0, sizeof(g->ref[g->n]));
	g->n++;
}

/* Does the last piece end where the next copied bytes will begin? */
static bool
copy_adjoins(const struct gather *g)
{
	const struct iovec *v;

	if (g->n == 0 || g->ref[g->n - 1].length != 0)
		return false;
	v = &g->iov[g->n - 1];
	return (uint8_t *)v->iov_base + v->iov_len == g->copy + g->copied;
}

void
gather_init(struct gather *g, struct stage *stage, int fd, const char *name)
{
	memset(g, 0, sizeof(*g));
	g->stage = stage;
	g->fd = fd;
	g->name = name;
	g->copy = malloc(GATHER_COPY);
	if (g->copy == NULL)
		err(1, NULL);
}

int
gather_flush(struct gather *g)
{
	int first = 0;
	ssize_t done;

	while (first < g->n && !g->failed) {
		done = writev(g->fd, g->iov + first, g->n - first);
		if (done == -1 && errno == EFAULT) {
			write_piece(g, first++);
			continue;
		}
		if (done == -1) {
			if (retry(g->fd, errno) != 0)
				failed(g, errno);
			continue;
		}
		while (first < g->n &&
		    (size_t)done >= g->iov[first].iov_len)
			done -= (ssize_t)g->iov[first++].iov_len;
		if (first < g->n) {
			g->iov[first].iov_base =
			    (uint8_t *)g->iov[first].iov_base + done;
			g->iov[first].iov_len -= (size_t)done;
		}
	}
	g->n = 0;
	g->copied = 0;
	return g->failed ? -1 : 0;
}

void
gather_bytes(struct gather *g, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	size_t part;

	g->total += n;
	for (; n > 0; n -= part, p += part) {
		if (g->copied == GATHER_COPY || g->n == GATHER_PIECES)
			(void)gather_flush(g);
		part = GATHER_COPY - g->copied;
		if (part > n)
			part = n;
		memcpy(g->copy + g->copied, p, part);
		if (copy_adjoins(g))
			g->iov[g->n - 1].iov_len += part;
		else
			piece_add(g, g->copy + g->copied, part, NULL);
		g->copied += part;
	}
}

void
gather_zeros(struct gather *g, uint64_t n)
{
	size_t part;

	for (; n > 0; n -= part) {
		part = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);
		gather_bytes(g, zeros, part);
	}
}

void
gather_reference(struct gather *g, const struct reference *ref)
{
	const uint8_t *mapped = stage_mapped(g->stage, ref);

	g->total += ref->length;
	if (mapped == NULL) {
		(void)gather_flush(g);
		write_slow(g, *ref);
		return;
	}
	if (g->n == GATHER_PIECES)
		(void)gather_flush(g);
	piece_add(g, mapped, ref->length, ref);
}

int
gather_close(struct gather *g)
{
	(void)gather_flush(g);
	if (close(g->fd) == -1 && errno != EINTR)
		failed(g, errno);
	free(g->copy);
	g->copy = NULL;
	return g->failed ? -1 : 0;
}
