/* SPDX-License-Identifier: ISC */
/* DEFLATE undone piece by piece. */
#include <string.h>

#include "formats/inflater.h"
#include "libcommon/bytes.h"

enum {
	WORD = 8,
	FAST_IN = 2 * WORD,		/* input that a turn may look at */
	FAST_OUT = 3 + 258,		/* output that it may make */
	FAST_BITS = 56,			/* held after a refill, at least */
	DISTANCE_BITS = 28,		/* of a distance, at most */
	CODES_ROOT = 7, CODES_MAX = 19,
	FIXED_LENS = 288, FIXED_DISTS = 32,
	BLOCK_END = 256			/* the symbol */
};

/* A call: where it stands. */
struct place {
	const uint8_t	*in, *in_end;
	uint8_t		*out, *out_end;
};

static enum inflater_result
fail(struct inflater *s, const char *error)
{
	s->error = error;
	return INFLATER_ERROR;
}

/* Have n bits at least; false when the input ends before. */
static inline bool
need(struct inflater *s, struct place *p, unsigned n)
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
take(struct inflater_bits *b, unsigned n)
{
	unsigned v = (unsigned)b->hold & ((1U << n) - 1);

	b->hold >>= n;
	b->n -= n;
	return v;
}

static inline const struct inflater_code *
look_up_first(const struct inflater_code *table, unsigned root, uint64_t hold)
{
	return &table[hold & ((1U << root) - 1)];
}

static inline const struct inflater_code *
look_up_second(const struct inflater_code *table, unsigned root,
    uint64_t hold, const struct inflater_code *first)
{
	if ((first->op & INFLATER_SECOND) == 0)
		return first;
	return &table[first->value + (hold >> root &
	    ((1U << (first->op & 15)) - 1))];
}

/* The entry that bits lead to; it counts if they are enough for it. */
static inline const struct inflater_code *
look_up(const struct inflater_code *table, unsigned root, uint64_t hold)
{
	return look_up_second(table, root, hold,
	    look_up_first(table, root, hold));
}

static void
make_fixed(struct inflater *s)
{
	uint8_t length[FIXED_LENS];
	unsigned i;

	for (i = 0; i < FIXED_LENS; i++)
		length[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	(void)inflater_table(s->fixed_lens, 1 << INFLATER_LENS_ROOT,
	    INFLATER_LENS_ROOT, INFLATER_SET_LENS, length, FIXED_LENS);
	memset(length, 5, FIXED_DISTS);
	(void)inflater_table(s->fixed_dists, 1 << INFLATER_DISTS_ROOT,
	    INFLATER_DISTS_ROOT, INFLATER_SET_DISTS, length, FIXED_DISTS);
	s->fixed_made = true;
}

static enum inflater_result
block_head(struct inflater *s, struct place *p)
{
	if (s->last) {
		s->state = INFLATER_DONE;
		take(&s->bits, s->bits.n & 7);
		return INFLATER_END;
	}
	if (!need(s, p, 3))
		return INFLATER_MORE;
	s->last = take(&s->bits, 1) != 0;
	switch (take(&s->bits, 2)) {
	case 0:
		take(&s->bits, s->bits.n & 7);
		s->state = INFLATER_STORED_HEAD;
		return INFLATER_END;
	case 1:
		if (!s->fixed_made)
			make_fixed(s);
		s->len_table = s->fixed_lens;
		s->dist_table = s->fixed_dists;
		s->state = INFLATER_SYMBOLS;
		return INFLATER_END;
	case 2:
		s->state = INFLATER_SIZES;
		return INFLATER_END;
	default:
		return fail(s, "invalid block type");
	}
}

static enum inflater_result
stored_head(struct inflater *s, struct place *p)
{
	unsigned length;

	if (!need(s, p, 32))
		return INFLATER_MORE;
	length = take(&s->bits, 16);
	if (length != (take(&s->bits, 16) ^ 0xffff))
		return fail(s, "invalid stored block lengths");
	s->left = length;
	s->state = INFLATER_STORED;
	return INFLATER_END;
}

static enum inflater_result
stored(struct inflater *s, struct place *p)
{
	size_t n = s->left;

	if (n > (size_t)(p->in_end - p->in))
		n = (size_t)(p->in_end - p->in);
	if (n > (size_t)(p->out_end - p->out))
		n = (size_t)(p->out_end - p->out);
	if (n > 0) {
		memcpy(p->out, p->in, n);
		p->in += n;
		p->out += n;
		s->left -= (unsigned)n;
	}
	if (s->left > 0)
		return INFLATER_MORE;
	s->state = INFLATER_HEAD;
	return INFLATER_END;
}

static enum inflater_result
sizes(struct inflater *s, struct place *p)
{
	if (!need(s, p, 14))
		return INFLATER_MORE;
	s->lens = take(&s->bits, 5) + 257;
	s->dists = take(&s->bits, 5) + 1;
	s->codes = take(&s->bits, 4) + 4;
	if (s->lens > INFLATER_LENS || s->dists > INFLATER_DISTS)
		return fail(s, "too many length or distance symbols");
	memset(s->length, 0, CODES_MAX);
	s->have = 0;
	s->state = INFLATER_CODE_LENGTHS;
	return INFLATER_END;
}

/* The code that the lengths of codes come in; its table is kept for now. */
static enum inflater_result
code_lengths(struct inflater *s, struct place *p)
{
	static const uint8_t order[CODES_MAX] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14,
		1, 15
	};

	for (; s->have < s->codes; s->have++) {
		if (!need(s, p, 3))
			return INFLATER_MORE;
		s->length[order[s->have]] = (uint8_t)take(&s->bits, 3);
	}
	if (inflater_table(s->own_dists, INFLATER_DISTS_SIZE, CODES_ROOT,
	    INFLATER_SET_CODES, s->length, CODES_MAX) == -1)
		return fail(s, "invalid code lengths set");
	s->have = 0;
	s->state = INFLATER_LENGTHS;
	return INFLATER_END;
}

