/* SPDX-License-Identifier: ISC */
/*
 * The output directory.  Every path is walked from its descriptor, one
 * component at a time; no symbolic link is followed, ".." is refused, and
 * missing directories are made (0777, less the umask).  Paths are
 * NUL-terminated; slashes at the front and components "." are passed over.
 * Functions return -1 with errno.
 */
#ifndef FLOW_STORE_TREE_H
#define FLOW_STORE_TREE_H

#include <stddef.h>
#include <stdint.h>

enum { TREE_CACHE = 16 };		/* directories kept open */

struct tree_branch {			/* a directory below the root */
	char		*path;		/* owned; NULL: unused */
	size_t		 length;
	int		 fd;
	uint64_t	 used;		/* when it was last asked for */
};

struct tree {
	const char	*dir;		/* as the user wrote it, borrowed */
	int		 fd;
	struct tree_branch branch[TREE_CACHE];
	uint64_t	 clock;
};

/*
 * Open the root; what of its path is missing is made.  dir is not empty.
 * A root that cannot be written to is an error.
 */
int	tree_open(struct tree *, const char *dir);

/*
 * A new file, open for reading and writing, mode 0666 less the umask.
 * EEXIST: there is something of that name; EISDIR: the path names no file.
 */
int	tree_create(struct tree *, const char *path);

/* A file made before, open for reading and writing. */
int	tree_reopen(struct tree *, const char *path);

/* 0 when nothing has this name; else -1, EEXIST or another errno. */
int	tree_free(struct tree *, const char *path);

int	tree_rename(struct tree *, const char *from, const char *to);
int	tree_unlink(struct tree *, const char *path);

/* Entries of the root, "." and ".." counted; 0 when it cannot be read. */
size_t	tree_entries(const struct tree *);

void	tree_close(struct tree *);

#endif
