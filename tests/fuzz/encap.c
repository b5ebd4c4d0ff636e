/* SPDX-License-Identifier: ISC */
/* Fuzz target: paths, which come from a record stream; there and back. */
#include <stdlib.h>
#include <string.h>

#include "formats/encap.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct encap_path path = { 0 };
	struct encap_layer layer;
	char text[100];
	size_t at = 0;
	int got = 0;

	while (path.depth < ENCAP_DEPTH_MAX &&
	    (got = encap_next(&layer, bytes, size, &at)) == 1)
		if (encap_push(&path, &layer) == -1)
			abort();
	if (got >= 0 && path.length != at)
		abort();
	if (strlen(encap_text(text, sizeof(text), bytes, size)) >=
	    sizeof(text))
		abort();
	(void)encap_is_reverse(bytes, size / 2, bytes + size / 2,
	    size - size / 2);
	return 0;
}
