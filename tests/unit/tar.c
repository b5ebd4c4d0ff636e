/* SPDX-License-Identifier: ISC */
/* formats/tar: headers as POSIX.1-2008 pax and GNU tar describe them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/tar.h"
#include "libcommon/record.h"
#include "tests/unit/unit.h"

static uint8_t header[TAR_HEADER_MAX];

/* A NUL-terminated field. */
static const char *
field(size_t block, size_t at)
{
	return (const char *)header + block * TAR_BLOCK + at;
}

static void
check_sum(size_t block)
{
	const uint8_t *b = header + block * TAR_BLOCK;
	unsigned long sum = 0, said = strtoul((const char *)b + 148, NULL,
	    8);
	int i;

	for (i = 0; i < TAR_BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : b[i];
	CHECK(sum == said);
	CHECK(memcmp(b + 257, "ustar\00000", 8) == 0);
}

static void
test_plain(void)
{
	struct tar_member m = { .path = "a/bXX", .path_length = 3,
	    .size = 5, .stored = 5, .time = 1303415757123456789,
	    .mode = 0640, .uid = 8, .gid = 07777777 };

	CHECK(tar_header(header, &m) == 3 * TAR_BLOCK);
	check_sum(0);
	check_sum(2);
	CHECK(field(0, 156)[0] == 'x');
	CHECK_STR(field(0, 124), "00000000074");
	CHECK_STR(field(1, 0), "30 mtime=1303415757.123456789\n"
	    "30 atime=1303415757.123456789\n");
	CHECK_STR(field(2, 0), "a/b");
	CHECK_STR(field(2, 100), "0000640");
	CHECK_STR(field(2, 108), "0000010");
	CHECK_STR(field(2, 116), "7777777");
	CHECK_STR(field(2, 124), "00000000005");
	CHECK_STR(field(2, 136), "11554105715");
	CHECK(field(2, 156)[0] == '0');
}

static void
test_sparse(void)
{
	struct tar_member m = { .path = "h\xff", .path_length = 2,
	    .size = 5000, .stored = 513, .sparse = true,
	    .time = RECORD_NO_TIME };
	char text[TAR_RANGE_MAX];

	CHECK(tar_header(header, &m) == 3 * TAR_BLOCK);
	CHECK_STR(field(1, 0), "21 hdrcharset=BINARY\n"
	    "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
	    "22 GNU.sparse.name=h\xff\n28 GNU.sparse.realsize=5000\n");
	CHECK_STR(field(2, 124), "00000001001");
	CHECK(tar_map_count(text, 2) == 2 && memcmp(text, "2\n", 2) == 0);
	CHECK(tar_map_range(text, 10, 20) == 6 &&
	    memcmp(text, "10\n20\n", 6) == 0);
	CHECK(tar_map_range(text, UINT64_MAX, UINT64_MAX) == 42);
}

static void
test_large(void)
{
	static char path[TAR_PATH_MAX + 1];
	struct tar_member m = { .path = path, .path_length = 101,
	    .size = 077777777777 + 1ull, .stored = 077777777777 + 1ull,
	    .time = -1, .uid = 010000000, .gid = UINT32_MAX };

	memset(path, 'p', sizeof(path));
	CHECK(tar_header(header, &m) == 3 * TAR_BLOCK);
	CHECK(strstr(field(1, 0), "pppp\n22 mtime=-0.000000001\n") != NULL);
	CHECK(strncmp(field(1, 0), "111 path=ppp", 12) == 0);
	CHECK(strstr(field(1, 0), "\n19 size=8589934592\n") != NULL);
	CHECK(strstr(field(1, 0), "\n15 uid=2097152\n") != NULL);
	CHECK(strstr(field(1, 0), "\n18 gid=4294967295\n") != NULL);
	m.path_length = TAR_PATH_MAX;
	CHECK(tar_header(header, &m) % TAR_BLOCK == 0);
	m.path_length = TAR_PATH_MAX + 1;
	CHECK(tar_header(header, &m) == 0);
	m.path_length = 0;
	CHECK(tar_header(header, &m) == 0);
	CHECK(tar_padding(0) == 0 && tar_padding(1) == 511 &&
	    tar_padding(512) == 0);
}

int
main(void)
{
	test_plain();
	test_sparse();
	test_large();
	return unit_status();
}
