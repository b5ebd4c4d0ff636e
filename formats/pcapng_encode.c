/* SPDX-License-Identifier: ISC */
/* Blocks of a pcapng file. */
#include <string.h>

#include "formats/pcapng_encode.h"
#include "libcommon/bytes.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	SECTION_MAGIC = 0x1a2b3c4d,
	OPTION_TSRESOL = 9
};

static void
block(uint8_t *p, uint32_t type, uint32_t length)
{
	memset(p, 0, length);
	le32_put(p, type);
	le32_put(p + 4, length);
	le32_put(p + length - 4, length);
}

void
pcapng_encode_section(uint8_t p[PCAPNG_SECTION_SIZE])
{
	block(p, BLOCK_SECTION, PCAPNG_SECTION_SIZE);
	le32_put(p + 8, SECTION_MAGIC);
	le16_put(p + 12, 1);		/* version 1.0 */
	memset(p + 16, 0xff, 8);	/* length of the section: not said */
}

void
pcapng_encode_interface(uint8_t p[PCAPNG_INTERFACE_SIZE], uint32_t link_type,
    uint32_t snaplen)
{
	block(p, BLOCK_INTERFACE, PCAPNG_INTERFACE_SIZE);
	le16_put(p + 8, (uint16_t)link_type);
	le32_put(p + 12, snaplen);
	le16_put(p + 16, OPTION_TSRESOL);
	le16_put(p + 18, 1);
	p[20] = 9;			/* 10^-9 seconds */
}

void
pcapng_encode_micro(uint8_t p[PCAPNG_INTERFACE_SIZE])
{
	p[20] = 6;
}

unsigned
pcapng_encode_packet(uint8_t head[PCAPNG_PACKET_HEAD],
    uint8_t tail[PCAPNG_PACKET_TAIL_MAX], const struct pcap_packet *packet)
{
	unsigned padding = -packet->captured & 3;
	uint32_t length = PCAPNG_PACKET_HEAD + packet->captured + padding +
	    4;
	uint64_t time = (uint64_t)packet->time;

	le32_put(head, BLOCK_PACKET);
	le32_put(head + 4, length);
	le32_put(head + 8, packet->interface);
	le32_put(head + 12, (uint32_t)(time >> 32));
	le32_put(head + 16, (uint32_t)time);
	le32_put(head + 20, packet->captured);
	le32_put(head + 24, packet->on_wire);
	memset(tail, 0, padding);
	le32_put(tail + padding, length);
	return padding + 4;
}
