/* SPDX-License-Identifier: ISC */
/* Members of a tar archive. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "formats/tar.h"
#include "libcommon/record.h"

enum {
	NAME_SIZE = 100,		/* of the name in a ustar header */
	OCTAL_7 = 07777777
};

static const uint64_t octal_11 = 077777777777;	/* a size, a time */

static void
octal(uint8_t *field, size_t size, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%0*" PRIo64, (int)size - 1, n);
	memcpy(field, text, size);
}

/* A ustar header block, POSIX.1-2008 pax, "ustar Interchange Format". */
static void
ustar(uint8_t b[TAR_BLOCK], const char *name, size_t length, char type,
    uint64_t size, const struct tar_member *m)
{
	int64_t s = m->time == RECORD_NO_TIME || m->time < 0 ? 0 :
	    m->time / 1000000000;
	unsigned sum = 0;
	int i;

	memset(b, 0, TAR_BLOCK);
	memcpy(b, name, length < NAME_SIZE ? length : NAME_SIZE);
	octal(b + 100, 8, m->mode & 07777);
	octal(b + 108, 8, m->uid <= OCTAL_7 ? m->uid : 0);
	octal(b + 116, 8, m->gid <= OCTAL_7 ? m->gid : 0);
	octal(b + 124, 12, size <= octal_11 ? size : 0);
	octal(b + 136, 12, (uint64_t)s <= octal_11 ? (uint64_t)s : 0);
	memset(b + 148, ' ', 8);
	b[156] = (uint8_t)type;
	memcpy(b + 257, "ustar\00000", 8);
	octal(b + 329, 8, 0);
	octal(b + 337, 8, 0);
	for (i = 0; i < TAR_BLOCK; i++)
		sum += b[i];
	octal(b + 148, 7, sum);
}

/*
 * A pax record, "length key=value\n", where the length counts itself.
 * Returns where the next one goes.
 */
static char *
pax(char *p, const char *key, const char *value, size_t n)
{
	size_t rest = strlen(key) + n + 3, length = rest + 1, digits = 1;
	size_t limit;

	for (limit = 10; length >= limit; limit *= 10) {
		digits++;
		length = rest + digits;
	}
	p += sprintf(p, "%zu %s=", length, key);
	memcpy(p, value, n);
	p[n] = '\n';
	return p + n + 1;
}

static char *
pax_number(char *p, const char *key, uint64_t n)
{
	char text[24];

	return pax(p, key, text, (size_t)snprintf(text, sizeof(text),
	    "%" PRIu64, n));
}

/* Seconds with nine digits of fraction; negative ones as pax wants them. */
static char *
pax_time(char *p, const char *key, int64_t time)
{
	uint64_t ns = time < 0 ? -(uint64_t)time : (uint64_t)time;
	char text[40];

	return pax(p, key, text, (size_t)snprintf(text, sizeof(text),
	    "%s%" PRIu64 ".%09" PRIu64, time < 0 ? "-" : "",
	    ns / 1000000000, ns % 1000000000));
}

/* Are there bytes that are no ASCII? */
static bool
is_binary(const char *p, size_t n)
{
	while (n > 0)
		if ((uint8_t)p[--n] >= 0x80)
			return true;
	return false;
}

/* Everything that the ustar header cannot say, or not so exactly. */
static size_t
pax_records(char *text, const struct tar_member *m)
{
	bool named = m->sparse || m->path_length > NAME_SIZE;
	char *p = text;

	if (named && is_binary(m->path, m->path_length))
		p = pax(p, "hdrcharset", "BINARY", 6);
	if (m->sparse) {
		p = pax_number(p, "GNU.sparse.major", 1);
		p = pax_number(p, "GNU.sparse.minor", 0);
		p = pax(p, "GNU.sparse.name", m->path, m->path_length);
		p = pax_number(p, "GNU.sparse.realsize", m->size);
	} else if (m->path_length > NAME_SIZE) {
		p = pax(p, "path", m->path, m->path_length);
	}
	if (m->time != RECORD_NO_TIME) {
		p = pax_time(p, "mtime", m->time);
		p = pax_time(p, "atime", m->time);
	}
	if (m->stored > octal_11)
		p = pax_number(p, "size", m->stored);
	if (m->uid > OCTAL_7)
		p = pax_number(p, "uid", m->uid);
	if (m->gid > OCTAL_7)
		p = pax_number(p, "gid", m->gid);
	return (size_t)(p - text);
}

size_t
tar_padding(uint64_t length)
{
	return (size_t)(-length & (TAR_BLOCK - 1));
}

size_t
tar_header(uint8_t out[TAR_HEADER_MAX], const struct tar_member *m)
{
	static const char extended[] = "PaxHeaders/flow";
	static const char sparse[] = "GNUSparseFile/flow";
	char *records = (char *)out + TAR_BLOCK;
	size_t n;

	if (m->path_length == 0 || m->path_length > TAR_PATH_MAX)
		return 0;
	n = pax_records(records, m);
	memset(records + n, 0, tar_padding(n));
	ustar(out, extended, strlen(extended), 'x', n, m);
	n += TAR_BLOCK + tar_padding(n);
	if (m->sparse)
		ustar(out + n, sparse, strlen(sparse), '0', m->stored, m);
	else
		ustar(out + n, m->path, m->path_length, '0', m->stored, m);
	return n + TAR_BLOCK;
}

size_t
tar_map_count(char text[TAR_RANGE_MAX], uint64_t ranges)
{
	return (size_t)snprintf(text, TAR_RANGE_MAX, "%" PRIu64 "\n",
	    ranges);
}

size_t
tar_map_range(char text[TAR_RANGE_MAX], uint64_t offset, uint64_t length)
{
	return (size_t)snprintf(text, TAR_RANGE_MAX, "%" PRIu64 "\n%" PRIu64
	    "\n", offset, length);
}
