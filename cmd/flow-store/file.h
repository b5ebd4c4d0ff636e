/* SPDX-License-Identifier: ISC */
/*
 * Files that are being written: their names, their descriptors, their end.
 * No file needs a descriptor while it is open: at most slots.max are kept,
 * and the one that was used least recently is closed for another.  A file's
 * times are set whenever its descriptor is closed, so that they are right
 * at the end without another system call.
 *
 * A failure is said once for each file, with its name; then the file has
 * FILE_FAILED and everything else about it does nothing and returns -1.
 */
#ifndef FLOW_STORE_FILE_H
#define FLOW_STORE_FILE_H

#include "cmd/flow-store/store.h"

/* A new entry; free() it after file_close().  Copies the pattern. */
struct file	*file_new(const struct store *, const char *pattern,
		    size_t length, int64_t time);

/* Its pattern as it was given: in the file or in store->unpacked. */
const char	*file_pattern(struct store *, const struct file *,
		    size_t *length);

/* The table of open files; `max` is cut to what the system allows. */
void	file_slots_init(struct slots *, uint64_t max, size_t reserve);

/*
 * Make the file's name final.  A file that is stored is created for it;
 * for one that is not, a free name is found.  0 or -1.
 */
int	file_settle(struct store *, struct file *);

/* Its path below the directory, once settled: in store->path; its length. */
size_t	file_path(struct store *, const struct file *);

/* The path of it or its temporary file on the disk: in store->path. */
size_t	file_disk_path(struct store *, const struct file *);

/* A descriptor for reading and writing, valid until the next call; or -1. */
int	file_open(struct store *, struct file *);

/* Another file stands at its path now: this is its descriptor. 0 or -1. */
int	file_replace(struct store *, struct file *, int fd);

/*
 * Close the descriptor, if there is one, with the times set; what was
 * written is on its way to the disk and errors of it are known.
 */
int	file_close(struct store *, struct file *);

/*
 * Finish a file: write what is held, set its times, close it; or write its
 * member of the archive.  0 or -1.
 */
int	file_finish(struct store *, struct file *);

/* Say that this file failed with this errno. */
void	file_fail(struct store *, struct file *, int error);

#endif
