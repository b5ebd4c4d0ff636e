/* SPDX-License-Identifier: ISC */
/*
 * Digests of streams as they pass: DATA and GAP in order.  What comes LATE
 * cannot be put back into a digest, so the state before the first gap is
 * kept, and the digest is one of that part.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/flow-hash/files.h"
#include "cmd/flow-hash/streams.h"

static void
stream_free(struct hash_stream *t)
{
	if (t == NULL)
		return;
	free(t->digests);
	free(t->before);
	free(t->path);
	free(t);
}

/* The stream, ready for bytes at this offset; NULL: they are not wanted. */
static struct hash_stream *
stream_at(struct hash *h, const struct record *r)
{
	struct hash_stream *t;

	if (h->dir != NULL)
		return NULL;
	t = streams_get(h, r->stream);
	if (!t->wanted || t->closed)
		return NULL;
	if (r->offset < 0 || (uint64_t)r->offset != t->position) {
		stage_bad(h->stage, "standard input: stream %" PRIu64
		    ": %s at %" PRId64 ", not at %" PRIu64, r->stream,
		    record_type_name(r->type), r->offset, t->position);
		t->closed = true;
		return NULL;
	}
	if (t->digests == NULL)
		t->digests = digests_new(h->set);
	if (t->digests == NULL)
		err(1, NULL);
	return t;
}

static void
malformed(struct hash *h, const struct record *r)
{
	stage_bad(h->stage, "standard input: stream %" PRIu64
	    ": malformed %s", r->stream, record_type_name(r->type));
}

/* What the digest of a stream that passed by covers. */
static void
stream_digest(struct hash *h, const struct record *close,
    const struct flow_close *c, struct hash_stream *t)
{
	uint32_t flags = t->zeros > 0 ? DIGEST_GAPS : 0;

	if (t->stale)
		hash_emit(h, close, t->before, t->sound, DIGEST_PARTIAL);
	else if (t->digests != NULL)
		hash_emit(h, close, t->digests, t->position, flags |
		    (t->closed || t->position != c->length ?
		    DIGEST_PARTIAL : 0));
}

struct hash_stream *
streams_get(struct hash *h, uint64_t id)
{
	struct hash_stream *t = idmap_get(&h->streams, id);

	if (t != NULL)
		return t;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		err(1, NULL);
	t->wanted = true;
	idmap_put(&h->streams, id, t);
	return t;
}

void
streams_open(struct hash *h, const struct record *r)
{
	struct flow_open o;

	if (flow_open_decode(&o, r) == -1)
		malformed(h, r);
	else if (!stage_wants(h->stage, o.kind, KIND_SIZE, NULL))
		streams_get(h, r->stream)->wanted = false;
}

void
streams_data(struct hash *h, const struct record *r)
{
	struct hash_stream *t = stream_at(h, r);
	const uint8_t *bytes;
	struct data d;

	if (t == NULL)
		return;
	if (data_decode(&d, r) == -1) {
		malformed(h, r);
		return;
	}
	bytes = stage_bytes(h->stage, &d.ref, d.bytes);
	if (bytes == NULL) {
		t->closed = true;
		return;
	}
	digests_update(t->digests, h->set, bytes, d.ref.length);
	t->position += d.ref.length;
	h->bytes += d.ref.length;
}

void
streams_gap(struct hash *h, const struct record *r)
{
	struct hash_stream *t = stream_at(h, r);
	struct gap g;

	if (t == NULL)
		return;
	if (gap_decode(&g, r) == -1) {
		malformed(h, r);
		return;
	}
	if (g.length > h->gap_limit - t->zeros) {
		t->closed = true;
		return;
	}
	if (t->before == NULL) {
		t->before = digests_copy(t->digests, h->set);
		if (t->before == NULL)
			err(1, NULL);
		t->sound = t->position;
	}
	digests_zeros(t->digests, h->set, g.length);
	t->position += g.length;
	t->zeros += g.length;
}

/*
 * Bytes in a gap, before offset 0, or in place of others: only what is
 * before the first gap is still known to be so, and not even that when they
 * lie before it.
 */
void
streams_late(struct hash *h, const struct record *r)
{
	struct hash_stream *t;

	if (h->dir != NULL)
		return;
	t = streams_get(h, r->stream);
	if (!t->wanted || (t->closed && r->offset >= 0 &&
	    (uint64_t)r->offset >= t->position))
		return;
	t->stale = true;
	if (t->before != NULL && r->offset >= 0 &&
	    (uint64_t)r->offset >= t->sound)
		return;
	free(t->before);
	t->before = NULL;
	t->sound = 0;
	t->closed = true;
}

void
streams_close(struct hash *h, const struct record *r)
{
	struct hash_stream *t = idmap_take(&h->streams, r->stream);
	struct flow_close c;

	if (flow_close_decode(&c, r) == -1)
		malformed(h, r);
	else if (t != NULL && t->wanted && t->path != NULL)
		files_digest(h, r, t, c.missing > 0);
	else if (t != NULL && t->wanted)
		stream_digest(h, r, &c, t);
	stream_free(t);
}

void
streams_reset(struct hash *h)
{
	struct hash_stream *t;
	size_t at = 0;

	while ((t = idmap_each(&h->streams, &at)) != NULL)
		stream_free(t);
	idmap_free(&h->streams);
	h->stored_said = false;
}
