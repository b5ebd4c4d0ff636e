/* SPDX-License-Identifier: ISC */
/* BPF expressions. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "cmd/pcap-demux/filter.h"
#include "formats/link.h"

enum {
	FILTER_PROGRAMS_MAX = 64,	/* link types; more are an error */
	FILTER_SNAPLEN = 262144
};

struct compiled {
	uint32_t	 link_type;
	bool		 failed;
	struct bpf_program program;
};

struct filter {
	const char	*text;
	struct compiled	 compiled[FILTER_PROGRAMS_MAX];
	size_t		 n;
	size_t		 last;		/* the one used last */
	char		 why[PCAP_ERRBUF_SIZE];
};

/* Where the two numberings differ on some system. */
static const struct {
	uint32_t	 link_type;
	int		 dlt;
} differ[] = {
	{ LINK_RAW, DLT_RAW },
	{ LINK_RAW_BSD, DLT_RAW },
	{ LINK_RAW_OPENBSD, DLT_RAW },
	{ LINK_ATM, DLT_ATM_RFC1483 },
	{ LINK_LOOP, DLT_LOOP },
	{ LINK_ENC, DLT_ENC },
	{ LINK_CHDLC, DLT_C_HDLC },
	{ LINK_PPP_HDLC, DLT_PPP_SERIAL },
	{ LINK_PFLOG, DLT_PFLOG },
	{ LINK_FRELAY, DLT_FRELAY },
};

/* Compile for a link type: 0, or -1 with why set. */
static int
compile(struct filter *f, struct compiled *c)
{
	pcap_t *p = pcap_open_dead(filter_dlt(c->link_type), FILTER_SNAPLEN);
	int result = -1;

	if (p == NULL) {
		snprintf(f->why, sizeof(f->why), "out of memory");
		return -1;
	}
	if (pcap_compile(p, &c->program, f->text, 1,
	    PCAP_NETMASK_UNKNOWN) == 0)
		result = 0;
	else
		snprintf(f->why, sizeof(f->why), "%s", pcap_geterr(p));
	pcap_close(p);
	return result;
}

/* The program for a link type; *fresh: it has just been compiled. */
static struct compiled *
compiled_for(struct filter *f, uint32_t link_type, bool *fresh)
{
	struct compiled *c = &f->compiled[f->last];

	*fresh = false;
	if (f->n > 0 && c->link_type == link_type)
		return c;
	for (f->last = 0; f->last < f->n; f->last++)
		if (f->compiled[f->last].link_type == link_type)
			return &f->compiled[f->last];
	if (f->n == FILTER_PROGRAMS_MAX) {
		f->last = 0;
		return NULL;
	}
	c = &f->compiled[f->n++];
	c->link_type = link_type;
	c->failed = compile(f, c) == -1;
	*fresh = true;
	return c;
}

int
filter_dlt(uint32_t link_type)
{
	size_t i;

	for (i = 0; i < sizeof(differ) / sizeof(differ[0]); i++)
		if (differ[i].link_type == link_type)
			return differ[i].dlt;
	return (int)link_type;
}

uint32_t
filter_link_type(int dlt)
{
	size_t i;

	for (i = 0; i < sizeof(differ) / sizeof(differ[0]); i++)
		if (differ[i].dlt == dlt)
			return differ[i].link_type;
	return (uint32_t)dlt;
}

struct filter *
filter_new(const char *text)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (f != NULL)
		f->text = text;
	return f;
}

void
filter_free(struct filter *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->n; i++)
		if (!f->compiled[i].failed)
			pcap_freecode(&f->compiled[i].program);
	free(f);
}

const char *
filter_text(const struct filter *f)
{
	return f->text;
}

int
filter_prepare(struct filter *f, uint32_t link_type, const char **why)
{
	bool fresh;
	const struct compiled *c = compiled_for(f, link_type, &fresh);

	if (c == NULL || !c->failed || !fresh)
		return 0;
	*why = f->why;
	return -1;
}

bool
filter_match(struct filter *f, uint32_t link_type, const uint8_t *packet,
    uint32_t captured, uint32_t on_wire)
{
	struct pcap_pkthdr h = { .caplen = captured, .len = on_wire };
	struct compiled *c;
	bool fresh;

	c = compiled_for(f, link_type, &fresh);
	if (c == NULL || c->failed)
		return false;
	return pcap_offline_filter(&c->program, &h, packet) != 0;
}
