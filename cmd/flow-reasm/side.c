/* SPDX-License-Identifier: ISC */
/* One side of a connection. */
#include <string.h>

#include "cmd/flow-reasm/side.h"

#define QUIET_TIME	((INT64_C(1) << 40) - 1)

static struct trouble *
trouble_at(struct reasm *r, uint32_t i)
{
	return arena_at(&r->troubles, i);
}

void
side_stream(struct reasm *r, struct side *s)
{
	const struct connections *c = &r->connections;
	union side_now *now, quiet;
	struct stream *x;

	now = connection_now(c, s->conn, s->which);
	quiet = *now;
	now->full.stream = arena_new(&r->streams);
	x = s->stream = arena_at(&r->streams, now->full.stream);
	x->base = POSITION_START + connection_seq(c, s->conn, s->which);
	x->next = x->last = x->acked = x->base;
	x->end = connection_start(c, s->conn, s->which) +
	    (int64_t)quiet.quiet.end;
	x->wire = quiet.quiet.wire;
	x->packets = (uint32_t)quiet.quiet.packets;
	connection_set_state(s->conn, s->which, SIDE_STREAM);
}

void
side_trouble(struct reasm *r, struct side *s)
{
	struct trouble *t;

	side_full(r, s);
	if (s->trouble != NULL)
		return;
	s->stream->trouble = arena_new(&r->troubles);
	t = s->trouble = trouble_at(r, s->stream->trouble);
	t->ref = s->ref;
	t->second = s->which & 1;
	t->low = s->stream->base;
	t->floor = side_syn(s) ?
	    s->stream->base : INT64_MIN;
	t->forgotten = INT64_MIN;
}

void
side_calm(struct reasm *r, struct side *s)
{
	const struct trouble *t = s->trouble;

	if (t == NULL || t->waiting != 0 || t->holes != 0 || t->due ||
	    (s->stream->flags & (STREAM_HELD | STREAM_FIN)) != 0 ||
	    t->low != s->stream->base || t->forgotten != INT64_MIN ||
	    t->claimed > s->stream->next ||
	    (t->floor != s->stream->base && side_syn(s)) ||
	    (t->gaps | t->missing | t->late | t->conflicts | t->violations |
	    t->cut | t->carry) != 0)
		return;
	side_waiting_leave(r, s);
	arena_delete(&r->troubles, s->stream->trouble);
	s->stream->trouble = 0;
	s->trouble = NULL;
}

void
side_end(struct reasm *r, struct side *s)
{
	union side_now *now;

	if (s->trouble != NULL) {
		side_waiting_leave(r, s);
		side_due_leave(r, s);
		arena_delete(&r->troubles, s->stream->trouble);
		s->trouble = NULL;
	}
	if (s->stream != NULL) {
		now = connection_now(&r->connections, s->conn, s->which);
		arena_delete(&r->streams, now->full.stream);
		s->stream = NULL;
	}
	connection_set_state(s->conn, s->which, SIDE_CLOSED);
}

/* Count in the fields of a quiet side; false when they are too narrow. */
static bool
count_quiet(struct reasm *r, struct side *s, uint32_t wire, uint32_t cap)
{
	union side_now *now = connection_now(&r->connections, s->conn,
	    s->which);
	int64_t since;

	since = r->now - connection_start(&r->connections, s->conn, s->which);
	if (wire != cap || since < 0 || since > QUIET_TIME ||
	    now->quiet.packets == UINT8_MAX ||
	    now->quiet.wire + wire > UINT16_MAX)
		return false;
	now->quiet.end = (uint64_t)since & (uint64_t)QUIET_TIME;
	now->quiet.packets = (now->quiet.packets + 1) & UINT8_MAX;
	now->quiet.wire = (now->quiet.wire + wire) & UINT16_MAX;
	return true;
}

void
side_count(struct reasm *r, struct side *s, uint32_t wire, uint32_t cap)
{
	if (s->stream == NULL && count_quiet(r, s, wire, cap))
		return;
	side_full(r, s);
	s->stream->end = r->now;
	s->stream->wire += wire;
	if (++s->stream->packets == 0) {
		side_trouble(r, s);
		s->trouble->carry++;
	}
	if (wire != cap) {
		side_trouble(r, s);
		s->trouble->cut += (uint64_t)wire - cap;
	}
}

void
side_waiting_leave(struct reasm *r, struct side *s)
{
	struct trouble_list *list = &r->waiting;
	struct trouble *t = s->trouble;

	if (t->older != 0)
		trouble_at(r, t->older)->newer = t->newer;
	else if (list->oldest == s->stream->trouble)
		list->oldest = t->newer;
	else
		return;
	if (t->newer != 0)
		trouble_at(r, t->newer)->older = t->older;
	else
		list->newest = t->older;
	t->older = t->newer = 0;
}

void
side_waiting_touch(struct reasm *r, struct side *s)
{
	struct trouble_list *list = &r->waiting;
	uint32_t self = s->stream->trouble;

	if (list->newest == self)
		return;
	side_waiting_leave(r, s);
	s->trouble->older = list->newest;
	if (list->newest != 0)
		trouble_at(r, list->newest)->newer = self;
	else
		list->oldest = self;
	list->newest = self;
}

static struct trouble_list *
due_list(struct reasm *r, const struct side *s)
{
	return (s->stream->flags & STREAM_HELD) != 0 ?
	    &r->due_hold : &r->due_ack;
}

void
side_due_enter(struct reasm *r, struct side *s, uint32_t packets)
{
	struct trouble_list *list = due_list(r, s);
	struct trouble *t = s->trouble;

	if (t->due)
		return;
	t->due = true;
	t->due_time = r->now;
	t->due_packets = packets;
	t->due_older = list->newest;
	t->due_newer = 0;
	if (list->newest != 0)
		trouble_at(r, list->newest)->due_newer = s->stream->trouble;
	else
		list->oldest = s->stream->trouble;
	list->newest = s->stream->trouble;
}

void
side_due_leave(struct reasm *r, struct side *s)
{
	struct trouble_list *list = due_list(r, s);
	struct trouble *t = s->trouble;

	if (!t->due)
		return;
	t->due = false;
	if (t->due_older != 0)
		trouble_at(r, t->due_older)->due_newer = t->due_newer;
	else
		list->oldest = t->due_newer;
	if (t->due_newer != 0)
		trouble_at(r, t->due_newer)->due_older = t->due_older;
	else
		list->newest = t->due_older;
	t->due_older = t->due_newer = 0;
}
