/* SPDX-License-Identifier: ISC */
/*
 * The bodies of flow.h as members of an open object.  Each returns false
 * when the members alone do not give the body back.
 */
#ifndef FLOW_JSON_SHOW_FLOW_H
#define FLOW_JSON_SHOW_FLOW_H

#include <stdbool.h>

#include "cmd/flow-json/names.h"
#include "libcommon/jsontext.h"
#include "libcommon/record.h"

bool	show_flow_segment(struct jsontext *, const struct record *);
bool	show_flow_frame(struct jsontext *, const struct record *);
bool	show_flow_open(struct jsontext *, const struct record *);
bool	show_flow_data(struct jsontext *, const struct record *);
bool	show_flow_close(struct jsontext *, const struct record *,
	    bool text_times);

/* For all bodies. */
void	show_flow_reference(struct jsontext *, const char *key,
	    const struct reference *);
void	show_flow_number(struct jsontext *, const char *key, uint64_t);
void	show_flow_bits(struct jsontext *, const char *key, uint32_t bits,
	    const struct names_bit *);
void	show_flow_time(struct jsontext *, const char *key, int64_t,
	    bool text);
/* A word, or the number where there is none. */
void	show_flow_word(struct jsontext *, const char *key, const char *word,
	    uint32_t number);

#endif
