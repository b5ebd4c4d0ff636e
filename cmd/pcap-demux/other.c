/* SPDX-License-Identifier: ISC */
/* Capture formats that only libpcap reads. */

#include <arpa/inet.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <pcap/pcap.h>

#include "cmd/pcap-demux/other.h"

/* read(2) for stdio, out of the input. */
static ssize_t
cookie_read(void *cookie, char *buf, size_t size)
{
	struct input *in = cookie;
	size_t have;
	const uint8_t *bytes = input_peek(in, 1, &have);

	if (have == 0)
		return input_error(in) == NULL ? 0 : -1;
	if (have < size)
		size = have;
	memcpy(buf, bytes, size);
	input_skip(in, size);
	return (ssize_t)size;
}

static void
read_packets(struct demux *d, const char *path, pcap_t *p)
{
	struct pcap_packet pkt = {
		.link_type = filter_link_type(pcap_datalink(p)),
		.snaplen = (uint32_t)pcap_snapshot(p), .nano = true,
		.big = (pcap_is_swapped(p) != 0) != (htons(1) == 1)
	};
	struct pcap_pkthdr *h;
	int got = 0;

	d->source.record.format = SOURCE_OTHER;
	demux_source_tell(d, pkt.link_type, pkt.snaplen);
	while (!demux_over(d) &&
	    (got = pcap_next_ex(p, &h, &pkt.data)) == 1) {
		pkt.time = (int64_t)h->ts.tv_sec * 1000000000 +
		    h->ts.tv_usec;
		pkt.captured = h->caplen;
		pkt.on_wire = h->len < h->caplen ? h->caplen : h->len;
		demux_packet(d, &pkt);
		demux_tell_counts(d);
	}
	if (got == PCAP_ERROR)
		stage_truncated(d->stage, "%s: after packet %" PRIu64 ": %s",
		    path, d->number, pcap_geterr(p));
}

void
other_read(struct demux *d, const char *path, struct input *in)
{
	cookie_io_functions_t io = { .read = cookie_read };
	char why[PCAP_ERRBUF_SIZE];
	FILE *file = fopencookie(in, "r", io);
	pcap_t *p;

	if (file == NULL) {
		stage_bad(d->stage, "%s: %s", path, strerror(errno));
		return;
	}
	p = pcap_fopen_offline_with_tstamp_precision(file,
	    PCAP_TSTAMP_PRECISION_NANO, why);
	if (p == NULL) {
		stage_bad(d->stage, "%s: %s", path, why);
		fclose(file);
		return;
	}
	read_packets(d, path, p);
	pcap_close(p);
}
