/* SPDX-License-Identifier: ISC */
/*
 * A decompressor that is a program (xz, bzip2, lz4, zstd, gzip), found in
 * PATH and run without a shell.  A second process feeds it when the packed
 * bytes do not come from a file.
 */
#ifndef PCAP_DEMUX_UNPACK_PROGRAM_H
#define PCAP_DEMUX_UNPACK_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "cmd/pcap-demux/unpack.h"

struct unpack_program;

/*
 * Run it on fd: from the beginning where it is a regular file, else on the
 * `n` bytes that have been read from it and those that follow.
 */
struct unpack_program *unpack_program_open(enum unpack_format, int fd,
		    const uint8_t *first, size_t n, const char **why);

ssize_t		 unpack_program_read(struct unpack_program *, uint8_t *buf,
		    size_t size);

/* What the next read will be from, to wait for it. */
int		 unpack_program_fd(const struct unpack_program *);

/* NULL, or how it failed: a constant text. */
const char	*unpack_program_close(struct unpack_program *);

#endif
