/* SPDX-License-Identifier: ISC */
/* TCP connections as a capture shows them. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "formats/flow.h"
#include "tests/gen/conversation.h"
#include "tests/gen/random.h"

enum phase { SYN, SYN_ACK, ACK, TURNS, FIN, FIN_ACK, LAST_ACK, DONE };
enum fate { SENT, MISSING, HELD, AGAIN };
enum { OVERLAP_MAX = 300, HELD_FOR = 6 };

static uint64_t
conversation_turn(const struct conversation *c, uint64_t turn)
{
	uint64_t mean, state = c->seed + turn * 2 + 1;

	if (c->web != NULL)
		return c->web->turn[turn];
	mean = turn % 2 == 0 ? c->shape->request : c->shape->response;
	return mean < 2 ? mean : mean / 2 + random_below(&state, mean + 1);
}

/* Length of the segment that begins at this place of a turn. */
static uint16_t
conversation_cut(const struct conversation *c, uint64_t turn, uint64_t at)
{
	uint64_t left = conversation_turn(c, turn) - at;

	return left < c->shape->mss ? (uint16_t)left : c->shape->mss;
}

/* What becomes of a segment; the first and the last arrive. */
static enum fate
conversation_fate(const struct conversation *c, int side, uint64_t index,
    bool last)
{
	const struct shape *s = c->shape;
	uint64_t r = random_mix(c->seed ^ index << 1 ^ (uint64_t)side) % 1000;

	if (index == 0 || last || r >= s->missing + s->held + s->again)
		return SENT;
	if (r < s->missing)
		return MISSING;
	return r < s->missing + s->held ? HELD : AGAIN;
}

static void
conversation_bytes(const struct conversation *c, int side, uint64_t offset,
    uint8_t *p, size_t n)
{
	if (c->web != NULL)
		memcpy(p, c->web->bytes[side] + offset, n);
	else
		random_bytes(p, random_mix(c->seed ^ (uint64_t)side),
		    offset, n);
}

/* How far the other side can acknowledge: up to the first byte held. */
static uint64_t
conversation_reached(const struct conversation *c, int side)
{
	uint64_t reached = c->sent[side];
	int i;

	for (i = 0; i < c->held_used; i++)
		if (c->held[i].side == side && !c->held[i].again &&
		    c->held[i].offset < reached)
			reached = c->held[i].offset;
	return reached;
}

static void
conversation_send(const struct conversation *c, struct output *o, int side,
    uint32_t seq, uint8_t flags, uint16_t length)
{
	struct packet k;
	bool acked = c->phase > ACK;

	k.src = c->end[side].address;
	k.dst = c->end[!side].address;
	k.sport = c->end[side].port;
	k.dport = c->end[!side].port;
	k.seq = c->isn[side] + seq;
	k.ack = 0;
	if (flags & TCP_ACK)
		k.ack = c->isn[!side] + 1 +
		    (acked ? (uint32_t)conversation_reached(c, !side) : 0);
	if (c->phase > FIN && side == 1)
		k.ack++;
	if (c->phase > FIN_ACK)
		k.ack++;
	k.flags = flags;
	k.length = length;
	output_packet(o, &k);
}

static void
conversation_segment(struct conversation *c, struct output *o, int side,
    uint64_t offset, uint16_t length)
{
	int i;

	conversation_bytes(c, side, offset, output_payload(o), length);
	conversation_send(c, o, side, 1 + (uint32_t)offset,
	    TCP_ACK | TCP_PSH, length);
	for (i = 0; i < c->held_used; i++)
		if (c->held[i].due > 0)
			c->held[i].due--;
	c->unacked++;
}

static void
conversation_hold(struct conversation *c, int side, uint64_t offset,
    uint16_t length, bool again)
{
	struct held *h = &c->held[c->held_used++];

	h->offset = offset;
	h->length = length;
	h->side = (uint8_t)side;
	h->again = again;
	h->due = (uint8_t)(1 + random_mix(c->seed ^ offset) % HELD_FOR);
}

/* A held segment whose time has come (any, when `all`). */
static bool
conversation_release(struct conversation *c, struct output *o, bool all)
{
	struct held h;
	int i;

	for (i = 0; i < c->held_used; i++)
		if (all || c->held[i].due == 0 ||
		    c->held_used > CONVERSATION_HELD - 2)
			break;
	if (i == c->held_used)
		return false;
	h = c->held[i];
	c->held[i] = c->held[--c->held_used];
	conversation_segment(c, o, h.side, h.offset, h.length);
	return true;
}

/*
 * Hold a copy of the segment just sent, cut at other places where both
 * neighbours are in the same turn and not lost.
 */
static void
conversation_repeat(struct conversation *c, int side, uint64_t offset,
    uint16_t length)
{
	uint64_t r = random_mix(c->seed + offset), i = c->index[side] - 1;
	uint16_t mss = c->shape->mss;
	uint64_t size = conversation_turn(c, c->turn);
	uint64_t at = c->turn_sent - length;
	uint16_t before = 0, after = 0;

	if (mss > OVERLAP_MAX && at >= mss && at + length + mss < size &&
	    conversation_fate(c, side, i - 1, false) != MISSING &&
	    conversation_fate(c, side, i + 1, false) != MISSING) {
		before = (uint16_t)(r % OVERLAP_MAX);
		after = (uint16_t)(r / OVERLAP_MAX % OVERLAP_MAX);
	}
	length = (uint16_t)(length + before + after);
	conversation_hold(c, side, offset - before,
	    length < mss ? length : mss, true);
}

