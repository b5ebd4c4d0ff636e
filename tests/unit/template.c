/* SPDX-License-Identifier: ISC */
/* formats/template: letters, edits, errors, names that stay inside. */
#include <stdio.h>
#include <string.h>

#include "formats/template.h"

struct good {
	const char	*text;		/* NULL: the default */
	const char	*edits;
	const char	*want;		/* counters as <c>, <C>, <#> */
};

struct bad {
	const char	*text;
	const char	*edits;
	const char	*want;		/* the error */
};

#define A4	"192.168.001.102"
#define B4	"010.000.000.002"
#define NAME4	A4 ".01234-" B4 ".00080--5<C><c>"

static const struct good good[] = {
	{ NULL, "", NAME4 },
	{ NULL, "c", A4 ".01234-" B4 ".00080--5c<#>" },
	{ NULL, "k", "567/" NAME4 },
	{ NULL, "m", "234000-234999/234567/" NAME4 },
	{ NULL, "g", "001000000-001999999/001234000-001234999/001234567/"
	    NAME4 },
	{ NULL, "t", "1303415757T" NAME4 },
	{ NULL, "T", "2011-04-21T19:55:57Z" NAME4 },
	{ NULL, "tT", "2011-04-21T19:55:57Z1303415757T" NAME4 },
	{ NULL, "tk", "567/1303415757T" NAME4 },
	{ NULL, "kt", "1303415757T567/" NAME4 },
	{ "const", "", "const<C><c>" },
	{ "const", "c", "constc<#>" },
	{ "abc%", "", "abc%C<c>" },
	{ "%A-%#", "", A4 "-<#><C><c>" },
	{ "%%c", "", "%c<C><c>" },
	{ "%E_%e%c", "", "02:00:00:00:00:01_fe:dc:ba:98:76:54<c>" },
	{ "%V.%v", "", "--.5<C><c>" },
	{ "%T %t%c", "", "2011-04-21T19:55:57Z 1303415757<c>" },
	{ "%N %K %M %G%c", "", "890 567 234 001<c>" },
	{ "%S%c", "", "00000000000000000042<c>" },
	{ "%A/%a/%B/%b/%c%N.flow", "", A4 "/01234/" B4
	    "/00080/<c>890.flow" },
	{ "/abs/%a", "", "/abs/01234<C><c>" },
	{ "./%a", "", "./01234<C><c>" },
	{ "...%c", "", "...<c>" },
	{ "..%c", "", "__<c>" },
	{ "a/.%c.%C/b", "", "a/_<c>_<C>/b" },
	{ "..%#%c", "", "..<#><c>" },
};

static const struct bad bad[] = {
	{ "%Q", "", "unknown letter '%Q'" },
	{ "%A%c%z", "", "unknown letter '%z'" },
	{ "%\n", "", "unknown letter '%\\x0a'" },
	{ "%c%", "", "cannot end with a single %" },
	{ "", "", "empty" },
	{ "../%A", "", "'..' would lead out of the output directory" },
	{ "a/..", "", "'..' would lead out of the output directory" },
	{ "a/../b", "", "'..' would lead out of the output directory" },
	{ "%A", "q", "unknown letter 'q'" },
	{ "%A", "kX", "unknown letter 'X'" },
};

static struct flow_open
flow(void)
{
	struct flow_open o = { .number = 1234567890, .session = 42 };

	o.key.family = 4;
	memcpy(o.key.src, "\xc0\xa8\x01\x66", 4);
	memcpy(o.key.dst, "\x0a\x00\x00\x02", 4);
	o.key.sport = 1234;
	o.key.dport = 80;
	o.key.info = FLOW_HAS_MAC | FLOW_HAS_TCI;
	o.key.tci = 7 << 13 | 5;
	memcpy(o.key.src_mac, "\x02\x00\x00\x00\x00\x01", 6);
	memcpy(o.key.dst_mac, "\xfe\xdc\xba\x98\x76\x54", 6);
	return o;
}

/* A pattern as text. */
static void
show(char *out, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] == '\0' && i + 1 < n)
			out += sprintf(out, "<%c>", p[++i]);
		else
			*out++ = p[i];
	*out = '\0';
}

static int
differs(const char *what, const char *got, const char *want)
{
	if (strcmp(got, want) == 0)
		return 0;
	printf("template %s:\n got  %s\n want %s\n", what, got, want);
	return 1;
}

