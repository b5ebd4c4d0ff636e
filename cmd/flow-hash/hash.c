/* SPDX-License-Identifier: ISC */
/* DIGEST records. */
#include "cmd/flow-hash/hash.h"

void
hash_emit(struct hash *h, const struct record *close, struct digests *d,
    uint64_t covered, uint32_t flags)
{
	struct record r = { .type = RECORD_DIGEST, .stream = close->stream,
	    .time = close->time };
	struct digest out = { .flags = flags, .covered = covered };
	uint8_t fixed[DIGEST_FIXED], value[DIGESTS_VALUE];
	struct iovec v[2] = { { fixed, sizeof(fixed) }, { value, 0 } };

	h->digested++;
	h->partial += (flags & DIGEST_PARTIAL) != 0;
	for (out.algorithm = DIGEST_MD5; out.algorithm < DIGEST_ALGORITHMS;
	    out.algorithm++) {
		if ((h->set & 1U << out.algorithm) == 0)
			continue;
		out.value_length = d == NULL ? 0 :
		    digests_value(d, out.algorithm, value);
		v[1].iov_len = out.value_length;
		digest_encode(fixed, &out);
		stage_emitv(h->stage, &r, v, 2);
	}
}
