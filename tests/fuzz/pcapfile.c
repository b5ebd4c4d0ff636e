/* SPDX-License-Identifier: ISC */
/* Fuzz target: captures, through all of the decoding. */
#include "tests/fuzz/decode.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	decode_capture(bytes, size);
	return 0;
}
