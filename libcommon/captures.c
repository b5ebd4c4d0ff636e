/* SPDX-License-Identifier: ISC */
/* Captures named with -r, and the bytes that references stand for. */
#include <sys/mman.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/captures.h"
#include "libcommon/sha256.h"

struct capture {
	const char	*path;
	int		 fd;
	struct stat	 st;		/* when it was bound */
	uint64_t	 size;		/* as its SOURCE said, 0: unbound */
	uint8_t		 fingerprint[FINGERPRINT_SIZE];
	uint8_t		*map;		/* of size bytes, or NULL */
};

enum { CAPTURES_RANDOM_READ = 4096 };

/* Read until it is all there or the file ends; the count, or -1. */
static ssize_t
read_at(int fd, uint8_t *buf, size_t length, uint64_t offset)
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
	n = read_at(fd, buf, span, 0);
	if (n >= 0)
		sha256(digest, buf, (size_t)n);
	free(buf);
	return n < 0 ? -1 : 0;
}

void
captures_open(struct captures *c, const struct words *paths)
{
	struct capture *f;
	size_t i;

	c->files = calloc(paths->n + 1, sizeof(*c->files));
	if (c->files == NULL)
		err(1, NULL);
	for (i = 0; i < paths->n; i++) {
		f = &c->files[c->n];
		f->path = paths->word[i];
		f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (f->fd == -1)
			continue;
		if (fstat(f->fd, &f->st) == -1 || !S_ISREG(f->st.st_mode)) {
			close(f->fd);
			continue;
		}
		c->n++;
	}
	c->window_file = -1;
}

static void
capture_unmap(struct capture *f)
{
	if (f->map != NULL)
		munmap(f->map, (size_t)f->size);
	f->map = NULL;
	f->size = 0;
}

void
captures_reset(struct captures *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		capture_unmap(&c->files[i]);
	for (i = 0; i < c->bound_size; i++)
		c->bound[i] = -1;
	c->window_length = 0;
	c->window_file = -1;
}

/* How well a file fits a source: 0 not at all, more is better. */
static int
capture_fit(const struct capture *f, const struct source *s)
{
	uint8_t digest[FINGERPRINT_SIZE];
	int fit = 1;

	if (s->size == 0 || (uint64_t)f->st.st_size < s->size ||
	    captures_fingerprint(digest, f->fd, s->size) == -1 ||
	    memcmp(digest, s->fingerprint, FINGERPRINT_SIZE) != 0)
		return 0;
	if ((uint64_t)f->st.st_size == s->size)
		fit += 2;
	if (strlen(f->path) == s->name_length &&
	    memcmp(f->path, s->name, s->name_length) == 0)
		fit += 1;
	return fit;
}

/*
 * The file that fits best and alone, or -1 (none) or -2 (several).  One that
 * is still being written may have grown since it was opened.
 */
