/* SPDX-License-Identifier: ISC */
/* Where a program is: beside this one, or in PATH. */
#include <sys/stat.h>

#include <err.h>
#include <limits.h>
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

static char *
program_beside(const char *name)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	const char *slash;

	if (n <= 0 || (size_t)n == sizeof(self))
		return NULL;
	slash = memrchr(self, '/', (size_t)n);
	return slash == NULL ? NULL :
	    program_in(self, (size_t)(slash - self), name);
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
