/* SPDX-License-Identifier: ISC */
/* The table: what is put in is found, at any size; orders of activity. */
#include <string.h>

#include "libcommon/table.h"
#include "tests/unit/unit.h"

enum { ENTRIES = 200000, FEW = 1000 };

struct entry {
	uint32_t	 value;
};

static uint64_t
hash_of(uint32_t value)
{
	uint64_t h = (value + 1) * UINT64_C(0x9e3779b97f4a7c15);

	return h ^ h >> 29;
}

static uint32_t
add(struct table *t, uint32_t value, uint64_t hash)
{
	uint32_t ref = table_new(t, value % 3 == 0);

	((struct entry *)table_at(t, ref))->value = value;
	table_insert(t, ref, hash);
	return ref;
}

static uint32_t
find(const struct table *t, uint32_t value, uint64_t hash)
{
	struct table_walk walk;
	uint32_t ref;

	for (ref = table_first(t, hash, &walk); ref != 0;
	    ref = table_next(t, &walk))
		if (((struct entry *)table_at(t, ref))->value == value)
			return ref;
	return 0;
}

static void
many(void)
{
	struct table t = { 0 };
	uint32_t i, ref, lost = 0, left = 0;

	table_init(&t, sizeof(struct entry), sizeof(struct entry) + 8);
	for (i = 0; i < ENTRIES; i++)
		add(&t, i, hash_of(i));
	CHECK(t.used == ENTRIES);
	CHECK(t.buckets.made >= ENTRIES / TABLE_LOAD);
	CHECK((t.buckets.made + t.more.made) * sizeof(struct table_line) <=
	    8 * ENTRIES);
	for (i = 0; i < ENTRIES; i++)
		lost += find(&t, i, hash_of(i)) == 0;
	CHECK(lost == 0);
	CHECK(find(&t, ENTRIES, hash_of(ENTRIES)) == 0);
	for (i = 0; i < ENTRIES; i += 2) {
		ref = find(&t, i, hash_of(i));
		table_remove(&t, ref, hash_of(i));
		table_delete(&t, ref);
	}
	for (i = 0; i < ENTRIES; i++)
		left += (find(&t, i, hash_of(i)) != 0) != (i % 2 == 1);
	CHECK(left == 0);
	for (i = 0; i < ENTRIES; i += 2)
		add(&t, i, hash_of(i));
	for (i = 0; i < ENTRIES; i++)
		lost += find(&t, i, hash_of(i)) == 0;
	CHECK(lost == 0 && t.used == ENTRIES);
	table_free(&t);
}

static void
all_alike(void)
{
	struct table t = { 0 };
	struct table_walk walk;
	uint32_t i, ref, lost = 0;

	table_init(&t, sizeof(struct entry), sizeof(struct entry));
	for (i = 0; i < FEW; i++)
		add(&t, i, 42);
	for (i = 0; i < FEW; i++)
		lost += find(&t, i, 42) == 0;
	CHECK(lost == 0);
	/* The newest comes first. */
	ref = table_first(&t, 42, &walk);
	for (i = FEW; i > 0; i--) {
		lost += ref == 0 ||
		    ((struct entry *)table_at(&t, ref))->value != i - 1;
		ref = table_next(&t, &walk);
	}
	CHECK(lost == 0 && ref == 0);
	for (i = 0; i < FEW; i++) {
		ref = find(&t, i, 42);
		table_remove(&t, ref, 42);
		table_delete(&t, ref);
	}
	CHECK(t.used == 0 && t.more.live == 0);
	CHECK(table_first(&t, 42, &walk) == 0);
	table_free(&t);
}

static void
orders(void)
{
	struct table_order order = { 0 }, other = { 0 };
	struct table t = { 0 };
	uint32_t a, b, c;

	table_init(&t, sizeof(struct entry), sizeof(struct entry));
	a = add(&t, 1, hash_of(1));
	b = add(&t, 2, hash_of(2));
	c = add(&t, 3, hash_of(3));
	table_touch(&t, &order, a);
	table_touch(&t, &order, b);
	table_touch(&t, &order, c);
	CHECK(order.oldest == a && order.newest == c);
	table_touch(&t, &order, a);
	CHECK(order.oldest == b && order.newest == a);
	table_leave(&t, &order, b);
	CHECK(order.oldest == c && order.newest == a);
	table_leave(&t, &order, b);
	table_touch(&t, &other, b);
	CHECK(other.oldest == b && other.newest == b);
	table_leave(&t, &order, c);
	table_leave(&t, &order, a);
	CHECK(order.oldest == 0 && order.newest == 0);
	table_free(&t);
}

int
main(void)
{
	many();
	all_alike();
	orders();
	return unit_status();
}
