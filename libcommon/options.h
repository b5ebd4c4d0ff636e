/* SPDX-License-Identifier: ISC */
/*
 * Command lines: the options that every program has, and numbers.
 *
 * Common to all: -h --help, -V --version (both exit 0), -v --verbose,
 * --no-confine, --user USER[:GROUP], --chroot DIR.  -r FILE and -k KIND (both
 * repeatable) where asked for.  Bad usage is one line on standard error, then
 * usage, exit 2.
 */
#ifndef LIBCOMMON_OPTIONS_H
#define LIBCOMMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <getopt.h>

struct words {				/* a list of borrowed strings */
	const char	**word;
	size_t		  n;
};

struct library {			/* one that is linked in */
	const char	*name;
	const char	*version;
};

struct options {
	const char	*program;	/* "flow-reasm" */
	const char	*usage;		/* the SYNOPSIS of its man page, one
					 * line or more, without "usage: " */
	const char	*shorts;	/* getopt string of its own options */
	const struct option *longs;	/* its own long options, or NULL;
					 * `val` from OPTION_OWN on */
	bool		 takes_captures; /* -r FILE */
	bool		 takes_kinds;	/* -k KIND */
	bool		 takes_operands; /* words after the options */
	const struct library *libraries; /* for -V and META; ends with a
					 * NULL name; or NULL */
	/* results */
	int		 argc;
	char		**argv;
	int		 verbose;	/* count of -v */
	bool		 confine;	/* false after --no-confine */
	const char	*user;		/* of --user, or NULL */
	const char	*chroot;	/* of --chroot, or NULL */
	struct words	 captures;	/* of -r */
	struct words	 kinds;		/* of -k */
	struct words	 operands;
};

enum {
	OPTION_NO_CONFINE = 256,
	OPTION_USER,
	OPTION_CHROOT,
	OPTION_OWN = 512		/* first value for a program's own */
};

/*
 * Read the next option.  The common ones are dealt with here; returns a
 * program's own (short letter or `val`), with its argument in optarg, or -1
 * after the last, when operands has been filled.  Options and operands may
 * come in any order.  Exits on -h, -V and bad usage.
 */
int	options_next(struct options *, int argc, char **argv);

/* One line on standard error with the program's name, usage, exit 2. */
_Noreturn void	options_usage(const struct options *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The number in an option's argument, from min to max; anything else is
 * bad usage that names the option.  options_size() takes the suffixes k, M,
 * G, T (powers of 1024).
 */
uint64_t	options_number(const struct options *, const char *option,
		    const char *arg, uint64_t min, uint64_t max);
uint64_t	options_size(const struct options *, const char *option,
		    const char *arg, uint64_t min, uint64_t max);

/* Let go of the lists; stage_close() does it. */
void	options_free(const struct options *);

/* Is it one of them? */
bool	words_have(const struct words *, const char *word, size_t length);

/* What -V prints on its first line after the program's name. */
extern const char flowpipe_version[];

#endif
