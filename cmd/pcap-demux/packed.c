/* SPDX-License-Identifier: ISC */
/* Packed bytes on their way to a decompressor. */

#include <errno.h>
#include <string.h>

#include "cmd/pcap-demux/packed.h"

bool
packed_more(struct packed *p)
{
	ssize_t n;

	if (p->at < p->n)
		return true;
	if (p->ended)
		return false;
	n = p->source(p->arg, p->piece, PACKED_PIECE);
	p->at = 0;
	p->n = n > 0 ? (size_t)n : 0;
	if (n < 0)
		p->error = strerror(errno);
	p->ended = n <= 0;
	return n > 0;
}

size_t
packed_take(struct packed *p, uint8_t *buf, size_t n)
{
	size_t part, done = 0;

	while (done < n && packed_more(p)) {
		part = p->n - p->at < n - done ? p->n - p->at : n - done;
		if (buf != NULL)
			memcpy(buf + done, p->piece + p->at, part);
		p->at += part;
		done += part;
	}
	return done;
}
