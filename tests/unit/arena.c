/* SPDX-License-Identifier: ISC */
/* Arenas: objects stay where they are, come zeroed, are used again. */
#include <string.h>

#include "libcommon/arena.h"
#include "tests/unit/unit.h"

enum { OBJECTS = 3 * ARENA_CHUNK + 5, SIZE = 24 };

int
main(void)
{
	struct arena a = { .size = SIZE };
	uint8_t zeros[SIZE] = { 0 };
	uint32_t i, n;
	void *first;

	n = arena_new(&a);
	CHECK(n == 1);
	first = arena_at(&a, n);
	for (i = 2; i <= OBJECTS; i++) {
		CHECK(arena_new(&a) == i);
		memset(arena_at(&a, i), 0xff, SIZE);
	}
	CHECK(arena_at(&a, 1) == first);
	CHECK(a.live == OBJECTS && a.made == OBJECTS);
	arena_delete(&a, 7);
	arena_delete(&a, OBJECTS);
	CHECK(a.live == OBJECTS - 2);
	n = arena_new(&a);
	CHECK(n == OBJECTS);
	CHECK(memcmp(arena_at(&a, n), zeros, SIZE) == 0);
	CHECK(arena_new(&a) == 7);
	CHECK(arena_new(&a) == OBJECTS + 1);
	arena_free(&a);
	CHECK(a.size == SIZE && a.made == 0);
	arena_free(&a);
	return unit_status();
}
