/* SPDX-License-Identifier: ISC */
/* flow-store: writes streams to files below one directory. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/archive.h"
#include "cmd/flow-store/beside.h"
#include "cmd/flow-store/entries.h"
#include "cmd/flow-store/file.h"
#include "cmd/flow-store/held.h"
#include "cmd/flow-store/store.h"
#include "cmd/flow-store/streams.h"

enum {
	OPTION_CONFLICTS = OPTION_OWN,
	OPTION_REFERENCES,
	OPTION_SHARE,
	OPTION_TAR,
	OPTION_STRIP
};

static const struct option longs[] = {
	{ "conflicts", no_argument, NULL, OPTION_CONFLICTS },
	{ "pass-references", no_argument, NULL, OPTION_REFERENCES },
	{ "share", required_argument, NULL, OPTION_SHARE },
	{ "tar", required_argument, NULL, OPTION_TAR },
	{ "strip", no_argument, NULL, OPTION_STRIP },
	{ NULL, 0, NULL, 0 }
};

static const char usage[] =
    "flow-store [-hIKqVv] [-b bytes] [-f files] [-k kind] [-M size]\n"
    "                  [-o directory] [-r capture] [--conflicts]\n"
    "                  [--no-confine] [--pass-references]\n"
    "                  [--share k/n] [--strip] [--tar file]";

/* "1/2": the first of two. */
static void
share_option(struct store *s, const struct options *o, const char *arg)
{
	const char *slash = strchr(arg, '/');
	char first[8] = "";

	if (slash == NULL || (size_t)(slash - arg) >= sizeof(first))
		options_usage(o, "--share: not two numbers: %s", arg);
	memcpy(first, arg, (size_t)(slash - arg));
	s->shares = (unsigned)options_number(o, "--share", slash + 1, 1,
	    STORE_SHARES_MAX);
	s->share = (unsigned)options_number(o, "--share", first, 1,
	    s->shares);
}

static void
store_option(struct store *s, const struct options *o, int c,
    uint64_t *files)
{
	switch (c) {
	case 'b':
		s->limit = options_size(o, "-b", optarg, 0, INT64_MAX);
		break;
	case 'f':
		*files = options_number(o, "-f", optarg, 0, INT32_MAX);
		break;
	case 'I':
		s->index = true;
		break;
	case 'K':
		s->captures = true;
		break;
	case 'M':
		s->held.max = options_size(o, "-M", optarg, 0, SIZE_MAX / 2);
		break;
	case 'o':
		if (*optarg == '\0')
			options_usage(o, "-o: empty");
		s->dir = optarg;
		break;
	case 'q':
		s->quiet = true;
		break;
	case OPTION_CONFLICTS:
		s->conflicts = true;
		break;
	case OPTION_STRIP:
		s->strip = true;
		break;
	case OPTION_SHARE:
		share_option(s, o, optarg);
		break;
	case OPTION_TAR:
		s->tar = optarg;
		break;
	case OPTION_REFERENCES:
		s->references = true;
		break;
	}
}

static void
store_init(struct store *s, const struct options *o, uint64_t files)
{
	if (s->tar != NULL && s->dir != NULL)
		options_usage(o, "--tar: not with -o");
	if (s->tar != NULL && strcmp(s->tar, "-") == 0 &&
	    isatty(STDOUT_FILENO))
		options_usage(o, "--tar: standard output is a terminal");
	if (s->dir == NULL)
		s->dir = s->tar != NULL ? archive_directory() : ".";
	if (template_set(&s->template, template_default) == -1 ||
	    template_finish(&s->template) == -1)
		abort();
	file_slots_init(&s->slots, files == 0 ? 1 : files, o->captures.n);
	if (o->verbose > 0)
		warnx("at most %" PRId32 " files open at once",
		    s->slots.max);
	signal(SIGXFSZ, SIG_IGN);	/* a write says EFBIG instead */
}

/* The directory or the archive.  0, or -1 with errno. */
static int
store_open(struct store *s)
{
	if (s->tar != NULL && archive_open(s, s->tar) == -1) {
		s->dir = s->tar;
		return -1;
	}
	return tree_open(&s->tree, s->dir);
}

/* The directory cannot be had: END says so, and nothing is read further. */
static int
store_refuse(struct store *s, int error)
{
	struct record r;
	bool any = stage_next(s->stage, &r);

	stage_bad(s->stage, "%s: %s", s->dir, strerror(error));
	if (any) {
		r.type = RECORD_END;
		r.time = RECORD_NO_TIME;
		stage_pass(s->stage, &r);
	}
	return stage_close(s->stage);
}

