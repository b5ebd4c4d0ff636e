/* SPDX-License-Identifier: ISC */
/* The words for the numbers in records: one table for each enum. */
#include <string.h>

#include "formats/flow.h"

static const char *const gap_names[GAP_CAUSES] = {
	[GAP_UNKNOWN] = "unknown", [GAP_MISSED] = "missed",
	[GAP_SNAPLEN] = "snaplen", [GAP_LIMIT] = "limit",
	[GAP_EVICTED] = "evicted", [GAP_START] = "start",
	[GAP_UNSENT] = "unsent", [GAP_FRAGMENT] = "fragment",
	[GAP_DAMAGED] = "damaged",
};

static const char *const close_names[CLOSE_REASONS] = {
	[CLOSE_UNKNOWN] = "unknown", [CLOSE_FIN] = "fin",
	[CLOSE_RST] = "rst", [CLOSE_TIMEOUT] = "timeout",
	[CLOSE_SKIP] = "skip", [CLOSE_EVICTED] = "evicted",
	[CLOSE_INPUT] = "input", [CLOSE_COMPLETE] = "complete",
	[CLOSE_CUT] = "cut", [CLOSE_DECODE] = "decode",
	[CLOSE_LIMIT] = "limit",
};

static const char *const digest_names[DIGEST_ALGORITHMS] = {
	NULL, [DIGEST_MD5] = "md5", [DIGEST_SHA1] = "sha1",
	[DIGEST_SHA256] = "sha256",
};

static const char *const role_names[] = {
	[ROLE_UNKNOWN] = "unknown", [ROLE_CLIENT] = "client",
	[ROLE_SERVER] = "server",
};

#define COUNT(table)	((uint32_t)(sizeof(table) / sizeof((table)[0])))

static const char *
name_of(const char *const *table, uint32_t count, uint32_t number)
{
	return number < count ? table[number] : NULL;
}

static uint32_t
number_of(const char *const *table, uint32_t count, const char *name)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (table[i] != NULL && strcmp(table[i], name) == 0)
			return i;
	return 0;
}

const char *
gap_cause_name(uint32_t n)
{
	return name_of(gap_names, COUNT(gap_names), n);
}

const char *
close_why_name(uint32_t n)
{
	return name_of(close_names, COUNT(close_names), n);
}

const char *
digest_name(uint32_t n)
{
	return name_of(digest_names, COUNT(digest_names), n);
}

const char *
role_name(uint32_t n)
{
	return name_of(role_names, COUNT(role_names), n);
}

uint32_t
gap_cause_number(const char *name)
{
	return number_of(gap_names, COUNT(gap_names), name);
}

uint32_t
close_why_number(const char *name)
{
	return number_of(close_names, COUNT(close_names), name);
}

uint32_t
digest_number(const char *name)
{
	return number_of(digest_names, COUNT(digest_names), name);
}

uint32_t
role_number(const char *name)
{
	return number_of(role_names, COUNT(role_names), name);
}
