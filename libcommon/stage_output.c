/* SPDX-License-Identifier: ISC */
/*
 * A stage's standard output: runs of bytes, borrowed from the input buffer
 * (records passed on) or copied (records made here), written in one go.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/stage_impl.h"

static const uint8_t output_zeros[8];

void
stage_output_init(struct stage *s)
{
	s->out.copy = malloc(STAGE_BATCH);
	if (s->out.copy == NULL)
		err(1, NULL);
}

/*
 * The write failed.  A stage with files goes on without a reader; for the
 * others nothing is left to do (SIGPIPE has mostly ended them already).
 */
static void
output_failed(struct stage *s, int error)
{
	if (error != EPIPE)
		warnx("standard output: %s", strerror(error));
	if (!s->has_files)
		_exit(1);
	s->out.lost = true;
	s->exit_status = 1;
}

/* One writev; the bytes that went, 0 to try again, -1 when it failed. */
static ssize_t
output_some(struct stage *s, struct iovec *v, int n)
{
	struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };
	ssize_t done = writev(STDOUT_FILENO, v, n);

	if (done >= 0)
		return done;
	if (errno == EINTR)
		return 0;
	if (errno == EAGAIN || errno == EWOULDBLOCK) {
		poll(&p, 1, -1);
		return 0;
	}
	output_failed(s, errno);
	return -1;
}

static void
output_write(struct stage *s, struct iovec *v, int n)
{
	ssize_t done;

	while (n > 0 && !s->out.lost) {
		done = output_some(s, v, n);
		if (done < 0)
			return;
		while (n > 0 && (size_t)done >= v->iov_len) {
			done -= (ssize_t)v->iov_len;
			v++;
			n--;
		}
		if (n > 0) {
			v->iov_base = (uint8_t *)v->iov_base + done;
			v->iov_len -= (size_t)done;
		}
	}
}

void
stage_flush(struct stage *s)
{
	if (s->out.pieces > 0)
		output_write(s, s->out.piece, s->out.pieces);
	s->out.pieces = 0;
	s->out.copied = 0;
}

/* Does p go on where the last piece ends? */
static bool
output_adjoins(const struct stage_output *o, const uint8_t *p)
{
	const struct iovec *last;

	if (o->pieces == 0)
		return false;
	last = &o->piece[o->pieces - 1];
	return (const uint8_t *)last->iov_base + last->iov_len == p;
}

void
stage_output_borrow(struct stage *s, const uint8_t *p, size_t n)
{
	struct stage_output *o = &s->out;

	if (output_adjoins(o, p)) {
		o->piece[o->pieces - 1].iov_len += n;
		return;
	}
	if (o->pieces == STAGE_PIECES)
		stage_flush(s);
	o->piece[o->pieces].iov_base = (void *)(uintptr_t)p;
	o->piece[o->pieces].iov_len = n;
	o->pieces++;
}

/* Room for n bytes in the copy buffer, which the caller fills. */
static uint8_t *
output_copy(struct stage *s, size_t n)
{
	uint8_t *p;

	if (n > STAGE_BATCH - s->out.copied || s->out.pieces == STAGE_PIECES)
		stage_flush(s);
	p = s->out.copy + s->out.copied;
	stage_output_borrow(s, p, n);
	s->out.copied += n;
	return p;
}

void
stage_output_raw(struct stage *s, const uint8_t *p, size_t n)
{
	if (s->role != STAGE_SINK && !s->out.lost)
		memcpy(output_copy(s, n), p, n);
}

/* A record too large to be copied: written straight from where it lies. */
static void
output_large(struct stage *s, const uint8_t *header,
    const struct iovec *body, int count, size_t padding)
{
	struct iovec v[STAGE_PIECES];
	int i;

	stage_flush(s);
	v[0].iov_base = (void *)(uintptr_t)header;
	v[0].iov_len = RECORD_HEADER;
	for (i = 0; i < count; i++)
		v[i + 1] = body[i];
	v[count + 1].iov_base = (void *)(uintptr_t)output_zeros;
	v[count + 1].iov_len = padding;
	output_write(s, v, count + 2);
}

static void
output_small(struct stage *s, const uint8_t *header,
    const struct iovec *body, int count, uint32_t length)
{
	uint8_t *p = output_copy(s, record_size(length));
	int i;

	memcpy(p, header, RECORD_HEADER);
	p += RECORD_HEADER;
	for (i = 0; i < count; i++) {
		if (body[i].iov_len > 0)
			memcpy(p, body[i].iov_base, body[i].iov_len);
		p += body[i].iov_len;
	}
	memset(p, 0, record_padding(length));
}

void
stage_emitv(struct stage *s, const struct record *r,
    const struct iovec *body, int count)
{
	uint8_t header[RECORD_HEADER];
	struct record out = *r;
	size_t length = 0;
	int i;

	if (s->role == STAGE_SINK || s->out.lost)
		return;
	for (i = 0; i < count; i++)
		length += body[i].iov_len;
	if (length > RECORD_BODY_MAX || count > STAGE_PIECES - 2)
		abort();
	if (!s->open)
		stage_section_begin(s);
	if (r->type != RECORD_META)
		stage_section_meta(s);
	out.length = (uint32_t)length;
	record_header_encode(header, &out);
	if (r->type != RECORD_END)
		s->out_records++;
	if (record_size(out.length) > STAGE_BATCH / 2)
		output_large(s, header, body, count,
		    record_padding(out.length));
	else
		output_small(s, header, body, count, out.length);
}

void
stage_emit(struct stage *s, const struct record *r)
{
	struct iovec body = {
		.iov_base = (void *)(uintptr_t)r->body, .iov_len = r->length
	};

	stage_emitv(s, r, &body, 1);
}

void
stage_pass(struct stage *s, const struct record *r)
{
	const uint8_t *raw = r->body - RECORD_HEADER;
	size_t n;

	if (r->type == RECORD_END) {
		stage_section_end(s, r);
		return;
	}
	if (s->role == STAGE_SINK || s->out.lost)
		return;
	n = record_size(r->length);
	s->out_records++;
	if (n <= STAGE_COPY_MAX && !output_adjoins(&s->out, raw))
		memcpy(output_copy(s, n), raw, n);
	else
		stage_output_borrow(s, raw, n);
}

bool
stage_output_lost(const struct stage *s)
{
	return s->out.lost;
}

void
stage_output_close(struct stage *s)
{
	stage_flush(s);
	if (!s->out.lost && s->role != STAGE_SINK &&
	    close(STDOUT_FILENO) == -1)
		output_failed(s, errno);
	free(s->out.copy);
}
