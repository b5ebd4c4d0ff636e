/* SPDX-License-Identifier: ISC */
/* Heads of DEFLATE blocks, and blocks that are only stored. */
#include <string.h>

#include "formats/inflater_impl.h"

enum {
	CODES_ROOT = 7, CODES_MAX = 19,
	FIXED_LENS = 288, FIXED_DISTS = 32,
	BLOCK_END = 256			/* the symbol */
};

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

enum inflater_result
inflater_block(struct inflater *s, struct inflater_place *p)
{
	if (s->last) {
		s->state = INFLATER_DONE;
		inflater_take(&s->bits, s->bits.n & 7);
		return INFLATER_END;
	}
	if (!inflater_need(s, p, 3))
		return INFLATER_MORE;
	s->last = inflater_take(&s->bits, 1) != 0;
	switch (inflater_take(&s->bits, 2)) {
	case 0:
		inflater_take(&s->bits, s->bits.n & 7);
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
		return inflater_fail(s, "invalid block type");
	}
}

enum inflater_result
inflater_stored_head(struct inflater *s, struct inflater_place *p)
{
	unsigned length;

	if (!inflater_need(s, p, 32))
		return INFLATER_MORE;
	length = inflater_take(&s->bits, 16);
	if (length != (inflater_take(&s->bits, 16) ^ 0xffff))
		return inflater_fail(s, "invalid stored block lengths");
	s->left = length;
	s->state = INFLATER_STORED;
	return INFLATER_END;
}

enum inflater_result
inflater_stored(struct inflater *s, struct inflater_place *p)
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

enum inflater_result
inflater_sizes(struct inflater *s, struct inflater_place *p)
{
	if (!inflater_need(s, p, 14))
		return INFLATER_MORE;
	s->lens = inflater_take(&s->bits, 5) + 257;
	s->dists = inflater_take(&s->bits, 5) + 1;
	s->codes = inflater_take(&s->bits, 4) + 4;
	if (s->lens > INFLATER_LENS || s->dists > INFLATER_DISTS)
		return inflater_fail(s, "too many length or distance symbols");
	memset(s->length, 0, CODES_MAX);
	s->have = 0;
	s->state = INFLATER_CODE_LENGTHS;
	return INFLATER_END;
}

/* The code that the lengths of codes come in; its table is kept for now. */
enum inflater_result
inflater_code_lengths(struct inflater *s, struct inflater_place *p)
{
	static const uint8_t order[CODES_MAX] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14,
		1, 15
	};

	for (; s->have < s->codes; s->have++) {
		if (!inflater_need(s, p, 3))
			return INFLATER_MORE;
		s->length[order[s->have]] = (uint8_t)inflater_take(&s->bits, 3);
	}
	if (inflater_table(s->own_dists, INFLATER_DISTS_SIZE, CODES_ROOT,
	    INFLATER_SET_CODES, s->length, CODES_MAX) == -1)
		return inflater_fail(s, "invalid code lengths set");
	s->have = 0;
	s->state = INFLATER_LENGTHS;
	return INFLATER_END;
}

static enum inflater_result
make_tables(struct inflater *s)
{
	if (s->length[BLOCK_END] == 0)
		return inflater_fail(s, "invalid code -- missing end-of-block");
	if (inflater_table(s->own_lens, INFLATER_LENS_SIZE,
	    INFLATER_LENS_ROOT, INFLATER_SET_LENS, s->length, s->lens) == -1)
		return inflater_fail(s, "invalid literal/lengths set");
	if (inflater_table(s->own_dists, INFLATER_DISTS_SIZE,
	    INFLATER_DISTS_ROOT, INFLATER_SET_DISTS, s->length + s->lens,
	    s->dists) == -1)
		return inflater_fail(s, "invalid distances set");
	s->len_table = s->own_lens;
	s->dist_table = s->own_dists;
	s->state = INFLATER_SYMBOLS;
	return INFLATER_END;
}

/* One length, or a run of one; END when there is another. */
static enum inflater_result
one_length(struct inflater *s, struct inflater_place *p)
{
	static const uint8_t extra[] = { 2, 3, 7 }, base[] = { 3, 3, 11 };
	const struct inflater_code *c;
	unsigned all = s->lens + s->dists, n = 1, i;
	uint8_t length;

	while ((c = inflater_look(s->own_dists, CODES_ROOT,
	    s->bits.hold))->bits > s->bits.n)
		if (!inflater_need(s, p, s->bits.n + 1))
			return INFLATER_MORE;
	length = (uint8_t)c->value;
	if (c->value < 16) {
		inflater_take(&s->bits, c->bits);
	} else {
		i = c->value - 16U;
		if (!inflater_need(s, p, c->bits + (unsigned)extra[i]))
			return INFLATER_MORE;
		inflater_take(&s->bits, c->bits);
		if (i == 0 && s->have == 0)
			return inflater_fail(s, "invalid bit length repeat");
		length = i == 0 ? s->length[s->have - 1] : 0;
		n = base[i] + inflater_take(&s->bits, extra[i]);
		if (n > all - s->have)
			return inflater_fail(s, "invalid bit length repeat");
	}
	memset(s->length + s->have, length, n);
	s->have += n;
	return INFLATER_END;
}

enum inflater_result
inflater_lengths(struct inflater *s, struct inflater_place *p)
{
	enum inflater_result result;

	while (s->have < s->lens + s->dists) {
		result = one_length(s, p);
		if (result != INFLATER_END)
			return result;
	}
	return make_tables(s);
}
