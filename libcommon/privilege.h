/* SPDX-License-Identifier: ISC */
/*
 * Giving up root for good: --user and --chroot of every program.  Linux and
 * the BSDs; never prints.
 */
#ifndef LIBCOMMON_PRIVILEGE_H
#define LIBCOMMON_PRIVILEGE_H

#include <stddef.h>

/*
 * Become `user` ("name", "name:group", or numbers) with its groups, in the
 * directory `root` as the root directory.  Either may be NULL: not asked
 * for.  Returns 0, or -1 and what failed in error.  After a failure the
 * process must end: a part of it may have been done.
 */
int	privilege_drop(const char *user, const char *root, char *error,
	    size_t size);

#endif
