/* SPDX-License-Identifier: ISC */
/* A packet's addresses and ports, without regard to its direction. */
#ifndef FLOW_REASM_TUPLE_H
#define FLOW_REASM_TUPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/flow.h"

/* A tuple in ascending order of its ends. */
struct tuple {
	uint8_t		 family;
	bool		 turned;	/* the sender is the upper end */
	uint16_t	 port[2];
	uint64_t	 address[4];	/* both, network order, packed */
	uint32_t	 place;		/* where hash is for, 0: not known */
	uint64_t	 hash;		/* connections.c */
	uint32_t	 near;		/* may be its connection, 0: none */
};

void	tuple_set(struct tuple *, const struct flow_key *);

#endif
