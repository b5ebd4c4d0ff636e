/* SPDX-License-Identifier: ISC */
/*
 * Tables that decode Huffman codes, RFC 1951 section 3.2.  The first table
 * is looked up with the next `root` bits; a longer code leads from there to
 * a second one, for the bits that follow.
 */
#include <string.h>

#include "formats/inflater.h"

enum {
	BITS_MAX = 15,			/* of a code */
	SYMBOLS_MAX = 288,
	LENGTHS_FIRST = 257		/* symbol of the first length */
};

struct codes {
	unsigned	 count[BITS_MAX + 1];
	uint16_t	 symbol[SYMBOLS_MAX]; /* by length, then number */
	unsigned	 n;		/* symbols with a code */
	unsigned	 longest;
};

/* RFC 1951 section 3.2.5. */
static struct inflater_code
length_code(unsigned symbol)
{
	static const uint16_t base[] = {
		3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35,
		43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258
	};
	static const uint8_t extra[] = {
		0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
		4, 4, 4, 4, 5, 5, 5, 5, 0
	};
	unsigned i = symbol - LENGTHS_FIRST;
	struct inflater_code c = { 0, 0, INFLATER_BAD };

	if (symbol < 256) {
		c.value = (uint16_t)symbol;
		c.op = INFLATER_LITERAL;
	} else if (symbol == 256) {
		c.op = INFLATER_BLOCK_END;
	} else if (i < sizeof(extra)) {
		c.value = base[i];
		c.op = extra[i];
	}
	return c;
}

static struct inflater_code
distance_code(unsigned symbol)
{
	static const uint16_t base[] = {
		1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193,
		257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
		12289, 16385, 24577
	};
	struct inflater_code c = { 0, 0, INFLATER_BAD };

	if (symbol < INFLATER_DISTS) {
		c.value = base[symbol];
		c.op = (uint8_t)(symbol < 4 ? 0 : symbol / 2 - 1);
	}
	return c;
}

static struct inflater_code
symbol_code(enum inflater_set set, unsigned symbol)
{
	struct inflater_code c = { (uint16_t)symbol, 0, 0 };

	switch (set) {
	case INFLATER_SET_LENS:
		return length_code(symbol);
	case INFLATER_SET_DISTS:
		return distance_code(symbol);
	case INFLATER_SET_CODES:
		break;
	}
	return c;
}

/* Sort the symbols by the lengths of their codes. */
static void
codes_sort(struct codes *c, const uint8_t *length, unsigned n)
{
	unsigned at[BITS_MAX + 1], i;

	memset(c->count, 0, sizeof(c->count));
	for (i = 0; i < n; i++)
		c->count[length[i]]++;
	c->n = n - c->count[0];
	c->count[0] = 0;
	at[0] = 0;
	c->longest = 0;
	for (i = 1; i <= BITS_MAX; i++) {
		at[i] = at[i - 1] + c->count[i - 1];
		if (c->count[i] > 0)
			c->longest = i;
	}
	for (i = 0; i < n; i++)
		if (length[i] != 0)
			c->symbol[at[length[i]]++] = (uint16_t)i;
}

/*
 * How many codes of the greatest length are left over: below 0, they are
 * more than there can be.
 */
static int
codes_left(const struct codes *c)
{
	int left = 1;
	unsigned i;

	for (i = 1; i <= BITS_MAX && left >= 0; i++)
		left = 2 * left - (int)c->count[i];
	return left;
}

/*
 * The code after this one of n bits; codes begin with their high bit, which
 * is the low bit here.
 */
static unsigned
code_after(unsigned code, unsigned n)
{
	unsigned bit = 1U << (n - 1);

	while ((code & bit) != 0)
		bit >>= 1;
	return bit == 0 ? 0 : (code & (bit - 1)) + bit;
}

/* How many bits a second table must look at for codes from n bits on. */
static unsigned
second_bits(const unsigned count[BITS_MAX + 1], unsigned n, unsigned root,
    unsigned longest)
{
	int left = 1 << (n - root);

	for (; n < longest; n++) {
		left -= (int)count[n];
		if (left <= 0)
			break;
		left *= 2;
	}
	return n - root;
}

/* Every place whose index ends with the bits of the code. */
static void
spread(struct inflater_code *table, unsigned bits, unsigned from,
    unsigned step, struct inflater_code entry)
{
	unsigned i;

	for (i = from; i < 1U << bits; i += step)
		table[i] = entry;
}

/* The codes in order; `count` goes down to what is still to come. */
static int
fill(struct inflater_code *table, size_t size, unsigned root,
    enum inflater_set set, struct codes *c)
{
	unsigned code = 0, bits = 1, i, mask = (1U << root) - 1;
	unsigned second = 0, low = UINT32_MAX;
	size_t used = (size_t)1 << root, at = 0;
	struct inflater_code entry;

	for (i = 0; i < c->n; i++) {
		while (c->count[bits] == 0)
			bits++;
		entry = symbol_code(set, c->symbol[i]);
		entry.bits = (uint8_t)bits;
		if (bits <= root) {
			spread(table, root, code, 1U << bits, entry);
		} else {
			if ((code & mask) != low) {
				low = code & mask;
				second = second_bits(c->count, bits, root,
				    c->longest);
				at = used;
				used += (size_t)1 << second;
				if (used > size)
					return -1;
				table[low].value = (uint16_t)at;
				table[low].bits = (uint8_t)root;
				table[low].op = (uint8_t)(INFLATER_SECOND |
				    second);
			}
			spread(table + at, second, code >> root,
			    1U << (bits - root), entry);
		}
		c->count[bits]--;
		code = code_after(code, bits);
	}
	return 0;
}

int
inflater_table(struct inflater_code *table, size_t size, unsigned root,
    enum inflater_set set, const uint8_t *length, unsigned n)
{
	static const struct inflater_code bad = { 0, 1, INFLATER_BAD };
	struct codes c;
	int left;

	codes_sort(&c, length, n);
	left = codes_left(&c);
	if (left < 0)
		return -1;
	/* One code of one bit may stand alone; no code at all is seen later. */
	if (left > 0 && c.longest > 0 &&
	    (set == INFLATER_SET_CODES || c.longest != 1))
		return -1;
	if (left > 0)
		spread(table, root, 0, 1, bad);
	return fill(table, size, root, set, &c);
}