static int
prepare(struct template *t, const char *text, const char *edits)
{
	if (template_set(t, text == NULL ? template_default : text) == -1)
		return -1;
	for (; *edits != '\0'; edits++)
		if (template_edit(t, *edits) == -1)
			return -1;
	return template_finish(t);
}

static int
expands(const char *text, const char *edits, const struct flow_open *o,
    int64_t time, const char *want)
{
	static char pattern[TEMPLATE_PATTERN_MAX];
	static char got[4 * TEMPLATE_PATTERN_MAX];
	struct template t;

	if (prepare(&t, text, edits) == -1)
		return differs(text, t.error, want);
	show(got, pattern, template_expand(pattern, &t, o, time));
	return differs(text == NULL ? edits : text, got, want);
}

static int
test_good(void)
{
	struct flow_open o = flow();
	int failed = 0;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		failed += expands(good[i].text, good[i].edits, &o,
		    1303415757999999999, good[i].want);
	return failed;
}

static int
test_bad(void)
{
	struct template t;
	int failed = 0;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (prepare(&t, bad[i].text, bad[i].edits) == 0)
			failed += differs(bad[i].text, "no error",
			    bad[i].want);
		else
			failed += differs(bad[i].text, t.error, bad[i].want);
	return failed;
}

/* Without tag and MAC addresses; IPv6. */
static int
test_bare(void)
{
	static const uint8_t src[16] = { 0x20, 1, 6, 0xf8, [15] = 2 };
	static const uint8_t dst[16] = { [10] = 0xff, 0xff, 1, 2, 3, 4 };
	struct flow_open o = flow();
	int failed = 0;

	o.key.info = 0;
	failed += expands("%V%v%E%e%c", "", &o, 0, "<c>");
	failed += expands("%V%v/x%c", "", &o, 0, "/x<c>");
	failed += expands(".%V./x%c", "", &o, 0, "__/x<c>");
	o.key.family = 6;
	memcpy(o.key.src, src, 16);
	memcpy(o.key.dst, dst, 16);
	failed += expands(NULL, "", &o, 0,
	    "2001:6f8::2.01234-::ffff:1.2.3.4.00080<C><c>");
	return failed;
}

static int
test_times(void)
{
	struct flow_open o = flow();
	int failed = 0;

	failed += expands("%T %t%c", "", &o, RECORD_NO_TIME,
	    "1970-01-01T00:00:00Z 0<c>");
	failed += expands("%T %t%c", "", &o, -1,
	    "1969-12-31T23:59:59Z -1<c>");
	failed += expands("%T%c", "", &o, 951782400000000000,
	    "2000-02-29T00:00:00Z<c>");
	failed += expands("%T%c", "", &o, 951868800000000000,
	    "2000-03-01T00:00:00Z<c>");
	failed += expands("%T%c", "", &o, 1704067199000000000,
	    "2023-12-31T23:59:59Z<c>");
	failed += expands("%T%c", "", &o, INT64_MAX,
	    "2262-04-11T23:47:16Z<c>");
	failed += expands("%T%c", "", &o, INT64_MIN + 1,
	    "1677-09-21T00:12:43Z<c>");
	return failed;
}

static int
test_long(void)
{
	static char text[TEMPLATE_TEXT_MAX + 2];
	static char pattern[TEMPLATE_PATTERN_MAX];
	struct flow_open o = flow();
	struct template t;
	int failed = 0, i;

	memset(text, 'x', TEMPLATE_TEXT_MAX + 1);
	if (template_set(&t, text) == 0)
		failed += differs("too long", "no error", "an error");
	for (i = 0; i < TEMPLATE_TEXT_MAX; i += 2)
		memcpy(text + i, i == 0 ? "%c" : "%A", 2);
	text[TEMPLATE_TEXT_MAX] = '\0';
	o.key.family = 6;
	memset(o.key.src, 0xfe, 16);
	if (prepare(&t, text, "") == -1)
		failed += differs("longest", t.error, "no error");
	else if (template_expand(pattern, &t, &o, 0) != 2 + 511 * 39)
		failed += differs("longest", "cut", "whole");
	if (template_edit(&t, 'k') == 0)
		failed += differs("edit", "no error", "an error");
	return failed;
}

int
main(void)
{
	int failed = test_good() + test_bad() + test_bare() + test_times() +
	    test_long();

	return failed > 0;
}
