/* SPDX-License-Identifier: ISC */
/* The report's file. */
#include <sys/stat.h>

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
write_all(int fd, const uint8_t *p, size_t n, int *error)
{
	size_t done = 0;
	ssize_t some;

	while (done < n) {
		some = write(fd, p + done, n - done);
		if (some == -1 && errno == EINTR)
			continue;
		if (some == -1) {
			*error = errno;
			break;
		}
		done += (size_t)some;
	}
	return done;
}

/* The last place that leaves room for an ending, or UINT64_MAX. */
static uint64_t
last_place(const struct out *o)
{
	uint64_t i, place;

	for (i = o->places; i > 0 && o->places - i < OUT_PLACES; i--) {
		place = o->place[(i - 1) % OUT_PLACES];
		if (place <= o->written && o->written - place >= OUT_ENDING)
			return place;
	}
	return UINT64_MAX;
}

int
out_open(struct out *o, const char *path)
{
	int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
	struct stat st;

	o->used = 0;
	o->written = o->places = 0;
	o->error = 0;
	o->path = path != NULL ? path : "standard output";
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
	if (o->error == 0 && o->used > 0)
		o->written += write_all(o->fd, o->buf, o->used, &o->error);
	o->used = 0;
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
		if (o->used == OUT_BUFFER)
			out_flush(o);
	}
}

void
out_place(struct out *o)
{
	o->place[o->places++ % OUT_PLACES] = o->written + o->used;
}

int
out_mend(struct out *o, const void *ending, size_t n)
{
	uint64_t at = last_place(o), end = o->written;
	int error = 0;

	if (!o->seekable || at == UINT64_MAX || n > OUT_ENDING ||
	    lseek(o->fd, (off_t)at, SEEK_SET) == -1)
		return -1;
	at += write_all(o->fd, ending, n, &error);
	memset(o->buf, '\n', sizeof(o->buf));
	while (at < end && error == 0)
		at += write_all(o->fd, o->buf, end - at < OUT_BUFFER ?
		    (size_t)(end - at) : OUT_BUFFER, &error);
	return error == 0 ? 0 : -1;
}

void
out_close(struct out *o)
{
	out_flush(o);
	if (close(o->fd) == -1 && o->error == 0)
		o->error = errno;
}
