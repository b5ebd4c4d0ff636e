/* SPDX-License-Identifier: ISC */
/*
 * A tree of jansson's as JSON text, in the manner of libcommon/jsontext.h:
 * no blanks, members in their order, control characters as \u00xx, numbers
 * with a fraction to six places where that is exact.  So JSON that a stage
 * wrote is the same text again after it has been parsed.
 */
#ifndef FLOW_JSON_TREE_H
#define FLOW_JSON_TREE_H

#include <jansson.h>

#include "libcommon/jsontext.h"

void	tree_text(struct jsontext *, const char *key, json_t *);

#endif
