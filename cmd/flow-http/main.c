/* SPDX-License-Identifier: ISC */
/* flow-http: HTTP messages in streams; bodies become streams of their own. */
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-http/flow_http.h"

enum {
	OPTION_HEADS = OPTION_OWN, OPTION_KEEP_ENCODED, OPTION_MAX_DECODED,
	OPTION_MAX_HEAD, OPTION_MAX_HEADERS, OPTION_MAX_MEMORY,
	OPTION_MAX_RATIO, OPTION_NO_NOTES, OPTION_SEARCH, OPTION_TYPES
};

/* Heads of up to this size fit into a note, whatever is in them. */
enum { HEAD_MAX = 131072, HEADERS_MAX = 10000 };

static const struct option longs[] = {
	{ "heads", no_argument, NULL, OPTION_HEADS },
	{ "keep-encoded", no_argument, NULL, OPTION_KEEP_ENCODED },
	{ "max-decoded", required_argument, NULL, OPTION_MAX_DECODED },
	{ "max-head", required_argument, NULL, OPTION_MAX_HEAD },
	{ "max-headers", required_argument, NULL, OPTION_MAX_HEADERS },
	{ "max-memory", required_argument, NULL, OPTION_MAX_MEMORY },
	{ "max-ratio", required_argument, NULL, OPTION_MAX_RATIO },
	{ "no-notes", no_argument, NULL, OPTION_NO_NOTES },
	{ "read", required_argument, NULL, 'r' },
	{ "search", required_argument, NULL, OPTION_SEARCH },
	{ "types", required_argument, NULL, OPTION_TYPES },
	{ NULL, 0, NULL, 0 }
};

static const char usage[] =
    "flow-http [-hVvZ] [-k kind] [-r file] [--heads] [--keep-encoded]\n"
    "                 [--max-decoded size] [--max-head size]\n"
    "                 [--max-headers number] [--max-memory size]\n"
    "                 [--max-ratio number] [--no-confine] [--no-notes]\n"
    "                 [--search size] [--types table]";

static void
options_read(struct http_options *o, struct options *opt, int argc,
    char **argv)
{
	int c;

	while ((c = options_next(opt, argc, argv)) != -1) {
		switch (c) {
		case 'Z':
			o->leave_encoded = true;
			break;
		case OPTION_HEADS:
			o->heads = true;
			break;
		case OPTION_KEEP_ENCODED:
			o->keep_encoded = true;
			break;
		case OPTION_MAX_DECODED:
			o->limits.size = options_size(opt, "--max-decoded",
			    optarg, 0, INT64_MAX);
			break;
		case OPTION_MAX_HEAD:
			o->head_max = options_size(opt, "--max-head", optarg,
			    64, HEAD_MAX);
			break;
		case OPTION_MAX_HEADERS:
			o->headers_max = options_number(opt, "--max-headers",
			    optarg, 0, HEADERS_MAX);
			break;
		case OPTION_MAX_MEMORY:
			o->memory_max = options_size(opt, "--max-memory",
			    optarg, 0, INT64_MAX);
			break;
		case OPTION_MAX_RATIO:
			o->limits.ratio = options_number(opt, "--max-ratio",
			    optarg, 1, UINT32_MAX);
			break;
		case OPTION_NO_NOTES:
			o->no_notes = true;
			break;
		case OPTION_SEARCH:
			o->search_max = options_size(opt, "--search", optarg,
			    0, INT64_MAX);
			break;
		case OPTION_TYPES:
			o->classic = strcmp(optarg, "classic") == 0;
			if (!o->classic && strcmp(optarg, "all") != 0)
				options_usage(opt, "--types %s: neither all "
				    "nor classic", optarg);
			break;
		}
	}
}

static void
read_bytes(struct http *h, struct direction *d, const struct record *r)
{
	struct gap gap;

	memset(&h->now.data, 0, sizeof(h->now.data));
	h->now.in = (struct http_input){ .gap = r->type == RECORD_GAP };
	if (h->now.in.gap) {
		if (gap_decode(&gap, r) == -1) {
			stage_bad(h->stage, "stream %llu: malformed GAP",
			    (unsigned long long)r->stream);
			return;
		}
		h->now.in.length = gap.length;
	} else {
		if (data_decode(&h->now.data, r) == -1) {
			stage_bad(h->stage, "stream %llu: malformed DATA",
			    (unsigned long long)r->stream);
			return;
		}
		h->now.in.bytes = h->now.data.bytes;
		h->now.in.length = h->now.data.ref.length;
	}
	if ((uint64_t)r->offset != d->http.offset) {
		stage_bad(h->stage, "stream %llu: a record at offset %lld "
		    "where %llu is due", (unsigned long long)r->stream,
		    (long long)r->offset,
		    (unsigned long long)d->http.offset);
		return;
	}
	messages_input(h, d);
}

