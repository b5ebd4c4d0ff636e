/* SPDX-License-Identifier: ISC */
/* Unit test: SHA-256 against the examples of FIPS 180-4. */
#include <stdio.h>
#include <string.h>

#include "libcommon/sha256.h"
#include "tests/unit/unit.h"

static const char *
hex(const char *text, size_t n)
{
	static char out[2 * SHA256_SIZE + 1];
	uint8_t digest[SHA256_SIZE];
	int i;

	sha256(digest, text, n);
	for (i = 0; i < SHA256_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return out;
}

int
main(void)
{
	static const char two[] =
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

	CHECK_STR(hex("", 0), "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	CHECK_STR(hex("abc", 3), "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	CHECK_STR(hex(two, strlen(two)), "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1");
	return unit_status();
}
