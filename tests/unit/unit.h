/* SPDX-License-Identifier: ISC */
/*
 * Unit tests: a program for each module, which prints what differs and
 * exits 1 (return unit_status() from main).  One file includes this.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <stdio.h>
#include <string.h>

static int unit_failures;

/* The condition holds. */
#define CHECK(condition)	do {					\
	if (!(condition)) {						\
		fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,	\
		    __LINE__, #condition);				\
		unit_failures++;					\
	}								\
} while (0)

/* Two texts are the same. */
#define CHECK_STR(got, want)	do {					\
	const char *got_ = (got), *want_ = (want);			\
									\
	if (got_ == NULL || strcmp(got_, want_) != 0) {			\
		fprintf(stderr, "%s:%d: %s:\n got  %s\n want %s\n",	\
		    __FILE__, __LINE__, #got,				\
		    got_ == NULL ? "(null)" : got_, want_);		\
		unit_failures++;					\
	}								\
} while (0)

/* Exit status: 0 when every check held. */
static inline int
unit_status(void)
{
	if (unit_failures > 0)
		fprintf(stderr, "%d checks failed\n", unit_failures);
	return unit_failures > 0;
}

#endif
