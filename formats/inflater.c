/* SPDX-License-Identifier: ISC */
/* DEFLATE undone piece by piece. */
#include <string.h>

#include "formats/inflater_impl.h"
#include "libcommon/bytes.h"

enum {
	WORD = 8,
	ROOT = INFLATER_LENS_ROOT,
	FAST_IN = 2 * WORD,		/* input that a turn may look at */
	FAST_OUT = 3 + 258,		/* output that it may make */
	FAST_BITS = 56,			/* held after a refill, at least */
	DISTANCE_BITS = 28		/* of a distance, at most */
};

/* A match of words: the bytes behind its end are ours to spoil. */
static inline uint8_t *
copy_words(uint8_t *out, unsigned distance, unsigned n)
{
	const uint8_t *from = out - distance;
	uint8_t *end = out + n;

	if (distance >= WORD) {		/* most end within three */
		memcpy(out, from, WORD);
		memcpy(out + WORD, from + WORD, WORD);
		memcpy(out + 2 * WORD, from + 2 * WORD, WORD);
		for (n = 3 * WORD; out + n < end; n += WORD)
			memcpy(out + n, from + n, WORD);
	} else if (distance == 1) {
		memset(out, *from, n);
	} else {
		while (out < end)
			*out++ = *from++;
	}
	return end;
}

/* As much of the match as there is room for. */
static enum inflater_result
copy_match(struct inflater *s, struct inflater_place *p)
{
	while (s->left > 0) {
		if (p->out == p->out_end)
			return INFLATER_MORE;
		*p->out = *(p->out - s->distance);
		p->out++;
		s->left--;
	}
	return INFLATER_END;
}

/*
 * A length is `c`, and its bits are held: the distance too, or nothing of it
 * is taken.
 */
static enum inflater_result
match(struct inflater *s, struct inflater_place *p,
    const struct inflater_code *c)
{
	const struct inflater_code *d;
	unsigned bits = c->bits + (unsigned)c->op, length, distance;

	if (!inflater_need(s, p, bits))
		return INFLATER_MORE;
	while ((d = inflater_look(s->dist_table, INFLATER_DISTS_ROOT,
	    s->bits.hold >> bits))->bits > s->bits.n - bits)
		if (!inflater_need(s, p, s->bits.n + 1))
			return INFLATER_MORE;
	if (d->op >= INFLATER_BAD)
		return inflater_fail(s, "invalid distance code");
	if (!inflater_need(s, p, bits + d->bits + d->op))
		return INFLATER_MORE;
	inflater_take(&s->bits, c->bits);
	length = c->value + inflater_take(&s->bits, c->op);
	inflater_take(&s->bits, d->bits);
	distance = d->value + inflater_take(&s->bits, d->op);
	if (distance > (size_t)(p->out - s->buf))
		return inflater_fail(s, "invalid distance too far back");
	s->left = length;
	s->distance = distance;
	return copy_match(s, p);
}

/* One symbol with care, at the end of the input or the output. */
static enum inflater_result
one_symbol(struct inflater *s, struct inflater_place *p)
{
	const struct inflater_code *c;

	if (p->out == p->out_end)
		return INFLATER_MORE;
	while ((c = inflater_look(s->len_table, INFLATER_LENS_ROOT,
	    s->bits.hold))->bits > s->bits.n)
		if (!inflater_need(s, p, s->bits.n + 1))
			return INFLATER_MORE;
	switch (c->op) {
	case INFLATER_LITERAL:
		inflater_take(&s->bits, c->bits);
		*p->out++ = (uint8_t)c->value;
		return INFLATER_END;
	case INFLATER_BLOCK_END:
		inflater_take(&s->bits, c->bits);
		s->state = INFLATER_HEAD;
		return INFLATER_END;
	case INFLATER_BAD:
		return inflater_fail(s, "invalid literal/length code");
	default:
		return match(s, p, c);
	}
}

/* Fill up what is held: FAST_BITS at least. */
static inline void
refill(struct inflater_bits *b, struct inflater_place *p)
{
	b->hold |= le64_get(p->in) << b->n;
	p->in += (63 - b->n) >> 3;
	b->n |= FAST_BITS;
}

static inline void
literal(struct inflater_bits *b, struct inflater_place *p,
    const struct inflater_code *c)
{
	inflater_take(b, c->bits);
	*p->out++ = (uint8_t)c->value;
}

/* Whole bytes that are not used go back, if they are of this input. */
static void
give_back(struct inflater_bits *b, struct inflater_place *p,
    const uint8_t *first)
{
	unsigned n = b->n >> 3;

	if (n > (size_t)(p->in - first))
		n = (unsigned)(p->in - first);
	p->in -= n;
	b->n -= 8 * n;
	b->hold &= ((uint64_t)1 << b->n) - 1;
}