static int32_t
captures_match(const struct captures *c, const struct source *s)
{
	int32_t found = -1;
	int fit, best = 0;
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (c->files[i].size == 0)
			(void)fstat(c->files[i].fd, &c->files[i].st);
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

static void
bound_grow(struct captures *c, size_t index)
{
	size_t i, size = c->bound_size == 0 ? 16 : c->bound_size;

	while (size <= index)
		size *= 2;
	if (size == c->bound_size)
		return;
	c->bound = realloc(c->bound, size * sizeof(*c->bound));
	if (c->bound == NULL)
		err(1, NULL);
	for (i = c->bound_size; i < size; i++)
		c->bound[i] = -1;
	c->bound_size = size;
}

void
captures_bind(struct captures *c, const struct source *s)
{
	struct capture *f;
	int32_t found;
	void *map;

	if (c->n == 0 || s->index >= CAPTURES_SOURCES_MAX || !s->referable)
		return;
	bound_grow(c, s->index);
	found = captures_match(c, s);
	c->bound[s->index] = found;
	if (found < 0 || c->files[found].size != 0)
		return;
	f = &c->files[found];
	f->size = s->size;
	memcpy(f->fingerprint, s->fingerprint, FINGERPRINT_SIZE);
	map = mmap(NULL, (size_t)f->size, PROT_READ, MAP_SHARED, f->fd, 0);
	f->map = map == MAP_FAILED ? NULL : map;
}

/* The file that a reference points into, or NULL: see error. */
static struct capture *
captures_file(struct captures *c, const struct reference *ref)
{
	int32_t found = ref->source < c->bound_size ?
	    c->bound[ref->source] : -1;
	struct capture *f;

	if (found < 0) {
		snprintf(c->error, sizeof(c->error), found == -2 ?
		    "source %" PRIu32 ": several files of -r match it" :
		    "source %" PRIu32 ": no file of -r matches it",
		    ref->source);
		return NULL;
	}
	f = &c->files[found];
	if (ref->offset > f->size || ref->length > f->size - ref->offset) {
		snprintf(c->error, sizeof(c->error),
		    "%s: a reference to byte %" PRIu64
		    " leads past its end", f->path, ref->offset);
		return NULL;
	}
	return f;
}

/*
 * How much to read from `offset`.  Who reads on gets twice as much each time;
 * who compares a packet with an earlier one jumps, and gets a page.
 */
static size_t
window_want(const struct captures *c, const struct capture *f,
    uint64_t offset)
{
	uint64_t end = c->window_offset + c->window_length;

	if (c->window_file != f - c->files || offset < c->window_offset ||
	    offset >= end + CAPTURES_WINDOW)
		return CAPTURES_RANDOM_READ;
	return c->window_length < CAPTURES_WINDOW / 2 ?
	    2 * c->window_length : CAPTURES_WINDOW;
}

/* Fill the window from `offset`; at least `length` bytes, or -1. */
static int
window_fill(struct captures *c, struct capture *f, uint64_t offset,
    size_t length)
{
	size_t want = window_want(c, f, offset);
	ssize_t n;

	if (want < length)
		want = length;
	if (want > c->window_size) {
		free(c->window);
		c->window_size = want;
		c->window = malloc(want);
		if (c->window == NULL)
			err(1, NULL);
	}
	n = read_at(f->fd, c->window, want, offset);
	c->window_file = (int32_t)(f - c->files);
	c->window_offset = offset;
	c->window_length = n < 0 ? 0 : (size_t)n;
	if (n >= 0 && (size_t)n >= length)
		return 0;
	snprintf(c->error, sizeof(c->error), "%s: byte %" PRIu64 ": %s",
	    f->path, offset, n < 0 ? strerror(errno) :
	    "the file has become shorter");
	return -1;
}

const uint8_t *
captures_bytes(struct captures *c, const struct reference *ref)
{
	struct capture *f = captures_file(c, ref);
	uint64_t skip;

	if (f == NULL)
		return NULL;
	skip = ref->offset - c->window_offset;
	if (c->window_file != f - c->files ||
	    ref->offset < c->window_offset || skip > c->window_length ||
	    ref->length > c->window_length - skip) {
		if (window_fill(c, f, ref->offset, ref->length) == -1)
			return NULL;
		skip = 0;
	}
	return c->window + skip;
}

const uint8_t *
captures_mapped(struct captures *c, const struct reference *ref)
{
	struct capture *f = captures_file(c, ref);

	return f == NULL || f->map == NULL ? NULL : f->map + ref->offset;
}

static int
capture_check(struct captures *c, const struct capture *f)
{
	uint8_t digest[FINGERPRINT_SIZE];
	struct stat st;
	const char *why = NULL;

	if (fstat(f->fd, &st) == -1)
		why = strerror(errno);
	else if ((uint64_t)st.st_size < f->size)
		why = "the file has become shorter";
	else if (captures_fingerprint(digest, f->fd, f->size) == -1)
		why = strerror(errno);
	else if (memcmp(digest, f->fingerprint, FINGERPRINT_SIZE) != 0 ||
	    (st.st_size == f->st.st_size &&
	    (st.st_mtim.tv_sec != f->st.st_mtim.tv_sec ||
	    st.st_mtim.tv_nsec != f->st.st_mtim.tv_nsec)))
		why = "the file was changed while it was read";
	if (why == NULL)
		return 0;
	snprintf(c->error, sizeof(c->error), "%s: %s", f->path, why);
	return -1;
}

int
captures_check(struct captures *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->files[i].size != 0 &&
		    capture_check(c, &c->files[i]) == -1)
			return -1;
	return 0;
}

void
captures_close(struct captures *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		capture_unmap(&c->files[i]);
		close(c->files[i].fd);
	}
	free(c->files);
	free(c->bound);
	free(c->window);
	memset(c, 0, sizeof(*c));
}