static void
read_late(struct http *h, struct direction *d, const struct record *r)
{
	if (data_decode(&h->now.data, r) == -1) {
		stage_bad(h->stage, "stream %llu: malformed LATE",
		    (unsigned long long)r->stream);
		return;
	}
	h->now.in = (struct http_input){ .bytes = h->now.data.bytes };
	messages_late(h, d);
}

static void
read_close(struct http *h, struct direction *d, const struct record *r)
{
	struct flow_close x;

	h->now.why = flow_close_decode(&x, r) == 0 ? x.why : CLOSE_UNKNOWN;
	memset(&h->now.data, 0, sizeof(h->now.data));
	h->now.in = (struct http_input){ .end = true };
	messages_input(h, d);
	connection_close(h, d);
}

/* What is derived from a stream that is not stored is not stored. */
static void
read_name(struct http *h, const struct record *r)
{
	struct direction *d = idmap_get(&h->directions, r->stream);

	if (d != NULL)
		d->unstored = (r->flags & NAME_UNSTORED) != 0;
}

static void
section_end(struct http *h)
{
	const struct http_counts *c = &h->counts;
	struct jsontext j = { 0 };

	connections_end(h);
	jsontext_unsigned(&j, "requests", c->requests);
	jsontext_unsigned(&j, "responses", c->responses);
	jsontext_unsigned(&j, "bodies", c->bodies);
	jsontext_unsigned(&j, "decoded", c->decoded);
	jsontext_unsigned(&j, "decoding_failed", c->failed);
	jsontext_unsigned(&j, "tunnels", c->tunnels);
	jsontext_unsigned(&j, "unanswered", c->unanswered);
	jsontext_unsigned(&j, "skipped", c->skipped);
	jsontext_unsigned(&j, "skipped_bytes", c->skipped_bytes);
	stage_stats(h->stage, j.text);
	jsontext_free(&j);
	memset(&h->counts, 0, sizeof(h->counts));
	h->position = h->ids = 0;
}

/* Everything is passed on; what is derived comes after its cause. */
static void
read_record(struct http *h, const struct record *r)
{
	static const char *const kinds[] = { "tcp", NULL };
	struct direction *d = NULL;

	h->now.record = r;
	if (r->time != RECORD_NO_TIME)
		h->now.time = r->time;
	switch (r->type) {
	case RECORD_META:
		h->position++;
		break;
	case RECORD_OPEN:
		if (r->length >= KIND_SIZE && stage_wants(h->stage,
		    (const char *)r->body, KIND_SIZE, kinds))
			connection_open(h, r);
		break;
	case RECORD_DATA:
	case RECORD_GAP:
	case RECORD_LATE:
	case RECORD_CLOSE:
		d = idmap_get(&h->directions, r->stream);
		break;
	case RECORD_NAME:
		read_name(h, r);
		break;
	case RECORD_END:
		section_end(h);
		break;
	}
	if (d != NULL && r->type == RECORD_CLOSE)
		read_close(h, d, r);
	stage_pass(h->stage, r);
	if (d != NULL && r->type == RECORD_LATE)
		read_late(h, d, r);
	else if (d != NULL && r->type != RECORD_CLOSE)
		read_bytes(h, d, r);
}

static void
http_free(struct http *h)
{
	messages_drain(h);
	pairs_drain(h);
	decoders_drain(h);
	jsontext_free(&h->scratch);
	free(h->head.fields);
}

int
main(int argc, char **argv)
{
	char brotli[CODING_VERSION_MAX];
	struct library libraries[] = {
		{ "zlib", coding_zlib_version() },
		{ NULL, NULL }, { NULL, NULL }, { NULL, NULL }
	};
	struct http h = { .options = {
		.head_max = 65536, .headers_max = 1000,
		.search_max = 16 << 20, .memory_max = 1 << 30,
		.limits = { .size = (uint64_t)4 << 30, .ratio = 2000 }
	} };
	struct options opt = {
		.program = "flow-http", .usage = usage, .shorts = "Z",
		.longs = longs, .takes_captures = true, .takes_kinds = true,
		.libraries = libraries
	};
	size_t n = 1;
	struct record r;

	if (coding_brotli_version(brotli) != NULL)
		libraries[n++] = (struct library){ "brotli", brotli };
	if (coding_zstd_version() != NULL)
		libraries[n] = (struct library){ "zstd",
		    coding_zstd_version() };
	options_read(&h.options, &opt, argc, argv);
	h.head.fields_max = (size_t)h.options.headers_max;
	h.head.fields = http_allocate((h.head.fields_max + 1) *
	    sizeof(*h.head.fields));
	h.stage = stage_open(STAGE_FILTER, &opt, false);
	stage_confine(h.stage, CONFINE_PIPES, NULL);
	while (stage_next(h.stage, &r))
		read_record(&h, &r);
	http_free(&h);
	return stage_close(h.stage);
}
