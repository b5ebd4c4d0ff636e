/* SPDX-License-Identifier: ISC */
/* A packet's addresses and ports in ascending order. */
#include <string.h>

#include "cmd/flow-reasm/tuple.h"

static void
tuple_order(struct tuple *t, const struct flow_key *key, size_t size)
{
	int order = memcmp(key->src, key->dst, size);
	uint8_t *to = (uint8_t *)t->address;

	t->turned = order > 0 || (order == 0 && key->sport > key->dport);
	memcpy(to, t->turned ? key->dst : key->src, size);
	memcpy(to + size, t->turned ? key->src : key->dst, size);
}

void
tuple_set(struct tuple *t, const struct flow_key *key)
{
	t->family = key->family;
	tuple_order(t, key, key->family == 4 ? 4 : 16);
	t->port[0] = t->turned ? key->dport : key->sport;
	t->port[1] = t->turned ? key->sport : key->dport;
}
