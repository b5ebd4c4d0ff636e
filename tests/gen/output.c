/* SPDX-License-Identifier: ISC */
/* Packets in a capture: RFC 791, RFC 9293, pcap and pcapng. */
#include <err.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/bytes.h"
#include "tests/gen/output.h"

enum {
	PCAP_RECORD = 16,
	PCAPNG_RECORD = 28,		/* EPB before the frame */
	PCAPNG_TRAILER = 8		/* padding and total length, at most */
};

static size_t
output_record_size(const struct output *o)
{
	return o->format == OUTPUT_PCAPNG ? PCAPNG_RECORD : PCAP_RECORD;
}

static void
output_flush(struct output *o)
{
	const uint8_t *p = o->buffer;
	ssize_t n;

	for (; o->used > 0; p += n, o->used -= (size_t)n) {
		n = write(STDOUT_FILENO, p, o->used);
		if (n == -1)
			err(1, "standard output");
	}
}

/* The sum of 16-bit words as RFC 1071 has it, not yet folded. */
static uint64_t
output_sum(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;

	for (; n >= 4; p += 4, n -= 4)
		sum += be32_get(p);
	if (n >= 2) {
		sum += be16_get(p);
		p += 2;
		n -= 2;
	}
	if (n > 0)
		sum += (uint64_t)*p << 8;
	return sum;
}

static uint16_t
output_fold(uint64_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
output_ethernet(uint8_t *p, const struct packet *k)
{
	static const uint8_t local[2] = { 0x02, 0x00 };

	memcpy(p, local, 2);
	be32_put(p + 2, k->dst);
	memcpy(p + 6, local, 2);
	be32_put(p + 8, k->src);
	be16_put(p + 12, 0x0800);
}

static void
output_ip(uint8_t *p, const struct packet *k, uint16_t id)
{
	p[0] = 0x45;
	p[1] = 0;
	be16_put(p + 2, (uint16_t)(40 + k->length));
	be16_put(p + 4, id);
	be16_put(p + 6, 0x4000);
	p[8] = 64;
	p[9] = 6;
	be16_put(p + 10, 0);
	be32_put(p + 12, k->src);
	be32_put(p + 16, k->dst);
	be16_put(p + 10, output_fold(output_sum(p, 20)));
}

static void
output_tcp(uint8_t *p, const struct packet *k)
{
	uint64_t sum;

	be16_put(p, k->sport);
	be16_put(p + 2, k->dport);
	be32_put(p + 4, k->seq);
	be32_put(p + 8, k->ack);
	p[12] = 5 << 4;
	p[13] = k->flags;
	be16_put(p + 14, 65535);
	be32_put(p + 16, 0);
	sum = (uint64_t)k->src + k->dst + 6 + 20 + k->length;
	sum += output_sum(p, 20 + (size_t)k->length);
	be16_put(p + 16, output_fold(sum));
}

/* What stands before the frame in the file. */
static void
output_record(struct output *o, uint8_t *p, uint32_t length)
{
	uint32_t unit = o->format == OUTPUT_PCAP ? 1000 : 1;

	if (o->format != OUTPUT_PCAPNG) {
		le32_put(p, (uint32_t)(o->time / 1000000000));
		le32_put(p + 4, (uint32_t)(o->time % 1000000000) / unit);
		le32_put(p + 8, length);
		le32_put(p + 12, length);
		return;
	}
	le32_put(p, 6);
	le32_put(p + 4, PCAPNG_RECORD + 4 + ((length + 3) & ~3u));
	le32_put(p + 8, 0);
	le32_put(p + 12, (uint32_t)(o->time >> 32));
	le32_put(p + 16, (uint32_t)o->time);
	le32_put(p + 20, length);
	le32_put(p + 24, length);
}

static void
output_pcapng_begin(uint8_t *p)
{
	static const uint8_t blocks[56] = {
		0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a,
		1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 28, 0, 0, 0,
		1, 0, 0, 0, 28, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0,
		9, 0, 1, 0, 9, 0, 0, 0,		/* if_tsresol: ns */
		28, 0, 0, 0
	};

	memcpy(p, blocks, sizeof(blocks));
}

void
output_begin(struct output *o)
{
	uint8_t *p = o->buffer;

	if (o->format == OUTPUT_PCAPNG) {
		output_pcapng_begin(p);
		o->used = 56;
		return;
	}
	le32_put(p, o->format == OUTPUT_PCAP ? 0xa1b2c3d4 : 0xa1b23c4d);
	le16_put(p + 4, 2);
	le16_put(p + 6, 4);
	le32_put(p + 8, 0);
	le32_put(p + 12, 0);
	le32_put(p + 16, 262144);
	le32_put(p + 20, 1);
	o->used = 24;
}

uint8_t *
output_payload(struct output *o)
{
	size_t most = output_record_size(o) + OUTPUT_HEADERS +
	    OUTPUT_PAYLOAD_MAX + PCAPNG_TRAILER;

	if (OUTPUT_BUFFER - o->used < most)
		output_flush(o);
	return o->buffer + o->used + output_record_size(o) + OUTPUT_HEADERS;
}

void
output_packet(struct output *o, const struct packet *k)
{
	uint8_t *frame = output_payload(o) - OUTPUT_HEADERS;
	uint32_t length = OUTPUT_HEADERS + (uint32_t)k->length;
	size_t padding = -length & 3;

	output_ethernet(frame, k);
	output_ip(frame + 14, k, (uint16_t)o->packets);
	output_tcp(frame + 34, k);
	output_record(o, o->buffer + o->used, length);
	o->used += output_record_size(o) + length;
	if (o->format == OUTPUT_PCAPNG) {
		memset(o->buffer + o->used, 0, padding);
		o->used += padding + 4;
		le32_put(o->buffer + o->used - 4,
		    PCAPNG_RECORD + 4 + length + (uint32_t)padding);
	}
	o->time += o->step;
	o->packets++;
}

void
output_end(struct output *o)
{
	output_flush(o);
	if (close(STDOUT_FILENO) == -1)
		err(1, "standard output");
}
