/* SPDX-License-Identifier: ISC */
/* Running a decompressor. */

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pcap-demux/unpack_program.h"

enum { EXIT_NOT_RUN = 127, FEED_PIECE = 1 << 16 };

struct unpack_program {
	pid_t		 pid;		/* 0: none */
	int		 fd;		/* its output */
	int		 life;		/* the feeder ends when it is closed */
	int		 said;		/* its messages, -1: not looked at */
	bool		 ended;		/* read to its end */
};

static const char *const xz[] = { "xz", "-dc", NULL };
static const char *const lzma[] = { "xz", "--format=lzma", "-dc", NULL };
static const char *const bzip2[] = { "bzip2", "-dc", NULL };
static const char *const lz4[] = { "lz4", "-dc", NULL };
static const char *const zstd[] = { "zstd", "-dcq", NULL };
static const char *const gzip[] = { "gzip", "-dc", NULL };

static const char *const *
program_for(enum unpack_format format)
{
	switch (format) {
	case UNPACK_XZ:
		return xz;
	case UNPACK_LZMA:
		return lzma;
	case UNPACK_BZIP2:
		return bzip2;
	case UNPACK_LZ4:
		return lz4;
	case UNPACK_ZSTD:
		return zstd;
	default:
		return gzip;
	}
}

static int
write_all(int fd, const uint8_t *p, size_t n)
{
	ssize_t done;

	while (n > 0) {
		done = write(fd, p, n);
		if (done == -1 && errno != EINTR)
			return -1;
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

/* Wait for bytes; false: nobody wants them any more. */
static bool
wanted(int from, int life)
{
	struct pollfd p[2] = {
		{ .fd = from, .events = POLLIN },
		{ .fd = life, .events = POLLIN }
	};

	while (poll(p, 2, -1) == -1)
		if (errno != EINTR)
			return false;
	return p[1].revents == 0;
}

/* In the feeder: what was read already, then the rest of `from`. */
static _Noreturn void
feed(int to, int from, int life, const uint8_t *first, size_t n)
{
	uint8_t *piece = malloc(FEED_PIECE);
	ssize_t got;

	if (piece == NULL || write_all(to, first, n) == -1)
		_exit(1);
	while (wanted(from, life) &&
	    (got = read(from, piece, FEED_PIECE)) != 0) {
		if (got == -1 && errno != EINTR)
			_exit(1);
		if (got > 0 && write_all(to, piece, (size_t)got) == -1)
			_exit(1);
	}
	_exit(0);
}

/* A pipe out of which `from` comes, whole; its reading end, or -1. */
static int
start_feeder(struct unpack_program *p, int from, const uint8_t *first,
    size_t n)
{
	pid_t feeder;
	int fd[2], life[2];

	if (pipe2(fd, O_CLOEXEC) == -1)
		return -1;
	if (pipe2(life, O_CLOEXEC) == -1) {
		close(fd[0]);
		close(fd[1]);
		return -1;
	}
	p->life = life[1];
	feeder = fork();
	if (feeder == 0) {
		close(fd[0]);
		close(p->fd);
		close(p->life);
		close(STDOUT_FILENO);	/* the records' reader sees our end */
		feed(fd[1], from, life[0], first, n);
	}
	close(fd[1]);
	close(life[0]);
	if (feeder == -1) {
		close(fd[0]);
		return -1;
	}
	return fd[0];
}

static _Noreturn void
run(const char *const *argv, int in, int out, int said)
{
	if (said == -1)
		said = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (said != -1)			/* we say that it failed */
		(void)dup2(said, STDERR_FILENO);
	if (dup2(in, STDIN_FILENO) != -1 && dup2(out, STDOUT_FILENO) != -1)
		execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(EXIT_NOT_RUN);
}

/*
 * Start the program with input from `in`; 0, or -1.  bzip2 ends with 0 when it
 * has left out what follows a damaged beginning, and only warns.
 */
static int
start(struct unpack_program *p, const char *const *argv, int in, int out)
{
	int said[2] = { -1, -1 };

	if (argv == bzip2 && pipe2(said, O_CLOEXEC | O_NONBLOCK) == -1)
		return -1;
	p->said = said[0];
	p->pid = fork();
	if (p->pid == 0)
		run(argv, in, out, said[1]);
	if (said[1] != -1)
		close(said[1]);
	if (p->pid == -1) {
		p->pid = 0;
		return -1;
	}
	return 0;
}

static int
wait_for(pid_t pid)
{
	int status = 0;

	while (pid > 0 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	return status;
}

struct unpack_program *
unpack_program_open(enum unpack_format format, int fd, const uint8_t *first,
    size_t n, const char **why)
{
	struct unpack_program *p = calloc(1, sizeof(*p));
	struct stat st;
	int out[2], in = fd, result = -1;

	*why = "out of memory";
	if (p == NULL)
		return NULL;
	*why = "cannot run a decompressor";
	if (pipe2(out, O_CLOEXEC) == -1)
		goto free_it;
	p->fd = out[0];
	p->life = p->said = -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		(void)lseek(fd, 0, SEEK_SET);
	else
		in = start_feeder(p, fd, first, n);
	if (in != -1)
		result = start(p, program_for(format), in, out[1]);
	close(out[1]);
	if (in != fd && in != -1)
		close(in);
	if (result == 0) {
		*why = NULL;
		return p;
	}
	(void)unpack_program_close(p);
	return NULL;
free_it:
	free(p);
	return NULL;
}

ssize_t
unpack_program_read(struct unpack_program *p, uint8_t *buf, size_t size)
{
	ssize_t n;

	do
		n = read(p->fd, buf, size);
	while (n == -1 && errno == EINTR);
	p->ended = n == 0;
	return n;
}

int
unpack_program_fd(const struct unpack_program *p)
{
	return p->fd;
}

const char *
unpack_program_close(struct unpack_program *p)
{
	bool ended = p->ended, complained = false;
	int status;
	char c;

	close(p->fd);
	if (p->life != -1)
		close(p->life);
	status = wait_for(p->pid);	/* the feeder may take longer */
	if (p->said != -1) {
		complained = read(p->said, &c, 1) == 1;
		close(p->said);
	}
	free(p);
	if (ended && status == 0 && complained)
		return "garbage after the compressed data";
	if (!ended || status == 0)
		return NULL;
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_RUN ?
	    "the program that decompresses it is not installed" :
	    "the program that decompresses it failed";
}
