/* SPDX-License-Identifier: ISC */
/* One side of a connection: its stream and what it counts. */
#ifndef FLOW_REASM_SIDE_H
#define FLOW_REASM_SIDE_H

#include "cmd/flow-reasm/reasm.h"

/* Look a side up; stream and trouble are NULL where there is none. */
static inline void
side_load(struct reasm *r, struct side *s, uint32_t ref, unsigned which)
{
	const union side_now *now;

	s->ref = ref;
	s->which = which;
	s->conn = connections_at(&r->connections, ref);
	s->stream = NULL;
	s->trouble = NULL;
	if (connection_state(s->conn, which) != SIDE_STREAM)
		return;
	now = connection_now(&r->connections, s->conn, which);
	s->stream = arena_at(&r->streams, now->full.stream);
	if (s->stream->trouble != 0)
		s->trouble = arena_at(&r->troubles, s->stream->trouble);
}

/* Is it there: quiet or with a stream? */
static inline bool
side_live(const struct side *s)
{
	enum side_state state = connection_state(s->conn, s->which);

	return state == SIDE_QUIET || state == SIDE_STREAM;
}

/* Was the SYN seen that began it? */
static inline bool
side_syn(const struct side *s)
{
	return connection_role(s->conn, s->which) != ROLE_UNKNOWN;
}

/* Give a side its stream, or its trouble, if it has none yet. */
void	side_stream(struct reasm *, struct side *);	/* has none */

static inline void
side_full(struct reasm *r, struct side *s)
{
	if (s->stream == NULL)
		side_stream(r, s);
}

void	side_trouble(struct reasm *, struct side *);

/* Give the trouble back when nothing is left in it. */
void	side_calm(struct reasm *, struct side *);

/* Free stream and trouble (whose trees are empty); the side is CLOSED. */
void	side_end(struct reasm *, struct side *);

/* Count a packet: its time and its lengths. */
void	side_count(struct reasm *, struct side *, uint32_t wire, uint32_t cap);

/* The number of the stream in records. */
static inline uint64_t
side_id(const struct reasm *r, const struct side *s)
{
	return connection_number(&r->connections, s->conn, s->which) + 1;
}

/* Lists of troubles; in which a side is at most once. */
void	side_waiting_touch(struct reasm *, struct side *);
void	side_waiting_leave(struct reasm *, struct side *);
void	side_due_enter(struct reasm *, struct side *, uint32_t packets);
void	side_due_leave(struct reasm *, struct side *);

#endif
