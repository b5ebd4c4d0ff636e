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

/*
 * NULL: out of memory.  `large`: it will soon be in use as a whole, in no
 * order: large pages are asked for, which need fewer translations.
 */
void	*pages_new(size_t size, bool large);
void	 pages_free(void *, size_t size);

#endif
