/* SPDX-License-Identifier: ISC */
/*
 * Digests of the files that flow-store made: read back from below one
 * directory, no link followed, so that they cover what is on the disk,
 * whatever came late, was replaced or was cut.
 */
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

#include "cmd/flow-hash/files.h"
#include "cmd/flow-hash/streams.h"

enum { FILES_READ = 256 * 1024 };

/* A file that is being read. */
struct reading {
	struct hash	*h;
	struct digests	*digests;
	int		 fd;
	uint64_t	 at, size;
	uint64_t	 zeros;		/* of holes */
};

/* flow-store may not have come to making it yet. */
static int
directory_open(const char *dir)
{
	char path[PATH_MAX];
	char *slash = path;

	if (snprintf(path, sizeof(path), "%s/", dir) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		if (mkdir(path, 0777) == -1 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* What follows the directory in a path, or NULL when it is elsewhere. */
static const char *
path_below(const char *dir, const char *path)
{
	size_t n = strlen(dir);

	while (n > 0 && dir[n - 1] == '/')
		n--;
	if (strcmp(dir, ".") == 0 && path[0] != '/')
		return path;
	if (strncmp(path, dir, n) != 0 || path[n] != '/')
		return NULL;
	return path + n + strspn(path + n, "/");
}

/* Open a file component by component, never up and through no link. */
static int
open_below(int dir, const char *path)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	int fd = dir, next, saved;
	char name[NAME_MAX + 1];
	const char *end;

	for (;; path = end + 1) {
		end = strchrnul(path, '/');
		if ((size_t)(end - path) >= sizeof(name) || end == path ||
		    strncmp(path, "..", (size_t)(end - path)) == 0) {
			errno = EINVAL;
			next = -1;
		} else {
			memcpy(name, path, (size_t)(end - path));
			name[end - path] = '\0';
			next = openat(fd, name, *end == '/' ?
			    flags | O_DIRECTORY : flags);
		}
		saved = errno;
		if (fd != dir)
			close(fd);
		errno = saved;
		if (next == -1 || *end == '\0')
			return next;
		fd = next;
	}
}

/* Hash data up to `end`; false at an error, errno 0 when it is too short. */
static bool
read_data(struct reading *f, uint64_t end)
{
	size_t want;
	ssize_t n;

	while (f->at < end) {
		want = end - f->at < FILES_READ ? (size_t)(end - f->at) :
		    FILES_READ;
		n = pread(f->fd, f->h->buf, want, (off_t)f->at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? 0 : errno;
			return false;
		}
		digests_update(f->digests, f->h->set, f->h->buf, (size_t)n);
		f->at += (uint64_t)n;
	}
	return true;
}

/* Hash a hole up to `end`; false when it is over the limit. */
static bool
read_hole(struct reading *f, uint64_t end)
{
	uint64_t n = end - f->at;

	if (n > f->h->gap_limit - f->zeros)
		return false;
	digests_zeros(f->digests, f->h->set, n);
	f->zeros += n;
	f->at = end;
	return true;
}

/*
 * The whole file.  Returns false at an error (errno, 0: too short); at a
 * hole over the limit it ends early, with `at` before `size`.
 */
static bool
read_file(struct reading *f)
{
	off_t data, hole;

	/* What one read brings is not worth a search for holes. */
	if (f->size <= FILES_READ && f->size <= f->h->gap_limit)
		return read_data(f, f->size);
	while (f->at < f->size) {
		data = lseek(f->fd, (off_t)f->at, SEEK_DATA);
		if (data == -1 && errno == ENXIO)
			data = (off_t)f->size;
		else if (data == -1)	/* the system knows no holes */
			data = (off_t)f->at;
		if ((uint64_t)data > f->size)
			data = (off_t)f->size;
		if ((uint64_t)data > f->at && !read_hole(f, (uint64_t)data))
			return true;
		hole = lseek(f->fd, (off_t)f->at, SEEK_HOLE);
		if (hole == -1 || (uint64_t)hole > f->size)
			hole = (off_t)f->size;
		if (!read_data(f, (uint64_t)hole))
			return false;
	}
	return true;
}

/* Is this the file that STORED told of? */
static bool
same_file(struct hash *h, int fd, const struct hash_stream *t)
{
	struct stat st;

	if (fstat(fd, &st) == -1) {
		stage_bad(h->stage, "%s/%s: %s", h->dir, t->path,
		    strerror(errno));
		return false;
	}
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size == t->size)
		return true;
	stage_bad(h->stage, "%s/%s: it is not the file that was stored",
	    h->dir, t->path);
	return false;
}

/* The stream has this file, which is looked at when it closes. */
static void
remember(struct hash *h, uint64_t id, const char *path, uint64_t size)
{
	const char *below = path_below(h->dir, path);
	struct hash_stream *t;

	if (below == NULL) {
		stage_bad(h->stage, "%s: not below %s", path, h->dir);
		return;
	}
	t = streams_get(h, id);
	free(t->path);
	t->path = strdup(below);
	if (t->path == NULL)
		err(1, NULL);
	t->size = size;
}

void
files_open(struct hash *h)
{
	if (h->dir == NULL)
		return;
	h->dir_fd = directory_open(h->dir);
	if (h->dir_fd == -1)
		err(1, "%s", h->dir);
	h->buf = malloc(FILES_READ);
	if (h->buf == NULL)
		err(1, NULL);
}

void
files_stored(struct hash *h, const struct record *r)
{
	char path[PATH_MAX];
	struct stored s;

	if (stored_decode(&s, r) == -1 || s.path_length >= sizeof(path) ||
	    memchr(s.path, '\0', s.path_length) != NULL) {
		stage_bad(h->stage, "standard input: stream %" PRIu64
		    ": malformed STORED", r->stream);
		return;
	}
	memcpy(path, s.path, s.path_length);
	path[s.path_length] = '\0';
	if (h->dir != NULL)
		remember(h, r->stream, path, s.size);
	else if (idmap_get(&h->streams, r->stream) == NULL && s.size > 0 &&
	    !h->stored_said) {
		stage_bad(h->stage, "stream %" PRIu64 ": was stored before "
		    "it came here: --files is needed", r->stream);
		h->stored_said = true;
	}
}

void
files_digest(struct hash *h, const struct record *close_record,
    struct hash_stream *t, bool gaps)
{
	struct reading f = { .h = h, .size = t->size };
	uint32_t flags = gaps ? DIGEST_GAPS : 0;

	f.fd = open_below(h->dir_fd, t->path);
	if (f.fd == -1) {
		stage_bad(h->stage, "%s/%s: %s", h->dir, t->path,
		    strerror(errno));
		return;
	}
	f.digests = digests_new(h->set);
	if (f.digests == NULL)
		err(1, NULL);
	if (same_file(h, f.fd, t)) {
		if (read_file(&f))
			hash_emit(h, close_record, f.digests, f.at, flags |
			    (f.at < f.size ? DIGEST_PARTIAL : 0));
		else
			stage_bad(h->stage, "%s/%s: %s", h->dir, t->path,
			    errno == 0 ? "it has become shorter" :
			    strerror(errno));
	}
	h->bytes += f.at;
	close(f.fd);
	free(f.digests);
}
