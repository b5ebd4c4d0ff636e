/* SPDX-License-Identifier: ISC */
/* Files of -r told apart by size, fingerprint and name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/captures_match.h"
#include "libcommon/sha256.h"

enum {
	FIT_CONTENT = 1, FIT_NAME = 1, FIT_SIZE = 2,
	FIT_BEST = FIT_CONTENT + FIT_NAME + FIT_SIZE
};

static bool
is_named(const struct capture *f, const struct source *s)
{
	return strlen(f->path) == s->name_length &&
	    memcmp(f->path, s->name, s->name_length) == 0;
}

/* The digest of as much of a file as the source's fingerprint is of. */
static bool
has_content(struct capture *f, const struct source *s)
{
	uint64_t span = s->size < FINGERPRINT_SPAN ? s->size :
	    FINGERPRINT_SPAN;

	if (f->span != span) {
		f->span = 0;
		if (captures_fingerprint(f->digest, f->fd, span) == -1)
			return false;
		f->span = span;
	}
	return memcmp(f->digest, s->fingerprint, FINGERPRINT_SIZE) == 0;
}

/*
 * How well a file fits a source: 0 not at all, more is better.  One that is
 * still being written may have grown since it was opened.
 */
static int
capture_fit(struct capture *f, const struct source *s)
{
	int fit = FIT_CONTENT;

	if (f->size == 0)
		(void)fstat(f->fd, &f->st);
	if (s->size == 0 || (uint64_t)f->st.st_size < s->size ||
	    !has_content(f, s))
		return 0;
	if ((uint64_t)f->st.st_size == s->size)
		fit += FIT_SIZE;
	if (is_named(f, s))
		fit += FIT_NAME;
	return fit;
}

/* One that fits as well as can be: any other such is the same file. */
static int32_t
captures_namesake(struct captures *c, const struct source *s)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (is_named(&c->files[i], s) &&
		    capture_fit(&c->files[i], s) == FIT_BEST)
			return (int32_t)i;
	return -1;
}

ssize_t
capture_read(int fd, uint8_t *buf, size_t length, uint64_t offset)
{
	size_t got = 0;
	ssize_t n;

	while (got < length) {
		n = pread(fd, buf + got, length - got,
		    (off_t)(offset + got));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

int
captures_fingerprint(uint8_t digest[FINGERPRINT_SIZE], int fd, uint64_t size)
{
	size_t span = size < FINGERPRINT_SPAN ? (size_t)size :
	    FINGERPRINT_SPAN;
	uint8_t *buf = malloc(FINGERPRINT_SPAN);
	ssize_t n;

	if (buf == NULL)
		return -1;
	n = capture_read(fd, buf, span, 0);
	if (n >= 0)
		sha256(digest, buf, (size_t)n);
	free(buf);
	return n < 0 ? -1 : 0;
}

/* With very many files no more than one of them is read for each source. */
int32_t
captures_match(struct captures *c, const struct source *s)
{
	int32_t found = captures_namesake(c, s);
	int fit, best = 0;
	size_t i;

	if (found != -1)
		return found;
	for (i = 0; i < c->n; i++) {
		fit = capture_fit(&c->files[i], s);
		if (fit == 0 || fit < best)
			continue;
		if (fit > best)
			found = (int32_t)i;
		else if (found >= 0 &&
		    (c->files[i].st.st_dev != c->files[found].st.st_dev ||
		    c->files[i].st.st_ino != c->files[found].st.st_ino))
			found = -2;
		best = fit;
	}
	return found;
}
