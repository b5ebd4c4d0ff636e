/* SPDX-License-Identifier: ISC */
/*
 * gencap: a capture of made-up TCP traffic on standard output, any size,
 * the same for the same arguments everywhere.
 *
 *	gencap [-gn] [-a ack-every] [-b bytes] [-c count] [-e exchanges]
 *	    [-m manifest] [-s seed] MODE
 *
 *	bulk	few large connections
 *	tiny	many short ones after another
 *	wide	all open at once
 *	churn	SYNs that nobody answers (100 for each real connection)
 *	lossy	segments out of order, again, overlapping, missing
 *	web	HTTP, keep-alive, bodies in chunks and gzipped
 *	flood	count packets of no connection at all: random addresses,
 *		sequence numbers, flags
 *
 * -b is the mean size of a response, -c the number of connections (of
 * packets: flood), -g pcapng, -n pcap with nanoseconds.  manifest.h says
 * what -m writes.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/flow.h"
#include "tests/gen/conversation.h"
#include "tests/gen/random.h"

enum { FIRST_SECOND = 1000000000 };	/* 2001-09-09 01:46:40 UTC */

struct mode {
	const char	*name;
	uint64_t	 connections;
	uint64_t	 active;	/* at once */
	uint64_t	 exchanges, request, response;
	uint32_t	 half_open;	/* SYNs for each connection */
	uint32_t	 burst;		/* packets of one in a row, at most */
	uint32_t	 missing, held, again; /* of 1000 segments */
};

static const struct mode modes[] = {
	{ "bulk", 8, 8, 1, 300, 125000000, 0, 4, 0, 0, 0 },
	{ "tiny", 100000, 20, 1, 150, 700, 0, 2, 0, 0, 0 },
	{ "wide", 200000, UINT64_MAX, 2, 200, 800, 0, 1, 0, 0, 0 },
	{ "churn", 10000, 20, 1, 200, 2000, 100, 2, 0, 0, 0 },
	{ "lossy", 60, 12, 3, 20000, 1900000, 0, 4, 2, 50, 30 },
	{ "web", 30000, 40, 4, 0, 5600, 0, 4, 0, 0, 0 },
	{ "flood", 1000000, 0, 0, 0, 64, 0, 0, 0, 0, 0 },
};

struct generator {
	struct mode	 mode;
	struct shape	 shape;
	uint64_t	 begun;		/* connections */
	uint64_t	 state;		/* of the random numbers */
	struct conversation **active;
	uint64_t	 used;
	struct manifest	 manifest;
	struct output	 output;
};

static struct conversation *
generator_begin(struct generator *g)
{
	struct conversation *c = malloc(sizeof(*c));
	uint64_t i;

	if (c == NULL)
		err(1, NULL);
	for (i = 0; i < g->mode.half_open; i++)
		conversation_syn(&g->shape,
		    g->begun * g->mode.half_open + i, &g->output);
	conversation_init(c, &g->shape, g->begun++);
	return c;
}

/* The next packets of the i-th; false when that one is over. */
static bool
generator_burst(struct generator *g, uint64_t i)
{
	struct conversation *c = g->active[i];
	uint64_t n = 1 + random_below(&g->state, g->mode.burst);

	while (n-- > 0) {
		if (conversation_step(c, &g->output))
			continue;
		if (g->manifest.file != NULL)
			conversation_manifest(c, &g->manifest);
		conversation_free(c);
		free(c);
		return false;
	}
	return true;
}

static void
generator_run(struct generator *g)
{
	uint64_t most = g->mode.active, i;

	if (most > g->mode.connections)
		most = g->mode.connections;
	g->active = calloc(most, sizeof(*g->active));
	if (g->active == NULL)
		err(1, NULL);
	while (g->used < most)
		g->active[g->used++] = generator_begin(g);
	while (g->used > 0) {
		for (i = 0; i < g->used; i++) {
			if (generator_burst(g, i))
				continue;
			if (g->begun < g->mode.connections)
				g->active[i] = generator_begin(g);
			else
				g->active[i--] = g->active[--g->used];
		}
	}
	free(g->active);
}

static void
generator_flood(struct generator *g)
{
	struct packet k;
	uint64_t i, r;

	for (i = 0; i < g->mode.connections; i++) {
		r = random_next(&g->state);
		k.src = (uint32_t)r;
		k.dst = (uint32_t)(r >> 32);
		r = random_next(&g->state);
		k.sport = (uint16_t)r;
		k.dport = (uint16_t)(r >> 16);
		k.seq = (uint32_t)(r >> 32);
		r = random_next(&g->state);
		k.ack = (uint32_t)r;
		k.flags = (uint8_t)(r >> 32);
		k.length = (uint16_t)((r >> 40) % (g->mode.response + 1));
		random_bytes(output_payload(&g->output), r, 0, k.length);
		output_packet(&g->output, &k);
	}
}

static uint64_t
number(const char *text, uint64_t max)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || n > max)
		errx(2, "%s: not a number from 0 to %llu", text,
		    (unsigned long long)max);
	return n;
}

static void
generator_mode(struct generator *g, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(modes[i].name, name) == 0) {
			g->mode = modes[i];
			return;
		}
	}
	errx(2, "%s: no such mode", name);
}

/* The mode comes last but its figures are those that options change. */
static void
generator_options(struct generator *g, int argc, char **argv)
{
	int c;

	g->shape.acks = 2;
	g->shape.mss = 1460;
	generator_mode(g, argc > 1 ? argv[argc - 1] : "");
	while ((c = getopt(argc, argv, "a:b:c:e:gm:ns:")) != -1) {
		if (c == 'a')
			g->shape.acks = (uint32_t)number(optarg, UINT32_MAX);
		else if (c == 'b')
			g->mode.response = number(optarg, UINT64_MAX / 4);
		else if (c == 'c')
			g->mode.connections = number(optarg, UINT64_MAX / 4);
		else if (c == 'e')
			g->mode.exchanges = number(optarg, UINT32_MAX);
		else if (c == 'g')
			g->output.format = OUTPUT_PCAPNG;
		else if (c == 'n')
			g->output.format = OUTPUT_PCAP_NS;
		else if (c == 's')
			g->shape.seed = number(optarg, UINT64_MAX);
		else if (c != 'm')
			errx(2, "usage: gencap [-gn] [-a ack-every] "
			    "[-b bytes] [-c count] [-e exchanges] "
			    "[-m manifest] [-s seed] mode");
		else if ((g->manifest.file = fopen(optarg, "w")) == NULL)
			err(1, "%s", optarg);
	}
}

int
main(int argc, char **argv)
{
	static struct generator g;

	generator_options(&g, argc, argv);
	g.shape.exchanges = g.mode.exchanges;
	g.shape.request = g.mode.request;
	g.shape.response = g.mode.response;
	g.shape.web = strcmp(g.mode.name, "web") == 0;
	g.shape.missing = g.mode.missing;
	g.shape.held = g.mode.held;
	g.shape.again = g.mode.again;
	g.state = g.shape.seed;
	g.output.time = (uint64_t)FIRST_SECOND * 1000000000;
	g.output.step = 10000;
	output_begin(&g.output);
	if (strcmp(g.mode.name, "flood") == 0)
		generator_flood(&g);
	else
		generator_run(&g);
	output_end(&g.output);
	manifest_close(&g.manifest);
	return 0;
}
