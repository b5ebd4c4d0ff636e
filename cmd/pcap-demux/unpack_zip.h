/* SPDX-License-Identifier: ISC */
/*
 * The first file in a zip archive (PKWARE's APPNOTE.TXT), read as a stream:
 * stored or deflated, its check sum compared.  That there are more files is
 * an error, told once the first has been read.
 */
#ifndef PCAP_DEMUX_UNPACK_ZIP_H
#define PCAP_DEMUX_UNPACK_ZIP_H

#include "cmd/pcap-demux/packed.h"

struct unpack_zip;

/* What is packed stays the caller's.  NULL: out of memory. */
struct unpack_zip *unpack_zip_open(struct packed *);

/* read(2) of unpacked bytes; -1: unpack_zip_error(). */
ssize_t		 unpack_zip_read(struct unpack_zip *, uint8_t *buf,
		    size_t size);
const char	*unpack_zip_error(const struct unpack_zip *);
void		 unpack_zip_close(struct unpack_zip *);

#endif
