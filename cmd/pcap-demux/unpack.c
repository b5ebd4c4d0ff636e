/* SPDX-License-Identifier: ISC */
/* Decompression, in this process or by a program. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "cmd/pcap-demux/unpack.h"
#include "cmd/pcap-demux/unpack_program.h"
#include "cmd/pcap-demux/unpack_zip.h"

enum { ZSTD_FIRST = 5 };	/* of a frame: its size is in these */

struct unpack {
	enum unpack_format format;
	struct packed	 in;
	bool		 inside;	/* a member or frame is begun */
	const char	*error;		/* of decompression, or NULL */
	z_stream	 z;
#ifdef HAVE_ZSTD
	ZSTD_DStream	*zstd;
	size_t		 zstd_wants;	/* packed bytes to give at a time */
#endif
	struct unpack_program *program;
	struct unpack_zip *zip;
};

static const struct {
	const char	*magic;
	size_t		 length;
	enum unpack_format format;
} magics[] = {
	{ "\x1f\x8b\x08", 3, UNPACK_GZIP },
	{ "\x28\xb5\x2f\xfd", 4, UNPACK_ZSTD },
	{ "\xfd" "7zXZ", 6, UNPACK_XZ },	/* with its NUL */
	{ "PK\3\4", 4, UNPACK_ZIP },
	{ "BZh", 3, UNPACK_BZIP2 },
	{ "\x04\x22\x4d\x18", 4, UNPACK_LZ4 },
	{ "\x02\x21\x4c\x18", 4, UNPACK_LZ4 },	/* legacy */
	{ "\x5d\x00\x00", 3, UNPACK_LZMA },
	{ "\x1f\x9d", 2, UNPACK_COMPRESS },
};

/* The packed bytes have ended: within a member it is an error. */
static ssize_t
packed_end(struct unpack *u)
{
	if (u->in.error != NULL)
		u->error = u->in.error;
	else if (u->inside)
		u->error = "compressed data cut short";
	return u->error == NULL ? 0 : -1;
}

/*
 * Between members: is there another one?  Zeros after the last are padding, as
 * gzip(1) takes them; else it may be a damaged member, so it is not let pass.
 */
static bool
next_member(struct unpack *u)
{
	while (u->in.at < u->in.n && u->in.piece[u->in.at] == 0)
		u->in.at++;
	if (u->in.at < u->in.n && u->in.piece[u->in.at] != 0x1f)
		u->error = "garbage after the compressed data";
	return u->in.at < u->in.n && u->error == NULL;
}

/* A gzip file is one member or more. */
static ssize_t
gzip_read(struct unpack *u, uint8_t *buf, size_t size)
{
	int result;

	u->z.next_out = buf;
	u->z.avail_out = (uInt)size;
	while (u->z.avail_out == size) {
		if (!packed_more(&u->in))
			return packed_end(u);
		if (!u->inside && !next_member(u)) {
			if (u->error != NULL)
				break;
			continue;
		}
		u->inside = true;
		u->z.next_in = u->in.piece + u->in.at;
		u->z.avail_in = (uInt)(u->in.n - u->in.at);
		result = inflate(&u->z, Z_NO_FLUSH);
		u->in.at = u->in.n - u->z.avail_in;
		if (result == Z_STREAM_END) {
			u->inside = false;
			inflateReset(&u->z);
		} else if (result != Z_OK && result != Z_BUF_ERROR) {
			u->error = u->z.msg != NULL ? u->z.msg :
			    "damaged gzip data";
			break;
		}
	}
	if (u->z.avail_out == size)
		return -1;
	return (ssize_t)(size - u->z.avail_out);
}

#ifdef HAVE_ZSTD
/*
 * The library is given a block at a time, as it asks for them: in a call
 * that fails, all that was decompressed before the damage would be lost.
 */
static ssize_t
zstd_read(struct unpack *u, uint8_t *buf, size_t size)
{
	ZSTD_outBuffer out = { buf, size, 0 };
	ZSTD_inBuffer in;
	size_t left;

	while (out.pos == 0) {
		if (!packed_more(&u->in))
			return packed_end(u);
		in.src = u->in.piece;
		in.pos = u->in.at;
		in.size = u->in.n - u->in.at < u->zstd_wants ? u->in.n :
		    u->in.at + u->zstd_wants;
		left = ZSTD_decompressStream(u->zstd, &out, &in);
		u->in.at = in.pos;
		if (ZSTD_isError(left)) {
			u->error = ZSTD_getErrorName(left);
			return -1;
		}
		u->inside = left != 0;
		u->zstd_wants = left != 0 ? left : ZSTD_FIRST;
	}
	return (ssize_t)out.pos;
}
#endif

