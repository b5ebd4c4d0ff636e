/* SPDX-License-Identifier: ISC */
/* Memory by the page. */
#include <sys/mman.h>

#include <stdint.h>

#include "libcommon/pages.h"

#define PAGES_LARGE	((size_t)2 << 20)

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

void *
pages_new(size_t size, bool large)
{
	void *p;

	size = (size + 4095) & ~(size_t)4095;
#ifdef MADV_HUGEPAGE
	if (large && size >= PAGES_LARGE) {
		p = map_aligned(size);
		if (p != NULL)
			madvise(p, size, MADV_HUGEPAGE);
		return p;
	}
#endif
	(void)large;
	(void)map_aligned;
	p = map(size);
	return p;
}

void
pages_free(void *p, size_t size)
{
	munmap(p, (size + 4095) & ~(size_t)4095);
}
