/* SPDX-License-Identifier: ISC */
/*
 * Fuzz target: fragments of one datagram in any order.  Of IPv4 the bytes
 * that come out are those that came first for each place.
 */
#include <string.h>

#include "tests/fuzz/decode.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { ORDER = 5, SPACE = 2048 };	/* bytes that describe a fragment */

/* A model of the datagram: one byte, one flag for each place. */
struct model {
	uint8_t	 byte[SPACE];
	bool	 came[SPACE];
};

static void
model_add(struct model *m, const uint8_t *bytes, uint32_t offset, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (!m->came[offset + i])
			m->byte[offset + i] = bytes[i];
		m->came[offset + i] = true;
	}
}

/* Add one; true when the datagram is whole (and was compared). */
static bool
add(struct packet *p, struct model *m, const uint8_t *spec)
{
	struct fragment f = { .id = 1, .more = (spec[0] & 1) != 0 };
	uint8_t bytes[256];
	uint32_t n = (uint32_t)(spec[2] / 8 + 1) * 8;

	f.offset = (uint32_t)(spec[1] % 128) * 8;
	memset(bytes, spec[3], n);
	layer_frame(p, bytes, n, n);
	p->seg.key.family = 4;
	p->protocol = 6;
	if (frag_add(p, f) == LAYER_PROTOCOL) {
		model_add(m, bytes, f.offset, n);
		if (cursor_left(&p->at) > SPACE ||
		    memcmp(p->at.at, m->byte, cursor_left(&p->at)) != 0)
			abort();
		return true;
	}
	if (p->fate == FATE_FRAGMENT)
		model_add(m, bytes, f.offset, n);
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct packet p = { .tunnels = true };
	struct model m;

	memset(&m, 0, sizeof(m));
	p.fragments = frag_new(FRAG_MEMORY, INT64_C(30000000000), 1);
	if (p.fragments == NULL)
		abort();
	for (; size >= ORDER; bytes += ORDER, size -= ORDER) {
		frag_tick(p.fragments, 0);
		if (add(&p, &m, bytes))
			memset(&m, 0, sizeof(m));
	}
	frag_free(p.fragments);
	return 0;
}