static enum inflater_result
make_tables(struct inflater *s)
{
	if (s->length[BLOCK_END] == 0)
		return fail(s, "invalid code -- missing end-of-block");
	if (inflater_table(s->own_lens, INFLATER_LENS_SIZE,
	    INFLATER_LENS_ROOT, INFLATER_SET_LENS, s->length, s->lens) == -1)
		return fail(s, "invalid literal/lengths set");
	if (inflater_table(s->own_dists, INFLATER_DISTS_SIZE,
	    INFLATER_DISTS_ROOT, INFLATER_SET_DISTS, s->length + s->lens,
	    s->dists) == -1)
		return fail(s, "invalid distances set");
	s->len_table = s->own_lens;
	s->dist_table = s->own_dists;
	s->state = INFLATER_SYMBOLS;
	return INFLATER_END;
}

/* One length, or a run of one; END when there is another. */
static enum inflater_result
one_length(struct inflater *s, struct place *p)
{
	static const uint8_t extra[] = { 2, 3, 7 }, base[] = { 3, 3, 11 };
	const struct inflater_code *c;
	unsigned all = s->lens + s->dists, n = 1, i;
	uint8_t length;

	while ((c = look_up(s->own_dists, CODES_ROOT, s->bits.hold))->bits >
	    s->bits.n)
		if (!need(s, p, s->bits.n + 1))
			return INFLATER_MORE;
	length = (uint8_t)c->value;
	if (c->value < 16) {
		take(&s->bits, c->bits);
	} else {
		i = c->value - 16U;
		if (!need(s, p, c->bits + (unsigned)extra[i]))
			return INFLATER_MORE;
		take(&s->bits, c->bits);
		if (i == 0 && s->have == 0)
			return fail(s, "invalid bit length repeat");
		length = i == 0 ? s->length[s->have - 1] : 0;
		n = base[i] + take(&s->bits, extra[i]);
		if (n > all - s->have)
			return fail(s, "invalid bit length repeat");
	}
	memset(s->length + s->have, length, n);
	s->have += n;
	return INFLATER_END;
}

