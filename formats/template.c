/* SPDX-License-Identifier: ISC */
/* File name templates: edits, checks, expansion. */
#include <stdio.h>
#include <string.h>

#include "formats/template.h"
#include "libcommon/digits.h"

const char template_default[] = "%A.%a-%B.%b%V%v%C%c";

/* A pattern that grows, never beyond its array. */
struct text {
	char	*at;
	char	*end;
};

static void
put_bytes(struct text *t, const char *bytes, size_t n)
{
	size_t left = (size_t)(t->end - t->at);

	if (n > left)
		n = left;
	memcpy(t->at, bytes, n);
	t->at += n;
}

static void
put_char(struct text *t, char c)
{
	if (t->at < t->end)
		*t->at++ = c;
}

/* A number with at least `digits` digits, up to DIGITS_MAX. */
static void
put_number(struct text *t, uint64_t n, unsigned digits)
{
	char buf[2 * DIGITS_MAX], *number = buf + DIGITS_MAX;
	char *end = digits_put(number, n);

	memset(buf, '0', DIGITS_MAX);
	if (end - number < (ptrdiff_t)digits)
		number = end - digits;
	put_bytes(t, number, (size_t)(end - number));
}

/* A byte of an IPv4 address, in three digits. */
static void
put_octet(struct text *t, uint8_t n)
{
	if (t->end - t->at < 3)
		return;
	*t->at = (char)('0' + n / 100);
	t->at = digits_two(t->at + 1, n % 100);
}

static void
put_address(struct text *t, uint8_t family, const uint8_t address[16])
{
	char buf[FLOW_ADDRESS_TEXT];
	int i;

	if (family != 4) {
		flow_address(buf, family, address);
		put_bytes(t, buf, strlen(buf));
		return;
	}
	for (i = 0; i < 4; i++) {
		if (i > 0)
			put_char(t, '.');
		put_octet(t, address[i]);
	}
}

static void
put_mac(struct text *t, const struct flow_key *key, const uint8_t mac[6])
{
	static const char hex[] = "0123456789abcdef";
	int i;

	if ((key->info & FLOW_HAS_MAC) == 0)
		return;
	for (i = 0; i < 6; i++) {
		if (i > 0)
			put_char(t, ':');
		put_char(t, hex[mac[i] >> 4]);
		put_char(t, hex[mac[i] & 15]);
	}
}

/* Whole seconds since the epoch, rounded down. */
static int64_t
seconds(int64_t ns)
{
	if (ns == RECORD_NO_TIME)
		return 0;
	return ns / 1000000000 - (ns % 1000000000 < 0);
}

static void
put_seconds(struct text *t, int64_t s)
{
	if (s < 0)
		put_char(t, '-');
	put_number(t, s < 0 ? (uint64_t)-s : (uint64_t)s, 1);
}

/*
 * The date in UTC.  Days are counted from 1 March of the year 0, so that
 * the leap day is the last of a year; 146,097 days are 400 years.
 */
static void
put_date(struct text *t, int64_t s)
{
	int64_t days = s / 86400 - (s % 86400 < 0) + 719468;
	uint64_t rest = (uint64_t)(s - (days - 719468) * 86400);
	uint64_t era = (uint64_t)days / 146097;
	uint64_t doe = (uint64_t)days % 146097;
	uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint64_t month = (5 * doy + 2) / 153;	/* 0 is March */

	put_number(t, era * 400 + yoe + (month >= 10), 4);
	put_char(t, '-');
	put_number(t, month >= 10 ? month - 9 : month + 3, 2);
	put_char(t, '-');
	put_number(t, doy - (153 * month + 2) / 5 + 1, 2);
	put_char(t, 'T');
	put_number(t, rest / 3600, 2);
	put_char(t, ':');
	put_number(t, rest / 60 % 60, 2);
	put_char(t, ':');
	put_number(t, rest % 60, 2);
	put_char(t, 'Z');
}

/* A counter that is filled in later: NUL and its letter. */
static void
put_counter(struct text *t, char letter, bool always)
{
	if (always && letter == 'C') {
		put_char(t, 'c');
		return;
	}
	put_char(t, '\0');
	put_char(t, always ? '#' : letter);
}

/* One letter; false when there is no such letter. */
static bool
put_letter(struct text *t, char letter, const struct template *m,
    const struct flow_open *o, int64_t time)
{
	const struct flow_key *key = &o->key;

	switch (letter) {
	case 'A': put_address(t, key->family, key->src); break;
	case 'B': put_address(t, key->family, key->dst); break;
	case 'a': put_number(t, key->sport, 5); break;
	case 'b': put_number(t, key->dport, 5); break;
	case 'E': put_mac(t, key, key->src_mac); break;
	case 'e': put_mac(t, key, key->dst_mac); break;
	case 'V':
		if (flow_vlan(key) >= 0)
			put_bytes(t, "--", 2);
		break;
	case 'v':
		if (flow_vlan(key) >= 0)
			put_number(t, (uint64_t)flow_vlan(key), 1);
		break;
	case 'T': put_date(t, seconds(time)); break;
	case 't': put_seconds(t, seconds(time)); break;
	case 'C': case 'c': case '#': put_counter(t, letter, m->always); break;
	case 'N': put_number(t, o->number % 1000, 3); break;
	case 'K': put_number(t, o->number / 1000 % 1000, 3); break;
	case 'M': put_number(t, o->number / 1000000 % 1000, 3); break;
	case 'G': put_number(t, o->number / 1000000000 % 1000, 3); break;
	case 'S': put_number(t, o->session, 20); break;
	case '%': put_char(t, '%'); break;
	default: return false;
	}
	return true;
}

