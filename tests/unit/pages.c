/* SPDX-License-Identifier: ISC */
/* Memory by the page: zeroed, aligned, of any size. */
#include <stdint.h>

#include "libcommon/pages.h"
#include "tests/unit/unit.h"

static void
take(size_t size, bool large)
{
	uint8_t *p = pages_new(size, large);
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
	take(1, false);
	take(4097, false);
	take(3 * PAGES_LARGE + 5, false);
	take(1, true);
	take(PAGES_LARGE, true);
	take(PAGES_LARGE + 1, true);
	take(3 * PAGES_LARGE + 5, true);
	return unit_status();
}
