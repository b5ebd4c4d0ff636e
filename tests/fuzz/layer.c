/* SPDX-License-Identifier: ISC */
/* Fuzz target: frames that begin with any layer, whose number comes first. */
#include "tests/fuzz/decode.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 1)
		return 0;
	decode_frames(bytes[0] % LAYERS, bytes + 1, size - 1, false);
	return 0;
}
