/* SPDX-License-Identifier: ISC */
/*
 * Decompression of a file or pipe: gzip, zip and, where built in, zstd in
 * this process, the rest by a program that is run without a shell.
 */
#ifndef PCAP_DEMUX_UNPACK_H
#define PCAP_DEMUX_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "cmd/pcap-demux/packed.h"

enum unpack_format {
	UNPACK_NONE, UNPACK_GZIP, UNPACK_ZIP, UNPACK_ZSTD, UNPACK_XZ,
	UNPACK_BZIP2, UNPACK_LZ4, UNPACK_LZMA, UNPACK_COMPRESS
};

enum { UNPACK_MAGIC = 6 };		/* bytes that tell the format */

struct unpack;

/* The format that begins with these bytes, of which n are there. */
enum unpack_format unpack_recognise(const uint8_t *, size_t n);

/* Is a program run for this format? */
bool		 unpack_needs_program(enum unpack_format);

/*
 * Begin.  The packed bytes are the `n` at `first`, then what the source
 * gives.  NULL: *why says what is wrong.
 */
struct unpack	*unpack_open(enum unpack_format, const uint8_t *first,
		    size_t n, int fd, packed_source *, void *arg,
		    const char **why);

/* read(2) of unpacked bytes; -1: unpack_error(). */
ssize_t		 unpack_read(struct unpack *, uint8_t *buf, size_t size);
/* The descriptor of a program, which that may have to wait for, or -1. */
int		 unpack_fd(const struct unpack *);
const char	*unpack_error(const struct unpack *);

/* NULL, or how the program failed (when it was read to its end). */
const char	*unpack_close(struct unpack *);

#endif
