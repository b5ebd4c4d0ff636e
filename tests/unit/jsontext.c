/* SPDX-License-Identifier: ISC */
/* Unit test: JSON text; bytes come out as U+0000-U+00FF. */
#include "libcommon/jsontext.h"
#include "tests/unit/unit.h"

int
main(void)
{
	struct jsontext j = { 0 };

	jsontext_object(&j, NULL);
	jsontext_string(&j, "a", "x\"\\\n");
	jsontext_bytes(&j, "b", "\0\x7f\x80\xff", 4);
	jsontext_array(&j, "c");
	jsontext_unsigned(&j, NULL, 0);
	jsontext_unsigned(&j, NULL, UINT64_MAX);
	jsontext_signed(&j, NULL, INT64_MIN);
	jsontext_array_end(&j);
	jsontext_object(&j, "d");
	jsontext_object_end(&j);
	jsontext_bool(&j, "e", true);
	jsontext_null(&j, "f");
	jsontext_raw(&j, "g", "[1]", 3);
	jsontext_object_end(&j);
	CHECK_STR(j.text, "{\"a\":\"x\\\"\\\\\\u000a\","
	    "\"b\":\"\\u0000\\u007f\xc2\x80\xc3\xbf\","
	    "\"c\":[0,18446744073709551615,-9223372036854775808],"
	    "\"d\":{},\"e\":true,\"f\":null,\"g\":[1]}");
	jsontext_reset(&j);
	jsontext_unsigned(&j, NULL, 7);
	CHECK_STR(j.text, "7");
	jsontext_free(&j);
	return unit_status();
}
