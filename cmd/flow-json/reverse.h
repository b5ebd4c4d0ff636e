/* SPDX-License-Identifier: ISC */
/* JSON Lines back into records, one object at a time. */
#ifndef FLOW_JSON_REVERSE_H
#define FLOW_JSON_REVERSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/flow-json/known.h"
#include "cmd/flow-json/members.h"

struct reverse {
	struct known	 known;
	bool		 begun;		/* a preamble is out */
	uint8_t		*out;		/* of one object */
	size_t		 length;
	char		 error[MEMBERS_ERROR];
};

void	reverse_init(struct reverse *);

/*
 * The bytes of one line of JSON into out: a record, a preamble, or both.
 * Blank lines and those that begin with # give none.  0, or -1: see error.
 */
int	reverse_line(struct reverse *, const char *line, size_t length);

void	reverse_free(struct reverse *);

#endif
