/* SPDX-License-Identifier: ISC */
/* Captures in files and pipes. */

#include <sys/stat.h>

#include <inttypes.h>

#include "cmd/pcap-demux/demux.h"
#include "cmd/pcap-demux/input.h"
#include "cmd/pcap-demux/other.h"
#include "formats/link.h"
#include "formats/pcapfile.h"
#include "libcommon/captures.h"

enum { LOOK_PACKETS = 256 };	/* between looks at signals and the clock */

/* Nothing to read at the moment. */
static bool
waiting(void *arg)
{
	struct demux *d = arg;

	stage_flush(d->stage);
	demux_tell_counts(d);
	return !demux_over(d);
}

/*
 * What only a plain file has: a size, a fingerprint, places to refer to.  Of
 * one that is still being written no more is read than that size.
 */
static void
identify(struct demux *d, struct input *in)
{
	struct source *s = &d->source.record;
	int fd = input_plain_fd(in);
	struct stat st;

	d->source.has_offsets = true;
	if (fd == -1 || fstat(fd, &st) == -1)
		return;
	s->size = (uint64_t)st.st_size;
	input_limit(in, s->size);
	s->referable = captures_fingerprint(s->fingerprint, fd,
	    s->size) == 0;
}

/* The first thing that tells the link type: the header, an interface. */
static void
tell(struct demux *d, const struct pcapfile *f)
{
	const struct pcapng_interface *i = f->ng.interface;

	d->source.record.format = f->kind == PCAPFILE_PCAP ? SOURCE_PCAP :
	    SOURCE_PCAPNG;
	if (f->kind == PCAPFILE_PCAP)
		demux_source_tell(d, f->pcap.link_type, f->pcap.snaplen);
	else if (f->ng.interfaces > 0)
		demux_source_tell(d, i->link_type, i->snaplen);
}

static void
cut_short(struct demux *d, const char *path, uint64_t at, uint64_t missing)
{
	stage_truncated(d->stage, "%s: cut short at byte %" PRIu64
	    ", after packet %" PRIu64 ": %" PRIu64 " bytes are missing",
	    path, at, d->number, missing);
	d->source.failed = true;
}

/* The input has ended or failed where more was needed. */
static void
ended(struct demux *d, const char *path, const struct input *in,
    const struct pcapfile *f, size_t have)
{
	const char *why = input_error(in);

	if (input_stopped(in))
		return;
	d->source.failed = have > 0 || why != NULL;
	if (why != NULL && f->offset == 0) {
		stage_bad(d->stage, "%s: %s", path, why);
	} else if (why != NULL) {
		stage_bad(d->stage, "%s: byte %" PRIu64 ", after packet %"
		    PRIu64 ": %s", path, f->offset, d->number, why);
	} else if (have > 0 && f->kind == PCAPFILE_UNKNOWN) {
		stage_truncated(d->stage, "%s: cut short in its first bytes",
		    path);
	} else if (have > 0) {
		cut_short(d, path, f->offset + have, f->need - have);
	}
}

static void
damaged(struct demux *d, const char *path, const struct pcapfile *f)
{
	d->source.failed = true;
	if (f->kind == PCAPFILE_UNKNOWN)
		stage_bad(d->stage, "%s: %s", path, f->why);
	else
		stage_bad(d->stage, "%s: byte %" PRIu64 ", after packet %"
		    PRIu64 ": %s", path, f->offset, d->number, f->why);
}

/*
 * The packets that lie whole in these bytes, up to the next look at signals;
 * *used is what they take.  Returns what the last call said.
 */
static enum pcapfile_result
read_batch(struct demux *d, struct pcapfile *f, const uint8_t *bytes,
    size_t have, size_t *used)
{
	enum pcapfile_result result;
	struct pcap_packet pkt;

	*used = 0;
	do {
		result = pcapfile_next(f, bytes + *used, have - *used, &pkt);
		if (result == PCAPFILE_PACKET)
			demux_packet(d, &pkt);
		*used += f->used;
	} while (result == PCAPFILE_PACKET && !d->done &&
	    d->number % LOOK_PACKETS != 0);
	return result;
}

static void
read_packets(struct demux *d, const char *path, struct input *in,
    struct pcapfile *f)
{
	const uint8_t *bytes;
	size_t have, used, need = 1;
	uint64_t missing;

	while (!demux_over(d)) {
		bytes = input_peek(in, need, &have);
		need = 1;
		demux_tell_counts(d);
		switch (read_batch(d, f, bytes, have, &used)) {
		case PCAPFILE_PACKET:
			progress_show(&d->progress, input_position(in));
			break;
		case PCAPFILE_SKIP:
			tell(d, f);
			break;
		case PCAPFILE_MORE:
			need = f->need;
			break;
		case PCAPFILE_BAD:
			damaged(d, path, f);
			return;
		}
		missing = input_skip(in, used);
		if (missing > 0 && !input_stopped(in)) {
			cut_short(d, path, f->offset - missing, missing);
			return;
		}
		if (need > 1) {
			(void)input_peek(in, need, &have);
			if (have < need) {
				ended(d, path, in, f, have);
				return;
			}
		}
	}
}

/* A file whose first bytes tell nothing: libpcap knows more formats. */
static bool
is_other(struct input *in)
{
	size_t have;
	const uint8_t *bytes = input_peek(in, PCAPFILE_MAGIC, &have);

	return have >= PCAPFILE_MAGIC &&
	    pcapfile_recognise(bytes) == PCAPFILE_OTHER;
}

void
offline_read(struct demux *d, const char *path, bool no_new)
{
	struct pcapfile f = { .kind = PCAPFILE_UNKNOWN };
	const char *why = NULL, *empty = NULL;
	struct input *in = input_open(path, waiting, d, &why);

	if (in == NULL) {
		stage_bad(d->stage, "%s: %s", path, why);
		return;
	}
	demux_source_begin(d, path, no_new);
	demux_confine(d);
	if (is_other(in)) {
		other_read(d, path, in);
	} else {
		identify(d, in);
		read_packets(d, path, in, &f);
		if (f.kind != PCAPFILE_UNKNOWN)
			demux_source_tell(d, LINK_ETHERNET, 0);
		else if (!d->source.failed && !demux_over(d))
			empty = "empty file";
	}
	pcapfile_free(&f);
	progress_next(&d->progress, input_position(in));
	why = input_close(in);
	if (why == NULL)
		why = empty;
	if (why != NULL && !d->source.failed)
		stage_bad(d->stage, "%s: %s", path, why);
}
