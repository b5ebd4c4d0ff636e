/* SPDX-License-Identifier: ISC */
/* Command lines: the options that every program has, and numbers. */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libcommon/options.h"

enum {
	OPTIONS_LONG_MAX = 64,		/* long options of one program */
	OPTIONS_SHORT_MAX = 128		/* its getopt string */
};

static const struct option options_common[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "no-confine", no_argument, NULL, OPTION_NO_CONFINE },
	{ "user", required_argument, NULL, OPTION_USER },
	{ "chroot", required_argument, NULL, OPTION_CHROOT },
	{ NULL, 0, NULL, 0 }
};

/* Append a table without its end; returns the new count. */
static size_t
longs_add(struct option *all, size_t n, const struct option *more)
{
	for (; more != NULL && more->name != NULL; more++) {
		if (n == OPTIONS_LONG_MAX)
			errx(1, "too many long options");
		all[n++] = *more;
	}
	return n;
}

static void
words_add(struct words *w, const char *word)
{
	const char **all = realloc(w->word, (w->n + 1) * sizeof(*all));

	if (all == NULL)
		err(1, NULL);
	w->word = all;
	w->word[w->n++] = word;
}

static void
options_help(const struct options *o, FILE *f)
{
	fprintf(f, "usage: %s\n", o->usage);
}

static _Noreturn void
options_version(const struct options *o)
{
	const struct library *l;

	printf("%s %s\n", o->program, flowpipe_version);
	for (l = o->libraries; l != NULL && l->name != NULL; l++)
		printf("%s %s\n", l->name, l->version);
	if (fflush(stdout) == EOF)
		err(1, "standard output");
	exit(0);
}

/* Deal with a common option; false when it is the program's own. */
static bool
options_take(struct options *o, int c)
{
	switch (c) {
	case 'h':
		options_help(o, stdout);
		if (fflush(stdout) == EOF)
			err(1, "standard output");
		exit(0);
	case 'V':
		options_version(o);
	case 'v':
		o->verbose++;
		return true;
	case 'r':
		if (!o->takes_captures)
			return false;
		words_add(&o->captures, optarg);
		return true;
	case 'k':
		if (!o->takes_kinds)
			return false;
		words_add(&o->kinds, optarg);
		return true;
	case OPTION_NO_CONFINE:
		o->confine = false;
		return true;
	case OPTION_USER:
		o->user = optarg;
		return true;
	case OPTION_CHROOT:
		o->chroot = optarg;
		return true;
	case '?':
		options_help(o, stderr);
		exit(2);
	default:
		return false;
	}
}

static void
options_operands(struct options *o, int argc, char **argv)
{
	if (optind < argc && !o->takes_operands)
		options_usage(o, "%s: unexpected argument", argv[optind]);
	for (; optind < argc; optind++)
		words_add(&o->operands, argv[optind]);
}

int
options_next(struct options *o, int argc, char **argv)
{
	struct option longs[OPTIONS_LONG_MAX + 1];
	char shorts[OPTIONS_SHORT_MAX];
	size_t n = 0;
	int c;

	if (o->argv == NULL) {
		o->argc = argc;
		o->argv = argv;
		o->confine = true;
	}
	n = longs_add(longs, n, o->longs);
	n = longs_add(longs, n, options_common);
	memset(&longs[n], 0, sizeof(longs[n]));
	snprintf(shorts, sizeof(shorts), "%shVv%s%s",
	    o->shorts == NULL ? "" : o->shorts,
	    o->takes_captures ? "r:" : "", o->takes_kinds ? "k:" : "");
	do
		c = getopt_long(argc, argv, shorts, longs, NULL);
	while (c != -1 && options_take(o, c));
	if (c == -1)
		options_operands(o, argc, argv);
	return c;
}

void
options_usage(const struct options *o, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", o->program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	options_help(o, stderr);
	exit(2);
}

static uint64_t
number_read(const struct options *o, const char *option, const char *arg,
    const char **end)
{
	unsigned long long v;
	char *stop;

	errno = 0;
	v = strtoull(arg, &stop, 10);
	if (arg[0] < '0' || arg[0] > '9' || errno != 0)
		options_usage(o, "%s: not a number: %s", option, arg);
	*end = stop;
	return v;
}

static uint64_t
number_check(const struct options *o, const char *option, const char *arg,
    uint64_t v, uint64_t min, uint64_t max)
{
	if (v < min || v > max)
		options_usage(o, "%s: %s is not between %llu and %llu",
		    option, arg, (unsigned long long)min,
		    (unsigned long long)max);
	return v;
}

uint64_t
options_number(const struct options *o, const char *option, const char *arg,
    uint64_t min, uint64_t max)
{
	const char *end;
	uint64_t v = number_read(o, option, arg, &end);

	if (*end != '\0')
		options_usage(o, "%s: not a number: %s", option, arg);
	return number_check(o, option, arg, v, min, max);
}

uint64_t
options_size(const struct options *o, const char *option, const char *arg,
    uint64_t min, uint64_t max)
{
	static const char units[] = "kMGT";
	const char *end, *unit;
	uint64_t v = number_read(o, option, arg, &end);
	unsigned shift = 0;

	if (*end != '\0') {
		unit = strchr(units, *end == 'K' ? 'k' : *end);
		if (unit == NULL || end[1] != '\0')
			options_usage(o, "%s: not a size: %s", option, arg);
		shift = 10 * (unsigned)(unit - units + 1);
	}
	if (v > UINT64_MAX >> shift)
		options_usage(o, "%s: too large: %s", option, arg);
	return number_check(o, option, arg, v << shift, min, max);
}

void
options_free(const struct options *o)
{
	free(o->captures.word);
	free(o->kinds.word);
	free(o->operands.word);
}

bool
words_have(const struct words *w, const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (strlen(w->word[i]) == length &&
		    memcmp(w->word[i], word, length) == 0)
			return true;
	return false;
}
