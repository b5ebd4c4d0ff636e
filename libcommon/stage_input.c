/* SPDX-License-Identifier: ISC */
/*
 * A stage's standard input: one buffer, in which records lie whole and
 * 8-byte aligned.  Output is flushed before each read, so nothing is held
 * back while this stage waits, and no borrowed byte moves under a write.
 * What almost every record needs is here; the rest is stage_next_any().
 */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "libcommon/stage_impl.h"

enum {
	INPUT_SIZE = STAGE_BATCH + RECORD_HEADER + RECORD_BODY_MAX
};

void
stage_input_init(struct stage *s)
{
	struct stat st;

	if (isatty(STDIN_FILENO))
		errx(2, "standard input is a terminal: "
		    "it must be a record stream");
	s->in.regular = fstat(STDIN_FILENO, &st) == 0 &&
	    S_ISREG(st.st_mode);
	s->in.buf = malloc(INPUT_SIZE);
	if (s->in.buf == NULL)
		err(1, NULL);
}

static int64_t
input_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Call the idle function when it is due; wait no longer than until then. */
static void
input_wait(struct stage *s)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	int64_t left;

	if (s->idle == NULL)
		return;
	do {
		left = s->idle_last + s->idle_ms - input_now();
		if (left <= 0) {
			s->idle(s, s->idle_arg);
			stage_flush(s);
			s->idle_last = input_now();
			left = s->idle_ms;
		}
	} while (poll(&p, 1, (int)left) == 0);
}

static void
input_fill(struct stage *s)
{
	struct stage_input *in = &s->in;
	ssize_t n;

	stage_flush(s);
	if (in->start > 0) {
		in->end -= in->start;
		memmove(in->buf, in->buf + in->start, in->end);
		in->start = 0;
	}
	input_wait(s);
	do
		n = read(STDIN_FILENO, in->buf + in->end, STAGE_BATCH);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		stage_bad(s, "standard input: %s", strerror(errno));
	if (n <= 0)
		in->eof = true;
	else
		in->end += (size_t)n;
}

/*
 * The next record, if all of it is here and it is one about packets and
 * streams, which the stage itself has no need to look at.
 */
static bool
input_plain(struct stage_input *in, struct record *r)
{
	const uint8_t *p = in->buf + in->start;
	size_t left = in->end - in->start;

	if (left < RECORD_HEADER)
		return false;
	record_header_decode(r, p);
	if (r->type <= RECORD_SOURCE || r->type >= RECORD_END ||
	    r->length > RECORD_BODY_MAX || left < record_size(r->length))
		return false;
	r->body = p + RECORD_HEADER;
	in->start += record_size(r->length);
	return true;
}

bool
stage_next(struct stage *s, struct record *r)
{
	if (!s->open || s->meta_due || s->end_due || s->broken ||
	    !input_plain(&s->in, r))
		return stage_next_any(s, r);
	s->in_records++;
	return true;
}

bool
stage_input_need(struct stage *s, size_t n)
{
	while (s->in.end - s->in.start < n && !s->in.eof)
		input_fill(s);
	return s->in.end - s->in.start >= n;
}
