/* SPDX-License-Identifier: ISC */
/*
 * Which of the files of -r a source is: between captures.c, which opens and
 * reads them, and captures_match.c, which tells them apart.
 */
#ifndef LIBCOMMON_CAPTURES_MATCH_H
#define LIBCOMMON_CAPTURES_MATCH_H

#include <sys/stat.h>
#include <sys/types.h>

#include "libcommon/captures.h"

struct capture {
	const char	*path;
	int		 fd;
	struct stat	 st;		/* when it was bound */
	uint64_t	 size;		/* as its SOURCE said, 0: unbound */
	uint8_t		 fingerprint[FINGERPRINT_SIZE];
	uint8_t		*map;		/* of size bytes, or NULL */
	/* what was computed last when a source was looked for */
	uint8_t		 digest[FINGERPRINT_SIZE];
	uint64_t	 span;		/* of so many bytes, 0: nothing */
};

/*
 * Read at `offset` until it is all there or the file ends: how many bytes
 * came, or -1 with errno.
 */
ssize_t	capture_read(int fd, uint8_t *, size_t length, uint64_t offset);

/* The file that fits best and alone, or -1 (none) or -2 (several). */
int32_t	captures_match(struct captures *, const struct source *);

#endif
