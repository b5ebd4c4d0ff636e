/* SPDX-License-Identifier: ISC */
/* BPF expressions. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "cmd/pcap-demux/filter.h"
#include "formats/link.h"
#include "libcommon/bytes.h"

enum {
	FILTER_PROGRAMS_MAX = 64,	/* link types; more are an error */
	FILTER_SNAPLEN = 262144
};

struct compiled {
	uint32_t	 link_type;
	bool		 big;
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

/* Where DLT_ and LINKTYPE_ differ on some system. */
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

/*
 * What packets come from decides how libpcap compiles: of a file it knows
 * the byte order, and that other systems have other numbers for IPv6.  So it
 * is shown one, without packets.
 */
static pcap_t *
open_empty(struct filter *f, uint32_t link_type, bool big)
{
	uint32_t word[] = {
		0xa1b2c3d4, big ? 0x00020004 : 0x00040002, 0, 0,
		FILTER_SNAPLEN, link_type
	};
	uint8_t h[sizeof(word)];
	FILE *file;
	pcap_t *p;
	size_t i;

	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		if (big)
			be32_put(h + i * 4, word[i]);
		else
			le32_put(h + i * 4, word[i]);
	}
	file = fmemopen(h, sizeof(h), "r");
	if (file == NULL) {
		snprintf(f->why, sizeof(f->why), "out of memory");
		return NULL;
	}
	p = pcap_fopen_offline(file, f->why);
	if (p == NULL)
		fclose(file);
	return p;
}

/* Compile for a link type: 0, or -1 with why set. */
static int
compile(struct filter *f, struct compiled *c)
{
	uint32_t link_type = c->link_type == LINK_RAW_BSD ||
	    c->link_type == LINK_RAW_OPENBSD ? LINK_RAW : c->link_type;
	pcap_t *p = open_empty(f, link_type, c->big);
	int result = -1;

	if (p == NULL)
		return -1;
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
compiled_for(struct filter *f, uint32_t link_type, bool big, bool *fresh)
{
	struct compiled *c = &f->compiled[f->last];

	*fresh = false;
	big = big && (link_type == LINK_NULL || link_type == LINK_ENC);
	if (f->n > 0 && c->link_type == link_type && c->big == big)
		return c;
	for (f->last = 0; f->last < f->n; f->last++) {
		c = &f->compiled[f->last];
		if (c->link_type == link_type && c->big == big)
			return c;
	}
	if (f->n == FILTER_PROGRAMS_MAX) {
		f->last = 0;
		return NULL;
	}
	c = &f->compiled[f->n++];
	c->link_type = link_type;
	c->big = big;
	c->failed = compile(f, c) == -1;
	*fresh = true;
	return c;
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
	const struct compiled *c = compiled_for(f, link_type, false,
	    &fresh);

	if (c == NULL || !c->failed || !fresh)
		return 0;
	*why = f->why;
	return -1;
}

bool
filter_match(struct filter *f, uint32_t link_type, bool big,
    const uint8_t *packet, uint32_t captured, uint32_t on_wire)
{
	struct pcap_pkthdr h = { .caplen = captured, .len = on_wire };
	struct compiled *c;
	bool fresh;

	c = compiled_for(f, link_type, big, &fresh);
	if (c == NULL || c->failed)
		return false;
	return pcap_offline_filter(&c->program, &h, packet) != 0;
}
