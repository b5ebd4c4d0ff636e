/* SPDX-License-Identifier: ISC */
/*
 * The end of a section.  The streams close in order of their numbers.  There
 * may be millions, so no array of them is made: the links of the orders of
 * activity, of no more use, become two lists, of the first sides and of the
 * second sides, which are sorted in place and merged.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/flow-reasm/ending.h"
#include "cmd/flow-reasm/limits.h"
#include "libcommon/jsontext.h"

/* A list under way, through `newer` for first sides, `older` for second. */
struct list {
	uint32_t	 first, last;
	unsigned	 which;
};

static uint32_t
next_of(struct reasm *r, uint32_t ref, unsigned which)
{
	const struct table_link *l = table_link(&r->connections.table, ref);

	return which == 0 ? l->newer : l->older;
}

static void
next_set(struct reasm *r, uint32_t ref, unsigned which, uint32_t next)
{
	struct table_link *l = table_link(&r->connections.table, ref);

	if (which == 0)
		l->newer = next & TABLE_REF;
	else
		l->older = next & TABLE_REF;
}

static void
list_add(struct reasm *r, struct list *l, uint32_t ref)
{
	if (l->last != 0)
		next_set(r, l->last, l->which, ref);
	else
		l->first = ref;
	l->last = ref;
}

static uint64_t
number_of(struct reasm *r, uint32_t ref, unsigned which)
{
	const struct connections *c = &r->connections;

	return connection_number(c, connections_at(c, ref), which);
}

/* Take the ascending run that a list begins with off it. */
static uint32_t
run_take(struct reasm *r, uint32_t *list, unsigned which)
{
	uint32_t head = *list, at = head, next;

	while (at != 0) {
		next = next_of(r, at, which);
		if (next == 0 || number_of(r, next, which) <
		    number_of(r, at, which)) {
			next_set(r, at, which, 0);
			*list = next;
			return head;
		}
		at = next;
	}
	return 0;
}

/* Merge two runs behind what is sorted. */
static void
runs_merge(struct reasm *r, uint32_t a, uint32_t b, struct list *sorted)
{
	unsigned which = sorted->which;

	while (a != 0 || b != 0) {
		uint32_t *from = &a;

		if (a == 0 || (b != 0 && number_of(r, b, which) <
		    number_of(r, a, which)))
			from = &b;
		list_add(r, sorted, *from);
		*from = next_of(r, *from, which);
	}
	if (sorted->last != 0)
		next_set(r, sorted->last, which, 0);
}

/* Natural merge sort: one pass when the list is in order, as it mostly is. */
static uint32_t
list_sort(struct reasm *r, uint32_t list, unsigned which)
{
	unsigned runs;
	uint32_t a;

	do {
		struct list sorted = { .which = which };

		for (runs = 0; list != 0; runs++) {
			a = run_take(r, &list, which);
			runs_merge(r, a, run_take(r, &list, which), &sorted);
		}
		list = sorted.first;
	} while (runs > 1);
	return list;
}

/* All connections as one list of first sides. */
static uint32_t
list_all(struct reasm *r)
{
	struct connections *c = &r->connections;
	struct list all = { .which = 0 };
	uint32_t ref, next;
	unsigned i;

	for (i = 0; i < ORDERS; i++) {
		for (ref = c->order[i].oldest; ref != 0; ref = next) {
			next = next_of(r, ref, 0);
			connections_at(c, ref)->order = ORDER_NONE;
			list_add(r, &all, ref);
		}
		c->order[i].oldest = c->order[i].newest = 0;
	}
	c->lingering = 0;
	return all.first;
}

/* Those whose second side is live, as a list of second sides. */
static uint32_t
list_second(struct reasm *r, uint32_t all)
{
	struct list second = { .which = 1 };
	struct side s;

	for (; all != 0; all = next_of(r, all, 0)) {
		side_load(r, &s, all, 1);
		if (side_live(&s))
			list_add(r, &second, all);
	}
	if (second.last != 0)
		next_set(r, second.last, 1, 0);
	return second.first;
}

static void
close_one(struct reasm *r, uint32_t ref, unsigned which)
{
	struct side s;

	side_load(r, &s, ref, which);
	if (side_live(&s))
		limits_close_side(r, &s, CLOSE_INPUT);
}

void
ending_close(struct reasm *r)
{
	uint32_t first, second, *from;
	unsigned which;

	/* Both sides of a connection open before one of them closes. */
	limits_idle(r);
	r->ending = true;
	first = list_all(r);
	second = list_second(r, first);
	first = list_sort(r, first, 0);
	second = list_sort(r, second, 1);
	while (first != 0 || second != 0) {
		which = first == 0 || (second != 0 &&
		    number_of(r, second, 1) < number_of(r, first, 0));
		from = which == 0 ? &first : &second;
		uint32_t ref = *from;

		*from = next_of(r, ref, which);
		close_one(r, ref, which);
	}
}

void
ending_stats(struct reasm *r)
{
	const struct counters *n = &r->count;
	struct jsontext j = { 0 };

	jsontext_unsigned(&j, "segments", n->segments);
	jsontext_unsigned(&j, "total_flows", n->streams);
	jsontext_unsigned(&j, "total_packets", n->attached);
	jsontext_unsigned(&j, "max_open_flows", n->max_open_streams);
	jsontext_unsigned(&j, "open_at_end", n->open_at_end);
	jsontext_unsigned(&j, "max_connections", n->max_connections);
	jsontext_unsigned(&j, "ignored", n->ignored);
	jsontext_unsigned(&j, "stragglers", n->stragglers);
	jsontext_unsigned(&j, "not_new", n->not_new);
	jsontext_unsigned(&j, "malformed", n->malformed);
	jsontext_unsigned(&j, "bad_checksum", n->bad_checksum);
	jsontext_unsigned(&j, "rst_outside_window", n->rst_outside);
	jsontext_unsigned(&j, "gaps", n->gaps);
	jsontext_unsigned(&j, "missing", n->missing);
	jsontext_unsigned(&j, "late", n->late);
	jsontext_unsigned(&j, "conflicts", n->conflicts);
	jsontext_unsigned(&j, "timeouts", n->timeouts);
	jsontext_unsigned(&j, "evicted_connections", n->evicted_connections);
	jsontext_unsigned(&j, "evicted_holes", n->evicted_holes);
	jsontext_unsigned(&j, "crowded", n->crowded);
	jsontext_unsigned(&j, "max_waiting_bytes", n->max_held);
	stage_stats(r->stage, j.text);
	jsontext_free(&j);
}
