/* SPDX-License-Identifier: ISC */
/*
 * The captures that a stage was given with -r, and the bytes in them that
 * references stand for.  A SOURCE is bound to one of these files by size and
 * fingerprint; a path that came over the pipe only chooses among files that
 * are equal.  Never prints; errors are texts for the caller to say.
 */
#ifndef LIBCOMMON_CAPTURES_H
#define LIBCOMMON_CAPTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libcommon/options.h"
#include "libcommon/record.h"

enum {
	CAPTURES_SOURCES_MAX = 65536,	/* SOURCE records in one section */
	CAPTURES_WINDOW = 1 << 20	/* bytes read ahead */
};

struct capture;				/* one file of -r */

struct captures {			/* zeroed: none */
	struct capture	*files;
	size_t		 n;
	const char	*missed;	/* one that could not be opened, */
	int		 missed_why;	/* and its errno; or NULL */
	int32_t		*bound;		/* SOURCE index -> file, -1: none */
	size_t		 bound_size;
	uint8_t		*window;	/* bytes read last */
	size_t		 window_size;	/* allocated */
	size_t		 window_length;
	uint64_t	 window_offset;
	int32_t		 window_file;
	char		 error[512];	/* why the last call failed */
};

/*
 * Open the plain files among these; one that cannot be opened is left out
 * (it is missed when something refers to it).  Where they are many, the soft
 * limit of open files is raised for them.
 */
void	captures_open(struct captures *, const struct words *);

/* Begin a section: no source is bound. */
void	captures_reset(struct captures *);

/* Bind a source to its file, if one is there. */
void	captures_bind(struct captures *, const struct source *);

/*
 * The bytes of a reference, read through a window: valid until the next
 * call.  NULL: see error.
 */
const uint8_t	*captures_bytes(struct captures *, const struct reference *);

/* The same in a mapping of the file that may fault when touched, or NULL. */
const uint8_t	*captures_mapped(struct captures *, const struct reference *);

/* Are the bound files what they were?  0, or -1: see error. */
int	captures_check(struct captures *);

void	captures_close(struct captures *);

/*
 * The fingerprint of an open file: SHA-256 of its first FINGERPRINT_SPAN
 * bytes or of `size` bytes where that is less.  0, or -1 with errno.
 */
int	captures_fingerprint(uint8_t[FINGERPRINT_SIZE], int fd,
	    uint64_t size);

#endif
