/* SPDX-License-Identifier: ISC */
/*
 * Large pieces of memory straight from the system: zeroed, on a page's
 * boundary (a large page's, where that is of use), and costing nothing
 * until they are written to.
 */
#ifndef LIBCOMMON_PAGES_H
#define LIBCOMMON_PAGES_H

#include <stddef.h>

#define PAGES_LARGE	((size_t)2 << 20)

/*
 * NULL: out of memory.  Large pages, which need fewer translations, are
 * asked for from `small` on, a multiple of PAGES_LARGE: who comes that far
 * has much in use, in no order.
 */
void	*pages_new(size_t size, size_t small);
void	 pages_free(void *, size_t size);

#endif
