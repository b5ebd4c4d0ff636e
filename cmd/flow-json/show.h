/* SPDX-License-Identifier: ISC */
/*
 * Records as JSON: one object each, with every field of a body that is
 * known by name.  A body that these fields do not give back byte for byte
 * (malformed, of an unknown type, not as an encoder would write it) is
 * there besides as `body`, in hexadecimal.
 */
#ifndef FLOW_JSON_SHOW_H
#define FLOW_JSON_SHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "libcommon/jsontext.h"
#include "libcommon/record.h"

/*
 * One object into an empty jsontext.  Times are numbers, or text in
 * RFC 3339's form.
 */
void	show_record(struct jsontext *, const struct record *,
	    bool text_times);
void	show_preamble(struct jsontext *, const uint8_t[RECORD_PREAMBLE]);

#endif
