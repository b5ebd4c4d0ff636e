/* SPDX-License-Identifier: ISC */
/* Giving up root for good. */
#include <sys/types.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/privilege.h"

enum { PRIVILEGE_NAME_MAX = 256 };

struct identity {
	char	 name[PRIVILEGE_NAME_MAX];	/* for the groups */
	uid_t	 uid;
	gid_t	 gid;
};

/* Digits alone are an id; 0, or -1. */
static int
identity_number(const char *text, unsigned *id)
{
	unsigned long v;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	errno = 0;
	v = strtoul(text, &end, 10);
	if (*end != '\0' || errno != 0 || v >= (unsigned)-1)
		return -1;
	*id = (unsigned)v;
	return 0;
}

static int
identity_group(struct identity *who, const char *name)
{
	const struct group *g = getgrnam(name);

	if (g != NULL)
		who->gid = g->gr_gid;
	else if (identity_number(name, &who->gid) == -1)
		return -1;
	return 0;
}

/* Look up "user" or "user:group"; returns NULL, or what is unknown. */
static const char *
identity_find(struct identity *who, const char *text)
{
	const char *colon = strchr(text, ':');
	size_t n = colon == NULL ? strlen(text) : (size_t)(colon - text);
	const struct passwd *pw;

	if (n == 0 || n >= sizeof(who->name))
		return "no such user";
	memcpy(who->name, text, n);
	who->name[n] = '\0';
	pw = getpwnam(who->name);
	if (pw != NULL) {
		who->uid = pw->pw_uid;
		who->gid = pw->pw_gid;
	} else if (identity_number(who->name, &who->uid) == 0) {
		who->gid = who->uid;
		who->name[0] = '\0';
	} else {
		return "no such user";
	}
	if (colon != NULL && identity_group(who, colon + 1) == -1)
		return "no such group";
	return NULL;
}

/* The groups, while /etc/group can still be read. */
static int
identity_groups(const struct identity *who)
{
	if (who->name[0] != '\0')
		return initgroups(who->name, who->gid);
	return setgroups(1, &who->gid);
}

static int
privilege_failed(char *error, size_t size, const char *subject,
    const char *cause)
{
	snprintf(error, size, "%s: %s", subject, cause);
	return -1;
}

int
privilege_drop(const char *user, const char *root, char *error, size_t size)
{
	struct identity who;
	const char *unknown;

	if (user != NULL) {
		unknown = identity_find(&who, user);
		if (unknown != NULL)
			return privilege_failed(error, size, user, unknown);
		if (geteuid() == 0 && identity_groups(&who) == -1)
			return privilege_failed(error, size, user,
			    strerror(errno));
	}
	if (root != NULL && (chroot(root) == -1 || chdir("/") == -1))
		return privilege_failed(error, size, root, strerror(errno));
	if (user == NULL)
		return 0;
	if (setgid(who.gid) == -1 || setuid(who.uid) == -1)
		return privilege_failed(error, size, user, strerror(errno));
	if (who.uid != 0 && (setuid(0) != -1 || seteuid(0) != -1))
		return privilege_failed(error, size, user,
		    "root could not be given up");
	return 0;
}
