/* SPDX-License-Identifier: ISC */
/* Byte strings that are held, in memory or in a temporary file. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-dfxml/spill.h"

enum { SPILL_READ = 65536 };

static void *
grown(void *p, size_t size)
{
	p = realloc(p, size);
	if (p == NULL)
		err(1, NULL);
	return p;
}

/* Move what a string has in memory to the end of the file. */
static int
move_out(struct spill *s, struct spill_string *t)
{
	size_t done = 0;
	ssize_t n;

	if (lseek(s->file, (off_t)s->end, SEEK_SET) == -1)
		return -1;
	while (done < t->length) {
		n = write(s->file, t->bytes + done, t->length - done);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		done += (size_t)n;
	}
	if (t->extents == 0)
		s->users++;
	t->extent = grown(t->extent, (t->extents + 1) * sizeof(*t->extent));
	t->extent[t->extents].offset = s->end;
	t->extent[t->extents++].length = t->length;
	s->end += t->length;
	s->memory -= t->size;
	free(t->bytes);
	t->bytes = NULL;
	t->length = t->size = 0;
	return 0;
}

static int
read_back(struct spill *s, const struct spill_extent *e,
    void (*use)(void *, const uint8_t *, size_t), void *arg)
{
	uint8_t buf[SPILL_READ];
	uint64_t at = e->offset, end = e->offset + e->length;
	ssize_t n;

	while (at < end) {
		n = pread(s->file, buf, end - at < sizeof(buf) ?
		    (size_t)(end - at) : sizeof(buf), (off_t)at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? EIO : errno;
			return -1;
		}
		use(arg, buf, (size_t)n);
		at += (uint64_t)n;
	}
	return 0;
}

void
spill_open(struct spill *s)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];

	memset(s, 0, sizeof(*s));
	snprintf(path, sizeof(path), "%s/flow-dfxml.XXXXXX",
	    dir != NULL && dir[0] == '/' ? dir : "/tmp");
	s->file = mkostemp(path, O_CLOEXEC);
	if (s->file != -1)
		unlink(path);
	s->full = s->file == -1;
}

void
spill_close(struct spill *s)
{
	if (s->file != -1)
		close(s->file);
}

void
spill_append(struct spill *s, struct spill_string *t, const void *bytes,
    size_t n)
{
	size_t size = t->size == 0 ? 512 : t->size;

	while (size - t->length < n)
		size *= 2;
	if (size != t->size) {
		t->bytes = grown(t->bytes, size);
		s->memory += size - t->size;
		t->size = size;
	}
	memcpy(t->bytes + t->length, bytes, n);
	t->length += n;
	if (s->memory > SPILL_MEMORY && !s->full &&
	    move_out(s, t) == -1)
		s->full = true;		/* no room there: hold it here */
}

int
spill_drain(struct spill *s, struct spill_string *t,
    void (*use)(void *, const uint8_t *, size_t), void *arg)
{
	int result = 0, saved;
	size_t i;

	for (i = 0; i < t->extents && result == 0; i++)
		result = read_back(s, &t->extent[i], use, arg);
	if (result == 0 && t->length > 0)
		use(arg, t->bytes, t->length);
	saved = errno;
	if (t->extents > 0 && --s->users == 0)
		s->end = 0;
	s->memory -= t->size;
	free(t->bytes);
	free(t->extent);
	memset(t, 0, sizeof(*t));
	errno = saved;
	return result;
}

bool
spill_in_memory(const struct spill_string *t)
{
	return t->extents == 0;
}
