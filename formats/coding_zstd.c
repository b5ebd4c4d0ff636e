/* SPDX-License-Identifier: ISC */
/* The coding zstd (RFC 8878, RFC 9659), by libzstd where it is built in. */
#include "formats/coding.h"

#ifdef HAVE_ZSTD
#include <stdlib.h>
#include <zstd.h>

struct zstd {
	ZSTD_DStream	*stream;
	const char	*error;
	bool		 whole;		/* a frame is complete */
	bool		 made;		/* this frame has made bytes */
	uint64_t	 total;		/* bytes made by all frames */
};

enum { ZSTD_TABLES = 256 << 10 };	/* and one block, bytes */

static void
zstd_close(void *state)
{
	struct zstd *z = state;

	ZSTD_freeDStream(z->stream);
	free(z);
}

static void *
zstd_open(enum coding_kind kind)
{
	struct zstd *z = calloc(1, sizeof(*z));

	(void)kind;
	if (z == NULL)
		return NULL;
	z->stream = ZSTD_createDStream();
	if (z->stream == NULL || ZSTD_isError(ZSTD_DCtx_setParameter(
	    z->stream, ZSTD_d_windowLogMax, CODING_ZSTD_WINDOW))) {
		zstd_close(z);
		return NULL;
	}
	return z;
}

/* Frames may follow each other; what begins none is no part. */
static enum coding_result
zstd_run(void *state, struct coding_io *io)
{
	struct zstd *z = state;
	ZSTD_inBuffer in = { io->in, io->in_left, 0 };
	ZSTD_outBuffer out = { io->out, io->out_left, 0 };
	size_t rest;

	if (z->whole && !z->made && io->in_left == 0)
		return CODING_END;
	rest = ZSTD_decompressStream(z->stream, &out, &in);
	io->in += in.pos;
	io->in_left -= in.pos;
	io->out += out.pos;
	io->out_left -= out.pos;
	z->total += out.pos;
	if (ZSTD_isError(rest)) {
		z->error = ZSTD_getErrorName(rest);
		return z->whole && !z->made ? CODING_OVER : CODING_ERROR;
	}
	z->made = rest != 0 && (z->made || out.pos > 0);
	z->whole |= rest == 0;
	return rest == 0 ? CODING_END : CODING_MORE;
}

static const char *
zstd_error(const void *state)
{
	const struct zstd *z = state;

	return z->error;
}

/* The window is asked for at once, but used only as far as bytes are made. */
static size_t
zstd_weight(const void *state)
{
	const struct zstd *z = state;
	size_t whole = ZSTD_sizeof_DStream(z->stream);

	return sizeof(*z) + (whole > ZSTD_TABLES + z->total ?
	    ZSTD_TABLES + (size_t)z->total : whole);
}

const struct coding_ops *
coding_zstd(enum coding_kind kind)
{
	static const struct coding_ops ops = {
		zstd_open, zstd_run, zstd_error, zstd_weight, zstd_close,
		NULL
	};

	return kind == CODING_ZSTD ? &ops : NULL;
}

const char *
coding_zstd_version(void)
{
	return ZSTD_versionString();
}

#else

const struct coding_ops *
coding_zstd(enum coding_kind kind)
{
	(void)kind;
	return NULL;
}

const char *
coding_zstd_version(void)
{
	return NULL;
}

#endif
