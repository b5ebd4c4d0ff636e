/* SPDX-License-Identifier: ISC */
/* Memory by the page. */
#include <sys/mman.h>

#include <stdint.h>

#include "libcommon/pages.h"

#define PAGES_SMALL	((size_t)65536)	/* or a part of it, everywhere */

static uint8_t *
map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* On a large page's boundary: what is mapped before and after goes back. */
static uint8_t *
map_aligned(size_t size)
{
	uint8_t *p = map(size + PAGES_LARGE);
	size_t before;

	if (p == NULL)
		return NULL;
	before = -(uintptr_t)p & (PAGES_LARGE - 1);
	if (before > 0)
		munmap(p, before);
	munmap(p + before + size, PAGES_LARGE - before);
	return p + before;
}

static size_t
whole_pages(size_t size)
{
	return (size + PAGES_SMALL - 1) & ~(PAGES_SMALL - 1);
}

void *
pages_new(size_t size, bool large)
{
	uint8_t *p;

	size = whole_pages(size);
	if (!large || size < PAGES_LARGE)
		return map(size);
	p = map_aligned(size);
#ifdef MADV_HUGEPAGE
	/* No harm if there are none. */
	if (p != NULL)
		(void)madvise(p, size, MADV_HUGEPAGE);
#endif
	return p;
}

void
pages_free(void *p, size_t size)
{
	munmap(p, whole_pages(size));
}
