/* SPDX-License-Identifier: ISC */
/* The codings gzip and deflate, by zlib. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "formats/coding.h"

/* Window bits as inflateInit2() wants them. */
enum { ZLIB_ANY = MAX_WBITS + 32, ZLIB_RAW = -MAX_WBITS };

enum { ZLIB_HELD = 512, ZLIB_WEIGHT = 40 << 10 }; /* its window and tables */

struct zlib {
	z_stream	 z;
	bool		 gzip;		/* members may follow each other */
	bool		 ended;		/* a member is complete */
	bool		 later;		/* in a member after the first */
	bool		 decided;	/* zlib's format or raw */
	uint8_t		 held[ZLIB_HELD]; /* input until it is decided */
	size_t		 held_length, held_at;
	const char	*error;
};

static void
zlib_close(void *state)
{
	struct zlib *d = state;

	inflateEnd(&d->z);
	free(d);
}

static void
zlib_reset(void *state, enum coding_kind kind)
{
	struct zlib *d = state;

	(void)inflateReset2(&d->z, ZLIB_ANY);	/* cannot fail */
	d->gzip = d->decided = kind == CODING_GZIP;
	d->ended = d->later = false;
	d->held_length = d->held_at = 0;
	d->error = NULL;
}

static void *
zlib_open(enum coding_kind kind)
{
	struct zlib *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	if (inflateInit2(&d->z, ZLIB_ANY) != Z_OK) {
		free(d);
		return NULL;
	}
	zlib_reset(d, kind);
	return d;
}

static int
zlib_inflate(struct zlib *d, struct coding_io *io)
{
	int result;

	d->z.next_in = (Bytef *)(uintptr_t)io->in;
	d->z.avail_in = (uInt)io->in_left;
	d->z.next_out = io->out;
	d->z.avail_out = (uInt)io->out_left;
	result = inflate(&d->z, Z_NO_FLUSH);
	io->in = d->z.next_in;
	io->in_left = d->z.avail_in;
	io->out = d->z.next_out;
	io->out_left = d->z.avail_out;
	return result;
}

/* What was held before goes first, then the input. */
static int
zlib_step(struct zlib *d, struct coding_io *io)
{
	struct coding_io held = *io;
	int result;

	if (d->held_at < d->held_length) {
		held.in = d->held + d->held_at;
		held.in_left = d->held_length - d->held_at;
		result = zlib_inflate(d, &held);
		d->held_at = d->held_length - held.in_left;
		io->out = held.out;
		io->out_left = held.out_left;
		if ((result != Z_OK && result != Z_BUF_ERROR) ||
		    io->out_left == 0)
			return result;
	}
	return zlib_inflate(d, io);
}

/*
 * "deflate" should be zlib's format, but raw deflate is sent too: when what
 * came first is no zlib, the same bytes are tried as raw.
 */
static int
zlib_decide(struct zlib *d, struct coding_io *io)
{
	const struct coding_io before = *io;
	int result = zlib_inflate(d, io);

	if (d->z.total_out > 0 || result == Z_STREAM_END) {
		d->decided = true;
		d->held_length = 0;
	} else if (result == Z_DATA_ERROR) {
		d->decided = true;
		*io = before;
		if (inflateReset2(&d->z, ZLIB_RAW) == Z_OK)
			return zlib_step(d, io);
	} else if (before.in_left > ZLIB_HELD - d->held_length) {
		d->decided = true;
		d->held_length = 0;
	} else {
		memcpy(d->held + d->held_length, before.in, before.in_left);
		d->held_length += before.in_left;
	}
	return result;
}

/* After a complete member: does another one follow? */
static bool
zlib_another(struct zlib *d, const struct coding_io *io)
{
	if (!d->gzip || io->in[0] != 0x1f || inflateReset(&d->z) != Z_OK)
		return false;
	d->ended = false;
	d->later = true;
	return true;
}

static enum coding_result
zlib_run(void *state, struct coding_io *io)
{
	struct zlib *d = state;
	int result;

	if (d->ended) {
		if (io->in_left == 0)
			return CODING_END;
		if (!zlib_another(d, io))
			return CODING_OVER;
	}
	result = d->decided ? zlib_step(d, io) : zlib_decide(d, io);
	switch (result) {
	case Z_STREAM_END:
		d->ended = true;
		return CODING_END;
	case Z_OK:
	case Z_BUF_ERROR:
		return CODING_MORE;
	default:
		d->error = result == Z_NEED_DICT ? "needs a dictionary" :
		    d->z.msg != NULL ? d->z.msg : "zlib failed";
		return d->later && d->z.total_out == 0 ? CODING_OVER :
		    CODING_ERROR;
	}
}

static const char *
zlib_error(const void *state)
{
	const struct zlib *d = state;

	return d->error;
}

static size_t
zlib_weight(const void *state)
{
	(void)state;
	return sizeof(struct zlib) + ZLIB_WEIGHT;
}

const struct coding_ops *
coding_zlib(enum coding_kind kind)
{
	static const struct coding_ops ops = {
		zlib_open, zlib_run, zlib_error, zlib_weight, zlib_close,
		zlib_reset
	};

	return kind == CODING_GZIP || kind == CODING_DEFLATE ? &ops : NULL;
}

const char *
coding_zlib_version(void)
{
	return zlibVersion();
}
