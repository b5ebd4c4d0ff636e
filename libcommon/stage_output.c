/* SPDX-License-Identifier: ISC */
/*
 * A stage's standard output: records made here, encoded into the copy buffer,
 * and runs of records passed on, borrowed from the input buffer unless they
 * are short; written in one go.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/stage_impl.h"

enum {
	/* A record of any length fits when nothing else is held. */
	OUTPUT_COPY = STAGE_BATCH + RECORD_HEADER + RECORD_BODY_MAX + 8,
	OUTPUT_FULL = STAGE_PIECES - 3	/* a run, and a flush, add 3 */
};

void
stage_output_init(struct stage *s)
{
	s->out.copy = malloc(OUTPUT_COPY);
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

static void
output_list(struct stage_output *o, const uint8_t *p, size_t n)
{
	if (n == 0)
		return;
	o->piece[o->pieces].iov_base = (void *)(uintptr_t)p;
	o->piece[o->pieces].iov_len = n;
	o->pieces++;
}

static void
output_list_copied(struct stage_output *o)
{
	output_list(o, o->copy + o->listed, o->copied - o->listed);
	o->listed = o->copied;
}

/* The run of records passed on has come to its end. */
static void
output_end_run(struct stage_output *o)
{
	size_t n = (size_t)(o->run_end - o->run);

	if (n == 0)
		return;
	if (n <= STAGE_COPY_MAX && o->copied + n <= STAGE_BATCH) {
		memcpy(o->copy + o->copied, o->run, n);
		o->copied += n;
	} else {
		output_list_copied(o);
		output_list(o, o->run, n);
	}
	o->run = o->run_end = NULL;
}

void
stage_flush(struct stage *s)
{
	struct stage_output *o = &s->out;

	output_end_run(o);
	output_list_copied(o);
	output_write(s, o->piece, o->pieces);
	o->pieces = 0;
	o->listed = o->copied = 0;
}

/* Room for n bytes in the copy buffer, which the caller fills. */
static uint8_t *
output_room(struct stage *s, size_t n)
{
	struct stage_output *o = &s->out;
	uint8_t *p;

	if (o->run_end != NULL)
		output_end_run(o);
	if (o->copied + n > STAGE_BATCH || o->pieces >= OUTPUT_FULL)
		stage_flush(s);
	p = o->copy + o->copied;
	o->copied += n;
	return p;
}

void
stage_output_raw(struct stage *s, const uint8_t *p, size_t n)
{
	if (s->role != STAGE_SINK && !s->out.lost)
		memcpy(output_room(s, n), p, n);
}

uint8_t *
stage_reserve(struct stage *s, enum record_type type, size_t length)
{
	size_t size = record_size((uint32_t)length);
	uint8_t *p;

	if (s->role == STAGE_SINK || s->out.lost)
		return NULL;
	if (length > RECORD_BODY_MAX)
		abort();
	if (!s->open)
		stage_section_begin(s);
	if (s->meta_due && type != RECORD_META)
		stage_section_meta(s);
	if (type != RECORD_END)
		s->out_records++;
	p = output_room(s, size);
	le64_put(p + size - 8, 0);	/* the padding is somewhere there */
	return p;
}

void
stage_emitv(struct stage *s, const struct record *r,
    const struct iovec *body, int count)
{
	size_t length = 0;
	uint8_t *p;
	int i;

	for (i = 0; i < count; i++)
		length += body[i].iov_len;
	p = stage_reserve(s, r->type, length);
	if (p == NULL)
		return;
	record_header_encode(p, r);
	le32_put(p, (uint32_t)length);
	p += RECORD_HEADER;
	for (i = 0; i < count; i++) {
		if (body[i].iov_len > 0)
			memcpy(p, body[i].iov_base, body[i].iov_len);
		p += body[i].iov_len;
	}
}

void
stage_emit(struct stage *s, const struct record *r)
{
	uint8_t *p = stage_reserve(s, r->type, r->length);

	if (p == NULL)
		return;
	record_header_encode(p, r);
	if (r->length > 0)
		memcpy(p + RECORD_HEADER, r->body, r->length);
}

/* Another run of records is passed on. */
static void
output_begin_run(struct stage *s, const uint8_t *p, const uint8_t *end)
{
	struct stage_output *o = &s->out;

	output_end_run(o);
	if (o->pieces >= OUTPUT_FULL)
		stage_flush(s);
	o->run = p;
	o->run_end = end;
}

void
stage_pass(struct stage *s, const struct record *r)
{
	const uint8_t *raw = r->body - RECORD_HEADER;
	const uint8_t *end = raw + record_size(r->length);

	if (r->type == RECORD_END) {
		stage_section_end(s, r);
		return;
	}
	if (s->role == STAGE_SINK || s->out.lost)
		return;
	s->out_records++;
	if (s->out.run_end == raw)
		s->out.run_end = end;
	else
		output_begin_run(s, raw, end);
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
