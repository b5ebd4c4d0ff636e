/* SPDX-License-Identifier: ISC */
/* formats/pcapng_encode: what is written is read again by formats/pcapng. */
#include <stdio.h>
#include <string.h>

#include "formats/pcapng.h"
#include "formats/pcapng_encode.h"
#include "tests/unit/unit.h"

static uint8_t file[65536];
static size_t file_size;

static void
add(const void *bytes, size_t n)
{
	memcpy(file + file_size, bytes, n);
	file_size += n;
}

static void
add_packet(uint32_t interface, int64_t time, uint32_t captured,
    uint32_t on_wire)
{
	struct pcap_packet p = { .interface = interface, .time = time,
	    .captured = captured, .on_wire = on_wire };
	uint8_t head[PCAPNG_PACKET_HEAD], tail[PCAPNG_PACKET_TAIL_MAX];
	static uint8_t data[4096];
	unsigned n = pcapng_encode_packet(head, tail, &p);

	memset(data, (int)captured, sizeof(data));
	add(head, sizeof(head));
	add(data, captured);
	add(tail, n);
}

/* The next packet of the file; false at its end. */
static bool
next(struct pcapng *g, size_t *at, struct pcap_packet *p)
{
	enum pcapng_result result = PCAPNG_OTHER;
	const char *why = "";
	uint32_t length = 0;

	while (result == PCAPNG_OTHER && *at < file_size) {
		result = pcapng_block(g, file + *at, file_size - *at,
		    &length, p, &why);
		if (result == PCAPNG_BAD || result == PCAPNG_MORE)
			CHECK_STR(why, "a block that can be read");
		*at += length;
	}
	return result == PCAPNG_PACKET;
}

static void
check_packet(struct pcapng *g, size_t *at, uint32_t link_type, int64_t time,
    uint32_t captured, uint32_t on_wire)
{
	struct pcap_packet p;

	if (!next(g, at, &p)) {
		CHECK_STR("no packet", "a packet");
		return;
	}
	CHECK(p.link_type == link_type);
	CHECK(p.time == time);
	CHECK(p.captured == captured);
	CHECK(p.on_wire == on_wire);
}

int
main(void)
{
	uint8_t section[PCAPNG_SECTION_SIZE];
	uint8_t interface[PCAPNG_INTERFACE_SIZE];
	struct pcapng g = { 0 };
	struct pcap_packet p;
	size_t at = 0;
	uint32_t n;

	pcapng_encode_section(section);
	add(section, sizeof(section));
	pcapng_encode_interface(interface, 1, 65535);
	add(interface, sizeof(interface));
	for (n = 0; n < 8; n++)
		add_packet(0, 1303415757123456789 + n, n, n + 60);
	pcapng_encode_interface(interface, 113, 0);
	add(interface, sizeof(interface));
	add_packet(1, 5, 1500, 1500);
	add_packet(0, 4102444800000000001, 60, 60);
	for (n = 0; n < 8; n++)
		check_packet(&g, &at, 1, 1303415757123456789 + n, n, n + 60);
	check_packet(&g, &at, 113, 5, 1500, 1500);
	check_packet(&g, &at, 1, 4102444800000000001, 60, 60);
	CHECK(!next(&g, &at, &p));
	pcapng_free(&g);
	return unit_status();
}
