/* SPDX-License-Identifier: ISC */
/* formats/findx: what is read is written the same, or is refused. */
#include <stdlib.h>
#include <string.h>

#include "formats/findx.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findx x, back;
	char line[FINDX_LINE_MAX];
	size_t n = findx_decode(&x, (const char *)data, size), m;

	if (n > size || n > FINDX_LINE_MAX)
		abort();
	if (n == 0)
		return 0;
	m = findx_encode(line, &x);
	if (findx_decode(&back, line, m) != m || back.offset != x.offset ||
	    back.time != x.time || back.length != x.length)
		abort();
	return 0;
}