static void
flush_idle(struct stage *stage, void *arg)
{
	(void)stage;
	held_flush_all(arg);
}

/* What comes from a live source must be on disk within a second. */
static void
take_source(struct store *s, const struct record *r)
{
	struct source source;

	if (s->archive == NULL && source_decode(&source, r) == 0 &&
	    source.format == SOURCE_LIVE)
		stage_on_idle(s->stage, STORE_IDLE_MS, flush_idle, s);
}

/* Bytes: kept here, and passed on as references if that was asked for. */
static void
take_data(struct store *s, const struct record *r)
{
	struct file *f = streams_stored(s, r->stream);
	struct record out = *r;

	if (f == NULL) {
		stage_pass(s->stage, r);
		return;
	}
	streams_data(s, f, r);
	if (!s->references || r->length < REFERENCE_SIZE)
		return;
	out.flags |= RECORD_BYREF;
	out.length = REFERENCE_SIZE;
	stage_emit(s->stage, &out);
}

static void
take_conflict(struct store *s, const struct record *r)
{
	struct file *f = s->conflicts ? streams_stored(s, r->stream) : NULL;

	if (f != NULL)
		beside_conflict(s, f, r);
}

static void
take_end(struct store *s)
{
	char stats[128];

	streams_end(s);
	if (s->archive != NULL)
		(void)archive_flush(s);
	snprintf(stats, sizeof(stats), "\"files\":%" PRIu64 ",\"bytes\":%"
	    PRIu64 ",\"failed\":%" PRIu64 ",\"most_open\":%" PRId32,
	    s->files, s->bytes, s->failed, s->slots.most);
	stage_stats(s->stage, stats);
	s->files = s->bytes = s->failed = 0;
}

static void
store_record(struct store *s, const struct record *r)
{
	switch (r->type) {
	case RECORD_DATA:
	case RECORD_LATE:
	case RECORD_ARRIVAL:
		take_data(s, r);
		return;
	case RECORD_FRAME:
		streams_frame(s, r);
		return;
	case RECORD_CONFLICT:
		take_conflict(s, r);
		break;
	case RECORD_SOURCE:
		take_source(s, r);
		break;
	case RECORD_OPEN:
		entries_open(s, r);
		break;
	case RECORD_NAME:
		entries_name(s, r);
		break;
	case RECORD_GAP:
		streams_gap(s, r);
		break;
	case RECORD_CLOSE:
		streams_close(s, r);
		break;
	case RECORD_END:
		take_end(s);
		break;
	}
	stage_pass(s->stage, r);
}

/* Very many files in one directory: there are ways to spread them. */
static void
store_crowd(const struct store *s)
{
	size_t n;

	if (s->quiet || s->share < s->shares || s->closed <= STORE_CROWD)
		return;
	n = tree_entries(&s->tree);
	if (n >= STORE_CROWD)
		warnx("%s: %zu entries in one directory: "
		    "-Fk, -Fm or -Fg would spread the files", s->dir, n);
}

/* After the last END: what fails now can only be said by the status. */
static int
store_close(struct store *s)
{
	int status = 0;

	if (s->archive != NULL)
		status = archive_close(s) == -1;
	else
		store_crowd(s);
	tree_close(&s->tree);
	names_free(&s->names);
	return status;
}

int
main(int argc, char **argv)
{
	static struct store s = { .limit = UINT64_MAX,
	    .held.max = STORE_HELD };
	static struct options o = { .program = "flow-store", .usage = usage,
	    .shorts = "b:f:IKM:o:q", .longs = longs, .takes_captures = true,
	    .takes_kinds = true };
	uint64_t files = STORE_FILES_DEFAULT;
	struct record r;
	int c, status;

	while ((c = options_next(&o, argc, argv)) != -1)
		store_option(&s, &o, c, &files);
	store_init(&s, &o, files);
	s.stage = stage_open(s.tar != NULL && strcmp(s.tar, "-") == 0 ?
	    STAGE_SINK : STAGE_FILTER, &o, true);
	if (store_open(&s) == -1)
		return store_refuse(&s, errno);
	stage_confine(s.stage, CONFINE_DIRECTORY, s.dir);
	while (stage_next(s.stage, &r))
		store_record(&s, &r);
	status = store_close(&s);
	return stage_close(s.stage) != 0 ? 1 : status;
}
