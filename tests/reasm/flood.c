/* SPDX-License-Identifier: ISC */
/*
 * flood PACKETS [TUPLES [SEED]]: SEGMENTs with random sequence numbers and
 * flags, of random tuples; or of so many tuples, each of whose sequence
 * numbers keep within 8 MiB, so that everything overlaps and waits.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/reasm/trial.h"
#include "tests/reasm/write.h"

enum { PAYLOAD = 64, SPAN = 8 << 20 };

int
main(int argc, char **argv)
{
	uint64_t packets, tuples, i, tuple;
	struct random r = { .state = 1 };
	uint8_t payload[PAYLOAD] = { 0 };

	if (argc < 2)
		errx(2, "usage: flood packets [tuples [seed]]");
	packets = strtoull(argv[1], NULL, 10);
	tuples = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	if (argc > 3)
		r.state = strtoull(argv[3], NULL, 10);
	write_section();
	for (i = 0; i < packets; i++) {
		struct segment s = { .window = 1024 };

		s.key.family = 4;
		tuple = random_next(&r);
		if (tuples > 0)
			tuple %= tuples;
		write_address(s.key.src, tuple);
		write_address(s.key.dst, tuple >> 24);
		s.key.sport = (uint16_t)(tuples > 0 ? 1 : tuple >> 48);
		s.key.dport = 2;
		s.seq = (uint32_t)random_next(&r);
		if (tuples > 0)
			s.seq %= SPAN;
		s.ack = (uint32_t)random_next(&r);
		/* SYN and RST once in a while when streams are to live. */
		s.tcp_flags = (uint8_t)random_next(&r);
		if (tuples > 0 && random_below(&r, 1000) != 0)
			s.tcp_flags &= (uint8_t)~(TCP_SYN | TCP_RST | TCP_FIN);
		s.ref.length = random_below(&r, PAYLOAD + 1);
		s.payload_length = s.ref.length;
		s.wire_length = s.cap_length = 54 + s.ref.length;
		payload[0] = (uint8_t)i;
		write_segment(&s, (int64_t)(i * 1000), (int64_t)i + 1,
		    payload);
	}
	write_end(packets);
	if (fflush(stdout) != 0)
		err(1, "standard output");
	return 0;
}
