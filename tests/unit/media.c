/* SPDX-License-Identifier: ISC */
/* Unit test: extensions of media types; the table is in order. */
#include "formats/media_types.h"
#include "tests/unit/unit.h"

static const char *
extension(const char *value, bool classic)
{
	const char *e = media_extension(value, strlen(value), classic);

	return e == NULL ? "" : e;
}

int
main(void)
{
	size_t i, classic = 0;

	for (i = 0; i < media_types_n; i++) {
		classic += media_types[i].classic;
		CHECK(i == 0 || strcmp(media_types[i - 1].type,
		    media_types[i].type) < 0);
		CHECK(strlen(media_types[i].type) < MEDIA_TYPE_MAX);
		CHECK(strlen(media_types[i].extension) <=
		    MEDIA_EXTENSION_MAX);
	}
	CHECK(classic == 691);
	CHECK_STR(extension("text/html", true), "html");
	CHECK_STR(extension("TEXT/Html; charset=utf-8", true), "html");
	CHECK_STR(extension("text/html ;charset=utf-8", true), "");
	CHECK_STR(extension("image/jpeg", false), "jpg");
	CHECK_STR(extension("text/javascript", false), "js");
	CHECK_STR(extension("text/javascript", true), "");
	CHECK_STR(extension("", false), "");
	CHECK_STR(extension(";", false), "");
	CHECK_STR(extension("no/such", false), "");
	return unit_status();
}
