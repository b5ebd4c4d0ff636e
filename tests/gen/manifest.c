/* SPDX-License-Identifier: ISC */
/* Names, lengths, digests and holes of generated streams. */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/manifest.h"

enum { HOLE_TEXT = 44 };		/* two numbers, '-', ',' and NUL */

void
manifest_name(char name[MANIFEST_NAME], const struct endpoint *from,
    const struct endpoint *to)
{
	uint32_t a = from->address, b = to->address;

	snprintf(name, MANIFEST_NAME, "%03u.%03u.%03u.%03u.%05u-"
	    "%03u.%03u.%03u.%03u.%05u", a >> 24, a >> 16 & 255, a >> 8 & 255,
	    a & 255, from->port, b >> 24, b >> 16 & 255, b >> 8 & 255,
	    b & 255, to->port);
}

void
manifest_begin(struct manifest *m)
{
	sha256_init(&m->digest);
	m->length = m->missing = 0;
	m->hole = UINT64_MAX;
	m->holes_length = 0;
}

/* Write the hole that ends here, if there is one. */
static void
manifest_hole_end(struct manifest *m)
{
	if (m->hole == UINT64_MAX)
		return;
	if (m->holes_size - m->holes_length < HOLE_TEXT) {
		m->holes_size = 2 * m->holes_size + HOLE_TEXT;
		m->holes = realloc(m->holes, m->holes_size);
		if (m->holes == NULL)
			err(1, NULL);
	}
	m->holes_length += (size_t)snprintf(m->holes + m->holes_length,
	    HOLE_TEXT, "%s%" PRIu64 "-%" PRIu64,
	    m->holes_length > 0 ? "," : "", m->hole, m->length);
	m->hole = UINT64_MAX;
}

void
manifest_bytes(struct manifest *m, const uint8_t *p, size_t n)
{
	manifest_hole_end(m);
	sha256_update(&m->digest, p, n);
	m->length += n;
}

void
manifest_hole(struct manifest *m, size_t n)
{
	static const uint8_t zeros[4096];
	size_t k;

	if (m->hole == UINT64_MAX)
		m->hole = m->length;
	m->length += n;
	m->missing += n;
	for (; n > 0; n -= k) {
		k = n < sizeof(zeros) ? n : sizeof(zeros);
		sha256_update(&m->digest, zeros, k);
	}
}

void
manifest_end(struct manifest *m, const char *name)
{
	uint8_t digest[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];
	int i;

	manifest_hole_end(m);
	if (m->length == 0)
		return;
	sha256_final(&m->digest, digest);
	for (i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	fprintf(m->file, "%s\t%" PRIu64 "\t%" PRIu64 "\t%s\t%s\n", name,
	    m->length, m->missing, hex,
	    m->holes_length > 0 ? m->holes : "-");
}

void
manifest_close(struct manifest *m)
{
	free(m->holes);
	if (m->file != NULL && (ferror(m->file) || fclose(m->file) == EOF))
		err(1, "manifest");
}
