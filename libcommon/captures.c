/* SPDX-License-Identifier: ISC */
/* Captures named with -r, and the bytes that references stand for. */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/captures.h"
#include "libcommon/captures_match.h"

enum {
	CAPTURES_RANDOM_READ = 4096,
	CAPTURES_DESCRIPTORS = 64	/* for everything else in a stage */
};

/*
 * So many files stay open, which may be more than the soft limit is: raise
 * it.  The descriptors from the one returned on are for everything else.
 */
static int
descriptors_for(size_t files)
{
	struct rlimit limit;
	rlim_t rest = CAPTURES_DESCRIPTORS;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return INT_MAX;
	if (files >= limit.rlim_cur / 2) {
		limit.rlim_cur += files;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		(void)getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (rest > limit.rlim_cur / 2)
		rest = limit.rlim_cur / 2;
	return limit.rlim_cur - rest > INT_MAX ? INT_MAX :
	    (int)(limit.rlim_cur - rest);
}

/* The descriptor of a file, below `end`; or -1 with errno. */
static int
open_capture(const char *path, int end)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd == -1 || fd < end)
		return fd;
	close(fd);
	errno = EMFILE;
	return -1;
}

void
captures_open(struct captures *c, const struct words *paths)
{
	int end = descriptors_for(paths->n);
	struct capture *f;
	size_t i;

	c->files = calloc(paths->n + 1, sizeof(*c->files));
	if (c->files == NULL)
		err(1, NULL);
	for (i = 0; i < paths->n; i++) {
		f = &c->files[c->n];
		f->path = paths->word[i];
		f->fd = open_capture(f->path, end);
		if (f->fd == -1) {
			c->missed = f->path;
			c->missed_why = errno;
			continue;
		}
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
	f->span = 0;
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

static void
captures_unbound(struct captures *c, uint32_t source, bool several)
{
	int n = snprintf(c->error, sizeof(c->error), several ?
	    "source %" PRIu32 ": several files of -r match it" :
	    "source %" PRIu32 ": no file of -r matches it", source);

	if (!several && c->missed != NULL)
		snprintf(c->error + n, sizeof(c->error) - (size_t)n,
		    "; %s: %s", c->missed, strerror(c->missed_why));
}

/* The file that a reference points into, or NULL: see error. */
static struct capture *
captures_file(struct captures *c, const struct reference *ref)
{
	int32_t found = ref->source < c->bound_size ?
	    c->bound[ref->source] : -1;
	struct capture *f;

	if (found < 0) {
		captures_unbound(c, ref->source, found == -2);
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
	n = capture_read(f->fd, c->window, want, offset);
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
