/* SPDX-License-Identifier: ISC */
/* What a program says of itself, for the chain of custody. */
#include <sys/resource.h>
#include <sys/utsname.h>

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "libcommon/meta.h"

#ifndef META_CFLAGS
#define META_CFLAGS ""
#endif

/* Wall time, which filters read for this alone: RFC 3339, microseconds. */
static void
meta_time(struct jsontext *j, const char *key)
{
	struct timespec now;
	struct tm tm;
	char text[32];
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof(text) - n, ".%06ldZ",
	    now.tv_nsec / 1000 % 1000000);
	jsontext_string(j, key, text);
}

static void
meta_host(struct jsontext *j)
{
	struct utsname u;
	const struct passwd *pw = getpwuid(getuid());

	if (uname(&u) == 0) {
		jsontext_string(j, "host", u.nodename);
		jsontext_string(j, "os_sysname", u.sysname);
		jsontext_string(j, "os_release", u.release);
		jsontext_string(j, "os_version", u.version);
		jsontext_string(j, "arch", u.machine);
	}
	jsontext_unsigned(j, "uid", getuid());
	if (pw != NULL)
		jsontext_string(j, "username", pw->pw_name);
}

void
meta_json(struct jsontext *j, const struct options *o)
{
	const struct library *l;
	int i;

	jsontext_object(j, NULL);
	jsontext_string(j, "program", o->program);
	jsontext_string(j, "version", flowpipe_version);
	jsontext_array(j, "arguments");
	for (i = 0; i < o->argc; i++)
		jsontext_string(j, NULL, o->argv[i]);
	jsontext_array_end(j);
	jsontext_string(j, "compiler", __VERSION__);
	jsontext_string(j, "cflags", META_CFLAGS);
	jsontext_object(j, "libraries");
	for (l = o->libraries; l != NULL && l->name != NULL; l++)
		jsontext_string(j, l->name, l->version);
	jsontext_object_end(j);
	meta_host(j);
	jsontext_unsigned(j, "pid", (uint64_t)getpid());
	meta_time(j, "start_time");
	jsontext_object_end(j);
}

static void
meta_seconds(struct jsontext *j, const char *key, const struct timeval *t)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%lld.%06ld",
	    (long long)t->tv_sec, (long)t->tv_usec);

	jsontext_raw(j, key, text, (size_t)n);
}

void
meta_usage_json(struct jsontext *j)
{
	struct rusage u;

	if (getrusage(RUSAGE_SELF, &u) == 0) {
		meta_seconds(j, "utime", &u.ru_utime);
		meta_seconds(j, "stime", &u.ru_stime);
		jsontext_signed(j, "maxrss", u.ru_maxrss);
		jsontext_signed(j, "minflt", u.ru_minflt);
		jsontext_signed(j, "majflt", u.ru_majflt);
		jsontext_signed(j, "nswap", u.ru_nswap);
		jsontext_signed(j, "inblock", u.ru_inblock);
		jsontext_signed(j, "oublock", u.ru_oublock);
	}
	meta_time(j, "end_time");
}
