/* SPDX-License-Identifier: ISC */
/* formats/findx: lines written and read. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "formats/findx.h"
#include "libcommon/record.h"
#include "tests/unit/unit.h"

static void
check_line(uint64_t offset, int64_t time, uint64_t length, const char *want)
{
	struct findx x = { offset, time, length }, back;
	char line[FINDX_LINE_MAX + 1];
	size_t n = findx_encode(line, &x);

	line[n] = '\0';
	CHECK_STR(line, want);
	CHECK(findx_decode(&back, line, n) == n);
	CHECK(back.offset == offset && back.length == length);
	CHECK(back.time == (time == RECORD_NO_TIME ? 0 : time));
	CHECK(findx_decode(&back, line, n - 1) == 0);
}

static void
check_bad(const char *line)
{
	struct findx x;

	if (findx_decode(&x, line, strlen(line)) == 0)
		return;
	fprintf(stderr, "accepted: %s", line);
	unit_failures++;
}

int
main(void)
{
	check_line(0, 1223315694694099000, 1309,
	    "0|1223315694.694099|1309\n");
	check_line(2705, 1223315694000000001, 0,
	    "2705|1223315694.000000001|0\n");
	check_line(1, RECORD_NO_TIME, 1, "1|0.000000|1\n");
	check_line(1, -1, 1, "1|-1.999999999|1\n");
	check_line(1, -1000000, 1, "1|-1.999000|1\n");
	check_line(1000000000000000000, INT64_MAX, UINT32_MAX,
	    "1000000000000000000|9223372036.854775807|4294967295\n");
	check_bad("");
	check_bad("1|2.000000\n");
	check_bad("1|2.000000|\n");
	check_bad("x|2.000000|3\n");
	check_bad("1|2.00000|3\n");
	check_bad("1|+2.000000|3\n");
	check_bad("1|9223372036.854775808|3\n");
	check_bad("1|9223372037.000000|3\n");
	check_bad("99999999999999999999999|2.000000|3\n");
	return unit_status();
}
