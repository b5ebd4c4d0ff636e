/* SPDX-License-Identifier: ISC */
/* Times of a DFXML report; many in each, so no strftime(3). */
#include "formats/dfxml.h"

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

/* Two digits and what follows them; returns the place behind. */
static char *
two_digits(char *at, unsigned v, char behind)
{
	*at++ = (char)('0' + v / 10 % 10);
	*at++ = (char)('0' + v % 10);
	if (behind != '\0')
		*at++ = behind;
	return at;
}

/* The fraction of a second: nothing, six digits or nine. */
static char *
fraction(char *at, unsigned ns)
{
	int digits = ns % 1000 == 0 ? 6 : 9;
	unsigned v = digits == 6 ? ns / 1000 : ns;
	int i;

	if (ns == 0)
		return at;
	*at++ = '.';
	for (i = digits - 1; i >= 0; i--) {
		at[i] = (char)('0' + v % 10);
		v /= 10;
	}
	return at + digits;
}

char *
dfxml_time(char text[DFXML_TIME], int64_t ns)
{
	unsigned rest;
	int64_t s = seconds_of(ns, &rest);
	int64_t days = seconds_of_day(&s);
	unsigned year, month, day, second = (unsigned)s;
	char *at = text;

	civil_date(days, &year, &month, &day);
	at = two_digits(at, year / 100, '\0');
	at = two_digits(at, year % 100, '-');
	at = two_digits(at, month, '-');
	at = two_digits(at, day, 'T');
	at = two_digits(at, second / 3600, ':');
	at = two_digits(at, second / 60 % 60, ':');
	at = two_digits(at, second % 60, '\0');
	at = fraction(at, rest);
	at[0] = 'Z';
	at[1] = '\0';
	return text;
}
