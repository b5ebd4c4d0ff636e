/* SPDX-License-Identifier: ISC */
/* formats/dfxml: escaping, times, the shape of elements. */
#include <stdint.h>
#include <time.h>

#include "formats/dfxml.h"
#include "tests/unit/unit.h"

/* The text of x so far, which is emptied. */
static const char *
text(struct dfxml *x)
{
	static char copy[4096];

	CHECK(x->length < sizeof(copy));
	if (x->length > 0)
		memcpy(copy, x->text, x->length);
	copy[x->length] = '\0';
	dfxml_reset(x);
	return copy;
}

static void
escaped(const char *bytes, size_t n, const char *want)
{
	struct dfxml x = { 0 };

	dfxml_text(&x, bytes, n);
	CHECK_STR(text(&x), want);
	dfxml_free(&x);
}

static void
test_escapes(void)
{
#define ESCAPED(bytes, want)	escaped((bytes), sizeof(bytes) - 1, (want))
	ESCAPED("a & b < c > d ' \"", "a &amp; b &lt; c &gt; d &apos; &quot;");
	ESCAPED("a\0\r\n\tb", "a%00%0D%0A%09b");
	ESCAPED("\001\037\177", "%01%1F%7F");
	ESCAPED("100% %zz %4", "100% %zz %4");
	ESCAPED("%41%%4a", "%2541%%254a");
	ESCAPED("gr\303\274n \342\202\254 \360\237\220\242",
	    "gr\303\274n \342\202\254 \360\237\220\242");
	ESCAPED("gr\374n", "gr%FCn");
	ESCAPED("\303", "%C3");
	ESCAPED("\300\200", "%C0%80");			/* overlong */
	ESCAPED("\340\202\254", "%E0%82%AC");		/* overlong */
	ESCAPED("\355\240\200", "%ED%A0%80");		/* a surrogate */
	ESCAPED("\357\277\276\357\277\277", "%EF%BF%BE%EF%BF%BF");
	ESCAPED("\364\220\200\200", "%F4%90%80%80");	/* past U+10FFFF */
	ESCAPED("\302\205", "%C2%85");			/* a control */
	ESCAPED("", "");
#undef ESCAPED
}

static void
test_times(void)
{
	char t[DFXML_TIME];

	CHECK_STR(dfxml_time(t, 0), "1970-01-01T00:00:00Z");
	CHECK_STR(dfxml_time(t, 1223315694796605000),
	    "2008-10-06T17:54:54.796605Z");
	CHECK_STR(dfxml_time(t, 1223315694796605001),
	    "2008-10-06T17:54:54.796605001Z");
	CHECK_STR(dfxml_time(t, 1223315694000000000),
	    "2008-10-06T17:54:54Z");
	CHECK_STR(dfxml_time(t, 1223315694000000001),
	    "2008-10-06T17:54:54.000000001Z");
	CHECK_STR(dfxml_time(t, -1000), "1969-12-31T23:59:59.999999Z");
	CHECK_STR(dfxml_time(t, INT64_MIN + 1),
	    "1677-09-21T00:12:43.145224193Z");
	CHECK_STR(dfxml_time(t, INT64_MAX), "2262-04-11T23:47:16.854775807Z");
}

/* Every day that there is, against the C library. */
static void
test_days(void)
{
	const int64_t day = 86400 * (int64_t)1000000000;
	int64_t ns;

	for (ns = INT64_MIN / day * day; ns < INT64_MAX / day * day;
	    ns += day) {
		char got[DFXML_TIME], want[DFXML_TIME];
		time_t t = (time_t)(ns / 1000000000);
		struct tm tm;

		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%SZ",
		    gmtime_r(&t, &tm));
		if (strcmp(dfxml_time(got, ns), want) != 0)
			CHECK_STR(got, want);
	}
}

static void
test_elements(void)
{
	static const uint8_t mac[6] = { 0, 0x1f, 0x5b, 0xc7, 0xfa, 0xd2 };
	static const uint8_t value[2] = { 0x0a, 0xff };
	struct dfxml x = { 0 };

	dfxml_begin(&x, "a");
	dfxml_attr_string(&x, "b", "c'd");
	dfxml_attr_unsigned(&x, "n", UINT64_MAX);
	dfxml_attr_signed(&x, "i", INT64_MIN);
	dfxml_attr_mac(&x, "mac", mac);
	dfxml_attr_time(&x, "t", 1000000000);
	dfxml_attr_time(&x, "none", INT64_MIN);
	dfxml_attr_mark(&x, "m");
	dfxml_end(&x, "a");
	CHECK_STR(text(&x), "<a b='c&apos;d' n='18446744073709551615' "
	    "i='-9223372036854775808' mac='00:1f:5b:c7:fa:d2' "
	    "t='1970-01-01T00:00:01Z' m='\001' />\n");
	dfxml_declaration(&x);
	dfxml_begin(&x, "a");
	dfxml_begin(&x, "b");
	dfxml_element_unsigned(&x, "filesize", 5);
	dfxml_hashdigest(&x, "MD5", value, 2);
	dfxml_end(&x, "b");
	dfxml_begin(&x, "c");
	dfxml_end(&x, "c");
	dfxml_end(&x, "a");
	CHECK_STR(text(&x), "<?xml version='1.0' encoding='UTF-8'?>\n"
	    "<a>\n  <b>\n    <filesize>5</filesize>\n"
	    "    <hashdigest type='MD5'>0aff</hashdigest>\n  </b>\n"
	    "  <c />\n</a>\n");
	dfxml_free(&x);
}

int
main(void)
{
	test_escapes();
	test_times();
	test_days();
	test_elements();
	return unit_status();
}
