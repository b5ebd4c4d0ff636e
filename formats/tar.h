/* SPDX-License-Identifier: ISC */
/*
 * Members of a tar archive in the pax format (POSIX.1-2008, pax), sparse
 * ones as GNU tar's "PAX format 1.0" has it (the map of data stands in
 * front of the data).  GNU tar and bsdtar read both.  Pure.
 */
#ifndef FORMATS_TAR_H
#define FORMATS_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TAR_BLOCK = 512,
	TAR_PATH_MAX = 65536,		/* bytes of a member's name */
	TAR_HEADER_MAX = 3 * TAR_PATH_MAX, /* and of its headers */
	TAR_RANGE_MAX = 42,		/* bytes of one range in a map */
	TAR_END = 2 * TAR_BLOCK		/* zeros that end an archive */
};

struct tar_member {
	const char	*path;		/* borrowed, not NUL-terminated */
	size_t		 path_length;	/* at least 1 */
	uint64_t	 size;		/* of the file, bytes */
	uint64_t	 stored;	/* in the archive: map and data, where
					 * sparse; else the size */
	bool		 sparse;
	int64_t		 time;		/* ns since the epoch: both times */
	uint32_t	 mode;		/* permissions */
	uint32_t	 uid, gid;
};

/* Zeros from a length to the next whole block. */
size_t	tar_padding(uint64_t length);

/*
 * The headers of a member: whole blocks, at most TAR_HEADER_MAX.  Returns
 * their length, or 0 when the path is too long.
 */
size_t	tar_header(uint8_t[TAR_HEADER_MAX], const struct tar_member *);

/*
 * The map of a sparse member: a count, then each range of data, as text,
 * padded to a block.  Each writes its part and returns its length.
 */
size_t	tar_map_count(char[TAR_RANGE_MAX], uint64_t ranges);
size_t	tar_map_range(char[TAR_RANGE_MAX], uint64_t offset, uint64_t length);

#endif
