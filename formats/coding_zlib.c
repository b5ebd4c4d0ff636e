/* SPDX-License-Identifier: ISC */
/*
 * The codings gzip (RFC 1952) and deflate (RFC 1950, or raw): heads by zlib,
 * what they wrap by our own inflater, which is faster, and trailers here.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "formats/coding.h"
#include "formats/inflater.h"
#include "libcommon/bytes.h"

enum {
	ZLIB_ANY = MAX_WBITS + 32,	/* window bits of inflateInit2() */
	ZLIB_HELD = 512,
	ZLIB_TRAILER = 4,
	GZIP_TRAILER = 8
};

enum zlib_part { PART_HEAD, PART_DATA, PART_TRAILER };

enum zlib_wrapping { WRAPPED_NOT, WRAPPED_ZLIB, WRAPPED_GZIP };

struct zlib {
	z_stream	 z;		/* for heads */
	enum zlib_part	 part;
	enum zlib_wrapping wrapping;
	bool		 head_begun;
	uint64_t	 made;		/* by this member */
	uint32_t	 check;		/* of that */
	uint8_t		 trailer[GZIP_TRAILER];
	unsigned	 trailer_length;
	bool		 gzip;		/* members may follow each other */
	bool		 ended;		/* a member is complete */
	bool		 later;		/* in a member after the first */
	bool		 decided;	/* zlib's format or raw */
	uint8_t		 held[ZLIB_HELD]; /* input until it is decided */
	size_t		 held_length, held_at;
	const char	*error;
	struct inflater	 inflater;	/* large: not zeroed */
};

static void
zlib_close(void *state)
{
	struct zlib *d = state;

	inflateEnd(&d->z);
	free(d);
}

/* A member begins, with a head or with nothing around it. */
static void
zlib_begin(struct zlib *d, bool raw)
{
	(void)inflateReset(&d->z);	/* cannot fail */
	inflater_begin(&d->inflater);
	d->part = raw ? PART_DATA : PART_HEAD;
	d->wrapping = WRAPPED_NOT;
	d->head_begun = false;
	d->made = 0;
	d->trailer_length = 0;
	d->ended = false;
}

static void
zlib_reset(void *state, enum coding_kind kind)
{
	struct zlib *d = state;

	d->gzip = d->decided = kind == CODING_GZIP;
	d->later = false;
	d->held_length = d->held_at = 0;
	d->error = NULL;
	zlib_begin(d, false);
}

static void *
zlib_open(enum coding_kind kind)
{
	struct zlib *d = malloc(sizeof(*d));

	if (d == NULL)
		return NULL;
	memset(&d->z, 0, sizeof(d->z));
	if (inflateInit2(&d->z, ZLIB_ANY) != Z_OK) {
		free(d);
		return NULL;
	}
	inflater_init(&d->inflater);
	zlib_reset(d, kind);
	return d;
}

static int
zlib_bad(struct zlib *d, const char *error)
{
	d->error = error;
	return Z_DATA_ERROR;
}

/* With Z_BLOCK zlib stops at the end of a head. */
static int
zlib_head(struct zlib *d, struct coding_io *io)
{
	uint8_t none;
	int result;

	if (!d->head_begun && io->in_left > 0) {
		d->head_begun = true;
		d->wrapping = io->in[0] == 0x1f ? WRAPPED_GZIP : WRAPPED_ZLIB;
		d->check = (uint32_t)(d->wrapping == WRAPPED_GZIP ?
		    crc32(0, NULL, 0) : adler32(0, NULL, 0));
	}
	d->z.next_in = (Bytef *)(uintptr_t)io->in;
	d->z.avail_in = (uInt)io->in_left;
	d->z.next_out = &none;
	d->z.avail_out = 0;
	result = inflate(&d->z, Z_BLOCK);
	io->in = d->z.next_in;
	io->in_left = d->z.avail_in;
	if ((result == Z_OK || result == Z_BUF_ERROR) &&
	    (d->z.data_type & 128) != 0) {
		d->part = PART_DATA;
		return Z_OK;
	}
	if (result == Z_NEED_DICT)
		d->error = "needs a dictionary";
	else if (result != Z_OK && result != Z_BUF_ERROR)
		d->error = d->z.msg != NULL ? d->z.msg : "zlib failed";
	return result;
}

