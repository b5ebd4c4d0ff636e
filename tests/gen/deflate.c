/* SPDX-License-Identifier: ISC */
/* DEFLATE with fixed codes; matches by a hash of three bytes, greedily. */
#include <string.h>

#include "libcommon/bytes.h"
#include "tests/gen/deflate.h"

enum {
	HASH_BITS = 12,
	MATCH_MIN = 4,			/* shorter ones gain little */
	MATCH_MAX = 258,
	DISTANCE_MAX = 32768
};

struct bits {
	uint8_t		*out;
	uint64_t	 held;		/* bits not yet written */
	unsigned	 n;		/* how many */
};

static void
bits_put(struct bits *b, uint32_t value, unsigned n)
{
	b->held |= (uint64_t)value << b->n;
	for (b->n += n; b->n >= 8; b->n -= 8) {
		*b->out++ = (uint8_t)b->held;
		b->held >>= 8;
	}
}

/* Huffman codes go most significant bit first. */
static void
bits_put_code(struct bits *b, uint32_t code, unsigned n)
{
	uint32_t turned = 0;
	unsigned i;

	for (i = 0; i < n; i++)
		turned |= (code >> i & 1) << (n - 1 - i);
	bits_put(b, turned, n);
}

/* A literal, 256 (end of block) or a length code. */
static void
deflate_symbol(struct bits *b, unsigned s)
{
	if (s < 144)
		bits_put_code(b, 0x30 + s, 8);
	else if (s < 256)
		bits_put_code(b, 0x190 + s - 144, 9);
	else if (s < 280)
		bits_put_code(b, s - 256, 7);
	else
		bits_put_code(b, 0xc0 + s - 280, 8);
}

/*
 * Lengths (less 3) and distances (less 1) have codes that come in groups
 * of `group`, of which each second has one more extra bit.
 */
static unsigned
deflate_extra(uint32_t value, unsigned group_bits, unsigned *code)
{
	unsigned top = 0;

	while (value >> (top + 1) != 0)
		top++;
	if (top < group_bits + 1) {
		*code = value;
		return 0;
	}
	*code = ((top - group_bits) << group_bits) +
	    (unsigned)(value >> (top - group_bits));
	return top - group_bits;
}

static void
deflate_match(struct bits *b, uint32_t length, uint32_t distance)
{
	unsigned code, extra;

	if (length == MATCH_MAX) {
		deflate_symbol(b, 285);
	} else {
		extra = deflate_extra(length - 3, 2, &code);
		deflate_symbol(b, 257 + code);
		bits_put(b, (length - 3) & ((1u << extra) - 1), extra);
	}
	extra = deflate_extra(distance - 1, 1, &code);
	bits_put_code(b, code, 5);
	bits_put(b, (distance - 1) & ((1u << extra) - 1), extra);
}

static uint32_t
deflate_hash(const uint8_t *p)
{
	return le32_get(p) * 2654435761u >> (32 - HASH_BITS);
}

/* How far the bytes at `from` and `at` are the same. */
static uint32_t
deflate_same(const uint8_t *p, size_t n, size_t from, size_t at)
{
	uint32_t k = 0;

	while (k < MATCH_MAX && at + k < n && p[from + k] == p[at + k])
		k++;
	return k;
}

static void
deflate_block(struct bits *b, const uint8_t *p, size_t n)
{
	size_t last[1 << HASH_BITS], at, from;
	uint32_t k, h;

	memset(last, 0xff, sizeof(last));
	bits_put(b, 1 | 1 << 1, 3);	/* last block, fixed codes */
	for (at = 0; at < n; at += k) {
		k = 0;
		if (n - at >= MATCH_MIN) {
			h = deflate_hash(p + at);
			from = last[h];
			last[h] = at;
			if (from < at && at - from <= DISTANCE_MAX)
				k = deflate_same(p, n, from, at);
		}
		if (k >= MATCH_MIN)
			deflate_match(b, k, (uint32_t)(at - from));
		else
			deflate_symbol(b, p[at]), k = 1;
	}
	deflate_symbol(b, 256);
	bits_put(b, 0, 7);		/* to the end of a byte */
}

/* CRC-32 of RFC 1952 section 8, four bits at a time. */
static uint32_t
deflate_crc(const uint8_t *p, size_t n)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c
	};
	uint32_t crc = 0xffffffff;

	for (; n > 0; p++, n--) {
		crc ^= *p;
		crc = table[crc & 15] ^ crc >> 4;
		crc = table[crc & 15] ^ crc >> 4;
	}
	return ~crc;
}

size_t
deflate_gzip(uint8_t *out, const uint8_t *bytes, size_t n)
{
	static const uint8_t head[10] = { 31, 139, 8, 0, 0, 0, 0, 0, 0, 3 };
	struct bits b = { out + sizeof(head), 0, 0 };

	memcpy(out, head, sizeof(head));
	deflate_block(&b, bytes, n);
	le32_put(b.out, deflate_crc(bytes, n));
	le32_put(b.out + 4, (uint32_t)n);
	return (size_t)(b.out + 8 - out);
}
