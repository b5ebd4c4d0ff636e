/* SPDX-License-Identifier: ISC */
/*
 * wild PACKETS SEED: SEGMENTs of a few tuples with VLANs and tunnels at
 * random, and with times, lengths and numbers at the ends of their range.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/reasm/trial.h"
#include "tests/reasm/write.h"

enum { PAYLOAD = 64 };

static const int64_t extremes[] = {
	0, 1, -1, INT32_MAX, UINT32_MAX, INT64_MAX, INT64_MIN + 1,
	INT64_MAX / 2, INT64_MIN / 2
};

static int64_t
number(struct random *r, int64_t usual)
{
	uint32_t n = sizeof(extremes) / sizeof(extremes[0]);

	return random_below(r, 4) != 0 ? usual : extremes[random_below(r, n)];
}

static void
key(struct random *r, struct flow_key *k, struct encap_path *path)
{
	static const uint8_t kinds[] = { ENCAP_VLAN, ENCAP_GTPU, ENCAP_VXLAN };
	struct encap_layer layer = { 0 };
	uint32_t layers = random_below(r, 3);

	k->family = random_below(r, 2) ? 4 : 6;
	k->src[3] = (uint8_t)random_below(r, 3);
	k->dst[3] = (uint8_t)random_below(r, 3);
	k->sport = (uint16_t)random_below(r, 2);
	k->dport = (uint16_t)random_below(r, 2);
	k->info = (uint8_t)random_below(r, 4);
	k->tci = (uint16_t)random_below(r, 5);
	path->length = 0;
	path->depth = 0;
	for (; layers > 0; layers--) {
		layer.kind = kinds[random_below(r, 3)];
		layer.id = random_below(r, 3);
		encap_push(path, &layer);
	}
}

static void
wild_segment(struct random *r, int64_t i)
{
	static const uint8_t flags[] = {
		TCP_ACK, TCP_ACK, TCP_SYN, TCP_SYN | TCP_ACK,
		TCP_FIN | TCP_ACK, TCP_RST, TCP_ACK | TCP_PSH
	};
	struct encap_path path;
	struct segment s = { .window = 1 };
	uint8_t payload[PAYLOAD] = { (uint8_t)i };

	key(r, &s.key, &path);
	s.key.path = path.bytes;
	s.key.path_length = path.length;
	s.seq = random_below(r, 2) ? random_below(r, 3000) :
	    (uint32_t)random_next(r);
	s.ack = random_below(r, 2) ? random_below(r, 3000) :
	    (uint32_t)random_next(r);
	s.tcp_flags = flags[random_below(r, sizeof(flags))];
	s.ref.length = random_below(r, 2) ? random_below(r, PAYLOAD + 1) : 0;
	s.ref.offset = (uint64_t)number(r, i);
	s.payload_length = random_below(r, 8) != 0 ? s.ref.length :
	    UINT32_MAX - random_below(r, 2) * 4294960000u;
	s.wire_length = (uint32_t)number(r, 60);
	s.cap_length = (uint32_t)number(r, 60);
	write_segment(&s, number(r, i * 1000), number(r, i), payload);
}

int
main(int argc, char **argv)
{
	struct random r = { 0 };
	int64_t i, packets;

	if (argc < 3)
		errx(2, "usage: wild packets seed");
	packets = atoll(argv[1]);
	r.state = strtoull(argv[2], NULL, 10);
	write_section();
	for (i = 0; i < packets; i++)
		wild_segment(&r, i + 1);
	write_end((uint64_t)packets);
	if (fflush(stdout) != 0)
		err(1, "standard output");
	return 0;
}
