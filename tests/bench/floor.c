/* SPDX-License-Identifier: ISC */
/*
 * What the files of a capture cost at the least: one process that makes
 * those of a manifest of gencap, writes as many bytes into them, with the
 * same holes, sets their times and closes them.  It reads no capture.
 *
 *	floor [-b] manifest directory
 *
 * -b: the bodies of HTTP too.
 */
#include <sys/stat.h>

#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FLOOR_CHUNK = 1 << 16 };		/* bytes written at a time */

static void
write_run(int fd, const char *name, long long at, long long end)
{
	static char bytes[FLOOR_CHUNK];
	ssize_t n;

	for (; at < end; at += n) {
		n = pwrite(fd, bytes, end - at < FLOOR_CHUNK ?
		    (size_t)(end - at) : FLOOR_CHUNK, at);
		if (n <= 0)
			err(1, "%s", name);
	}
}

/* "BEGIN-END,..." or "-": write what lies between the holes. */
static void
write_file(int fd, const char *name, long long size, const char *holes)
{
	long long at = 0, hole, end;
	int n;

	while (sscanf(holes, "%lld-%lld%n", &hole, &end, &n) == 2) {
		write_run(fd, name, at, hole);
		at = end;
		holes += n;
		holes += *holes == ',';
	}
	write_run(fd, name, at, size);
	if (at == size && ftruncate(fd, size) == -1)
		err(1, "%s", name);
}

static void
make_file(int directory, const char *name, long long size, const char *holes)
{
	static long made;
	const struct timespec t = { 1000000000 + made, 0 };
	const struct timespec times[2] = { t, t };
	int fd = openat(directory, name, O_RDWR | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, 0666);

	if (fd == -1)
		err(1, "%s", name);
	write_file(fd, name, size, holes);
	if (futimens(fd, times) == -1 || close(fd) == -1)
		err(1, "%s", name);
	made++;
}

/* One line: name, size, missing, digest, holes. */
static void
make_line(int directory, char *line, bool bodies)
{
	char *column[5];
	int i;

	for (i = 0; i < 5; i++) {
		column[i] = strtok(i == 0 ? line : NULL, "\t\n");
		if (column[i] == NULL)
			errx(1, "not a manifest of gencap");
	}
	if (bodies || strstr(column[0], "-HTTPBODY-") == NULL)
		make_file(directory, column[0], atoll(column[1]), column[4]);
}

int
main(int argc, char **argv)
{
	bool bodies = argc > 1 && strcmp(argv[1], "-b") == 0;
	char *line = NULL;
	size_t room = 0;
	int directory;
	FILE *f;

	argv += bodies;
	if (argc - bodies != 3)
		errx(2, "usage: floor [-b] manifest directory");
	f = fopen(argv[1], "r");
	if (f == NULL)
		err(1, "%s", argv[1]);
	mkdir(argv[2], 0777);
	directory = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory == -1)
		err(1, "%s", argv[2]);
	while (getline(&line, &room, f) > 0)
		make_line(directory, line, bodies);
	free(line);
	return 0;
}
