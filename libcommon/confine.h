/* SPDX-License-Identifier: ISC */
/*
 * Giving up what a stage does not need, before it looks at hostile bytes.
 * Linux: seccomp and Landlock; elsewhere, or where the kernel has neither,
 * the functions do nothing and say so by their result.  Sanitizer builds
 * are not confined (their runtime needs more).
 */
#ifndef LIBCOMMON_CONFINE_H
#define LIBCOMMON_CONFINE_H

#include <stdbool.h>

enum confine_level {
	CONFINE_PIPES,		/* read and write what is open, exit */
	CONFINE_DIRECTORY,	/* also make files, below one directory */
	CONFINE_READ,		/* also read files, below one directory */
	CONFINE_OPEN,		/* also open and read files, no writing */
	CONFINE_PACKETS		/* also packet sockets that are open */
};

/*
 * Confine this process for good.  `dir` is the directory for
 * CONFINE_DIRECTORY and CONFINE_READ (it must exist), else NULL.  Returns
 * NULL, or what could not be done, as a constant text.
 */
const char	*confine(enum confine_level, const char *dir);

#endif
