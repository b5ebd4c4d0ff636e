/* SPDX-License-Identifier: ISC */
/* The records about packets. */

#include <string.h>

#include "cmd/pcap-demux/emit.h"

enum {
	/* What fits into a record next to a segment's header. */
	PAYLOAD_MAX = RECORD_BODY_MAX - SEGMENT_FIXED - ENCAP_PATH_MAX,
	FRAME_MAX = RECORD_BODY_MAX - FRAME_FIXED
};

static struct reference
reference_to(const struct demux *d, const struct pcap_packet *pkt,
    const uint8_t *bytes, uint32_t length)
{
	struct reference ref = { .length = length };

	if (d->source.has_offsets && length > 0) {
		ref.source = d->source.record.index;
		ref.offset = pkt->offset + (uint64_t)(bytes - pkt->data);
	}
	return ref;
}

/* Do these bytes stay behind? */
static bool
by_reference(const struct demux *d, const struct reference *ref)
{
	return d->set.by_reference && d->source.record.referable &&
	    ref->source != 0 && ref->length >= BYREF_MIN;
}

void
emit_segment(struct demux *d, const struct pcap_packet *pkt,
    struct packet *p)
{
	struct reference *ref = &p->seg.ref;
	struct record r = {
		.type = RECORD_SEGMENT, .time = p->time,
		.offset = (int64_t)p->number
	};
	uint32_t travels;
	uint8_t *at;

	if (ref->length > PAYLOAD_MAX)
		ref->length = PAYLOAD_MAX;
	if (pkt != NULL && !p->reassembled)
		*ref = reference_to(d, pkt, p->seg.payload, ref->length);
	d->counts.segments++;
	d->counts.payload += ref->length;
	d->counts.clipped += p->seg.payload_length - ref->length;
	d->clock = p->time;
	travels = by_reference(d, ref) ? 0 : ref->length;
	if (travels != ref->length)
		r.flags = RECORD_BYREF;
	r.length = SEGMENT_FIXED + p->path.length + travels;
	at = stage_reserve(d->stage, RECORD_SEGMENT, r.length);
	if (at == NULL)
		return;
	record_header_encode(at, &r);
	at += RECORD_HEADER;
	segment_encode(at, &p->seg);
	at += SEGMENT_FIXED;
	if (p->path.length > 0)
		memcpy(at, p->path.bytes, p->path.length);
	if (travels > 0)
		memcpy(at + p->path.length, p->seg.payload, travels);
}

void
emit_frame(struct demux *d, const struct pcap_packet *pkt)
{
	uint8_t fixed[FRAME_FIXED];
	struct frame f = {
		.wire_length = pkt->on_wire, .link_type = pkt->link_type
	};
	struct record r = {
		.type = RECORD_FRAME, .time = d->packet.time,
		.offset = (int64_t)d->number
	};
	uint32_t length = pkt->captured < FRAME_MAX ? pkt->captured :
	    FRAME_MAX;
	struct iovec body[2] = {
		{ .iov_base = fixed, .iov_len = sizeof(fixed) },
		{ .iov_base = (void *)(uintptr_t)pkt->data }
	};

	f.ref = reference_to(d, pkt, pkt->data, length);
	if (by_reference(d, &f.ref))
		r.flags = RECORD_BYREF;
	else
		body[1].iov_len = length;
	frame_encode(fixed, &f);
	stage_emitv(d->stage, &r, body, 2);
}

void
emit_clock(struct demux *d, int64_t now)
{
	struct record r = { .type = RECORD_CLOCK, .time = now };

	if (d->clock != RECORD_NO_TIME)
		stage_emit(d->stage, &r);
	d->clock = now;
}
