/* SPDX-License-Identifier: ISC */
/*
 * The report's file, written as it grows.  A file on disk is a whole
 * document at every moment: what is written goes up to a place where the
 * document could end, with an ending behind it, which the next write covers.
 * So it can be read while it grows, and is well formed whatever becomes of
 * this program.  (Only within an entry longer than the buffer is it not.)
 */
#ifndef FLOW_DFXML_OUT_H
#define FLOW_DFXML_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OUT_BUFFER = 65536,
	OUT_PLACES = 1024,		/* places remembered, the last ones */
	OUT_ENDING = 2048		/* longest ending */
};

struct out {
	int		 fd;
	const char	*path;		/* for messages */
	bool		 seekable;
	const char	*ending;	/* for as long as it grows */
	uint8_t		 buf[OUT_BUFFER];
	size_t		 used;
	size_t		 safe;		/* bytes in buf up to a place */
	uint64_t	 written;	/* bytes of the document in the file */
	uint64_t	 high;		/* the same and the ending */
	uint64_t	 place[OUT_PLACES]; /* a ring */
	uint64_t	 places;	/* ever */
	int		 error;		/* errno of the write that failed */
};

/*
 * Open `path` for writing, with the directories above it made as needed;
 * NULL is standard output.  0, or -1 with errno.
 */
int	out_open(struct out *, const char *path, const char *ending);

/* After an error nothing is written any more. */
void	out_write(struct out *, const void *, size_t);
/* The document could end here. */
void	out_place(struct out *);
/* Write up to the last place. */
void	out_flush(struct out *);

/*
 * The document is complete: write all of it.  After an error, now or
 * before, put `ending` (at most OUT_ENDING bytes) over the last bytes and
 * blanks behind it.
 */
void	out_finish(struct out *, const char *(*ending)(void *, size_t *),
	    void *);

/* Close; errors are in `error`. */
void	out_close(struct out *);

#endif
