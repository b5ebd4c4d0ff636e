/* SPDX-License-Identifier: ISC */
/*
 * Media type -> file name extension.  The table in media_types.c is
 * generated (contrib/media-types/make-table).
 */
#ifndef FORMATS_MEDIA_TYPES_H
#define FORMATS_MEDIA_TYPES_H

#include <stdbool.h>
#include <stddef.h>

enum { MEDIA_TYPE_MAX = 128, MEDIA_EXTENSION_MAX = 15 };

struct media_type {
	const char	*type;		/* lower case, "text/html" */
	const char	*extension;	/* without dot */
	bool		 classic;	/* tcpflow 1.6.1 has it too */
};

/* Sorted by type, each type once. */
extern const struct media_type media_types[];
extern const size_t media_types_n;

/*
 * The extension for a Content-Type value as it stood on the wire: what comes
 * before the first ';', in any case, but with its blanks (as tcpflow has
 * it); NULL when there is none.  classic: look among tcpflow 1.6.1's alone.
 */
const char	*media_extension(const char *value, size_t length,
		    bool classic);

#endif
