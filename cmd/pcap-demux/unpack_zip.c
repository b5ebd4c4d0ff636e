/* SPDX-License-Identifier: ISC */
/* One file out of a zip archive. */

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "cmd/pcap-demux/unpack_zip.h"
#include "libcommon/bytes.h"

enum {
	ZIP_HEADER = 30,		/* of a file, before its name */
	ZIP_SIGNATURE = 4,
	ZIP_DESCRIPTOR = 24,		/* the longest: zip64, signed */
	ZIP_ENCRYPTED = 1,		/* flags */
	ZIP_SIZES_LATER = 8,
	ZIP_STORED = 0,			/* methods */
	ZIP_DEFLATED = 8
};

#define ZIP_FILE	"PK\3\4"		/* signatures */
#define ZIP_AFTER	"PK\7\10"
#define ZIP_IN_ZIP64	UINT32_MAX	/* the size is elsewhere */

struct unpack_zip {
	struct packed	*in;
	bool		 inside;	/* a file is begun */
	bool		 done;		/* it is read */
	unsigned	 flags, method;
	uint64_t	 left;		/* of what is stored */
	uint64_t	 length;	/* unpacked so far */
	uint32_t	 crc, want;	/* of what is unpacked; as it says */
	const char	*error;
	z_stream	 z;
};

static int
zip_fail(struct unpack_zip *u, const char *why)
{
	u->error = u->in->error != NULL ? u->in->error : why;
	return -1;
}

static bool
zip_is_file(const uint8_t *p)
{
	return memcmp(p, ZIP_FILE, ZIP_SIGNATURE) == 0;
}

/* The header of the next file: 1, 0 when there is none, -1. */
static int
zip_begin(struct unpack_zip *u)
{
	uint8_t h[ZIP_HEADER] = { 0 };
	size_t names;

	if (packed_take(u->in, h, sizeof(h)) < ZIP_SIGNATURE)
		return zip_fail(u, "compressed data cut short");
	if (!zip_is_file(h))
		return 0;
	u->flags = le16_get(h + 6);
	u->method = le16_get(h + 8);
	u->want = le32_get(h + 14);
	u->left = le32_get(h + 18);
	names = (size_t)le16_get(h + 26) + le16_get(h + 28);
	if (packed_take(u->in, NULL, names) < names)
		return zip_fail(u, "compressed data cut short");
	if ((u->flags & ZIP_ENCRYPTED) != 0)
		return zip_fail(u, "the zip archive is encrypted");
	if (u->method != ZIP_DEFLATED && (u->method != ZIP_STORED ||
	    (u->flags & ZIP_SIZES_LATER) != 0 || u->left == ZIP_IN_ZIP64))
		return zip_fail(u, "a zip archive of a kind that is not "
		    "read here");
	u->inside = true;
	return 1;
}

/* Unpacked bytes of the file: 0 at its end. */
static ssize_t
zip_stored(struct unpack_zip *u, uint8_t *buf, size_t size)
{
	size_t n;

	if (u->left == 0)
		return 0;
	n = packed_take(u->in, buf, size < u->left ? size : (size_t)u->left);
	if (n == 0)
		return zip_fail(u, "compressed data cut short");
	u->left -= n;
	return (ssize_t)n;
}

static ssize_t
zip_inflate(struct unpack_zip *u, uint8_t *buf, size_t size)
{
	int result = Z_OK;

	u->z.next_out = buf;
	u->z.avail_out = (uInt)size;
	while (u->z.avail_out == size && result != Z_STREAM_END) {
		if (!packed_more(u->in))
			return zip_fail(u, "compressed data cut short");
		u->z.next_in = u->in->piece + u->in->at;
		u->z.avail_in = (uInt)(u->in->n - u->in->at);
		result = inflate(&u->z, Z_NO_FLUSH);
		u->in->at = u->in->n - u->z.avail_in;
		if (result != Z_OK && result != Z_STREAM_END &&
		    result != Z_BUF_ERROR)
			return zip_fail(u, "damaged zip data");
	}
	return (ssize_t)(size - u->z.avail_out);
}

/* What follows the file: is its sum right, and does another file follow? */
static int
zip_end(struct unpack_zip *u)
{
	uint8_t b[ZIP_DESCRIPTOR + ZIP_SIGNATURE] = { 0 };
	size_t at = 0, end = 0, n = packed_take(u->in, b, sizeof(b));

	u->done = true;
	if ((u->flags & ZIP_SIZES_LATER) != 0) {
		if (memcmp(b, ZIP_AFTER, ZIP_SIGNATURE) == 0)
			at = ZIP_SIGNATURE;
		if (n < at + 4)
			return zip_fail(u, "compressed data cut short");
		u->want = le32_get(b + at);
		end = ZIP_DESCRIPTOR;
	}
	if (u->crc != u->want)
		return zip_fail(u, "zip: wrong check sum");
	for (at = 0; at <= end; at += 4)
		if (zip_is_file(b + at))
			return zip_fail(u, "more files in the zip archive; "
			    "only the first was read");
	return 0;
}

struct unpack_zip *
unpack_zip_open(struct packed *in)
{
	struct unpack_zip *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->in = in;
	if (inflateInit2(&u->z, -15) != Z_OK) {
		free(u);
		return NULL;
	}
	return u;
}

ssize_t
unpack_zip_read(struct unpack_zip *u, uint8_t *buf, size_t size)
{
	ssize_t n;

	while (!u->done) {
		if (!u->inside && (n = zip_begin(u)) <= 0)
			return n;
		n = u->method == ZIP_STORED ? zip_stored(u, buf, size) :
		    zip_inflate(u, buf, size);
		if (n > 0) {
			u->length += (uint64_t)n;
			u->crc = (uint32_t)crc32(u->crc, buf, (uInt)n);
		}
		if (n != 0)
			return n;
		if (u->length > 0 || (u->flags & ZIP_SIZES_LATER) != 0)
			return zip_end(u);
		/* A folder is a file without bytes. */
		u->inside = false;
		inflateReset(&u->z);
	}
	return 0;
}

const char *
unpack_zip_error(const struct unpack_zip *u)
{
	return u->error;
}

void
unpack_zip_close(struct unpack_zip *u)
{
	if (u == NULL)
		return;
	inflateEnd(&u->z);
	free(u);
}
