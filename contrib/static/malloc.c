/* SPDX-License-Identifier: ISC */
/*
 * malloc(3) for the static programs.  musl's gives memory back to the
 * kernel so eagerly, and takes so much care, that programs which make and
 * free many small things need half as much CPU time again as with glibc.
 *
 * Blocks come in classes, four to each doubling of the size; a freed block
 * goes onto its class's list and is used again first.  New ones are cut
 * from pieces of 1 MiB that stay ours.  What is larger than 256 KiB is a
 * mapping of its own and goes back when it is freed.
 *
 * The programs have one thread.  A word before each block says its class,
 * mixed with its address and a secret: a block freed twice, or written
 * over from the one before, ends the program.
 */
#include <sys/auxv.h>
#include <sys/mman.h>

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEAD = 16,		/* before each block; keeps it at 16 bytes */
	CLASSES = 52,		/* 16, 32, 48 ... 128, 160, 192 ... SMALL_MAX */
	LARGE = 255,		/* instead of a class: a mapping */
	FREED = 254,		/* instead of a class: on a list */
	PIECE = 1 << 20,
	SMALL_MAX = 256 << 10
};

struct head {
	uint64_t	check;	/* class ^ address ^ secret */
	uint64_t	size;	/* of a mapping, with its head's page */
};

struct freed {
	struct freed	*next;
};

static struct {
	struct freed	*list[CLASSES];
	char		*cut, *end;	/* what is left of the last piece */
	uint64_t	 secret;
} heap;

static uint64_t
heap_secret(void)
{
	uint64_t words[2] = { 0, 0 };
	const void *random = (const void *)(uintptr_t)getauxval(AT_RANDOM);

	if (heap.secret == 0) {
		if (random != NULL)
			memcpy(words, random, sizeof(words));
		heap.secret = (words[1] ^ words[0] >> 7) | 256;
	}
	return heap.secret;
}

/* The class of a size, and the size of its blocks. */
static unsigned
class_of(size_t size, size_t *rounded)
{
	unsigned top, class;
	size_t step;

	if (size <= 128) {
		class = size == 0 ? 0 : (unsigned)((size - 1) / 16);
		*rounded = (class + 1) * 16;
		return class;
	}
	top = 63 - (unsigned)__builtin_clzll(size - 1);	/* 7 for 129..256 */
	step = (size_t)1 << (top - 2);
	class = (unsigned)((size - 1 - ((size_t)1 << top)) / step);
	*rounded = ((size_t)1 << top) + (class + 1) * step;
	return 8 + (top - 7) * 4 + class;
}

/* The size of a class's blocks. */
static size_t
class_size(unsigned class)
{
	unsigned top = 7 + (class - 8) / 4;

	if (class < 8)
		return (class + 1) * 16;
	return ((size_t)1 << top) + ((class - 8) % 4 + 1) *
	    ((size_t)1 << (top - 2));
}

static void
head_set(struct head *h, unsigned class)
{
	h->check = class ^ (uint64_t)(uintptr_t)h ^ heap_secret();
}

static struct head *
head_of(void *block)
{
	return (struct head *)(void *)((char *)block - HEAD);
}

static uint64_t
head_read(const struct head *h)
{
	return h->check ^ (uint64_t)(uintptr_t)h ^ heap.secret;
}

/* The class of a block; what is no block ends the program. */
static unsigned
head_class(const struct head *h)
{
	uint64_t class = head_read(h);

	if (class >= CLASSES && class != LARGE)
		__builtin_trap();
	return (unsigned)class;
}

static void *
map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* A new block, cut from the last piece or from a new one. */
static void *
cut(size_t size, unsigned class)
{
	struct head *h;

	if ((size_t)(heap.end - heap.cut) < size + HEAD) {
		heap.cut = map(PIECE);
		heap.end = heap.cut == NULL ? NULL : heap.cut + PIECE;
		if (heap.cut == NULL)
			return NULL;
	}
	h = (struct head *)(void *)heap.cut;
	heap.cut += size + HEAD;
	head_set(h, class);
	return (char *)h + HEAD;
}

static void *
large(size_t size)
{
	size_t whole = (size + HEAD + 4095) & ~(size_t)4095;
	struct head *h = whole < size ? NULL : map(whole);

	if (h == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	h->size = whole;
	head_set(h, LARGE);
	return (char *)h + HEAD;
}

/* *fresh: it comes from the kernel and is all zeros. */
static void *
get(size_t size, int *fresh)
{
	struct freed *f;
	unsigned class;
	size_t rounded;

	*fresh = 1;
	if (size > SMALL_MAX)
		return large(size);
	class = class_of(size, &rounded);
	f = heap.list[class];
	if (f == NULL)
		return cut(rounded, class);
	if (head_read(head_of(f)) != FREED)
		__builtin_trap();
	*fresh = 0;
	heap.list[class] = f->next;
	head_set(head_of(f), class);
	return f;
}

static size_t
block_size(void *block)
{
	struct head *h = head_of(block);
	unsigned class = head_class(h);

	return class == LARGE ? h->size - HEAD : class_size(class);
}

void *
malloc(size_t size)
{
	int fresh;

	return get(size, &fresh);
}

void *
calloc(size_t n, size_t size)
{
	size_t all;
	void *p;
	int fresh;

	if (__builtin_mul_overflow(n, size, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	p = get(all, &fresh);
	return p == NULL || fresh ? p : memset(p, 0, all);
}

void
free(void *block)
{
	struct head *h = head_of(block);
	struct freed *f = block;
	unsigned class;
	int error = errno;

	if (block == NULL)
		return;
	class = head_class(h);
	if (class == LARGE) {
		munmap(h, h->size);
		errno = error;
		return;
	}
	head_set(h, FREED);
	f->next = heap.list[class];
	heap.list[class] = f;
}

static void *
large_again(struct head *h, size_t size)
{
	size_t whole = (size + HEAD + 4095) & ~(size_t)4095;

	if (whole < size) {
		errno = ENOMEM;
		return NULL;
	}
	h = mremap(h, h->size, whole, MREMAP_MAYMOVE);
	if (h == MAP_FAILED)
		return NULL;
	h->size = whole;
	head_set(h, LARGE);
	return (char *)h + HEAD;
}

void *
realloc(void *block, size_t size)
{
	size_t old;
	void *p;

	if (block == NULL)
		return malloc(size);
	old = block_size(block);
	if (old > SMALL_MAX && size > SMALL_MAX)
		return large_again(head_of(block), size);
	if (size <= old && size > old / 2)
		return block;
	p = malloc(size);
	if (p == NULL)
		return NULL;
	memcpy(p, block, old < size ? old : size);
	free(block);
	return p;
}

size_t
malloc_usable_size(void *block)
{
	return block == NULL ? 0 : block_size(block);
}
