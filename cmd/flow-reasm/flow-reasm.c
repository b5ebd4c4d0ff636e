/* SPDX-License-Identifier: ISC */
/* flow-reasm: TCP segments into streams. */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-reasm/ahead.h"
#include "cmd/flow-reasm/arrival.h"
#include "cmd/flow-reasm/closed.h"
#include "cmd/flow-reasm/ending.h"
#include "cmd/flow-reasm/extent.h"
#include "cmd/flow-reasm/limits.h"

enum {
	OPT_MAX_CONNECTIONS = OPTION_OWN,
	OPT_ACK_SLACK,
	OPT_NO_ACK,
	OPT_OVERLAP,
	OPT_ARRIVAL,
	OPT_IDLE,
	OPT_HALF_OPEN,
	OPT_IGNORE_VLAN,
	OPT_WINDOW,
	OPT_CHECKSUMS,
	OPT_NO_PURGE,
	OPT_SUMMARY
};

enum {
	IDLE_CALL = 200			/* ms, for live sources */
};

#define MEMORY_DEFAULT	(UINT64_C(256) << 20)
#define MEMORY_LEAST	UINT64_C(4096)
#define CONNECTIONS_MAX	((UINT64_C(4) << 20) - 4) /* 2 links: TABLE_MAX */
#define CONNECTIONS	(UINT64_C(2) << 20)
#define JUMP_DEFAULT	(INT64_C(16) << 20)	/* as tcpflow */
#define SECONDS_MAX	(UINT64_C(1) << 32)

static const struct option long_options[] = {
	{ "max-connections", required_argument, NULL, OPT_MAX_CONNECTIONS },
	{ "ack-slack", required_argument, NULL, OPT_ACK_SLACK },
	{ "no-ack", no_argument, NULL, OPT_NO_ACK },
	{ "overlap", required_argument, NULL, OPT_OVERLAP },
	{ "arrival", no_argument, NULL, OPT_ARRIVAL },
	{ "idle", required_argument, NULL, OPT_IDLE },
	{ "half-open", required_argument, NULL, OPT_HALF_OPEN },
	{ "ignore-vlan", no_argument, NULL, OPT_IGNORE_VLAN },
	{ "window", required_argument, NULL, OPT_WINDOW },
	{ "checksums", no_argument, NULL, OPT_CHECKSUMS },
	{ "no-purge", no_argument, NULL, OPT_NO_PURGE },
	{ "summary", no_argument, NULL, OPT_SUMMARY },
	{ NULL, 0, NULL, 0 }
};

static const char usage[] =
    "flow-reasm [-hVv] [-b bytes] [-M bytes] [-m bytes] [-r file]\n"
    "           [--ack-slack packets] [--arrival] [--checksums]\n"
    "           [--half-open seconds] [--idle seconds] [--ignore-vlan]\n"
    "           [--max-connections number] [--no-ack] [--no-confine]\n"
    "           [--no-purge] [--overlap first | last] [--summary]\n"
    "           [--window bytes]";

/* A quarter of the machine's memory, at most 256 MiB. */
static uint64_t
memory_default(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	uint64_t quarter;

	if (pages <= 0 || size <= 0)
		return MEMORY_DEFAULT;
	quarter = (uint64_t)pages * (uint64_t)size / 4;
	return quarter < MEMORY_DEFAULT ? quarter : MEMORY_DEFAULT;
}

static void
overlap_set(struct limits *l, const struct options *o, const char *arg)
{
	if (strcmp(arg, "first") != 0 && strcmp(arg, "last") != 0)
		options_usage(o, "--overlap: %s: neither first nor last", arg);
	l->overlap_last = strcmp(arg, "last") == 0;
}

static void
limit_set(struct limits *l, const struct options *o, int c)
{
	switch (c) {
	case 'b':
		l->bytes = (int64_t)options_size(o, "-b", optarg, 0,
		    INT64_MAX / 2);
		break;
	case 'M':
		l->memory = options_size(o, "-M", optarg, MEMORY_LEAST,
		    UINT64_C(1) << 40);
		break;
	case 'm':
		/* No two sequence numbers are farther apart. */
		l->jump = (int64_t)options_size(o, "-m", optarg, 0, INT64_MAX);
		if (l->jump > INT32_MAX)
			l->jump = INT32_MAX;
		break;
	case OPT_MAX_CONNECTIONS:
		l->connections = options_number(o, "--max-connections", optarg,
		    1, CONNECTIONS_MAX);
		break;
	case OPT_ACK_SLACK:
		l->ack_slack = (uint32_t)options_number(o, "--ack-slack",
		    optarg, 0, 1000000);
		break;
	case OPT_NO_ACK:
		l->no_ack = true;
		break;
	case OPT_OVERLAP:
		overlap_set(l, o, optarg);
		break;
	case OPT_ARRIVAL:
		l->arrival = true;
		break;
	case OPT_IDLE:
		l->idle = (int64_t)options_number(o, "--idle", optarg, 0,
		    SECONDS_MAX);
		l->timeouts = true;
		break;
	case OPT_HALF_OPEN:
		l->half_open = (int64_t)options_number(o, "--half-open",
		    optarg, 0, SECONDS_MAX);
		l->timeouts = true;
		break;
	case OPT_IGNORE_VLAN:
		l->ignore_vlan = true;
		break;
	case OPT_WINDOW:
		l->window = (uint32_t)options_size(o, "--window", optarg, 0,
		    INT32_MAX);
		break;
	case OPT_CHECKSUMS:
		l->checksums = true;
		break;
	case OPT_NO_PURGE:
		l->no_purge = true;
		break;
	case OPT_SUMMARY:
		l->summary = true;
		break;
	}
}