/*
 * Can the component [p, end) come out as ".."?  Counters may be empty;
 * %# never is.
 */
static bool
is_dotdot(const char *p, const char *end)
{
	unsigned dots = 0;

	for (; p < end; p++) {
		if (*p == '\0' && end - p > 1 && p[1] != '#')
			p++;
		else if (*p == '.')
			dots++;
		else
			return false;
	}
	return dots == 2;
}

static void
dots_disarm(char *p, char *end)
{
	char *q, *slash;

	for (; p < end; p = slash + 1) {
		slash = memchr(p, '/', (size_t)(end - p));
		if (slash == NULL)
			slash = end;
		if (is_dotdot(p, slash))
			for (q = p; q < slash; q++)
				if (*q == '.')
					*q = '_';
	}
}

static bool
has_dotdot(const char *text)
{
	size_t n;

	for (;; text += n + 1) {
		n = strcspn(text, "/");
		if (n == 2 && memcmp(text, "..", 2) == 0)
			return true;
		if (text[n] == '\0')
			return false;
	}
}

/* Put text in front of or behind what is there. */
static int
text_add(struct template *t, const char *more, bool in_front)
{
	size_t n = strlen(more);

	if (n > TEMPLATE_TEXT_MAX - t->length) {
		snprintf(t->error, sizeof(t->error),
		    "longer than %d bytes", TEMPLATE_TEXT_MAX);
		return -1;
	}
	if (in_front)
		memmove(t->text + n, t->text, t->length);
	memcpy(t->text + (in_front ? 0 : t->length), more, n);
	t->length += n;
	t->text[t->length] = '\0';
	return 0;
}

static int
bad_letter(struct template *t, const char *before, char letter)
{
	if (letter > ' ' && letter <= '~')
		snprintf(t->error, sizeof(t->error), "unknown letter '%s%c'",
		    before, letter);
	else
		snprintf(t->error, sizeof(t->error),
		    "unknown letter '%s\\x%02x'", before,
		    (unsigned)(unsigned char)letter);
	return -1;
}

int
template_set(struct template *t, const char *text)
{
	memset(t, 0, sizeof(*t));
	if (*text == '\0') {
		snprintf(t->error, sizeof(t->error), "empty");
		return -1;
	}
	if (has_dotdot(text)) {
		snprintf(t->error, sizeof(t->error),
		    "'..' would lead out of the output directory");
		return -1;
	}
	return text_add(t, text, false);
}

int
template_edit(struct template *t, char letter)
{
	switch (letter) {
	case 'c':
		t->always = true;
		return 0;
	case 'k':
		return text_add(t, "%K/", true);
	case 'm':
		return text_add(t, "%M000-%M999/%M%K/", true);
	case 'g':
		return text_add(t, "%G000000-%G999999/"
		    "%G%M000-%G%M999/%G%M%K/", true);
	case 't':
		return text_add(t, "%tT", true);
	case 'T':
		return text_add(t, "%T", true);
	default:
		return bad_letter(t, "", letter);
	}
}

int
template_finish(struct template *t)
{
	static const struct flow_open nobody = { .key = { .family = 4 } };
	bool counter = false;
	char sink[64], letter;
	struct text out;
	size_t i;

	for (i = 0; i + 1 < t->length; i++) {
		if (t->text[i] != '%')
			continue;
		letter = t->text[++i];
		out.at = sink;
		out.end = sink + sizeof(sink);
		if (!put_letter(&out, letter, t, &nobody, 0))
			return bad_letter(t, "%", letter);
		counter |= letter == 'c';
	}
	if (!counter)
		return text_add(t, "%C%c", false);
	if (i < t->length && t->text[i] == '%') {
		snprintf(t->error, sizeof(t->error),
		    "cannot end with a single %%");
		return -1;
	}
	return 0;
}

size_t
template_expand(char pattern[TEMPLATE_PATTERN_MAX], const struct template *t,
    const struct flow_open *o, int64_t time)
{
	struct text out = { pattern, pattern + TEMPLATE_PATTERN_MAX };
	size_t i;

	for (i = 0; i < t->length; i++) {
		if (t->text[i] == '%' && i + 1 < t->length)
			(void)put_letter(&out, t->text[++i], t, o, time);
		else
			put_char(&out, t->text[i]);
	}
	dots_disarm(pattern, out.at);
	return (size_t)(out.at - pattern);
}
