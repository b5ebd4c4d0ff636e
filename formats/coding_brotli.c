/* SPDX-License-Identifier: ISC */
/* The coding br, by libbrotlidec where it is built in. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/coding.h"

#ifdef HAVE_BROTLI
#include <brotli/decode.h>

struct brotli {
	BrotliDecoderState *decoder;
	size_t		 weight;	/* of what it has allocated */
};

/* Before each of its allocations: how large that is. */
union brotli_size {
	size_t		 n;
	max_align_t	 alignment;
};

static void *
brotli_allocate(void *opaque, size_t n)
{
	struct brotli *b = opaque;
	union brotli_size *p;

	if (n > SIZE_MAX - sizeof(*p) || (p = malloc(sizeof(*p) + n)) == NULL)
		return NULL;
	p->n = n;
	b->weight += n;
	return p + 1;
}

static void
brotli_free(void *opaque, void *address)
{
	struct brotli *b = opaque;
	union brotli_size *p = address;

	if (p == NULL)
		return;
	p--;
	b->weight -= p->n;
	free(p);
}

static void *
brotli_open(enum coding_kind kind)
{
	struct brotli *b = calloc(1, sizeof(*b));

	(void)kind;
	if (b == NULL)
		return NULL;
	b->decoder = BrotliDecoderCreateInstance(brotli_allocate, brotli_free,
	    b);
	if (b->decoder == NULL) {
		free(b);
		return NULL;
	}
	return b;
}

static enum coding_result
brotli_run(void *state, struct coding_io *io)
{
	struct brotli *b = state;

	if (BrotliDecoderIsFinished(b->decoder))
		return io->in_left > 0 ? CODING_OVER : CODING_END;
	switch (BrotliDecoderDecompressStream(b->decoder, &io->in_left,
	    &io->in, &io->out_left, &io->out, NULL)) {
	case BROTLI_DECODER_RESULT_SUCCESS:
		return CODING_END;
	case BROTLI_DECODER_RESULT_ERROR:
		return CODING_ERROR;
	default:
		return CODING_MORE;
	}
}

static const char *
brotli_error(const void *state)
{
	const struct brotli *b = state;

	return BrotliDecoderErrorString(BrotliDecoderGetErrorCode(b->decoder));
}

static size_t
brotli_weight(const void *state)
{
	const struct brotli *b = state;

	return sizeof(*b) + b->weight;
}

static void
brotli_close(void *state)
{
	struct brotli *b = state;

	BrotliDecoderDestroyInstance(b->decoder);
	free(b);
}

const struct coding_ops *
coding_brotli(enum coding_kind kind)
{
	static const struct coding_ops ops = {
		brotli_open, brotli_run, brotli_error, brotli_weight,
		brotli_close, NULL
	};

	return kind == CODING_BR ? &ops : NULL;
}

const char *
coding_brotli_version(char text[CODING_VERSION_MAX])
{
	unsigned v = BrotliDecoderVersion();

	snprintf(text, CODING_VERSION_MAX, "%u.%u.%u", v >> 24, v >> 12 & 0xfff,
	    v & 0xfff);
	return text;
}

#else

const struct coding_ops *
coding_brotli(enum coding_kind kind)
{
	(void)kind;
	return NULL;
}

const char *
coding_brotli_version(char text[CODING_VERSION_MAX])
{
	(void)text;
	return NULL;
}

#endif
