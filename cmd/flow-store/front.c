/* SPDX-License-Identifier: ISC */
/* Bytes before offset 0: kept aside, then the file is written anew. */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/file.h"
#include "cmd/flow-store/front.h"
#include "cmd/flow-store/held.h"

enum { FRONT_CHUNK = 1 << 18 };		/* bytes copied at a time */

struct extra *
front_extra(struct file *f)
{
	if (f->extra == NULL)
		f->extra = calloc(1, sizeof(*f->extra));
	if (f->extra == NULL)
		err(1, NULL);
	return f->extra;
}

/* Copy [from, end) of one file to another, `shift` bytes further on. */
static int
copy_range(int in, int out, off_t from, off_t end, uint64_t shift,
    uint8_t *buf)
{
	ssize_t got, n, done;
	size_t want;

	while (from < end) {
		want = end - from < FRONT_CHUNK ? (size_t)(end - from) :
		    FRONT_CHUNK;
		got = pread(in, buf, want, from);
		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got == 0 ? EIO : errno;
			return -1;
		}
		for (done = 0; done < got; done += n) {
			n = pwrite(out, buf + done, (size_t)(got - done),
			    from + done + (off_t)shift);
			if (n == -1 && errno == EINTR)
				n = 0;
			else if (n <= 0)
				return -1;
		}
		from += got;
	}
	return 0;
}

/* Copy a file's data but not its holes. */
static int
copy_data(int in, int out, uint64_t size, uint64_t shift)
{
	uint8_t *buf = malloc(FRONT_CHUNK);
	off_t end = (off_t)size, data = 0, hole = end;
	int status = 0;

	if (buf == NULL)
		err(1, NULL);
	while (status == 0 && data < end) {
#ifdef SEEK_DATA
		data = lseek(in, data, SEEK_DATA);
		if (data == -1 && errno == ENXIO)
			break;
		hole = data == -1 ? -1 : lseek(in, data, SEEK_HOLE);
		if (hole == -1) {	/* not known here: all is data */
			data = data == -1 ? 0 : data;
			hole = end;
		}
#endif
		status = copy_range(in, out, data, hole < end ? hole : end,
		    shift, buf);
		data = hole;
	}
	free(buf);
	return status;
}

/* A name beside the file's for the new one: in store->path_to. */
static int
make_new(struct store *s, const struct file *f)
{
	size_t n = file_path(s, f), base;
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

/*
 * Write the file anew with `add` bytes of hole in front.  The old file
 * stands until the new one is whole, so a full disk costs nothing of it.
 */
static int
move_up(struct store *s, struct file *f, uint64_t add)
{
	int in = file_open(s, f), out;

	if (in == -1)
		return -1;
	out = make_new(s, f);
	if (out == -1) {
		file_fail(s, f, errno);
		return -1;
	}
	if (copy_data(in, out, f->size, add) == -1 ||
	    ftruncate(out, (off_t)(f->size + add)) == -1 ||
	    tree_rename(&s->tree, s->path_to, s->path) == -1) {
		file_fail(s, f, errno);
		(void)tree_unlink(&s->tree, s->path_to);
		close(out);
		return -1;
	}
	f->size += add;
	return file_replace(s, f, out);
}

int
front_fold(struct store *s, struct file *f)
{
	struct extra *x = f->extra;
	struct held *front = x == NULL ? NULL : x->front;
	uint64_t add;
	int status = -1;

	if (front == NULL)
		return 0;
	add = x->span > x->shift ? x->span - x->shift : 0;
	if ((f->flags & FILE_FAILED) == 0 &&
	    (add == 0 || f->size == 0 || move_up(s, f, add) == 0)) {
		x->shift += add;
		status = held_write(s, f, front, x->shift);
	}
	s->front -= sizeof(*front) + front->size;
	x->front = NULL;
	free(front);
	return status;
}

void
front_add(struct store *s, struct file *f, int64_t offset,
    const struct reference *ref, const uint8_t *bytes)
{
	struct extra *x = front_extra(f);

	if ((f->flags & FILE_FAILED) != 0)
		return;
	if (offset < -(int64_t)STORE_FRONT_SPAN) {
		stage_bad(s->stage, "bytes more than %d before the start of "
		    "a stream", STORE_FRONT_SPAN);
		return;
	}
	if (x->span < (uint64_t)-offset)
		x->span = (uint64_t)-offset;
	s->front += held_append(&x->front, offset, ref, bytes);
	if (s->front > STORE_FRONT)
		(void)front_fold(s, f);
}
