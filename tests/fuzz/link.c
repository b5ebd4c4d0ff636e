/* SPDX-License-Identifier: ISC */
/* Fuzz target: frames of one link type, whose number comes first. */
#include "tests/fuzz/decode.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 2)
		return 0;
	decode_frames(link_layer(le16_get(bytes)), bytes + 2, size - 2, true);
	return 0;
}
