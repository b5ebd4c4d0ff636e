/* SPDX-License-Identifier: ISC */
/*
 * Finding a message in the middle of a stream: a start line with a status
 * or a registered method, and a header field after it.
 */
#ifndef FORMATS_HTTP_SEARCH_H
#define FORMATS_HTTP_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "formats/http_head.h"

enum http_found {
	HTTP_FOUND_NONE,	/* nothing begins in these bytes */
	HTTP_FOUND_PART,	/* from *at on it may; more must be seen */
	HTTP_FOUND
};

/*
 * The first message of this kind (HTTP_UNKNOWN: of either) that begins in
 * p[0, n), or the first place where one may.
 */
enum http_found	http_search(enum http_kind, const uint8_t *p, size_t n,
		    size_t *at);

#endif