/* The next segment in order; false when it does not show. */
static bool
conversation_advance(struct conversation *c, struct output *o)
{
	int side = c->turn % 2;
	uint16_t length = conversation_cut(c, c->turn, c->turn_sent);
	uint64_t offset = c->sent[side];
	enum fate fate = conversation_fate(c, side, c->index[side],
	    offset + length == c->total[side]);

	c->sent[side] += length;
	c->index[side]++;
	c->turn_sent += length;
	if (fate == HELD)
		conversation_hold(c, side, offset, length, false);
	if (fate == SENT || fate == AGAIN)
		conversation_segment(c, o, side, offset, length);
	if (fate == AGAIN)
		conversation_repeat(c, side, offset, length);
	return fate == SENT || fate == AGAIN;
}

/* One packet of the turns; false when they are over. */
static bool
conversation_speak(struct conversation *c, struct output *o)
{
	for (;;) {
		if (c->shape->acks > 0 && c->unacked >= c->shape->acks) {
			c->unacked = 0;
			conversation_send(c, o, !(c->turn % 2), 1 +
			    (uint32_t)c->sent[!(c->turn % 2)], TCP_ACK, 0);
			return true;
		}
		if (conversation_release(c, o, c->turn == c->turns))
			return true;
		if (c->turn == c->turns)
			return false;
		if (c->turn_sent == conversation_turn(c, c->turn)) {
			c->turn++;
			c->turn_sent = 0;
		} else if (conversation_advance(c, o)) {
			return true;
		}
	}
}

static void
conversation_endpoints(struct conversation *c, uint64_t number)
{
	c->end[0].address = 0x0a000000 | (uint32_t)(number >> 14 & 0xffffff);
	c->end[0].port = (uint16_t)(0x4000 | (number & 0x3fff));
	c->end[1].address = 0xac100001 + (uint32_t)(number % 250);
	c->end[1].port = 80;
	c->isn[0] = (uint32_t)random_mix(c->seed + 2);
	c->isn[1] = (uint32_t)random_mix(c->seed + 3);
}

void
conversation_init(struct conversation *c, const struct shape *s,
    uint64_t number)
{
	uint64_t t;

	memset(c, 0, sizeof(*c));
	c->shape = s;
	c->seed = random_mix(s->seed ^ random_mix(number));
	conversation_endpoints(c, number);
	c->turns = 2 * s->exchanges;
	if (s->web) {
		c->web = web_new(c->seed, s->exchanges, s->response);
		c->turns = c->web->turns;
	}
	for (t = 0; t < c->turns; t++)
		c->total[t % 2] += conversation_turn(c, t);
}

bool
conversation_step(struct conversation *c, struct output *o)
{
	uint32_t end[2] = {
		1 + (uint32_t)c->total[0], 1 + (uint32_t)c->total[1]
	};

	if (c->phase == TURNS && !conversation_speak(c, o))
		c->phase++;
	switch (c->phase) {
	case SYN:
		conversation_send(c, o, 0, 0, TCP_SYN, 0);
		break;
	case SYN_ACK:
		conversation_send(c, o, 1, 0, TCP_SYN | TCP_ACK, 0);
		break;
	case ACK:
		conversation_send(c, o, 0, 1, TCP_ACK, 0);
		break;
	case TURNS:
		return true;
	case FIN:
		conversation_send(c, o, 0, end[0], TCP_FIN | TCP_ACK, 0);
		break;
	case FIN_ACK:
		conversation_send(c, o, 1, end[1], TCP_FIN | TCP_ACK, 0);
		break;
	case LAST_ACK:
		conversation_send(c, o, 0, end[0] + 1, TCP_ACK, 0);
		break;
	default:
		return false;
	}
	c->phase++;
	return true;
}

static void
conversation_side(const struct conversation *c, struct manifest *m, int side)
{
	uint8_t bytes[OUTPUT_PAYLOAD_MAX];
	char name[MANIFEST_NAME];
	uint64_t turn, at, offset = 0, index = 0;
	uint16_t n;

	manifest_begin(m);
	for (turn = (uint64_t)side; turn < c->turns; turn += 2) {
		for (at = 0; at < conversation_turn(c, turn); at += n) {
			n = conversation_cut(c, turn, at);
			conversation_bytes(c, side, offset, bytes, n);
			if (conversation_fate(c, side, index++,
			    offset + n == c->total[side]) == MISSING)
				manifest_hole(m, n);
			else
				manifest_bytes(m, bytes, n);
			offset += n;
		}
	}
	manifest_name(name, &c->end[side], &c->end[!side]);
	manifest_end(m, name);
}

void
conversation_manifest(const struct conversation *c, struct manifest *m)
{
	conversation_side(c, m, 0);
	conversation_side(c, m, 1);
	if (c->web != NULL)
		web_manifest(c->web, m, c->end);
}

void
conversation_free(struct conversation *c)
{
	web_free(c->web);
}

void
conversation_syn(const struct shape *s, uint64_t number, struct output *o)
{
	struct conversation c;

	memset(&c, 0, sizeof(c));
	c.shape = s;
	c.seed = random_mix(s->seed ^ random_mix(number));
	conversation_endpoints(&c, number);
	c.end[0].address |= 0x01000000;
	conversation_send(&c, o, 0, 0, TCP_SYN, 0);
}
