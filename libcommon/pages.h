/* SPDX-License-Identifier: ISC */
/*
 * Large pieces of memory straight from the system: zeroed, on a page's
 * boundary (a large page's, where that is of use), and costing nothing
 * until they are written to.
 */
#ifndef LIBCOMMON_PAGES_H
#define LIBCOMMON_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#define PAGES_LARGE	((size_t)2 << 20)

/*
 * NULL: out of memory.  `large`: large pages are asked for, which need
 * fewer translations; one touched byte may then take all of PAGES_LARGE.
 */
void	*pages_new(size_t size, bool large);
void	 pages_free(void *, size_t size);

#endif
