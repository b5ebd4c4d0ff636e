/* SPDX-License-Identifier: ISC */
/*
 * Decoders: spare ones to use again, and those at work, in the order in
 * which they were fed.  A window can be 16 MiB, and whoever sends it needs
 * but a few bytes to have it filled, in as many connections as he likes: so
 * together they have a limit, and over it the one that has waited longest
 * ends.
 */
#include "cmd/flow-http/flow_http.h"

static void
decoding_unlink(struct http *h, struct message *m)
{
	if (m->staler != NULL)
		m->staler->fresher = m->fresher;
	else
		h->stalest = m->fresher;
	if (m->fresher != NULL)
		m->fresher->staler = m->staler;
	else
		h->freshest = m->staler;
	m->staler = m->fresher = NULL;
	h->weight -= m->weight;
}

static void
decoding_link(struct http *h, struct message *m)
{
	m->weight = coding_weight(m->coding) + m->held_size;
	h->weight += m->weight;
	m->staler = h->freshest;
	if (h->freshest != NULL)
		h->freshest->fresher = m;
	else
		h->stalest = m;
	h->freshest = m;
}

bool
decoders_take(struct http *h, struct message *m,
    const enum coding_kind *kinds, unsigned n)
{
	while (m->coding == NULL && h->spares > 0) {
		m->coding = h->spare[--h->spares];
		if (coding_reopen(m->coding, kinds, n, &h->options.limits))
			break;
		coding_close(m->coding);
		m->coding = NULL;
	}
	if (m->coding == NULL)
		m->coding = coding_open(kinds, n, &h->options.limits);
	if (m->coding == NULL)
		return false;
	decoding_link(h, m);
	return true;
}

void
decoders_weigh(struct http *h, struct message *m)
{
	struct message *stale;

	decoding_unlink(h, m);
	decoding_link(h, m);
	while (h->weight > h->options.memory_max && h->stalest != m) {
		stale = h->stalest;
		stale->stopped = true;
		stale->why = CLOSE_LIMIT;
		stale->error = "memory of all decoders is over the limit";
		decoders_leave(h, stale);
	}
}

void
decoders_leave(struct http *h, struct message *m)
{
	if (m->coding == NULL)
		return;
	decoding_unlink(h, m);
	if (coding_trailing(m->coding))
		m->anomalies |= HTTP_TRAILING;
	if (h->spares == SPARE_MAX ||
	    coding_weight(m->coding) > SPARE_WEIGHT)
		coding_close(m->coding);
	else
		h->spare[h->spares++] = m->coding;
	m->coding = NULL;
}

void
decoders_drain(struct http *h)
{
	while (h->spares > 0)
		coding_close(h->spare[--h->spares]);
}
