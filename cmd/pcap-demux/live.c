/* SPDX-License-Identifier: ISC */
/* An interface, until a signal or a limit. */

#include <err.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include <pcap/pcap.h>

#include "cmd/pcap-demux/demux.h"

enum {
	LIVE_POLL = 250,		/* ms between looks at signals */
	LIVE_BATCH = 1024		/* packets between looks at signals */
};

struct live {
	struct demux	*d;
	pcap_t		*pcap;
	struct pcap_packet packet;	/* what all have in common */
	int64_t		 end;		/* monotonic ns, 0: none */
};

static int64_t
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* The first interface, when none was named. */
static const char *
default_interface(struct demux *d)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *list = NULL;
	const char *name = NULL;

	if (pcap_findalldevs(&list, why) == 0 && list != NULL)
		name = strdup(list->name);
	pcap_freealldevs(list);
	if (name == NULL)
		stage_bad(d->stage, "no interface to listen on%s%s",
		    why[0] != '\0' ? ": " : "", why);
	return name;
}

static int
set_up(const struct settings *set, pcap_t *p)
{
	int r;

	pcap_set_snaplen(p, (int)set->snaplen);
	pcap_set_promisc(p, !set->no_promiscuous);
	pcap_set_timeout(p, set->timeout);
	if (set->buffer != 0)
		pcap_set_buffer_size(p, (int)set->buffer);
	(void)pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
	r = pcap_activate(p);
	/* Without the right to see everything, what is ours will do. */
	if (r == PCAP_WARNING_PROMISC_NOTSUP)
		r = 0;
	return r;
}

static pcap_t *
open_interface(struct demux *d, const char *name)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_create(name, why);
	int r;

	if (p == NULL) {
		stage_bad(d->stage, "%s: %s", name, why);
		return NULL;
	}
	r = set_up(&d->set, p);
	if (r < 0) {
		why[0] = '\0';
		stage_bad(d->stage, "%s: %s", name, pcap_geterr(p)[0] != '\0' ?
		    pcap_geterr(p) : pcap_statustostr(r));
		pcap_close(p);
		return NULL;
	}
	if (pcap_setnonblock(p, 1, why) == -1) {
		stage_bad(d->stage, "%s: %s", name, why);
		pcap_close(p);
		return NULL;
	}
	return p;
}

/* The kernel does what the filter asks for. */
static int
set_filter(struct demux *d, pcap_t *p, const char *name)
{
	struct bpf_program program;
	int r;

	if (d->filter == NULL)
		return 0;
	r = pcap_compile(p, &program, filter_text(d->filter), 1,
	    PCAP_NETMASK_UNKNOWN);
	if (r == 0) {
		r = pcap_setfilter(p, &program);
		pcap_freecode(&program);
	}
	if (r != 0)
		stage_bad(d->stage, "%s: filter: %s", name, pcap_geterr(p));
	filter_free(d->filter);
	d->filter = NULL;
	return r;
}

static void
one_packet(u_char *arg, const struct pcap_pkthdr *h, const u_char *bytes)
{
	struct live *l = (struct live *)(void *)arg;

	l->packet.data = bytes;
	l->packet.captured = h->caplen;
	l->packet.on_wire = h->len < h->caplen ? h->caplen : h->len;
	l->packet.time = (int64_t)h->ts.tv_sec * 1000000000 +
	    (l->packet.nano ? h->ts.tv_usec : h->ts.tv_usec * 1000);
	demux_packet(l->d, &l->packet);
	if (demux_over(l->d))
		pcap_breakloop(l->pcap);
}

/* Nothing there: let the others have what we hold, then wait. */
static void
idle(struct live *l)
{
	struct pollfd p = { .events = POLLIN };

	demux_clock(l->d, now(CLOCK_REALTIME) + l->d->set.tdelta);
	stage_flush(l->d->stage);
	p.fd = pcap_get_selectable_fd(l->pcap);
	(void)poll(&p, p.fd == -1 ? 0 : 1, LIVE_POLL);
}

static void
capture(struct live *l)
{
	int n = 0;

	while (!demux_over(l->d)) {
		n = pcap_dispatch(l->pcap, LIVE_BATCH, one_packet,
		    (u_char *)l);
		if (n == PCAP_ERROR_BREAK)
			n = 0;
		if (n < 0)
			break;
		if (n == 0)
			idle(l);
		demux_tell_counts(l->d);
		if (l->end != 0 && now(CLOCK_MONOTONIC) >= l->end)
			break;
	}
	if (n < 0)
		stage_bad(l->d->stage, "%.*s: %s",
		    (int)l->d->source.record.name_length,
		    l->d->source.record.name, pcap_geterr(l->pcap));
}

static void
kernel_counts(struct live *l)
{
	struct counts *c = &l->d->counts;
	struct pcap_stat s;

	c->live = true;
	if (pcap_stats(l->pcap, &s) == -1)
		return;
	c->received = s.ps_recv;
	c->dropped = s.ps_drop;
	c->if_dropped = s.ps_ifdrop;
}

void
live_read(struct demux *d)
{
	struct live l = { .d = d };
	const char *name = d->set.interface;

	if (name == NULL && (name = default_interface(d)) == NULL)
		return;
	l.pcap = open_interface(d, name);
	if (l.pcap == NULL)
		return;
	if (set_filter(d, l.pcap, name) != 0) {
		pcap_close(l.pcap);
		return;
	}
	demux_source_begin(d, name, false);
	d->source.record.format = SOURCE_LIVE;
	l.packet.link_type = filter_link_type(pcap_datalink(l.pcap));
	l.packet.snaplen = (uint32_t)pcap_snapshot(l.pcap);
	l.packet.nano = pcap_get_tstamp_precision(l.pcap) ==
	    PCAP_TSTAMP_PRECISION_NANO;
	if (d->set.seconds != 0)
		l.end = now(CLOCK_MONOTONIC) +
		    (int64_t)d->set.seconds * 1000000000;
	demux_source_tell(d, l.packet.link_type, l.packet.snaplen);
	d->clock = now(CLOCK_REALTIME) + d->set.tdelta;
	demux_confine(d);
	warnx("listening on %s", name);
	stage_flush(d->stage);
	capture(&l);
	kernel_counts(&l);
	pcap_close(l.pcap);
}
