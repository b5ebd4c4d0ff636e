/* SPDX-License-Identifier: ISC */
/*
 * memcpy(3), memmove(3), memcmp(3) and strlen(3) for the static programs.
 * musl copies with `rep movs', which is slow to start, and compares byte by
 * byte; records and reports are made of short pieces.  Blocks of 8 and 16
 * bytes, the last one overlapping, as every x86-64 can.
 */
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	LONG = 1024		/* from here on `rep movsb' is at its best */
};

static inline uint64_t
load8(const void *p)
{
	return *(const uint64_t __attribute__((may_alias, aligned(1))) *)p;
}

static inline void
store8(void *p, uint64_t v)
{
	*(uint64_t __attribute__((may_alias, aligned(1))) *)p = v;
}

static inline uint32_t
load4(const void *p)
{
	return *(const uint32_t __attribute__((may_alias, aligned(1))) *)p;
}

static inline void
copy16(unsigned char *to, const unsigned char *from)
{
	_mm_storeu_si128((__m128i *)(void *)to,
	    _mm_loadu_si128((const __m128i *)(const void *)from));
}

/* Fewer than 16 bytes: the first ones and the last ones. */
static inline void
copy_short(unsigned char *to, const unsigned char *from, size_t n)
{
	if (n >= 8) {
		uint64_t last = load8(from + n - 8);

		store8(to, load8(from));
		store8(to + n - 8, last);
	} else if (n >= 4) {
		uint32_t first = load4(from), last = load4(from + n - 4);

		*(uint32_t __attribute__((may_alias, aligned(1))) *)
		    (void *)to = first;
		*(uint32_t __attribute__((may_alias, aligned(1))) *)
		    (void *)(to + n - 4) = last;
	} else if (n > 0) {
		to[0] = from[0];
		to[n / 2] = from[n / 2];
		to[n - 1] = from[n - 1];
	}
}

void *
memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	unsigned char *to = dst;
	const unsigned char *from = src;
	size_t i;

	if (n < 16) {
		copy_short(to, from, n);
		return dst;
	}
	if (n >= LONG) {
		__asm__ volatile ("rep movsb" : "+D"(to), "+S"(from), "+c"(n)
		    : : "memory");
		return dst;
	}
	for (i = 0; i + 16 < n; i += 16)
		copy16(to + i, from + i);
	copy16(to + n - 16, from + n - 16);
	return dst;
}

/*
 * In blocks of 8, each read before it is written: towards lower addresses
 * from the start, towards higher ones from the end, so that nothing is
 * written that is still to be read.
 */
void *
memmove(void *dst, const void *src, size_t n)
{
	unsigned char *to = dst;
	const unsigned char *from = src;
	size_t up = (uintptr_t)to - (uintptr_t)from, i = 0;

	if (up >= n && -up >= n)
		return memcpy(dst, src, n);
	if (to > from) {
		for (; n >= 8; n -= 8)
			store8(to + n - 8, load8(from + n - 8));
		while (n-- > 0)
			to[n] = from[n];
		return dst;
	}
	for (; i + 8 <= n; i += 8)
		store8(to + i, load8(from + i));
	for (; i < n; i++)
		to[i] = from[i];
	return dst;
}

int
memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	size_t i = 0;

	while (i + 8 <= n && load8(x + i) == load8(y + i))
		i += 8;
	for (; i < n; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

/* Aligned blocks never cross into a page that is not there. */
size_t
strlen(const char *s)
{
	const char *at = (const char *)((uintptr_t)s & ~(uintptr_t)15);
	unsigned skip = (unsigned)((uintptr_t)s & 15), found;

	found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
	    _mm_load_si128((const __m128i *)(const void *)at),
	    _mm_setzero_si128())) >> skip << skip;
	while (found == 0) {
		at += 16;
		found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
		    _mm_load_si128((const __m128i *)(const void *)at),
		    _mm_setzero_si128()));
	}
	return (size_t)(at - s) + (size_t)__builtin_ctz(found);
}
