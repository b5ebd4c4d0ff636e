/* SPDX-License-Identifier: ISC */
/* The bytes of a capture, whatever they come out of. */

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pcap-demux/input.h"
#include "cmd/pcap-demux/unpack.h"

enum {
	INPUT_WINDOW = 1 << 20,		/* bytes */
	INPUT_POLL = 500		/* ms between looks at signals */
};

struct input {
	int		 fd;
	bool		 plain;		/* a regular file: pread() */
	bool		 ended;
	bool		 stopped;
	uint64_t	 at;		/* bytes read from fd */
	uint64_t	 limit;		/* read no further */
	uint8_t		*buf;
	size_t		 size, start, end;
	struct unpack	*unpack;	/* or NULL */
	const char	*error;
	input_wait	*wait;
	void		*arg;
};

/* Nothing to read yet: tell the caller, wait.  False: stop. */
static bool
wait_for(struct input *in, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int timeout = 0;

	while (poll(&p, 1, timeout) <= 0) {
		if (!in->wait(in->arg)) {
			in->stopped = true;
			return false;
		}
		timeout = INPUT_POLL;
	}
	return true;
}

/* read(2), from the file or pipe itself. */
static ssize_t
read_raw(void *arg, uint8_t *buf, size_t size)
{
	struct input *in = arg;
	ssize_t n;

	do {
		if (in->plain)
			n = pread(in->fd, buf, in->limit - in->at < size ?
			    (size_t)(in->limit - in->at) : size,
			    (off_t)in->at);
		else if (wait_for(in, in->fd))
			n = read(in->fd, buf, size);
		else
			return 0;
	} while (n == -1 && (errno == EINTR || errno == EAGAIN));
	if (n > 0)
		in->at += (uint64_t)n;
	return n;
}

static ssize_t
read_some(struct input *in, uint8_t *buf, size_t size)
{
	ssize_t n;
	int fd;

	if (in->unpack == NULL) {
		n = read_raw(in, buf, size);
		if (n == -1)
			in->error = strerror(errno);
		return n;
	}
	fd = unpack_fd(in->unpack);
	if (fd != -1 && !wait_for(in, fd))
		return 0;
	n = unpack_read(in->unpack, buf, size);
	if (n == -1)
		in->error = unpack_error(in->unpack);
	return n;
}

/* Room for `need` bytes from start on: 0, or -1. */
static int
make_room(struct input *in, size_t need)
{
	size_t size = in->size;
	uint8_t *grown;

	memmove(in->buf, in->buf + in->start, in->end - in->start);
	in->end -= in->start;
	in->start = 0;
	while (size < need)
		size *= 2;
	if (size == in->size)
		return 0;
	grown = realloc(in->buf, size);
	if (grown == NULL) {
		in->error = "out of memory";
		return -1;
	}
	in->buf = grown;
	in->size = size;
	return 0;
}

/*
 * Get at least `need` bytes.  A file is read a window at a time; of a pipe
 * no more is waited for than is needed.
 */
static void
fill(struct input *in, size_t need)
{
	ssize_t n;

	if (in->ended || in->error != NULL || make_room(in, need) == -1)
		return;
	while (in->end - in->start < need) {
		n = read_some(in, in->buf + in->end, in->size - in->end);
		if (n <= 0) {
			in->ended = true;
			return;
		}
		in->end += (size_t)n;
	}
}

/* See whether what comes is compressed. */
static int
recognise(struct input *in, const char **why)
{
	enum unpack_format format;

	fill(in, UNPACK_MAGIC);
	format = unpack_recognise(in->buf, in->end);
	if (format == UNPACK_NONE)
		return 0;
	in->unpack = unpack_open(format, in->buf, in->end, in->fd, read_raw,
	    in, why);
	if (in->unpack == NULL)
		return -1;
	in->ended = false;
	in->start = in->end = 0;
	return 0;
}

static int
open_fd(const char *path, const char **why)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO :
	    open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		*why = strerror(errno);
	return fd;
}

struct input *
input_open(const char *path, input_wait *wait, void *arg, const char **why)
{
	struct input *in;
	struct stat st;
	int fd = open_fd(path, why);

	if (fd == -1)
		return NULL;
	in = calloc(1, sizeof(*in));
	if (in == NULL || (in->buf = malloc(INPUT_WINDOW)) == NULL) {
		*why = "out of memory";
		goto fail;
	}
	in->fd = fd;
	in->size = INPUT_WINDOW;
	in->limit = UINT64_MAX;
	in->wait = wait;
	in->arg = arg;
	in->plain = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    fd != STDIN_FILENO;
	if (in->plain)
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	if (recognise(in, why) == 0)
		return in;
fail:
	if (in != NULL)
		free(in->buf);
	free(in);
	if (fd != STDIN_FILENO)
		close(fd);
	return NULL;
}

const uint8_t *
input_peek(struct input *in, size_t need, size_t *have)
{
	if (in->end - in->start < need)
		fill(in, need);
	*have = in->end - in->start;
	return in->buf + in->start;
}

uint64_t
input_skip(struct input *in, uint64_t n)
{
	size_t have;

	while (n > 0) {
		have = in->end - in->start;
		if (n <= have) {
			in->start += (size_t)n;
			return 0;
		}
		n -= have;
		in->start = in->end;
		(void)input_peek(in, n < INPUT_WINDOW ? (size_t)n :
		    INPUT_WINDOW, &have);
		if (have == 0)
			break;
	}
	return n;
}

const char *
input_error(const struct input *in)
{
	return in->error;
}

bool
input_stopped(const struct input *in)
{
	return in->stopped;
}

uint64_t
input_position(const struct input *in)
{
	return in->at;
}

void
input_limit(struct input *in, uint64_t size)
{
	in->limit = size > in->at ? size : in->at;
}

int
input_plain_fd(const struct input *in)
{
	return in->plain && in->unpack == NULL ? in->fd : -1;
}

const char *
input_close(struct input *in)
{
	const char *why = NULL;

	if (in->unpack != NULL)
		why = unpack_close(in->unpack);
	if (in->fd != STDIN_FILENO)
		close(in->fd);
	free(in->buf);
	free(in);
	return why;
}
