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
meta_time(struct json *j, const char *key)
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
	json_string(j, key, text);
}

static void
meta_host(struct json *j)
{
	struct utsname u;
	const struct passwd *pw = getpwuid(getuid());

	if (uname(&u) == 0) {
		json_string(j, "host", u.nodename);
		json_string(j, "os_sysname", u.sysname);
		json_string(j, "os_release", u.release);
		json_string(j, "os_version", u.version);
		json_string(j, "arch", u.machine);
	}
	json_unsigned(j, "uid", getuid());
	if (pw != NULL)
		json_string(j, "username", pw->pw_name);
}

void
meta_json(struct json *j, const struct options *o)
{
	const struct library *l;
	int i;

	json_object(j, NULL);
	json_string(j, "program", o->program);
	json_string(j, "version", flowpipe_version);
	json_array(j, "arguments");
	for (i = 0; i < o->argc; i++)
		json_string(j, NULL, o->argv[i]);
	json_array_end(j);
	json_string(j, "compiler", __VERSION__);
	json_string(j, "cflags", META_CFLAGS);
	json_object(j, "libraries");
	for (l = o->libraries; l != NULL && l->name != NULL; l++)
		json_string(j, l->name, l->version);
	json_object_end(j);
	meta_host(j);
	json_unsigned(j, "pid", (uint64_t)getpid());
	meta_time(j, "start_time");
	json_object_end(j);
}

static void
meta_seconds(struct json *j, const char *key, const struct timeval *t)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%lld.%06ld",
	    (long long)t->tv_sec, (long)t->tv_usec);

	json_raw(j, key, text, (size_t)n);
}

void
meta_usage_json(struct json *j)
{
	struct rusage u;

	if (getrusage(RUSAGE_SELF, &u) == 0) {
		meta_seconds(j, "utime", &u.ru_utime);
		meta_seconds(j, "stime", &u.ru_stime);
		json_signed(j, "maxrss", u.ru_maxrss);
		json_signed(j, "minflt", u.ru_minflt);
		json_signed(j, "majflt", u.ru_majflt);
		json_signed(j, "nswap", u.ru_nswap);
		json_signed(j, "inblock", u.ru_inblock);
		json_signed(j, "oublock", u.ru_oublock);
	}
	meta_time(j, "end_time");
}
