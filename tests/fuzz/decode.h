/* SPDX-License-Identifier: ISC */
/*
 * All of pcap-demux's decoding over bytes in memory, for fuzz targets and
 * for cut-test.  What comes out is checked: the payload lies in the packet
 * or in a datagram, the path can be read back.
 */
#ifndef TESTS_FUZZ_DECODE_H
#define TESTS_FUZZ_DECODE_H

#include <stdint.h>
#include <stdlib.h>

#include "formats/encap.h"
#include "formats/frag.h"
#include "formats/layer.h"
#include "formats/link.h"
#include "formats/pcapfile.h"

/* Read every byte, so that a sanitizer sees what is not there. */
static inline unsigned
decode_touch(const uint8_t *p, size_t n)
{
	unsigned sum = 0;

	while (n > 0)
		sum += p[--n];
	return sum;
}

static inline void
decode_check(const struct packet *p)
{
	volatile unsigned sink;
	struct encap_layer layer;
	char text[64];
	size_t at = 0;
	unsigned depth = 0;

	if (p->fate >= FATES || p->seg.ref.length > p->seg.payload_length)
		abort();
	if (p->fate != FATE_TCP)
		return;
	sink = decode_touch(p->seg.payload, p->seg.ref.length);
	(void)sink;
	if (p->ip != NULL && p->ip > p->at.end)
		abort();
	while (encap_next(&layer, p->path.bytes, p->path.length, &at) == 1)
		depth++;
	if (at != p->path.length || depth != p->path.depth ||
	    !encap_is_reverse(p->path.bytes, p->path.length, p->path.bytes,
	    p->path.length))
		abort();
	encap_text(text, sizeof(text), p->path.bytes, p->path.length);
}

static inline void
decode_leftovers(struct frag_table *t)
{
	struct packet p;

	while (frag_leftover(t, &p))
		decode_check(&p);
}

/* One frame, from the given layer down. */
static inline void
decode_frame(struct packet *p, enum layer first, const uint8_t *frame,
    uint32_t captured, uint32_t on_wire)
{
	if (p->fragments != NULL)
		frag_tick(p->fragments, p->time);
	layer_frame(p, frame, captured, on_wire);
	layer_walk(p, first);
	decode_check(p);
	while (layer_walk_more(p))
		decode_check(p);
	if (p->fragments != NULL)
		decode_leftovers(p->fragments);
}

static inline void
decode_packets(struct packet *p, const uint8_t *bytes, size_t size)
{
	struct pcapfile f = { .kind = PCAPFILE_UNKNOWN };
	struct pcap_packet pkt;
	enum pcapfile_result r;

	do {
		r = pcapfile_next(&f, bytes, size, &pkt);
		if (r == PCAPFILE_PACKET) {
			p->time = pkt.time;
			p->number++;
			decode_frame(p, link_layer(pkt.link_type), pkt.data,
			    pkt.captured, pkt.on_wire);
		}
		if (f.used > size)
			break;
		bytes += f.used;
		size -= f.used;
	} while (r == PCAPFILE_PACKET || r == PCAPFILE_SKIP);
	pcapfile_free(&f);
}

/* A whole capture. */
static inline void
decode_capture(const uint8_t *bytes, size_t size)
{
	struct packet p = { .tunnels = true, .checksums = true };

	p.fragments = frag_new(FRAG_MEMORY_MIN * 4, INT64_C(30000000000), 1);
	if (p.fragments == NULL)
		abort();
	decode_packets(&p, bytes, size);
	frag_finish(p.fragments);
	decode_leftovers(p.fragments);
	frag_free(p.fragments);
}

/*
 * Frames out of a fuzzer's input: each a 16-bit length and as many bytes.
 */
static inline void
decode_frames(enum layer first, const uint8_t *bytes, size_t size,
    bool checksums)
{
	struct packet p = { .tunnels = true, .checksums = checksums };
	uint32_t n;

	p.fragments = frag_new(FRAG_MEMORY_MIN * 2, INT64_C(1000000000), 1);
	if (p.fragments == NULL)
		abort();
	while (size >= 2) {
		n = le16_get(bytes);
		bytes += 2;
		size -= 2;
		if (n > size)
			n = (uint32_t)size;
		p.time += 1000000;
		p.number++;
		decode_frame(&p, first, bytes, n, n + (n & 1) * 50);
		bytes += n;
		size -= n;
	}
	frag_finish(p.fragments);
	decode_leftovers(p.fragments);
	frag_free(p.fragments);
}

#endif
