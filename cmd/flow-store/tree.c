/* SPDX-License-Identifier: ISC */
/* The output directory: paths walked below one descriptor. */
#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/tree.h"

#ifdef O_PATH
#define TREE_DIRECTORY	(O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#else
#define TREE_DIRECTORY	(O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#endif

/* Make a directory that the user named, and its parents. */
static int
make_root(const char *dir)
{
	char *path = strdup(dir), *slash;

	if (path == NULL)
		err(1, NULL);
	for (slash = strchr(path + 1, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0777); /* the last one tells */
		*slash = '/';
	}
	free(path);
	return mkdir(dir, 0777) == -1 && errno != EEXIST ? -1 : 0;
}

/* One directory down; made when it is missing and `make` is set. */
static int
step(int fd, const char *name, int make)
{
	int next;

	if (strcmp(name, "..") == 0) {
		errno = EACCES;
		return -1;
	}
	next = openat(fd, name, TREE_DIRECTORY);
	if (next != -1 || errno != ENOENT || !make)
		return next;
	if (mkdirat(fd, name, 0777) == -1 && errno != EEXIST)
		return -1;
	return openat(fd, name, TREE_DIRECTORY);
}

/* The directory path[0, length) from the root: a new descriptor. */
static int
walk(const struct tree *t, const char *path, size_t length, int make)
{
	char name[NAME_MAX + 1];
	const char *end = path + length;
	int fd = t->fd, next;
	size_t n;

	for (; path < end; path += n + 1) {
		n = strcspn(path, "/");
		if (n == 0 || (n == 1 && path[0] == '.'))
			continue;
		if (n > NAME_MAX) {
			errno = ENAMETOOLONG;
			next = -1;
		} else {
			memcpy(name, path, n);
			name[n] = '\0';
			next = step(fd, name, make);
		}
		if (fd != t->fd)
			close(fd);
		if (next == -1)
			return -1;
		fd = next;
	}
	return fd;
}

static void
branch_drop(struct tree_branch *b)
{
	if (b->path != NULL)
		close(b->fd);
	free(b->path);
	memset(b, 0, sizeof(*b));
}

/* Keep a descriptor in place of the one that was not asked for longest. */
static int
branch_keep(struct tree *t, const char *path, size_t length, int fd)
{
	struct tree_branch *b, *oldest = &t->branch[0];

	for (b = t->branch; b < t->branch + TREE_CACHE; b++)
		if (b->used < oldest->used)
			oldest = b;
	branch_drop(oldest);
	oldest->path = malloc(length);
	if (oldest->path == NULL)
		err(1, NULL);
	memcpy(oldest->path, path, length);
	oldest->length = length;
	oldest->fd = fd;
	oldest->used = ++t->clock;
	return fd;
}

/* The descriptor of path[0, length), borrowed. */
static int
branch(struct tree *t, const char *path, size_t length, int make)
{
	struct tree_branch *b;
	int fd;

	for (b = t->branch; b < t->branch + TREE_CACHE; b++)
		if (b->path != NULL && b->length == length &&
		    memcmp(b->path, path, length) == 0) {
			b->used = ++t->clock;
			return b->fd;
		}
	fd = walk(t, path, length, make);
	if (fd == -1 || fd == t->fd)
		return fd;
	return branch_keep(t, path, length, fd);
}

/* The directory of a file, and where its own name begins in the path. */
static int
parent(struct tree *t, const char *path, const char **name, int make)
{
	const char *slash = strrchr(path, '/');

	*name = slash == NULL ? path : slash + 1;
	if (**name == '\0' || strcmp(*name, ".") == 0 ||
	    strcmp(*name, "..") == 0) {
		errno = EISDIR;
		return -1;
	}
	if (slash == NULL)
		return t->fd;
	return branch(t, path, (size_t)(slash - path), make);
}

int
tree_open(struct tree *t, const char *dir)
{
	memset(t, 0, sizeof(*t));
	t->dir = dir;
	if (make_root(dir) == -1)
		return -1;
	t->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->fd == -1)
		return -1;
	return faccessat(t->fd, ".", W_OK | X_OK, AT_EACCESS);
}

int
tree_create(struct tree *t, const char *path)
{
	const char *name;
	int fd = parent(t, path, &name, 1);

	if (fd == -1)
		return -1;
	return openat(fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0666);
}

int
tree_reopen(struct tree *t, const char *path)
{
	const char *name;
	int fd = parent(t, path, &name, 0);

	if (fd == -1)
		return -1;
	return openat(fd, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC);
}

int
tree_free(struct tree *t, const char *path)
{
	const char *name;
	struct stat st;
	int fd = parent(t, path, &name, 0);

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT ? 0 : -1;
	errno = EEXIST;
	return -1;
}

int
tree_rename(struct tree *t, const char *from, const char *to)
{
	const char *from_name, *to_name;
	int to_fd = parent(t, to, &to_name, 0);
	int from_fd = to_fd == -1 ? -1 : parent(t, from, &from_name, 0);

	if (from_fd == -1)
		return -1;
	return renameat(from_fd, from_name, to_fd, to_name);
}

int
tree_unlink(struct tree *t, const char *path)
{
	const char *name;
	int fd = parent(t, path, &name, 0);

	return fd == -1 ? -1 : unlinkat(fd, name, 0);
}

size_t
tree_entries(const struct tree *t)
{
	int fd = openat(t->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd == -1 ? NULL : fdopendir(fd);
	size_t n = 0;

	if (d == NULL) {
		if (fd != -1)
			close(fd);
		return 0;
	}
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

void
tree_close(struct tree *t)
{
	int i;

	for (i = 0; i < TREE_CACHE; i++)
		branch_drop(&t->branch[i]);
	close(t->fd);
}
