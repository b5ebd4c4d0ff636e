/* SPDX-License-Identifier: ISC */
/* Writing a file anew, beside the old one. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/file.h"
#include "cmd/flow-store/rewrite.h"

/* A new file in the same directory: its path is in store->path_to. */
static int
make_beside(struct store *s, const struct file *f)
{
	size_t n = file_disk_path(s, f), base;
	unsigned i = 0;
	int fd;

	memcpy(s->path_to, s->path, n + 1);
	for (base = n; base > 0 && s->path[base - 1] != '/'; base--)
		;
	do
		snprintf(s->path_to + base, NAMES_PATH_MAX - base,
		    ".flow-store-%u", i++);
	while ((fd = tree_create(&s->tree, s->path_to)) == -1 &&
	    errno == EEXIST && i < STORE_CROWD);
	return fd;
}

static void
failed(struct rewrite *w, int error)
{
	if (!w->failed)
		file_fail(w->store, w->file, error);
	w->failed = true;
}

/* pread(2) again until it is no interruption. */
static size_t
read_some(struct rewrite *w, uint8_t *buf, size_t n, uint64_t offset)
{
	ssize_t got;

	do
		got = pread(w->in, buf, n, (off_t)offset);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		failed(w, errno);
	return got == -1 ? 0 : (size_t)got;
}

static void
write_all(struct rewrite *w, const uint8_t *p, size_t n, uint64_t offset)
{
	ssize_t done;

	while (n > 0 && !w->failed) {
		done = pwrite(w->out, p, n, (off_t)offset);
		if (done == -1 && errno == EINTR)
			continue;
		if (done <= 0) {
			failed(w, done == 0 ? EIO : errno);
			return;
		}
		p += done;
		n -= (size_t)done;
		offset += (uint64_t)done;
	}
}

static void
put_flush(struct rewrite *w)
{
	write_all(w, w->put, w->n, w->size);
	w->size += w->n;
	w->n = 0;
}

int
rewrite_begin(struct rewrite *w, struct store *s, struct file *f)
{
	memset(w, 0, sizeof(*w));
	w->store = s;
	w->file = f;
	w->in = file_open(s, f);
	if (w->in == -1)
		return -1;
	w->out = make_beside(s, f);
	if (w->out == -1) {
		file_fail(s, f, errno);
		return -1;
	}
	w->got = malloc(REWRITE_CHUNK);
	w->put = malloc(REWRITE_CHUNK);
	if (w->got == NULL || w->put == NULL)
		err(1, NULL);
	return 0;
}

size_t
rewrite_get(struct rewrite *w, size_t n, const uint8_t **p)
{
	size_t got;

	while (w->end - w->start < n && !w->failed) {
		memmove(w->got, w->got + w->start, w->end - w->start);
		w->end -= w->start;
		w->start = 0;
		if (w->end == REWRITE_CHUNK)
			break;
		got = read_some(w, w->got + w->end, REWRITE_CHUNK - w->end,
		    w->from);
		if (got == 0)
			break;
		w->from += got;
		w->end += got;
	}
	*p = w->got + w->start;
	return w->end - w->start;
}

void
rewrite_used(struct rewrite *w, size_t n)
{
	w->start += n;
}

void
rewrite_put(struct rewrite *w, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	size_t part;

	while (n > 0) {
		if (w->n == REWRITE_CHUNK)
			put_flush(w);
		part = REWRITE_CHUNK - w->n;
		if (part > n)
			part = n;
		memcpy(w->put + w->n, p, part);
		w->n += part;
		p += part;
		n -= part;
	}
}

void
rewrite_copy(struct rewrite *w, uint64_t from, uint64_t end, uint64_t shift)
{
	size_t n;

	while (from < end && !w->failed) {
		n = end - from < REWRITE_CHUNK ? (size_t)(end - from) :
		    REWRITE_CHUNK;
		n = read_some(w, w->got, n, from);
		if (n == 0 && !w->failed)
			failed(w, EIO);
		write_all(w, w->got, n, from + shift);
		from += n;
		if (w->size < from + shift)
			w->size = from + shift;
	}
}

int
rewrite_end(struct rewrite *w)
{
	struct store *s = w->store;

	put_flush(w);
	if (!w->failed && ftruncate(w->out, (off_t)w->size) == -1)
		failed(w, errno);
	file_disk_path(s, w->file);
	if (!w->failed && tree_rename(&s->tree, s->path_to, s->path) == -1)
		failed(w, errno);
	free(w->got);
	free(w->put);
	if (w->failed) {
		(void)tree_unlink(&s->tree, s->path_to);
		close(w->out);
		return -1;
	}
	w->file->size = w->size;
	return file_replace(s, w->file, w->out);
}
