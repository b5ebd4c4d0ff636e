/* SPDX-License-Identifier: ISC */
/* Standard input line by line, bounded. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-json/lines.h"

enum { LINES_READ = 65536 };

/* Read more after what is left; false at the end of input. */
static int
lines_fill(struct lines *l)
{
	ssize_t n;

	if (l->start > 0) {
		l->end -= l->start;
		memmove(l->buf, l->buf + l->start, l->end);
		l->start = 0;
	}
	if (l->size - l->end < LINES_READ) {
		l->size = l->size * 2 + LINES_READ;
		l->buf = realloc(l->buf, l->size);
		if (l->buf == NULL)
			err(1, NULL);
	}
	if (fflush(stdout) == EOF)
		err(1, "standard output");
	do
		n = read(STDIN_FILENO, l->buf + l->end, LINES_READ);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		l->error = strerror(errno);
	l->eof = n <= 0;
	l->end += n > 0 ? (size_t)n : 0;
	return n > 0;
}

const char *
lines_next(struct lines *l, size_t *length)
{
	char *line, *newline = NULL;
	size_t looked = 0;

	while (newline == NULL) {
		if (l->end > l->start + looked)
			newline = memchr(l->buf + l->start + looked, '\n',
			    l->end - l->start - looked);
		if (newline != NULL)
			break;
		looked = l->end - l->start;
		if (looked > LINES_MAX) {
			l->number++;
			l->error = "the line is too long";
			return NULL;
		}
		if (l->eof || !lines_fill(l))
			break;
	}
	if (l->error != NULL || (newline == NULL && l->start == l->end))
		return NULL;
	line = l->buf + l->start;
	*length = newline == NULL ? l->end - l->start :
	    (size_t)(newline - line);
	l->start += *length + (newline != NULL);
	l->number++;
	return line;
}

void
lines_free(struct lines *l)
{
	free(l->buf);
	memset(l, 0, sizeof(*l));
}
