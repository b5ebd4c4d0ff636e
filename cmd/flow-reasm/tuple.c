/* SPDX-License-Identifier: ISC */
/* A packet's addresses and ports in ascending order. */
#include <string.h>

#include "cmd/flow-reasm/tuple.h"
#include "libcommon/bytes.h"

static int
address_order(const struct flow_key *key)
{
	uint32_t src, dst;

	if (key->family == 6)
		return memcmp(key->src, key->dst, 16);
	src = be32_get(key->src);
	dst = be32_get(key->dst);
	return src < dst ? -1 : src > dst;
}

void
tuple_set(struct tuple *t, const struct flow_key *key)
{
	int order = address_order(key);
	const uint8_t *lower = key->src, *upper = key->dst;
	uint8_t *to = (uint8_t *)t->address;

	t->place = 0;
	t->family = key->family;
	t->turned = order > 0 || (order == 0 && key->sport > key->dport);
	if (t->turned) {
		lower = key->dst;
		upper = key->src;
	}
	if (key->family == 4) {
		memcpy(to, lower, 4);
		memcpy(to + 4, upper, 4);
	} else {
		memcpy(to, lower, 16);
		memcpy(to + 16, upper, 16);
	}
	t->port[0] = t->turned ? key->dport : key->sport;
	t->port[1] = t->turned ? key->sport : key->dport;
}
