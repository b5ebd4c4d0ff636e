/* SPDX-License-Identifier: ISC */
/* A packet's addresses and ports in ascending order. */
#include <string.h>

#include "cmd/flow-reasm/tuple.h"
#include "libcommon/bytes.h"

static void
tuple_set_4(struct tuple *t, const struct flow_key *key)
{
	uint32_t src = be32_get(key->src), dst = be32_get(key->dst);
	uint64_t both = (uint64_t)src << 32 | dst;
	unsigned half;

	/* Nobody can foretell which it is: no branches. */
	t->turned = (src > dst) | ((src == dst) & (key->sport > key->dport));
	half = t->turned * 32u;
	be64_put((uint8_t *)t->address, both << half | both >> (-half & 63));
}

static void
tuple_set_6(struct tuple *t, const struct flow_key *key)
{
	int order = memcmp(key->src, key->dst, 16);
	uint8_t *to = (uint8_t *)t->address;

	t->turned = order > 0 || (order == 0 && key->sport > key->dport);
	memcpy(to, t->turned ? key->dst : key->src, 16);
	memcpy(to + 16, t->turned ? key->src : key->dst, 16);
}

void
tuple_set(struct tuple *t, const struct flow_key *key)
{
	t->place = t->near = 0;
	t->family = key->family;
	if (key->family == 4)
		tuple_set_4(t, key);
	else
		tuple_set_6(t, key);
	t->port[t->turned] = key->sport;
	t->port[!t->turned] = key->dport;
}
