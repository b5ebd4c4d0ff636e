/* SPDX-License-Identifier: ISC */
/*
 * long GIGABYTES: one stream by reference whose sequence numbers wrap every
 * 4 GiB, every eighth pair of its segments in the other order.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/reasm/write.h"

enum { LENGTH = 62500 };		/* bytes of a segment */

static void
segment(uint64_t at, unsigned flags, uint32_t length, int64_t packet)
{
	struct segment s = { .window = 65535, .tcp_flags = (uint8_t)flags,
	    .seq = (uint32_t)at, .payload_length = length };

	s.key.family = 4;
	write_address(s.key.src, 1);
	write_address(s.key.dst, 2);
	s.ref.source = length > 0;
	s.ref.length = length;
	s.ref.offset = at;
	s.wire_length = s.cap_length = 54 + length;
	write_segment(&s, packet, packet, NULL);
}

int
main(int argc, char **argv)
{
	uint64_t segments, i, k;

	if (argc < 2)
		errx(2, "usage: long gigabytes");
	segments = strtoull(argv[1], NULL, 10) * 1000000000 / LENGTH;
	write_section();
	segment(999, TCP_SYN, 0, 1);
	for (i = 0; i < segments; i++) {
		k = i % 16 == 0 && i + 1 < segments ? i + 1 :
		    i % 16 == 1 ? i - 1 : i;
		segment(1000 + k * LENGTH, TCP_ACK, LENGTH, (int64_t)i + 2);
	}
	segment(1000 + segments * LENGTH, TCP_ACK | TCP_FIN, 0,
	    (int64_t)segments + 2);
	write_end(segments + 2);
	if (fflush(stdout) != 0)
		err(1, "standard output");
	return 0;
}
