/* SPDX-License-Identifier: ISC */
/* Entries of streams, and how they get their names. */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-store/entries.h"
#include "cmd/flow-store/file.h"
#include "cmd/flow-store/frames.h"
#include "cmd/flow-store/front.h"
#include "cmd/flow-store/held.h"
#include "cmd/flow-store/index.h"
#include "libcommon/bytes.h"

/* The entry that a stream has now; the last answer is remembered. */
static struct file *
entry_find(struct store *s, uint64_t stream)
{
	if (stream != s->last_id) {
		s->last = idmap_get(&s->streams, stream);
		s->last_id = stream;
	}
	return s->last;
}

/* A new entry in place of one that there may be. */
static struct file *
entry_put(struct store *s, uint64_t stream, const char *pattern,
    size_t length, int64_t time)
{
	struct file *old = entry_find(s, stream);
	struct file *f = file_new(s, pattern, length, time);

	if (old != NULL)
		entries_free(s, old);
	idmap_put(&s->streams, stream, f);
	s->last_id = stream;
	s->last = f;
	return f;
}

/* -K: the stream's packets are stored, not its bytes. */
static void
entry_captured(struct file *f, uint64_t peer)
{
	f->flags |= FILE_UNSTORED | FILE_CAPTURED;
	front_extra(f)->peer = peer;
}

/* The stream that was opened last has no NAME: name a TCP one. */
static void
pending_settle(struct store *s)
{
	struct pending *p = &s->pending;
	struct file *f;
	size_t n;

	if (p->stream != 0 && !p->theirs && kind_is(p->open.kind, "tcp")) {
		n = template_expand(s->pattern, &s->template, &p->open,
		    p->time);
		f = entry_put(s, p->stream, s->pattern, n, p->time);
		if (!stage_wants(s->stage, "tcp", 3, NULL))
			f->flags |= FILE_UNSTORED;
		else if (s->captures)
			entry_captured(f, p->open.peer);
	}
	p->stream = 0;
}

/* One end of a connection, to be added to the other. */
static uint32_t
end_sum(const uint8_t address[16], uint16_t port)
{
	return be32_get(address) + be32_get(address + 4) +
	    be32_get(address + 8) + be32_get(address + 12) + port;
}

/*
 * --share: both directions, and what is derived from them, go together.
 * Addresses and ports often count up from one connection to the next, by
 * one or by two; the sum of the digits to the base of the shares spreads
 * such numbers more evenly than chance would, which matters where
 * connections are few and large.
 */
static bool
is_theirs(const struct store *s, const struct flow_key *k)
{
	uint32_t sum, share = 0;

	if (s->shares <= 1)
		return false;
	sum = end_sum(k->src, k->sport) + end_sum(k->dst, k->dport);
	sum ^= sum >> 16;
	sum ^= sum >> 8;
	for (sum &= 0xff; sum > 0; sum /= s->shares)
		share += sum % s->shares;
	return share % s->shares != s->share - 1;
}

/* A suffix, which comes from what was on the wire, makes no directories. */
static size_t
suffix_put(char *out, const char *suffix, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		out[i] = suffix[i] == '/' || suffix[i] == '\0' ? '_' :
		    suffix[i];
	return length;
}

/*
 * The name of a derived stream: its parent's, now final, and the suffix.
 * The length, or 0 when the parent has none.
 */
static size_t
derived_pattern(struct store *s, const struct name *n, uint64_t parent)
{
	struct file *f = entries_get(s, parent);
	size_t length;

	if (f == NULL || file_settle(s, f) == -1)
		return 0;
	length = file_path(s, f);
	if (length + n->length > sizeof(s->pattern))
		return 0;
	memcpy(s->pattern, s->path, length);
	return length + suffix_put(s->pattern + length, n->pattern,
	    n->length);
}

/* A derived stream of a file that has failed, which has been said. */
static bool
orphan_put(struct store *s, const struct record *r, const struct name *n,
    const struct pending *p)
{
	struct file *parent = entries_get(s, p->open.parent);
	size_t length = n->length < NAME_MAX ? n->length : NAME_MAX;

	if (parent == NULL || (parent->flags & FILE_FAILED) == 0)
		return false;
	s->failed++;
	entry_put(s, r->stream, n->pattern, length, p->time)->flags |=
	    FILE_FAILED;
	return true;
}

static void
name_put(struct store *s, const struct record *r, const struct name *n,
    const struct pending *p)
{
	bool mine = p->stream == r->stream;
	size_t length = n->length;
	struct file *f;

	if ((r->flags & RECORD_SUFFIX) != 0)
		length = mine ? derived_pattern(s, n, p->open.parent) : 0;
	else if (length <= sizeof(s->pattern))
		memcpy(s->pattern, n->pattern, length);
	if (length == 0 && mine && orphan_put(s, r, n, p))
		return;
	if (length == 0 || length > sizeof(s->pattern)) {
		stage_bad(s->stage, "stream %" PRIu64 ": cannot be named: %s",
		    r->stream, length == 0 ? "its parent has no name" :
		    "the name is too long");
		return;
	}
	f = entry_put(s, r->stream, s->pattern, length,
	    mine ? p->time : r->time);
	if ((r->flags & NAME_UNSTORED) != 0 || (mine &&
	    !stage_wants(s->stage, p->open.kind, KIND_SIZE, NULL)))
		f->flags |= FILE_UNSTORED;
	else if (s->captures)
		entry_captured(f, mine ? p->open.peer : 0);
}

void
entries_free(struct store *s, struct file *f)
{
	struct extra *x = f->extra;

	held_drop(s, f);
	free(frames_close(s, f));
	if (x != NULL) {
		index_free(s, f);
		free(x->front);
		free(x);
	}
	free(f);
}

struct file *
entries_get(struct store *s, uint64_t stream)
{
	if (stream == s->pending.stream && stream != 0)
		pending_settle(s);
	return entry_find(s, stream);
}

void
entries_open(struct store *s, const struct record *r)
{
	struct pending *p = &s->pending;

	pending_settle(s);
	if (flow_open_decode(&p->open, r) == -1) {
		stage_bad(s->stage, "stream %" PRIu64 ": malformed OPEN",
		    r->stream);
		return;
	}
	p->open.key.path = NULL;
	p->stream = r->stream;
	p->theirs = is_theirs(s, &p->open.key);
	p->time = r->time;
}

void
entries_name(struct store *s, const struct record *r)
{
	struct pending p = s->pending;
	struct file *f;
	struct name n;

	if (p.stream == r->stream)
		s->pending.stream = 0;
	if (p.stream == r->stream ? p.theirs : s->share > 1)
		return;
	f = entry_find(s, r->stream);
	if (name_decode(&n, r) == -1)
		stage_bad(s->stage, "stream %" PRIu64 ": malformed NAME",
		    r->stream);
	else if (f != NULL && (f->held != NULL || held_first(f) ||
	    f->extra != NULL ||
	    (f->flags & (FILE_SETTLED | FILE_SPOOLED)) != 0))
		stage_bad(s->stage, "stream %" PRIu64
		    ": a NAME after its data", r->stream);
	else
		name_put(s, r, &n, &p);
}

struct file *
entries_take(struct store *s, uint64_t stream)
{
	if (s->pending.stream == stream)
		s->pending.stream = 0;
	s->last_id = stream;
	s->last = NULL;
	return idmap_take(&s->streams, stream);
}
