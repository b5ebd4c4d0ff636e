/* SPDX-License-Identifier: ISC */
/* Memory by the page: zeroed, aligned, of any size. */
#include <stdint.h>

#include "libcommon/pages.h"
#include "tests/unit/unit.h"

static void
take(size_t size, size_t small)
{
	uint8_t *p = pages_new(size, small);
	size_t i, wrong = 0;

	CHECK(p != NULL && (uintptr_t)p % 64 == 0);
	for (i = 0; i < size; i += 512)
		wrong += p[i] != 0;
	CHECK(wrong == 0);
	p[0] = p[size - 1] = 1;
	pages_free(p, size);
}

int
main(void)
{
	take(1, 0);
	take(4097, 0);
	take(PAGES_LARGE, 0);
	take(PAGES_LARGE + 1, 0);
	take(PAGES_LARGE, PAGES_LARGE);
	take(3 * PAGES_LARGE + 5, PAGES_LARGE);
	return unit_status();
}
