/* SPDX-License-Identifier: ISC */
/*
 * The inside of formats/inflater*.c alone.  The functions that return a
 * result go on where the input ended; END: with the next state.
 */
#ifndef FORMATS_INFLATER_IMPL_H
#define FORMATS_INFLATER_IMPL_H

#include "formats/inflater.h"

/* A call: where it stands. */
struct inflater_place {
	const uint8_t	*in, *in_end;
	uint8_t		*out, *out_end;
};

static inline enum inflater_result
inflater_fail(struct inflater *s, const char *error)
{
	s->error = error;
	return INFLATER_ERROR;
}

/* Have n bits at least; false when the input ends before. */
static inline bool
inflater_need(struct inflater *s, struct inflater_place *p, unsigned n)
{
	struct inflater_bits *b = &s->bits;

	while (b->n < n) {
		if (p->in == p->in_end)
			return false;
		b->hold |= (uint64_t)*p->in++ << b->n;
		b->n += 8;
	}
	return true;
}

static inline unsigned
inflater_take(struct inflater_bits *b, unsigned n)
{
	unsigned v = (unsigned)b->hold & ((1U << n) - 1);

	b->hold >>= n;
	b->n -= n;
	return v;
}

static inline const struct inflater_code *
inflater_look_first(const struct inflater_code *table, unsigned root,
    uint64_t hold)
{
	return &table[hold & ((1U << root) - 1)];
}

static inline const struct inflater_code *
inflater_look_second(const struct inflater_code *table, unsigned root,
    uint64_t hold, const struct inflater_code *first)
{
	if ((first->op & INFLATER_SECOND) == 0)
		return first;
	return &table[first->value + (hold >> root &
	    ((1U << (first->op & 15)) - 1))];
}

/* The entry that bits lead to; it counts if they are enough for it. */
static inline const struct inflater_code *
inflater_look(const struct inflater_code *table, unsigned root, uint64_t hold)
{
	return inflater_look_second(table, root, hold,
	    inflater_look_first(table, root, hold));
}

/* inflater_head.c */
enum inflater_result	inflater_block(struct inflater *,
			    struct inflater_place *);
enum inflater_result	inflater_stored_head(struct inflater *,
			    struct inflater_place *);
enum inflater_result	inflater_stored(struct inflater *,
			    struct inflater_place *);
/* A block with codes of its own: how many, theirs, and they. */
enum inflater_result	inflater_sizes(struct inflater *,
			    struct inflater_place *);
enum inflater_result	inflater_code_lengths(struct inflater *,
			    struct inflater_place *);
enum inflater_result	inflater_lengths(struct inflater *,
			    struct inflater_place *);

#endif