/*
 * A length is `c`, and the bits held are enough for it.  The text of what is
 * wrong, or NULL.
 */
static inline const char *
fast_match(struct inflater_bits *b, struct inflater_place *p,
    const uint8_t *buf, const struct inflater_code *dists,
    const struct inflater_code *c)
{
	unsigned length, distance;

	inflater_take(b, c->bits);
	length = c->value + inflater_take(b, c->op);
	if (b->n < DISTANCE_BITS)
		refill(b, p);
	c = inflater_look(dists, INFLATER_DISTS_ROOT, b->hold);
	if (c->op >= INFLATER_BAD)
		return "invalid distance code";
	inflater_take(b, c->bits);
	distance = c->value + inflater_take(b, c->op);
	if (distance > (size_t)(p->out - buf))
		return "invalid distance too far back";
	p->out = copy_words(p->out, distance, length);
	return NULL;
}

/*
 * Symbols while there is plenty of input and of room.  In a turn the bits
 * held are enough for two literals and a third, or a length with its extra
 * bits; filled up again if need be, for a distance.
 */
static void
fast_symbols(struct inflater *s, struct inflater_place *where)
{
	struct inflater_place p = *where;
	struct inflater_bits b = s->bits;
	const struct inflater_code *lens = s->len_table, *c;
	const struct inflater_code *dists = s->dist_table;
	const char *error = NULL;

	while (p.in_end - p.in >= FAST_IN && p.out_end - p.out >= FAST_OUT &&
	    error == NULL) {
		refill(&b, &p);
		c = inflater_look_first(lens, ROOT, b.hold);
		if (c->op == INFLATER_LITERAL) {
			literal(&b, &p, c);
			c = inflater_look_first(lens, ROOT, b.hold);
			if (c->op == INFLATER_LITERAL) {
				literal(&b, &p, c);
				c = inflater_look_first(lens, ROOT, b.hold);
			}
		}
		c = inflater_look_second(lens, ROOT, b.hold, c);
		if (c->op == INFLATER_LITERAL) {
			literal(&b, &p, c);
			continue;
		}
		if (c->op >= INFLATER_BAD)
			break;		/* with care */
		error = fast_match(&b, &p, s->buf, dists, c);
	}
	s->error = error;
	give_back(&b, &p, where->in);
	*where = p;
	s->bits = b;
}

static enum inflater_result
symbols(struct inflater *s, struct inflater_place *p)
{
	enum inflater_result result = copy_match(s, p);

	while (result == INFLATER_END && s->state == INFLATER_SYMBOLS) {
		fast_symbols(s, p);
		result = s->error != NULL ? INFLATER_ERROR :
		    one_symbol(s, p);
	}
	return result;
}

/* END here: go on with the next state. */
static enum inflater_result
step(struct inflater *s, struct inflater_place *p)
{
	switch (s->state) {
	case INFLATER_HEAD:
		return inflater_block(s, p);
	case INFLATER_STORED_HEAD:
		return inflater_stored_head(s, p);
	case INFLATER_STORED:
		return inflater_stored(s, p);
	case INFLATER_SIZES:
		return inflater_sizes(s, p);
	case INFLATER_CODE_LENGTHS:
		return inflater_code_lengths(s, p);
	case INFLATER_LENGTHS:
		return inflater_lengths(s, p);
	case INFLATER_SYMBOLS:
		return symbols(s, p);
	case INFLATER_DONE:
		break;
	}
	return INFLATER_END;
}

void
inflater_init(struct inflater *s)
{
	memset(s, 0, offsetof(struct inflater, own_lens));
	s->fixed_made = false;
	s->used = 0;
}

void
inflater_begin(struct inflater *s)
{
	s->state = INFLATER_HEAD;
	s->last = false;
	s->bits.hold = 0;
	s->bits.n = 0;
	s->left = 0;
	s->error = NULL;
	s->used = 0;
}

const uint8_t *
inflater_room(struct inflater *s)
{
	if (s->used > INFLATER_WINDOW) {
		memmove(s->buf, s->buf + s->used - INFLATER_WINDOW,
		    INFLATER_WINDOW);
		s->used = INFLATER_WINDOW;
	}
	return s->buf + s->used;
}

enum inflater_result
inflater_run(struct inflater *s, const uint8_t **in, size_t *n, size_t most,
    size_t *made)
{
	uint8_t *out = s->buf + s->used;
	struct inflater_place p = { *in, *in + *n, out, out + most };
	enum inflater_result result;

	do
		result = step(s, &p);
	while (result == INFLATER_END && s->state != INFLATER_DONE);
	*n = (size_t)(p.in_end - p.in);
	*in = p.in;
	*made = (size_t)(p.out - out);
	s->used += *made;
	return result;
}
