/* SPDX-License-Identifier: ISC */
/* TCP segments. */

#include "formats/tcp.h"

enum { TCP_PROTOCOL = 6 };

/* Add big-endian 16-bit words to a ones' complement sum. */
static uint64_t
add_words(uint64_t sum, const uint8_t *bytes, size_t length)
{
	struct cursor c;

	cursor_init(&c, bytes, length);
	while (cursor_left(&c) >= 4)
		sum += cursor_be32(&c);
	if (cursor_left(&c) >= 2)
		sum += cursor_be16(&c);
	if (cursor_left(&c) == 1)
		sum += (uint64_t)cursor_u8(&c) << 8;
	return sum;
}

static uint16_t
fold(uint64_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void
judge(struct packet *p, const uint8_t *segment, size_t length)
{
	size_t each = p->seg.key.family == 4 ? 4 : 16;
	uint64_t pseudo = TCP_PROTOCOL + length;
	uint16_t stored = be16_get(segment + 16);

	pseudo = add_words(pseudo, p->seg.key.src, each);
	pseudo = add_words(pseudo, p->seg.key.dst, each);
	if (stored == 0 || stored == fold(pseudo))
		return;
	p->seg.key.info |= fold(add_words(pseudo, segment, length)) == 0xffff ?
	    FLOW_CHECKSUM_GOOD : FLOW_CHECKSUM_BAD;
}

enum layer
tcp_decode(struct packet *p)
{
	size_t captured = cursor_left(&p->at), whole = layer_left(p);
	const uint8_t *h = cursor_bytes(&p->at, TCP_HEADER_MIN);
	size_t header;

	if (h == NULL)
		return layer_short(p, FATE_BAD_TCP);
	header = (size_t)(h[12] >> 4) * 4;
	if (header < TCP_HEADER_MIN || header > whole)
		return layer_end(p, FATE_BAD_TCP);
	p->seg.key.sport = be16_get(h);
	p->seg.key.dport = be16_get(h + 2);
	p->seg.seq = be32_get(h + 4);
	p->seg.ack = be32_get(h + 8);
	p->seg.tcp_flags = h[13];
	p->seg.window = be16_get(h + 14);
	cursor_skip(&p->at, header - TCP_HEADER_MIN);
	p->seg.payload = p->at.at;
	p->seg.ref = (struct reference){
		.length = (uint32_t)cursor_left(&p->at)
	};
	p->seg.payload_length = (uint32_t)(whole - header);
	if (p->checksums && captured == whole)
		judge(p, h, whole);
	return layer_end(p, FATE_TCP);
}
