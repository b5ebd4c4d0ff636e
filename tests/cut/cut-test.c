/* SPDX-License-Identifier: ISC */
/*
 * cut-test FILE ...: every capture, whole and cut at every 7th byte, through
 * all of pcap-demux's decoding, in one process that a sanitizer watches.
 * Compressed captures (gzip) are cut when they are decompressed.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "tests/fuzz/decode.h"

enum { CUT_STEP = 7, CUT_FILE_MAX = 1 << 26 };

static uint8_t *
read_file(const char *path, size_t *size)
{
	gzFile f = gzopen(path, "rb");
	uint8_t *bytes = malloc(CUT_FILE_MAX);
	int n;

	if (f == NULL || bytes == NULL)
		err(1, "%s", path);
	n = gzread(f, bytes, CUT_FILE_MAX);
	if (n < 0)
		warnx("%s: not read to its end", path);
	gzclose(f);
	*size = n < 0 ? 0 : (size_t)n;
	return bytes;
}

/* In memory of just this length, so that its end is seen. */
static void
decode_cut(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size == 0 ? 1 : size);

	if (copy == NULL)
		err(1, NULL);
	memcpy(copy, bytes, size);
	decode_capture(copy, size);
	free(copy);
}

int
main(int argc, char **argv)
{
	unsigned long long cuts = 0;
	uint8_t *bytes;
	size_t size, at;
	int i;

	for (i = 1; i < argc; i++) {
		bytes = read_file(argv[i], &size);
		decode_cut(bytes, size);
		for (at = 0; at < size; at += CUT_STEP, cuts++)
			decode_cut(bytes, at);
		free(bytes);
	}
	printf("%d captures, %llu cuts: clean\n", argc - 1, cuts);
	return 0;
}