static int
zlib_data(struct zlib *d, struct coding_io *io)
{
	const uint8_t *out = d->inflater.buf + d->inflater.used;
	enum inflater_result result;
	size_t made;

	result = inflater_run(&d->inflater, &io->in, &io->in_left,
	    io->out_left, &made);
	io->out_left -= made;
	d->made += made;
	if (d->wrapping == WRAPPED_GZIP)
		d->check = (uint32_t)crc32(d->check, out, (uInt)made);
	else if (d->wrapping == WRAPPED_ZLIB)
		d->check = (uint32_t)adler32(d->check, out, (uInt)made);
	if (result == INFLATER_ERROR)
		return zlib_bad(d, d->inflater.error);
	if (result == INFLATER_END)
		d->part = PART_TRAILER;
	return Z_OK;
}

/* The next of n bytes of trailer; false when the input ends before. */
static bool
trailer_take(struct zlib *d, struct coding_io *io, unsigned n)
{
	while (d->trailer_length < n && io->in_left > 0) {
		d->trailer[d->trailer_length++] = *io->in++;
		io->in_left--;
	}
	return d->trailer_length >= n;
}

static int
zlib_trailer(struct zlib *d, struct coding_io *io)
{
	if (d->wrapping == WRAPPED_NOT)
		return Z_STREAM_END;
	if (!trailer_take(d, io, ZLIB_TRAILER))
		return Z_OK;
	if (d->check != (d->wrapping == WRAPPED_GZIP ?
	    le32_get(d->trailer) : be32_get(d->trailer)))
		return zlib_bad(d, "incorrect data check");
	if (d->wrapping == WRAPPED_ZLIB)
		return Z_STREAM_END;
	if (!trailer_take(d, io, GZIP_TRAILER))
		return Z_OK;
	if (le32_get(d->trailer + 4) != (uint32_t)d->made)
		return zlib_bad(d, "incorrect length check");
	return Z_STREAM_END;
}

/* As far as input and room go; Z_STREAM_END at the end of a member. */
static int
zlib_inflate(struct zlib *d, struct coding_io *io)
{
	int result = Z_OK;

	if (d->part == PART_HEAD)
		result = zlib_head(d, io);
	if (d->part == PART_DATA)
		result = zlib_data(d, io);
	if (d->part == PART_TRAILER && result == Z_OK)
		result = zlib_trailer(d, io);
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

	if (d->made > 0 || result == Z_STREAM_END) {
		d->decided = true;
		d->held_length = 0;
	} else if (result == Z_DATA_ERROR) {
		d->decided = true;
		*io = before;
		zlib_begin(d, true);
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
	if (!d->gzip || io->in[0] != 0x1f)
		return false;
	zlib_begin(d, false);
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
	io->made = inflater_room(&d->inflater);
	result = d->decided ? zlib_step(d, io) : zlib_decide(d, io);
	switch (result) {
	case Z_STREAM_END:
		d->ended = true;
		return CODING_END;
	case Z_OK:
	case Z_BUF_ERROR:
		return CODING_MORE;
	default:
		return d->later && d->made == 0 ? CODING_OVER :
		    CODING_ERROR;
	}
}

static const char *
zlib_error(const void *state)
{
	const struct zlib *d = state;

	return d->error;
}

const struct coding_ops *
coding_zlib(enum coding_kind kind)
{
	static const struct coding_ops ops = {
		zlib_open, zlib_run, zlib_error, zlib_close,
		zlib_reset
	};

	return kind == CODING_GZIP || kind == CODING_DEFLATE ? &ops : NULL;
}

const char *
coding_zlib_version(void)
{
	return zlibVersion();
}
