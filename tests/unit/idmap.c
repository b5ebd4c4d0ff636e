/* SPDX-License-Identifier: ISC */
/* Unit test: the id map against an array, through random puts and takes. */
#include <stdlib.h>

#include "libcommon/idmap.h"
#include "tests/unit/unit.h"

enum { IDS = 500, STEPS = 200000 };

int
main(void)
{
	struct idmap m = { 0 };
	char *model[IDS] = { NULL }, *value;
	char bytes[IDS];
	uint32_t seed = 1;
	size_t i, id, at, used = 0, seen = 0;

	CHECK(idmap_get(&m, 1) == NULL && idmap_take(&m, 1) == NULL);
	for (i = 0; i < STEPS; i++) {
		seed = seed * 1103515245u + 12345u;
		id = (seed >> 8) % IDS;
		if ((seed >> 30) % 2 == 0) {
			value = &bytes[(seed >> 4) % IDS];
			used += model[id] == NULL;
			idmap_put(&m, id << 40 | id, value);
			model[id] = value;
		} else {
			CHECK(idmap_take(&m, id << 40 | id) == model[id]);
			used -= model[id] != NULL;
			model[id] = NULL;
		}
		CHECK(m.used == used);
	}
	for (id = 0; id < IDS; id++)
		CHECK(idmap_get(&m, id << 40 | id) == model[id]);
	for (at = 0; idmap_each(&m, &at) != NULL;)
		seen++;
	CHECK(seen == used);
	idmap_free(&m);
	return unit_status();
}
