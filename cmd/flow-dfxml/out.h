/* SPDX-License-Identifier: ISC */
/*
 * The report's file, written as it grows.  It remembers places where the
 * document could end (between two children of its root), so that when the
 * disk is full the last of it is overwritten with an ending: the report is
 * well formed all the same.
 */
#ifndef FLOW_DFXML_OUT_H
#define FLOW_DFXML_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OUT_BUFFER = 65536,
	OUT_PLACES = 1024,		/* places remembered, the last ones */
	OUT_ENDING = 2048		/* longest ending put in afterwards */
};

struct out {
	int		 fd;
	const char	*path;		/* for messages */
	bool		 seekable;
	uint8_t		 buf[OUT_BUFFER];
	size_t		 used;
	uint64_t	 written;	/* bytes in the file */
	uint64_t	 place[OUT_PLACES]; /* a ring */
	uint64_t	 places;	/* ever */
	int		 error;		/* errno of the write that failed */
};

/*
 * Open `path` for writing, with the directories above it made as needed;
 * NULL is standard output.  0, or -1 with errno.
 */
int	out_open(struct out *, const char *path);

/* After an error nothing is written any more. */
void	out_write(struct out *, const void *, size_t);
/* The document could end here. */
void	out_place(struct out *);
void	out_flush(struct out *);

/*
 * After an error: put this ending (at most OUT_ENDING bytes) over the last
 * bytes, and blanks behind it.  0, or -1 when there is no way to.
 */
int	out_mend(struct out *, const void *ending, size_t);

/* Flush and close; errors are in `error`. */
void	out_close(struct out *);

#endif
