/* SPDX-License-Identifier: ISC */
/* The report's file. */
#include <sys/stat.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-dfxml/out.h"

/* Make the directories above a path. */
static int
make_above(const char *path)
{
	char dir[PATH_MAX];
	char *slash;

	if (snprintf(dir, sizeof(dir), "%s", path) >= (int)sizeof(dir)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (slash = strchr(dir + 1, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(dir, 0777) == -1 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return 0;
}

/* Write it all at the file's position; returns how much went. */
static size_t
write_all(struct out *o, const uint8_t *p, size_t n)
{
	size_t done = 0;
	ssize_t some;

	while (done < n) {
		some = write(o->fd, p + done, n - done);
		if (some == -1 && errno == EINTR)
			continue;
		if (some == -1) {
			o->error = errno;
			break;
		}
		done += (size_t)some;
	}
	return done;
}

/* The same with the ending behind it, both in one call if that can be. */
static size_t
write_ended(struct out *o, size_t n)
{
	size_t done, ending = strlen(o->ending);
	struct iovec v[2] = {
		{ o->buf, n }, { (void *)(uintptr_t)o->ending, ending }
	};
	ssize_t some;

	if (lseek(o->fd, (off_t)o->written, SEEK_SET) == -1) {
		o->error = errno;
		return 0;
	}
	do
		some = writev(o->fd, v, 2);
	while (some == -1 && errno == EINTR);
	done = some < 0 ? 0 : (size_t)some;
	if (done < n)
		done += write_all(o, o->buf + done, n - done);
	if (done >= n && done < n + ending && o->error == 0)
		done += write_all(o, (const uint8_t *)o->ending + done - n,
		    n + ending - done);
	if (o->high < o->written + done)
		o->high = o->written + done;
	return done < n ? done : n;
}

/* Write the first n bytes of the buffer. */
static void
write_buffer(struct out *o, size_t n, bool ended)
{
	size_t done;

	if (o->error != 0 || n == 0)
		return;
	if (o->seekable && !ended &&
	    lseek(o->fd, (off_t)o->written, SEEK_SET) == -1) {
		o->error = errno;
		return;
	}
	done = o->seekable && ended ? write_ended(o, n) :
	    write_all(o, o->buf, n);
	o->written += done;
	if (o->high < o->written)
		o->high = o->written;
	memmove(o->buf, o->buf + done, o->used - done);
	o->used -= done;
	o->safe = o->safe > done ? o->safe - done : 0;
}

/* The last place that leaves room for an ending, or UINT64_MAX. */
static uint64_t
last_place(const struct out *o, size_t ending)
{
	uint64_t i, place;

	for (i = o->places; i > 0 && o->places - i < OUT_PLACES; i--) {
		place = o->place[(i - 1) % OUT_PLACES];
		if (place <= o->written && o->high - place >= ending)
			return place;
	}
	return UINT64_MAX;
}

/* End the document over what was written last. */
static void
mend(struct out *o, const char *ending, size_t n)
{
	uint64_t at = last_place(o, n);
	int error = o->error;
	size_t some;

	o->error = 0;
	if (o->seekable && at != UINT64_MAX &&
	    lseek(o->fd, (off_t)at, SEEK_SET) != -1) {
		at += write_all(o, (const uint8_t *)ending, n);
		memset(o->buf, '\n', sizeof(o->buf));
		while (at < o->high && o->error == 0) {
			some = o->high - at < OUT_BUFFER ?
			    (size_t)(o->high - at) : OUT_BUFFER;
			at += write_all(o, o->buf, some);
		}
	}
	o->error = error;
}

int
out_open(struct out *o, const char *path, const char *ending)
{
	int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
	struct stat st;

	memset(o, 0, sizeof(*o));
	o->path = path != NULL ? path : "standard output";
	o->ending = ending;
	o->fd = STDOUT_FILENO;
	if (path != NULL) {
		o->fd = open(path, flags, 0666);
		if (o->fd == -1 && errno == ENOENT && make_above(path) == 0)
			o->fd = open(path, flags, 0666);
		if (o->fd == -1)
			return -1;
	}
	o->seekable = path != NULL && fstat(o->fd, &st) == 0 &&
	    S_ISREG(st.st_mode);
	return 0;
}

void
out_flush(struct out *o)
{
	write_buffer(o, o->safe, true);
}

void
out_write(struct out *o, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	size_t some;

	while (n > 0 && o->error == 0) {
		some = OUT_BUFFER - o->used < n ? OUT_BUFFER - o->used : n;
		memcpy(o->buf + o->used, p, some);
		o->used += some;
		p += some;
		n -= some;
		if (o->used < OUT_BUFFER)
			continue;
		if (o->safe > 0)
			write_buffer(o, o->safe, true);
		else
			write_buffer(o, o->used, false);
	}
}

void
out_place(struct out *o)
{
	o->safe = o->used;
	o->place[o->places++ % OUT_PLACES] = o->written + o->used;
}

void
out_finish(struct out *o, const char *(*ending)(void *, size_t *), void *arg)
{
	const char *text;
	size_t n;

	write_buffer(o, o->used, false);
	if (o->error == 0)
		return;
	text = ending(arg, &n);
	if (n <= OUT_ENDING)
		mend(o, text, n);
}

void
out_close(struct out *o)
{
	if (close(o->fd) == -1 && o->error == 0)
		o->error = errno;
}
