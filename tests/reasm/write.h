/* SPDX-License-Identifier: ISC */
/* Records written by hand to standard output, for tests of reassembly. */
#ifndef TESTS_REASM_WRITE_H
#define TESTS_REASM_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "formats/flow.h"

void	write_section(void);
void	write_end(uint64_t records);

/*
 * A SEGMENT.  Its payload of ref.length bytes travels with it, or by
 * reference when it is NULL.
 */
void	write_segment(const struct segment *, int64_t time, int64_t packet,
	    const uint8_t *payload);

/* 10.x.y.z from a number. */
void	write_address(uint8_t to[16], uint64_t number);

#endif
