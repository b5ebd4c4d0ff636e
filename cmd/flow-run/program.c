/* SPDX-License-Identifier: ISC */
/* Where a program is: beside this one, or in PATH. */
#include <sys/auxv.h>
#include <sys/stat.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-run/pipeline.h"

/* "directory/name" if that is a program, else NULL; empty means ".". */
static char *
program_in(const char *directory, size_t length, const char *name)
{
	struct stat st;
	char *path;

	if (asprintf(&path, "%.*s/%s", length == 0 ? 1 : (int)length,
	    length == 0 ? "." : directory, name) == -1)
		err(1, NULL);
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

/*
 * The file that this process runs.  Without /proc, as in a small root, it is
 * the path that it was started by.  The caller frees it; NULL: unknown.
 */
static char *
program_self(void)
{
	char *self = realpath("/proc/self/exe", NULL);
	unsigned long started;

	if (self == NULL) {
		started = getauxval(AT_EXECFN);
		if (started != 0)
			self = realpath((const char *)started, NULL);
	}
	return self;
}

static char *
program_beside(const char *name)
{
	char *self = program_self(), *found = NULL;
	const char *slash = self == NULL ? NULL : strrchr(self, '/');

	if (slash != NULL)
		found = program_in(self, (size_t)(slash - self), name);
	free(self);
	return found;
}

char *
program_find(const char *name)
{
	const char *path = getenv("PATH"), *end;
	char *found;

	if (strchr(name, '/') != NULL) {
		found = strdup(name);
		if (found == NULL)
			err(1, NULL);
		return found;
	}
	found = program_beside(name);
	while (found == NULL && path != NULL) {
		end = strchrnul(path, ':');
		found = program_in(path, (size_t)(end - path), name);
		path = *end == ':' ? end + 1 : NULL;
	}
	return found;
}
