/* SPDX-License-Identifier: ISC */
/* What became of the packets. */

#include <inttypes.h>
#include <stdio.h>

#include "cmd/pcap-demux/counts.h"

static void
fragments_json(const struct frag_counts *f, struct jsontext *j)
{
	jsontext_object(j, "fragments");
	jsontext_unsigned(j, "fragments", f->fragments);
	jsontext_unsigned(j, "datagrams", f->datagrams);
	jsontext_unsigned(j, "whole", f->whole);
	jsontext_unsigned(j, "timed_out", f->timed_out);
	jsontext_unsigned(j, "evicted", f->evicted);
	jsontext_unsigned(j, "incomplete", f->incomplete);
	jsontext_unsigned(j, "duplicates", f->duplicates);
	jsontext_unsigned(j, "overlaps", f->overlaps);
	jsontext_unsigned(j, "spoiled", f->spoiled);
	jsontext_object_end(j);
}

void
counts_json(const struct counts *c, const struct frag_counts *f,
    struct jsontext *j)
{
	enum fate i;

	jsontext_unsigned(j, "packets", c->packets);
	jsontext_unsigned(j, "bytes", c->bytes);
	jsontext_unsigned(j, "wire_bytes", c->wire_bytes);
	jsontext_object(j, "became");
	for (i = 0; i < FATES; i++)
		jsontext_unsigned(j, fate_name(i), c->fate[i]);
	jsontext_object_end(j);
	jsontext_unsigned(j, "segments", c->segments);
	jsontext_unsigned(j, "payload", c->payload);
	jsontext_unsigned(j, "clipped", c->clipped);
	jsontext_unsigned(j, "checksums_good", c->good);
	jsontext_unsigned(j, "checksums_bad", c->bad);
	jsontext_unsigned(j, "saved", c->saved);
	fragments_json(f, j);
	if (c->live) {
		jsontext_unsigned(j, "kernel_received", c->received);
		jsontext_unsigned(j, "kernel_dropped", c->dropped);
		jsontext_unsigned(j, "interface_dropped", c->if_dropped);
	}
}

static void
row(const char *text, uint64_t n)
{
	fprintf(stderr, "%12" PRIu64 "  %s\n", n, text);
}

static void
row_if(const char *text, uint64_t n)
{
	if (n > 0)
		row(text, n);
}

void
counts_print(const struct counts *c, const struct frag_counts *f)
{
	enum fate i;

	row("packets read, of which", c->packets);
	for (i = 0; i < FATES; i++)
		row_if(fate_text(i), c->fate[i]);
	row("segments sent on", c->segments);
	row("bytes of payload in them", c->payload);
	row_if("bytes of payload cut off by the capture", c->clipped);
	row_if("datagrams in fragments", f->datagrams);
	row_if("datagrams reassembled", f->whole);
	row_if("datagrams given up: timeout", f->timed_out);
	row_if("datagrams given up: memory", f->evicted);
	row_if("datagrams given up: incomplete", f->incomplete);
	row_if("datagrams given up: overlaps", f->spoiled);
	row_if("fragments that overlap", f->overlaps);
	row_if("fragments that are duplicates", f->duplicates);
	row_if("checksums found right", c->good);
	row_if("checksums found wrong", c->bad);
	row_if("packets saved", c->saved);
	if (c->live) {
		row("packets received by the kernel", c->received);
		row("packets dropped by the kernel", c->dropped);
		row("packets dropped by the interface", c->if_dropped);
	}
}
