/* SPDX-License-Identifier: ISC */
/* flow-hash: digests of streams, or of the files that they became. */
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-hash/files.h"
#include "cmd/flow-hash/hash.h"
#include "cmd/flow-hash/streams.h"
#include "libcommon/jsontext.h"

enum {
	OPTION_FILES = OPTION_OWN,
	OPTION_GAPS
};

static const char usage[] =
    "flow-hash [-hVv] [-a algorithm] [-k kind] [-r capture]\n"
    "                 [--files directory] [--gap-limit size] [--no-confine]";

/* Add the algorithms of a list with commas. */
static void
add_algorithms(struct hash *h, const struct options *o, const char *list)
{
	char word[16];
	size_t n;
	uint32_t number;

	for (;; list += n + 1) {
		n = strcspn(list, ",");
		word[0] = '\0';
		if (n < sizeof(word)) {
			memcpy(word, list, n);
			word[n] = '\0';
		}
		number = digest_number(word);
		if (number == 0)
			options_usage(o, "-a: unknown algorithm: %.*s "
			    "(md5, sha1 and sha256 are known)", (int)n, list);
		h->set |= 1U << number;
		if (list[n] == '\0')
			return;
	}
}

static void
hash_end(struct hash *h)
{
	struct jsontext members = { 0 };

	streams_reset(h);
	jsontext_unsigned(&members, "digested", h->digested);
	jsontext_unsigned(&members, "bytes", h->bytes);
	jsontext_unsigned(&members, "partial", h->partial);
	stage_stats(h->stage, members.text);
	jsontext_free(&members);
	h->digested = h->bytes = h->partial = 0;
}

static void
hash_record(struct hash *h, const struct record *r)
{
	switch (r->type) {
	case RECORD_OPEN:
		streams_open(h, r);
		break;
	case RECORD_DATA:
		streams_data(h, r);
		break;
	case RECORD_GAP:
		streams_gap(h, r);
		break;
	case RECORD_LATE:
		streams_late(h, r);
		break;
	case RECORD_STORED:
		files_stored(h, r);
		break;
	case RECORD_CLOSE:
		streams_close(h, r);
		break;
	case RECORD_END:
		hash_end(h);
		break;
	default:
		break;
	}
	stage_pass(h->stage, r);
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "files", required_argument, NULL, OPTION_FILES },
		{ "gap-limit", required_argument, NULL, OPTION_GAPS },
		{ NULL, 0, NULL, 0 }
	};
	const struct library libraries[] = {
		{ "nettle", digests_version }, { NULL, NULL }
	};
	struct options o = {
		.program = "flow-hash", .usage = usage, .shorts = "a:",
		.longs = longs, .takes_captures = true, .takes_kinds = true,
		.libraries = libraries
	};
	struct hash h = { .gap_limit = HASH_GAPS, .dir_fd = -1 };
	struct record r;
	int c;

	while ((c = options_next(&o, argc, argv)) != -1)
		if (c == 'a')
			add_algorithms(&h, &o, optarg);
		else if (c == OPTION_FILES)
			h.dir = optarg;
		else
			h.gap_limit = options_size(&o, "--gap-limit", optarg,
			    0, INT64_MAX);
	if (h.set == 0)
		h.set = 1U << DIGEST_SHA256;
	h.stage = stage_open(STAGE_FILTER, &o, false);
	files_open(&h);
	stage_confine(h.stage, h.dir == NULL ? CONFINE_PIPES : CONFINE_READ,
	    h.dir);
	while (stage_next(h.stage, &r))
		hash_record(&h, &r);
	free(h.buf);
	return stage_close(h.stage);
}