static enum inflater_result
lengths(struct inflater *s, struct place *p)
{
	enum inflater_result result;

	while (s->have < s->lens + s->dists) {
		result = one_length(s, p);
		if (result != INFLATER_END)
			return result;
	}
	return make_tables(s);
}

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
copy_match(struct inflater *s, struct place *p)
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
match(struct inflater *s, struct place *p, const struct inflater_code *c)
{
	const struct inflater_code *d;
	unsigned bits = c->bits + (unsigned)c->op, length, distance;

	if (!need(s, p, bits))
		return INFLATER_MORE;
	while ((d = look_up(s->dist_table, INFLATER_DISTS_ROOT,
	    s->bits.hold >> bits))->bits > s->bits.n - bits)
		if (!need(s, p, s->bits.n + 1))
			return INFLATER_MORE;
	if (d->op >= INFLATER_BAD)
		return fail(s, "invalid distance code");
	if (!need(s, p, bits + d->bits + d->op))
		return INFLATER_MORE;
	take(&s->bits, c->bits);
	length = c->value + take(&s->bits, c->op);
	take(&s->bits, d->bits);
	distance = d->value + take(&s->bits, d->op);
	if (distance > (size_t)(p->out - s->buf))
		return fail(s, "invalid distance too far back");
	s->left = length;
	s->distance = distance;
	return copy_match(s, p);
}

/* One symbol with care, at the end of the input or the output. */
static enum inflater_result
one_symbol(struct inflater *s, struct place *p)
{
	const struct inflater_code *c;

	if (p->out == p->out_end)
		return INFLATER_MORE;
	while ((c = look_up(s->len_table, INFLATER_LENS_ROOT, s->bits.hold))->bits >
	    s->bits.n)
		if (!need(s, p, s->bits.n + 1))
			return INFLATER_MORE;
	switch (c->op) {
	case INFLATER_LITERAL:
		take(&s->bits, c->bits);
		*p->out++ = (uint8_t)c->value;
		return INFLATER_END;
	case INFLATER_BLOCK_END:
		take(&s->bits, c->bits);
		s->state = INFLATER_HEAD;
		return INFLATER_END;
	case INFLATER_BAD:
		return fail(s, "invalid literal/length code");
	default:
		return match(s, p, c);
	}
}

/* Fill up what is held: FAST_BITS at least. */
static inline void
refill(struct inflater_bits *b, struct place *p)
{
	b->hold |= le64_get(p->in) << b->n;
	p->in += (63 - b->n) >> 3;
	b->n |= FAST_BITS;
}

static inline void
literal(struct inflater_bits *b, struct place *p,
    const struct inflater_code *c)
{
	take(b, c->bits);
	*p->out++ = (uint8_t)c->value;
}

/* Whole bytes that are not used go back, if they are of this input. */
static void
give_back(struct inflater_bits *b, struct place *p, const uint8_t *first)
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
fast_match(struct inflater_bits *b, struct place *p, const uint8_t *buf,
    const struct inflater_code *dists, const struct inflater_code *c)
{
	unsigned length, distance;

	take(b, c->bits);
	length = c->value + take(b, c->op);
	if (b->n < DISTANCE_BITS)
		refill(b, p);
	c = look_up(dists, INFLATER_DISTS_ROOT, b->hold);
	if (c->op >= INFLATER_BAD)
		return "invalid distance code";
	take(b, c->bits);
	distance = c->value + take(b, c->op);
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
fast_symbols(struct inflater *s, struct place *where)
{
	struct place p = *where;
	struct inflater_bits b = s->bits;
	const struct inflater_code *lens = s->len_table, *c;
	const struct inflater_code *dists = s->dist_table;
	const char *error = NULL;

	while (p.in_end - p.in >= FAST_IN && p.out_end - p.out >= FAST_OUT &&
	    error == NULL) {
		refill(&b, &p);
		c = look_up_first(lens, INFLATER_LENS_ROOT, b.hold);
		if (c->op == INFLATER_LITERAL) {
			literal(&b, &p, c);
			c = look_up_first(lens, INFLATER_LENS_ROOT, b.hold);
			if (c->op == INFLATER_LITERAL) {
				literal(&b, &p, c);
				c = look_up_first(lens, INFLATER_LENS_ROOT,
				    b.hold);
			}
		}
		c = look_up_second(lens, INFLATER_LENS_ROOT, b.hold, c);
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
symbols(struct inflater *s, struct place *p)
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
step(struct inflater *s, struct place *p)
{
	switch (s->state) {
	case INFLATER_HEAD:
		return block_head(s, p);
	case INFLATER_STORED_HEAD:
		return stored_head(s, p);
	case INFLATER_STORED:
		return stored(s, p);
	case INFLATER_SIZES:
		return sizes(s, p);
	case INFLATER_CODE_LENGTHS:
		return code_lengths(s, p);
	case INFLATER_LENGTHS:
		return lengths(s, p);
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
	struct place p = { *in, *in + *n, out, out + most };
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
