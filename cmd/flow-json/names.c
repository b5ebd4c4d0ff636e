/* SPDX-License-Identifier: ISC */
/* The words for single bits and for the enums that have none elsewhere. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-json/names.h"
#include "formats/flow.h"
#include "libcommon/record.h"

const struct names_bit names_tcp[] = {
	{ TCP_FIN, "fin" }, { TCP_SYN, "syn" }, { TCP_RST, "rst" },
	{ TCP_PSH, "psh" }, { TCP_ACK, "ack" }, { TCP_URG, "urg" },
	{ TCP_ECE, "ece" }, { TCP_CWR, "cwr" }, { 0, NULL }
};

const struct names_bit names_info[] = {
	{ FLOW_HAS_MAC, "mac" }, { FLOW_HAS_TCI, "tci" },
	{ FLOW_CHECKSUM_GOOD, "checksum-good" },
	{ FLOW_CHECKSUM_BAD, "checksum-bad" },
	{ FLOW_FRAGMENTED, "fragmented" }, { 0, NULL }
};

static const struct names_bit flags_any[] = {
	{ RECORD_BYREF, "byref" }, { RECORD_CRITICAL, "critical" },
	{ 0, NULL }
};

static const struct names_bit flags_source[] = {
	{ RECORD_BYREF, "byref" }, { RECORD_CRITICAL, "critical" },
	{ RECORD_NO_NEW, "no-new" }, { 0, NULL }
};

static const struct names_bit flags_late[] = {
	{ RECORD_BYREF, "byref" }, { RECORD_CRITICAL, "critical" },
	{ RECORD_REPLACE, "replace" }, { 0, NULL }
};

static const struct names_bit flags_name[] = {
	{ RECORD_BYREF, "byref" }, { RECORD_CRITICAL, "critical" },
	{ RECORD_SUFFIX, "suffix" }, { NAME_UNSTORED, "unstored" },
	{ 0, NULL }
};

static const char *const source_formats[] = {
	[SOURCE_UNKNOWN] = "unknown", [SOURCE_PCAP] = "pcap",
	[SOURCE_PCAPNG] = "pcapng", [SOURCE_LIVE] = "live",
	[SOURCE_OTHER] = "other", NULL
};

static const char *const end_statuses[] = {
	[END_WHOLE] = "whole", [END_TRUNCATED] = "truncated",
	[END_ERROR] = "error", [END_INTERRUPTED] = "interrupted", NULL
};

static const char *
word_of(const char *const *table, uint32_t number)
{
	while (*table != NULL && number > 0) {
		table++;
		number--;
	}
	return *table;
}

static int
number_of(const char *const *table, const char *word)
{
	int i;

	for (i = 0; table[i] != NULL; i++)
		if (strcmp(table[i], word) == 0)
			return i;
	return -1;
}

const struct names_bit *
names_flags(uint16_t type)
{
	switch (type) {
	case RECORD_SOURCE:
		return flags_source;
	case RECORD_LATE:
		return flags_late;
	case RECORD_NAME:
		return flags_name;
	default:
		return flags_any;
	}
}

const char *
names_word(const struct names_bit *table, uint32_t bit)
{
	for (; table->name != NULL; table++)
		if (table->bit == bit)
			return table->name;
	return NULL;
}

uint32_t
names_bit(const struct names_bit *table, const char *word)
{
	unsigned long v;
	char *end;

	for (; table->name != NULL; table++)
		if (strcmp(table->name, word) == 0)
			return table->bit;
	if (strncmp(word, "0x", 2) != 0)
		return 0;
	v = strtoul(word, &end, 16);
	return *end != '\0' || v > UINT16_MAX ? 0 : (uint32_t)v;
}

const char *
names_source_format(uint32_t n)
{
	return word_of(source_formats, n);
}

int
names_source_format_number(const char *word)
{
	return number_of(source_formats, word);
}

const char *
names_end_status(uint32_t n)
{
	return word_of(end_statuses, n);
}

int
names_end_status_number(const char *word)
{
	return number_of(end_statuses, word);
}
