/* SPDX-License-Identifier: ISC */
/* Times of a DFXML report; many in each, so no strftime(3). */
#include <string.h>

#include "formats/dfxml.h"
#include "libcommon/digits.h"

/* Seconds and the rest of a time, also before the epoch. */
static int64_t
seconds_of(int64_t ns, unsigned *rest)
{
	int64_t s = ns / 1000000000, r = ns % 1000000000;

	if (r < 0) {
		s--;
		r += 1000000000;
	}
	*rest = (unsigned)r;
	return s;
}

/* Whole days of a time; *s keeps the seconds of its day. */
static int64_t
seconds_of_day(int64_t *s)
{
	int64_t days = *s / 86400;

	*s %= 86400;
	if (*s < 0) {
		*s += 86400;
		days--;
	}
	return days;
}

/*
 * The date of a day counted from 1970-01-01, in the Gregorian calendar;
 * years are counted from March, so that the leap day is the last.  Times of
 * 64 bits of nanoseconds lie between 1677 and 2262.
 */
static void
civil_date(int64_t days, unsigned *year, unsigned *month, unsigned *day)
{
	unsigned n = (unsigned)(days + 719468);	/* since 0000-03-01 */
	unsigned era = n / 146097, of_era = n % 146097;
	unsigned y = (of_era - of_era / 1460 + of_era / 36524 -
	    of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * y + y / 4 - y / 100);
	unsigned m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = era * 400 + y + (*month <= 2);
}

/* The fraction of a second: nothing, six digits or nine. */
static char *
fraction(char *at, unsigned ns)
{
	unsigned us = ns / 1000;

	if (ns == 0)
		return at;
	*at++ = '.';
	at = digits_two(at, us / 10000);
	at = digits_two(at, us / 100);
	at = digits_two(at, us);
	if (ns % 1000 == 0)
		return at;
	at = digits_two(at, ns % 1000 / 10);
	*at++ = (char)('0' + ns % 10);
	return at;
}

/* A second: 2008-10-06T17:54:54. */
static void
put_second(char at[DFXML_SECONDS], int64_t s)
{
	int64_t days = seconds_of_day(&s);
	unsigned year, month, day, second = (unsigned)s;

	civil_date(days, &year, &month, &day);
	at = digits_two(at, year / 100);
	at = digits_two(at, year % 100);
	*at++ = '-';
	at = digits_two(at, month);
	*at++ = '-';
	at = digits_two(at, day);
	*at++ = 'T';
	at = digits_two(at, second / 3600);
	*at++ = ':';
	at = digits_two(at, second / 60 % 60);
	*at++ = ':';
	(void)digits_two(at, second % 60);
}

char *
dfxml_put_time(char *at, struct dfxml_clock *c, int64_t ns)
{
	unsigned rest;
	int64_t second = seconds_of(ns, &rest);

	if (second != c->second || c->text[0] == '\0') {
		c->second = second;
		put_second(c->text, second);
	}
	memcpy(at, c->text, DFXML_SECONDS);
	at = fraction(at + DFXML_SECONDS, rest);
	*at++ = 'Z';
	return at;
}

char *
dfxml_time(char text[DFXML_TIME], int64_t ns)
{
	struct dfxml_clock c = { 0 };

	*dfxml_put_time(text, &c, ns) = '\0';
	return text;
}
