/* SPDX-License-Identifier: ISC */
/*
 * Standard input line by line, bounded.  Standard output is flushed before
 * each read, so that an answer is not held back while a question is awaited.
 */
#ifndef FLOW_JSON_LINES_H
#define FLOW_JSON_LINES_H

#include <stddef.h>
#include <stdint.h>

enum {
	/* A body of RECORD_BODY_MAX as text, six characters a byte. */
	LINES_MAX = 8 << 20
};

struct lines {				/* zeroed: before the first line */
	char		*buf;
	size_t		 size, start, end;
	int		 eof;
	uint64_t	 number;	/* of the line last returned, from 1 */
	const char	*error;		/* why there is no further one */
};

/*
 * The next line without its newline, NULL at the end or on an error.
 * Valid until the next call.
 */
const char	*lines_next(struct lines *, size_t *length);
void		 lines_free(struct lines *);

#endif
