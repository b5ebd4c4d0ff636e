/* SPDX-License-Identifier: ISC */
/*
 * Addresses as text.  IPv4 by hand: there are two in every line and entry,
 * and inet_ntop(3) makes them with printf.  IPv6 addresses that embed an IPv4
 * one without ffff are where C libraries differ; here they are the same with
 * each, since they become names of files.
 */
#include <arpa/inet.h>

#include <string.h>

#include "formats/flow.h"
#include "libcommon/digits.h"

static char *
address4(char *out, const uint8_t address[4])
{
	int i;

	for (i = 0; i < 3; i++) {
		out = digits_octet(out, address[i]);
		*out++ = '.';
	}
	out = digits_octet(out, address[3]);
	*out = '\0';
	return out;
}

/* ::a.b.c.d, the IPv4-compatible address of RFC 4291 section 2.5.5.1. */
static bool
embeds4(const uint8_t address[16])
{
	static const uint8_t zero[12];

	return memcmp(address, zero, sizeof(zero)) == 0 &&
	    (address[12] | address[13]) != 0;
}

char *
flow_address_put(char text[FLOW_ADDRESS_TEXT], uint8_t family,
    const uint8_t address[16])
{
	if (family == 4)
		return address4(text, address);
	if (embeds4(address)) {
		text[0] = text[1] = ':';
		return address4(text + 2, address + 12);
	}
	if (inet_ntop(AF_INET6, address, text, FLOW_ADDRESS_TEXT) == NULL)
		text[0] = '\0';
	return text + strlen(text);
}

char *
flow_address(char text[FLOW_ADDRESS_TEXT], uint8_t family,
    const uint8_t address[16])
{
	(void)flow_address_put(text, family, address);
	return text;
}
