/* SPDX-License-Identifier: ISC */
/* The records that flow-reasm writes. */
#include <string.h>

#include "cmd/flow-reasm/emit.h"

/* What the SYNs say; one of them tells the role of both sides. */
static enum flow_role
role(const struct side *s)
{
	enum flow_role own = connection_role(s->conn, s->which);

	if (own != ROLE_UNKNOWN)
		return own;
	switch (connection_role(s->conn, !s->which)) {
	case ROLE_CLIENT:
		return ROLE_SERVER;
	case ROLE_SERVER:
		return ROLE_CLIENT;
	default:
		return ROLE_UNKNOWN;
	}
}

static void
open_fill(struct reasm *r, const struct side *s, const struct birth *b,
    struct flow_open *o)
{
	const struct connections *c = &r->connections;
	const struct link *link;

	memset(o, 0, sizeof(*o));
	kind_set(o->kind, "tcp");
	o->parent_offset = -1;
	o->number = b->number;
	o->session = connection_session(s->conn);
	o->packet = b->packet;
	o->role = (uint8_t)role(s);
	if (connection_state(s->conn, !s->which) != SIDE_NONE)
		o->peer = connection_number(c, s->conn, !s->which) + 1;
	connection_key(c, s->conn, s->ref, s->which, &o->key);
	link = table_at(&r->places.links, b->link);
	o->source = link->source;
	o->first_seq = s->stream != NULL ? (uint32_t)s->stream->base : b->seq;
}

void
emit_open(struct reasm *r, struct side *s)
{
	struct record rec = { .type = RECORD_OPEN };
	uint8_t body[OPEN_FIXED];
	struct iovec v[2];
	struct flow_open o;
	struct birth b;

	side_full(r, s);
	if ((s->stream->flags & STREAM_OPEN_SENT) != 0)
		return;
	s->stream->flags |= STREAM_OPEN_SENT;
	connection_birth(&r->connections, s->conn, s->which, &b);
	open_fill(r, s, &b, &o);
	flow_open_encode(body, &o);
	rec.stream = b.number + 1;
	rec.time = b.start;
	v[0].iov_base = body;
	v[0].iov_len = sizeof(body);
	v[1].iov_base = (void *)(uintptr_t)o.key.path;
	v[1].iov_len = o.key.path_length;
	stage_emitv(r->stage, &rec, v, o.key.path_length > 0 ? 2 : 1);
}

void
emit_bytes(struct reasm *r, struct side *s, enum record_type type,
    uint16_t flags, int64_t time, const struct run *run)
{
	struct record rec = { .type = (uint16_t)type, .flags = flags,
	    .time = time };
	uint8_t ref[REFERENCE_SIZE];
	struct iovec v[2];

	if ((s->stream->flags & STREAM_OPEN_SENT) == 0)
		emit_open(r, s);
	rec.stream = side_id(r, s);
	rec.offset = run->start - s->stream->base;
	reference_encode(ref, &run->ref);
	v[0].iov_base = ref;
	v[0].iov_len = sizeof(ref);
	v[1].iov_base = (void *)(uintptr_t)run->bytes;
	v[1].iov_len = run->length;
	if (run->bytes == NULL)
		rec.flags |= RECORD_BYREF;
	stage_emitv(r->stage, &rec, v, run->bytes == NULL ? 1 : 2);
}

void
emit_gap(struct reasm *r, struct side *s, int64_t position, uint64_t length,
    enum gap_cause cause)
{
	struct record rec = { .type = RECORD_GAP, .length = GAP_SIZE };
	struct gap gap = { .length = length, .cause = (uint32_t)cause };
	uint8_t body[GAP_SIZE];

	emit_open(r, s);
	side_trouble(r, s);
	s->trouble->gaps++;
	s->trouble->missing += length;
	if (cause != GAP_LIMIT) {
		r->count.gaps++;
		r->count.missing += length;
	}
	gap_encode(body, &gap);
	rec.body = body;
	rec.stream = side_id(r, s);
	rec.time = r->now;
	rec.offset = position - s->stream->base;
	stage_emit(r->stage, &rec);
}

void
emit_conflict(struct reasm *r, struct side *s, const struct run *kept,
    const struct run *other)
{
	struct record rec = { .type = RECORD_CONFLICT, .time = r->now };
	struct conflict x = { .length = other->length, .kept = kept->ref,
	    .other = other->ref, .last_won = r->limits.overlap_last };
	uint8_t body[CONFLICT_FIXED];
	struct iovec v[2];

	emit_open(r, s);
	side_trouble(r, s);
	s->trouble->conflicts++;
	r->count.conflicts++;
	conflict_encode(body, &x);
	rec.stream = side_id(r, s);
	rec.offset = other->start - s->stream->base;
	if (other->bytes == NULL)
		rec.flags |= RECORD_BYREF;
	v[0].iov_base = body;
	v[0].iov_len = sizeof(body);
	v[1].iov_base = (void *)(uintptr_t)other->bytes;
	v[1].iov_len = other->length;
	stage_emitv(r->stage, &rec, v, other->bytes == NULL ? 1 : 2);
}

static void
close_fill(struct reasm *r, const struct side *s, struct flow_close *x)
{
	const struct trouble *t = s->trouble;
	const struct stream *stream = s->stream;
	union side_now *now;
	struct birth b;

	memset(x, 0, sizeof(*x));
	connection_birth(&r->connections, s->conn, s->which, &b);
	open_fill(r, s, &b, &x->open);
	x->start = b.start;
	if (stream == NULL) {
		now = connection_now(&r->connections, s->conn, s->which);
		x->end = b.start + (int64_t)now->quiet.end;
		x->packets = now->quiet.packets;
		x->wire_bytes = x->cap_bytes = now->quiet.wire;
		return;
	}
	x->length = (uint64_t)(stream->next - stream->base);
	x->end = stream->end;
	x->packets = stream->packets;
	x->wire_bytes = x->cap_bytes = stream->wire;
	x->out_of_order = stream->out_of_order;
	if (t == NULL)
		return;
	x->packets += t->carry << 32;
	x->cap_bytes -= t->cut;
	x->violations = t->violations;
	x->gaps = t->gaps;
	x->missing = t->missing;
	x->late = t->late;
	x->conflicts = t->conflicts;
}

void
emit_close(struct reasm *r, struct side *s, enum close_why why)
{
	struct record rec = { .type = RECORD_CLOSE, .time = r->now };
	uint8_t body[CLOSE_MAX];
	struct flow_close x;

	close_fill(r, s, &x);
	x.why = (uint16_t)why;
	rec.length = (uint32_t)flow_close_encode(body, &x);
	rec.body = body;
	rec.stream = x.open.number + 1;
	rec.offset = (int64_t)x.length;
	stage_emit(r->stage, &rec);
}
