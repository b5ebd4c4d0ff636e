/* SPDX-License-Identifier: ISC */
/* Packets to records. */

#include <string.h>

#include "cmd/pcap-demux/demux.h"
#include "cmd/pcap-demux/emit.h"
#include "formats/ip.h"
#include "formats/link.h"
#include "formats/tcp.h"

#define SECOND	INT64_C(1000000000)

/* Is the innermost IP packet one that the inner filter asks for? */
static bool
inner_matches(struct demux *d, const struct packet *p)
{
	size_t captured;

	if (d->inner_filter == NULL || p->fate == FATE_FRAGMENT)
		return true;
	if (p->ip == NULL)
		return false;
	captured = (size_t)(p->at.end - p->ip);
	return filter_match(d->inner_filter, LINK_RAW, false, p->ip,
	    (uint32_t)captured, (uint32_t)(captured + p->cut));
}

static void
judge(struct counts *c, const struct packet *p)
{
	c->good += (p->seg.key.info & FLOW_CHECKSUM_GOOD) != 0;
	c->bad += (p->seg.key.info & FLOW_CHECKSUM_BAD) != 0;
}

/* The frame has been decoded as far as it goes. */
static void
deliver(struct demux *d, const struct pcap_packet *pkt, struct packet *p)
{
	if (!inner_matches(d, p))
		p->fate = FATE_INNER_FILTERED;
	if (p->fate != FATE_TCP)
		return;
	if (p->checksums)
		judge(&d->counts, p);
	emit_segment(d, pkt, p);
	if (d->set.frames && pkt != NULL)
		emit_frame(d, pkt);
}

/* What waited for fragments that did not come: not of this packet. */
static void
deliver_leftovers(struct demux *d)
{
	struct packet p;

	while (frag_leftover(d->fragments, &p))
		deliver(d, NULL, &p);
}

/* Is this what -w is for: not TCP, or malformed? */
static bool
is_unused(const struct packet *p)
{
	switch (p->fate) {
	case FATE_TCP:
	case FATE_FILTERED:
	case FATE_INNER_FILTERED:
		return false;
	case FATE_FRAGMENT:
		return p->protocol == IP_UDP;
	default:
		return true;
	}
}

static void
decode(struct demux *d, const struct pcap_packet *pkt, struct packet *p)
{
	enum fate fate;

	layer_frame(p, pkt->data, pkt->captured, pkt->on_wire);
	if (pkt->fcs_length > 0)
		layer_trim(p, pkt->fcs_length);
	layer_walk(p, d->first_layer);
	deliver(d, pkt, p);
	fate = p->fate;
	while (layer_walk_more(p)) {
		deliver(d, pkt, p);
		if (p->fate == FATE_TCP)
			fate = FATE_TCP;
	}
	p->fate = fate;
	if (fate == FATE_LINK_TYPE && !d->link_type_said) {
		stage_bad(d->stage, "%.*s: packet %llu: link type %u is not "
		    "known", (int)d->source.record.name_length,
		    d->source.record.name, (unsigned long long)d->number,
		    pkt->link_type);
		d->link_type_said = true;
	}
}

/* Packets of another link type come: once for each run of them. */
static void
begin_link_type(struct demux *d, uint32_t link_type)
{
	const char *why;

	d->link_type = link_type;
	d->first_layer = link_layer(link_type);
	if (d->filter != NULL &&
	    filter_prepare(d->filter, link_type, &why) == -1)
		stage_bad(d->stage, "%.*s: filter: link type %u: %s",
		    (int)d->source.record.name_length, d->source.record.name,
		    link_type, why);
}

static void
count(struct demux *d, const struct pcap_packet *pkt, int64_t time)
{
	struct counts *c = &d->counts;

	if (c->packets++ == 0)
		d->first_time = time;
	c->bytes += pkt->captured;
	c->wire_bytes += pkt->on_wire;
}

void
demux_source_begin(struct demux *d, const char *name, bool no_new)
{
	memset(&d->source, 0, sizeof(d->source));
	d->source.record.index = ++d->sources;
	d->source.record.name = name;
	d->source.record.name_length = strlen(name);
	d->source.no_new = no_new;
	d->link_type = UINT32_MAX;
	d->first_layer = LAYER_END;
	d->link_type_said = false;
}

void
demux_source_tell(struct demux *d, uint32_t link_type, uint32_t snaplen)
{
	struct source *s = &d->source.record;
	uint8_t fixed[SOURCE_FIXED];
	struct record r = {
		.type = RECORD_SOURCE, .time = RECORD_NO_TIME,
		.flags = d->source.no_new ? RECORD_NO_NEW : 0
	};
	struct iovec body[2] = {
		{ .iov_base = fixed, .iov_len = sizeof(fixed) },
		{ .iov_base = (void *)(uintptr_t)s->name,
		    .iov_len = s->name_length }
	};

	if (d->source.told)
		return;
	d->source.told = true;
	s->link_type = link_type;
	s->snaplen = snaplen;
	source_encode(fixed, s);
	stage_emitv(d->stage, &r, body, 2);
	begin_link_type(d, link_type);
}

void
demux_packet(struct demux *d, const struct pcap_packet *pkt)
{
	struct packet *p = &d->packet;

	p->time = pkt->time + d->set.tdelta;
	if (d->set.seconds != 0 && d->counts.packets > 0 &&
	    p->time - d->first_time >= (int64_t)d->set.seconds * SECOND &&
	    d->source.record.format != SOURCE_LIVE) {
		d->done = true;
		return;
	}
	p->number = ++d->number;
	count(d, pkt, p->time);
	if (frag_used(d->fragments))
		frag_tick(d->fragments, p->time);
	if (pkt->link_type != d->link_type)
		begin_link_type(d, pkt->link_type);
	if (d->filter != NULL && !filter_match(d->filter, pkt->link_type,
	    pkt->big, pkt->data, pkt->captured, pkt->on_wire)) {
		p->fate = FATE_FILTERED;
	} else {
		decode(d, pkt, p);
		if (d->set.packets != 0 && ++d->matched >= d->set.packets)
			d->done = true;
	}
	d->counts.fate[p->fate]++;
	if (d->save != NULL && is_unused(p) &&
	    save_packet(d->save, d->source.record.index, pkt))
		d->counts.saved++;
	if (frag_used(d->fragments))
		deliver_leftovers(d);
	demux_clock(d, p->time);
}

void
demux_clock(struct demux *d, int64_t now)
{
	if (d->clock == RECORD_NO_TIME || now - d->clock >= SECOND)
		emit_clock(d, now);
}

void
demux_tell_counts(const struct demux *d)
{
	if (progress_asked())
		counts_print(&d->counts, frag_counts(d->fragments));
}

void
demux_finish(struct demux *d)
{
	frag_finish(d->fragments);
	deliver_leftovers(d);
}

bool
demux_over(const struct demux *d)
{
	return d->done || stage_stopping(d->stage) != 0 ||
	    stage_output_lost(d->stage);
}
