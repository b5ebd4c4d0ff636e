/* SPDX-License-Identifier: ISC */
/*
 * rss COMMAND...: run a command in a session of its own and print, on
 * standard error, the most anonymous resident memory that all processes of
 * the session had at one time, in KiB, and the wall time in milliseconds.
 */
#include <sys/types.h>
#include <sys/wait.h>
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL = 10000000 };		/* ns between two looks */

static long
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The anonymous memory of a process, KiB. */
static long
anonymous(const char *pid)
{
	char path[64], line[256];
	long kib = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%.16s/status", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtol(line + 8, NULL, 10);
	fclose(f);
	return kib;
}

static long
session_sum(pid_t session)
{
	struct dirent *d;
	long sum = 0;
	DIR *dir = opendir("/proc");

	if (dir == NULL)
		err(1, "/proc");
	while ((d = readdir(dir)) != NULL)
		if (isdigit((unsigned char)d->d_name[0]) &&
		    getsid((pid_t)atol(d->d_name)) == session)
			sum += anonymous(d->d_name);
	closedir(dir);
	return sum;
}

int
main(int argc, char **argv)
{
	struct timespec pause = { .tv_nsec = INTERVAL };
	long most = 0, now, start = milliseconds();
	int status;
	pid_t pid;

	if (argc < 2)
		errx(2, "usage: rss command ...");
	pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		setsid();
		execvp(argv[1], argv + 1);
		err(127, "%s", argv[1]);
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		now = session_sum(pid);
		if (now > most)
			most = now;
		nanosleep(&pause, NULL);
	}
	fprintf(stderr, "%ld %ld\n", most, milliseconds() - start);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
