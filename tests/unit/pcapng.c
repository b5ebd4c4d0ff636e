/* SPDX-License-Identifier: ISC */
/* Unit test: times of pcapng interfaces, damaged blocks. */
#include "formats/pcapng.h"
#include "libcommon/bytes.h"
#include "tests/unit/unit.h"

static uint32_t
put_block(uint8_t *p, uint32_t type, const void *body, uint32_t n)
{
	le32_put(p, type);
	le32_put(p + 4, n + 12);
	memcpy(p + 8, body, n);
	le32_put(p + 8 + n, n + 12);
	return n + 12;
}

/* What the time of a packet of these ticks is. */
static int64_t
time_of(uint8_t resolution, int64_t offset, uint64_t ticks)
{
	struct pcapng f = { .big = false };
	struct pcap_packet pkt = { .time = -1 };
	uint8_t block[128], body[64] = { 0 };
	const char *why;
	uint32_t n;

	body[0] = 1;			/* Ethernet */
	le16_put(body + 8, 9);
	le16_put(body + 10, 1);
	body[12] = resolution;
	le16_put(body + 16, 14);
	le16_put(body + 18, 8);
	le64_put(body + 20, (uint64_t)offset);
	n = put_block(block, 1, body, 32);
	CHECK(pcapng_block(&f, block, n, &n, &pkt, &why) == PCAPNG_OTHER);
	memset(body, 0, sizeof(body));
	le32_put(body + 4, (uint32_t)(ticks >> 32));
	le32_put(body + 8, (uint32_t)ticks);
	le32_put(body + 12, 4);
	le32_put(body + 16, 60);
	n = put_block(block, 6, body, 24);
	CHECK(pcapng_block(&f, block, n, &n, &pkt, &why) == PCAPNG_PACKET);
	CHECK(pkt.captured == 4 && pkt.on_wire == 60 && pkt.offset == 28);
	pcapng_free(&f);
	return pkt.time;
}

static void
test_times(void)
{
	CHECK(time_of(6, 0, 1600000000123456) == 1600000000123456000);
	CHECK(time_of(9, 0, 1600000000123456789) == 1600000000123456789);
	CHECK(time_of(3, 1000, 1600000000123) == 1600001000123000000);
	CHECK(time_of(0, -5, 100) == 95000000000);
	CHECK(time_of(12, 0, 1234567890123456789) == 1234567890123456);
	CHECK(time_of(0x80 | 10, 0, 5 << 10 | 256) == 5250000000);
	CHECK(time_of(0x80 | 32, 0, (uint64_t)7 << 32 | 0x80000000) ==
	    7500000000);
	CHECK(time_of(0x80 | 62, 0, (uint64_t)3 << 61) == 1500000000);
	CHECK(time_of(0x80 | 100, 0, 7) == 0);
	CHECK(time_of(0, 0, UINT64_MAX) == 0);
}

/* An error and nothing else for each of these. */
static void
test_damage(void)
{
	struct pcapng f = { .big = false };
	struct pcap_packet pkt;
	uint8_t block[64], body[32] = { 0 };
	const char *why;
	uint32_t n;

	n = put_block(block, 6, body, 24);
	CHECK(pcapng_block(&f, block, n, &n, &pkt, &why) == PCAPNG_BAD);
	CHECK_STR(why, "packet of an interface that is not described");
	n = put_block(block, 1, body, 8);
	le32_put(block + n - 4, n + 4);
	CHECK(pcapng_block(&f, block, n, &n, &pkt, &why) == PCAPNG_BAD);
	CHECK_STR(why, "lengths of a block differ");
	le32_put(block + 4, 13);
	CHECK(pcapng_block(&f, block, 20, &n, &pkt, &why) == PCAPNG_BAD);
	le32_put(block + 4, 0xfffffff0);
	CHECK(pcapng_block(&f, block, 20, &n, &pkt, &why) == PCAPNG_BAD);
	CHECK_STR(why, "block too long");
	n = put_block(block, 0x0bad, body, 8);
	CHECK(pcapng_block(&f, block, 12, &n, &pkt, &why) == PCAPNG_OTHER);
	CHECK(n == 20);
	n = put_block(block, 1, body, 8);
	CHECK(pcapng_block(&f, block, 19, &n, &pkt, &why) == PCAPNG_MORE);
	pcapng_free(&f);
}

int
main(void)
{
	test_times();
	test_damage();
	return unit_status();
}