static void
section_begin(struct reasm *r)
{
	places_init(&r->places, r->limits.ignore_vlan);
	connections_init(&r->connections, &r->places);
	r->streams.size = sizeof(struct stream);
	r->troubles.size = sizeof(struct trouble);
	r->extents.size = sizeof(struct extent);
	closed_init(r);
	r->ahead->count = 0;
	r->no_new = calloc(1, NO_NEW_MAX / 8);
	if (r->no_new == NULL)
		err(1, "out of memory");
}

static void
section_free(struct reasm *r)
{
	struct reasm next = { .stage = r->stage, .limits = r->limits,
	    .can_read = r->can_read, .window = r->window,
	    .told = r->told, .ahead = r->ahead };

	connections_free(&r->connections);
	places_free(&r->places);
	arena_free(&r->streams);
	arena_free(&r->troubles);
	arena_free(&r->extents);
	closed_free(r);
	free(r->no_new);
	*r = next;
}

static void
section_end(struct reasm *r)
{
	arrival_settle(r);
	r->count.open_at_end = r->count.open_streams;
	ending_close(r);
	ending_stats(r);
	r->told.gaps += r->count.gaps;
	r->told.missing += r->count.missing;
	r->told.conflicts += r->count.conflicts;
	section_free(r);
	section_begin(r);
}

/* One line, when there is something to say. */
static void
summary(const struct reasm *r)
{
	if (!r->limits.summary ||
	    (r->told.missing | r->told.conflicts) == 0)
		return;
	warnx("%" PRIu64 " bytes missing in %" PRIu64 " gaps, %" PRIu64
	    " conflicts", r->told.missing, r->told.gaps, r->told.conflicts);
}

static void
idle_call(struct stage *stage, void *arg)
{
	(void)stage;
	limits_idle(arg);
}

static void
source_take(struct reasm *r, const struct record *rec)
{
	struct source source;

	if (source_decode(&source, rec) == 0) {
		r->source = source.index;
		if ((rec->flags & RECORD_NO_NEW) != 0 &&
		    source.index < NO_NEW_MAX)
			r->no_new[source.index / 8] |=
			    (uint8_t)(1 << source.index % 8);
		if (source.format == SOURCE_LIVE)
			stage_on_idle(r->stage, IDLE_CALL, idle_call, r);
	}
	stage_pass(r->stage, rec);
}

static void
clock_take(struct reasm *r, const struct record *rec)
{
	arrival_settle(r);
	if (rec->time != RECORD_NO_TIME) {
		arrival_clock(r, rec->time);
		limits_time(r);
	}
	stage_pass(r->stage, rec);
}

static void
record_take(struct reasm *r, const struct record *rec)
{
	switch (rec->type) {
	case RECORD_SEGMENT:
		arrival_take(r, rec);
		break;
	case RECORD_FRAME:
		arrival_frame(r, rec);
		break;
	case RECORD_SOURCE:
		source_take(r, rec);
		break;
	case RECORD_CLOCK:
		clock_take(r, rec);
		break;
	case RECORD_END:
		section_end(r);
		stage_pass(r->stage, rec);
		break;
	default:
		stage_pass(r->stage, rec);
	}
}

int
main(int argc, char **argv)
{
	struct options options = { .program = "flow-reasm", .usage = usage,
	    .shorts = "b:M:m:", .longs = long_options,
	    .takes_captures = true };
	struct reasm r = { .limits = { .memory = memory_default(),
	    .connections = CONNECTIONS, .jump = JUMP_DEFAULT,
	    .bytes = -1, .idle = -1, .half_open = -1, .ack_slack = ACK_SLACK,
	    .window = WINDOW_SPAN } };
	struct record rec;
	int c;

	while ((c = options_next(&options, argc, argv)) != -1)
		limit_set(&r.limits, &options, c);
	r.stage = stage_open(STAGE_FILTER, &options, false);
	r.can_read = options.captures.n > 0;
	window_init(&r.window, r.limits.window == 0 || r.limits.arrival ?
	    0 : r.limits.memory / WINDOW_SHARE);
	r.ahead = ahead_new();
	section_begin(&r);
	stage_confine(r.stage, CONFINE_PIPES, NULL);
	while (stage_next(r.stage, &rec))
		record_take(&r, &rec);
	summary(&r);
	section_free(&r);
	window_free(&r.window);
	free(r.ahead);
	return stage_close(r.stage);
}
