/* SPDX-License-Identifier: ISC */
/*
 * The static programs in one file, so that they share what they link: each
 * program is a link with its name to this one.  The programs stay what they
 * are, a process each, with pipes between them.
 *
 * static_programs.h is made by static.mk: PROGRAM("flow-http", flow_http)
 * for each folder of cmd/, whose main() the linker knows as flow_http_main.
 */
#include <stdio.h>
#include <string.h>

#define PROGRAM(name, symbol) int symbol##_main(int, char **);
#include "static_programs.h"
#undef PROGRAM

static const struct program {
	const char *name;
	int (*main)(int, char **);
} programs[] = {
#define PROGRAM(name, symbol) { name, symbol##_main },
#include "static_programs.h"
#undef PROGRAM
};

static const struct program *
find(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strcmp(programs[i].name, name) == 0)
			return &programs[i];
	return NULL;
}

static void
usage(FILE *out)
{
	size_t i;

	fputs("usage: flowpipe program [argument ...]\nprograms:", out);
	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		fprintf(out, " %s", programs[i].name);
	fputc('\n', out);
}

/* By the name it was called with, or by its first argument. */
int
main(int argc, char **argv)
{
	const struct program *p = argc > 0 ? find(argv[0]) : NULL;

	if (p != NULL)
		return p->main(argc, argv);
	if (argc > 1 && strcmp(argv[1], "-h") == 0) {
		usage(stdout);
		return fflush(stdout) == EOF;
	}
	p = argc > 1 ? find(argv[1]) : NULL;
	if (p != NULL)
		return p->main(argc - 1, argv + 1);
	usage(stderr);
	return 2;
}
