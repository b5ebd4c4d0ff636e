/* SPDX-License-Identifier: ISC */
/* The coding br, by libbrotlidec where it is built in. */
#include <stdio.h>

#include "formats/coding.h"

#ifdef HAVE_BROTLI
#include <brotli/decode.h>

static void *
brotli_open(enum coding_kind kind)
{
	(void)kind;
	return BrotliDecoderCreateInstance(NULL, NULL, NULL);
}

static enum coding_result
brotli_run(void *state, struct coding_io *io)
{
	if (BrotliDecoderIsFinished(state))
		return io->in_left > 0 ? CODING_OVER : CODING_END;
	switch (BrotliDecoderDecompressStream(state, &io->in_left, &io->in,
	    &io->out_left, &io->out, NULL)) {
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
	return BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state));
}

static void
brotli_close(void *state)
{
	BrotliDecoderDestroyInstance(state);
}

const struct coding_ops *
coding_brotli(enum coding_kind kind)
{
	static const struct coding_ops ops = {
		brotli_open, brotli_run, brotli_error, brotli_close,
		NULL
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
