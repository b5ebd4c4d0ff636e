/* SPDX-License-Identifier: ISC */
/*
 * The words for single bits, in both directions.  A bit without a word is
 * written as a hexadecimal number, "0x0020".
 */
#ifndef FLOW_JSON_NAMES_H
#define FLOW_JSON_NAMES_H

#include <stdint.h>

struct names_bit {
	uint32_t	 bit;
	const char	*name;		/* NULL ends a table */
};

extern const struct names_bit names_tcp[];	/* enum tcp_flag */
extern const struct names_bit names_info[];	/* enum flow_info */

/* The flags of a record of this type. */
const struct names_bit	*names_flags(uint16_t type);

/* The word for one bit, or NULL; and the bit for a word, or 0. */
const char	*names_word(const struct names_bit *, uint32_t bit);
uint32_t	 names_bit(const struct names_bit *, const char *word);

/* "pcap", "live", or NULL; "whole", "error", or NULL; and back, or -1. */
const char	*names_source_format(uint32_t);
int		 names_source_format_number(const char *);
const char	*names_end_status(uint32_t);
int		 names_end_status_number(const char *);

#endif