static bool
in_process(enum unpack_format format)
{
#ifdef HAVE_ZSTD
	if (format == UNPACK_ZSTD)
		return true;
#endif
	return format == UNPACK_GZIP || format == UNPACK_ZIP;
}

static const char *
begin(struct unpack *u, int fd, const uint8_t *first, size_t n)
{
	const char *why = NULL;

	if (!in_process(u->format)) {
		u->program = unpack_program_open(u->format, fd, first, n,
		    &why);
		return why;
	}
	if (u->format == UNPACK_ZIP) {
		u->zip = unpack_zip_open(&u->in);
		return u->zip == NULL ? "out of memory" : NULL;
	}
#ifdef HAVE_ZSTD
	if (u->format == UNPACK_ZSTD) {
		u->zstd = ZSTD_createDStream();
		u->zstd_wants = ZSTD_FIRST;
		return u->zstd == NULL ? "out of memory" : NULL;
	}
#endif
	return inflateInit2(&u->z, 15 + 16) == Z_OK ? NULL : "out of memory";
}

static void
release(struct unpack *u)
{
	if (u->format == UNPACK_GZIP)
		inflateEnd(&u->z);
#ifdef HAVE_ZSTD
	ZSTD_freeDStream(u->zstd);
#endif
	unpack_zip_close(u->zip);
	free(u->in.piece);
	free(u);
}

enum unpack_format
unpack_recognise(const uint8_t *bytes, size_t n)
{
	size_t i;

	/* Frames to skip have 16 magics (RFC 8878 section 3.1.2). */
	if (n >= 4 && (bytes[0] & 0xf0) == 0x50 &&
	    memcmp(bytes + 1, "\x2a\x4d\x18", 3) == 0)
		return UNPACK_ZSTD;
	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (n >= magics[i].length &&
		    memcmp(bytes, magics[i].magic, magics[i].length) == 0)
			return magics[i].format;
	return UNPACK_NONE;
}

bool
unpack_needs_program(enum unpack_format format)
{
	return format != UNPACK_NONE && !in_process(format);
}

struct unpack *
unpack_open(enum unpack_format format, const uint8_t *first, size_t n, int fd,
    packed_source *source, void *arg, const char **why)
{
	struct unpack *u = calloc(1, sizeof(*u));
	size_t size = n > PACKED_PIECE ? n : PACKED_PIECE;

	*why = "out of memory";
	if (u == NULL)
		return NULL;
	u->format = format;
	u->in.source = source;
	u->in.arg = arg;
	u->in.piece = malloc(size);
	if (u->in.piece != NULL) {
		memcpy(u->in.piece, first, n);
		u->in.n = n;
		*why = begin(u, fd, first, n);
		if (*why == NULL)
			return u;
	}
	release(u);
	return NULL;
}

ssize_t
unpack_read(struct unpack *u, uint8_t *buf, size_t size)
{
	ssize_t n;

	if (u->zip != NULL) {
		n = unpack_zip_read(u->zip, buf, size);
		if (n == -1 && u->error == NULL)
			u->error = unpack_zip_error(u->zip);
		return n;
	}
#ifdef HAVE_ZSTD
	if (u->format == UNPACK_ZSTD)
		return zstd_read(u, buf, size);
#endif
	if (u->program == NULL)
		return gzip_read(u, buf, size);
	n = unpack_program_read(u->program, buf, size);
	if (n == -1)
		u->error = strerror(errno);
	return n;
}

int
unpack_fd(const struct unpack *u)
{
	return u->program == NULL ? -1 : unpack_program_fd(u->program);
}

const char *
unpack_error(const struct unpack *u)
{
	return u->error;
}

const char *
unpack_close(struct unpack *u)
{
	const char *why = NULL;

	if (u->program != NULL)
		why = unpack_program_close(u->program);
	release(u);
	return why;
}
