/* SPDX-License-Identifier: ISC */
/*
 * The bytes of a capture: of a plain file through a sliding window, of
 * standard input or another pipe as they come, of a compressed file as they
 * are decompressed.  What is compressed is known by its first bytes.
 */
#ifndef PCAP_DEMUX_INPUT_H
#define PCAP_DEMUX_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input;

/* Called before a read that would wait; false: stop instead. */
typedef bool	input_wait(void *arg);

/*
 * Open a file, "-" being standard input.  NULL when it cannot be opened:
 * why is a text that does not name the file.
 */
struct input	*input_open(const char *path, input_wait *, void *arg,
		    const char **why);

/*
 * The bytes at the present place: at least `need` of them, unless the input
 * ends or fails before (input_error()).  Valid until the next call.
 */
const uint8_t	*input_peek(struct input *, size_t need, size_t *have);

/*
 * Go on by n bytes, which may be more than there are to peek at.  Returns
 * how many of them do not exist.
 */
uint64_t	 input_skip(struct input *, uint64_t n);

/* NULL, or what has gone wrong with reading or decompressing. */
const char	*input_error(const struct input *);

/* input_wait said stop. */
bool		 input_stopped(const struct input *);

/* How far the file or pipe has been read, packed as it is. */
uint64_t	 input_position(const struct input *);

/* A plain file that references can point into: its descriptor, or -1. */
int		 input_plain_fd(const struct input *);

/* A plain file ends there, however it may grow. */
void		 input_limit(struct input *, uint64_t size);

/* NULL, or what a decompressor that is a program said at its end. */
const char	*input_close(struct input *);

#endif
