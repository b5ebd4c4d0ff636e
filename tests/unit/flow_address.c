/* SPDX-License-Identifier: ISC */
/* Unit test: flow_address() against inet_ntop(3) and by hand. */
#include <arpa/inet.h>

#include <stdlib.h>

#include "formats/flow.h"
#include "tests/unit/unit.h"

enum { ADDRESSES = 20000 };

static void
same(uint8_t family, const uint8_t address[16])
{
	char got[FLOW_ADDRESS_TEXT], want[FLOW_ADDRESS_TEXT] = "";

	inet_ntop(family == 4 ? AF_INET : AF_INET6, address, want,
	    sizeof(want));
	CHECK_STR(flow_address(got, family, address), want);
}

/* Random ones; every other with many zeros, for `::'. */
static void
against_inet_ntop(void)
{
	uint32_t seed = 1;
	uint8_t address[16];
	int i, j;

	for (i = 0; i < ADDRESSES; i++) {
		for (j = 0; j < 16; j++) {
			seed = seed * 1103515245u + 12345u;
			address[j] = (uint8_t)(seed >> 16);
			if (i % 2 == 1 && seed >> 30 != 0)
				address[j] = 0;
		}
		address[0] = 0x20;	/* embeds no IPv4 address */
		same(4, address);
		same(6, address);
	}
}

int
main(void)
{
	uint8_t a[16] = { 0 };
	char text[FLOW_ADDRESS_TEXT];

	against_inet_ntop();
	CHECK_STR(flow_address(text, 4, a), "0.0.0.0");
	CHECK_STR(flow_address(text, 6, a), "::");
	a[15] = 1;
	CHECK_STR(flow_address(text, 6, a), "::1");
	a[12] = 192, a[13] = 0, a[14] = 2, a[15] = 255;
	CHECK_STR(flow_address(text, 6, a), "::192.0.2.255");
	a[10] = a[11] = 0xff;
	CHECK_STR(flow_address(text, 6, a), "::ffff:192.0.2.255");
	return unit_status();
}
