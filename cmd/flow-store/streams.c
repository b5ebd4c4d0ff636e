/* SPDX-License-Identifier: ISC */
/* What records do to streams. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/entries.h"
#include "cmd/flow-store/file.h"
#include "cmd/flow-store/frames.h"
#include "cmd/flow-store/front.h"
#include "cmd/flow-store/held.h"
#include "cmd/flow-store/index.h"
#include "cmd/flow-store/streams.h"

/* Cut bytes at the limit of -b; false when none are left. */
static bool
data_cut(const struct store *s, struct file *f, int64_t offset,
    struct reference *ref)
{
	if (offset < 0 || ref->length == 0)
		return ref->length > 0;
	if ((uint64_t)offset + ref->length <= s->limit)
		return true;
	f->flags |= FILE_LIMITED | FILE_WANTED;
	if ((uint64_t)offset >= s->limit)
		return false;
	ref->length = (uint32_t)(s->limit - (uint64_t)offset);
	return true;
}

static void
data_put(struct store *s, struct file *f, int64_t offset,
    const struct reference *ref, const uint8_t *bytes)
{
	if (offset < 0)
		front_add(s, f, offset, ref, bytes);
	else
		held_add(s, f, offset, ref, bytes);
}

/* The same with a dot for each byte that is not text. */
static void
data_strip(struct store *s, struct file *f, int64_t offset,
    const struct data *d)
{
	struct reference part = d->ref;
	uint8_t text[STORE_STRIP];
	const uint8_t *bytes;
	uint32_t done, i;

	for (done = 0; done < d->ref.length; done += part.length) {
		part.offset = d->ref.offset + done;
		part.length = d->ref.length - done < STORE_STRIP ?
		    d->ref.length - done : STORE_STRIP;
		bytes = stage_bytes(s->stage, &part, d->bytes == NULL ?
		    NULL : d->bytes + done);
		if (bytes == NULL)
			return;
		for (i = 0; i < part.length; i++)
			text[i] = (bytes[i] < ' ' && bytes[i] != '\n' &&
			    bytes[i] != '\r') || bytes[i] > '~' ? '.' :
			    bytes[i];
		data_put(s, f, offset + (int64_t)done, &part, text);
	}
}

static void
stored_emit(struct store *s, const struct file *f, uint64_t stream)
{
	uint8_t fixed[STORED_FIXED];
	struct record r = { .type = RECORD_STORED, .stream = stream,
	    .time = f->time };
	struct stored st = { .size = f->size };
	bool here = s->archive != NULL || strcmp(s->tree.dir, ".") == 0;
	size_t n = file_path(s, f), dir = strlen(s->tree.dir);
	size_t skip = here ? strspn(s->path, "/") : 0;
	struct iovec v[4] = {
		{ fixed, sizeof(fixed) },
		{ (void *)(uintptr_t)s->tree.dir, here ? 0 : dir },
		{ (void *)(uintptr_t)"/", here ? 0 : 1 },
		{ s->path + skip, n - skip }
	};

	if (f->extra != NULL)
		st.shift = f->extra->shift;
	if ((f->flags & FILE_LIMITED) != 0)
		st.flags |= STORED_LIMITED;
	st.path_length = n - skip + v[1].iov_len + v[2].iov_len;
	stored_encode(fixed, &st);
	stage_emitv(s->stage, &r, v, 4);
}

/* Cut a file that came to be longer than -b by what was put in front. */
static void
limit_file(struct store *s, struct file *f)
{
	int fd;

	if (f->extra->shift > 0)
		(void)held_flush(s, f);
	if (f->size <= s->limit || (f->flags & FILE_FAILED) != 0)
		return;
	f->flags |= FILE_LIMITED;
	fd = file_open(s, f);
	if (fd == -1)
		return;
	if (ftruncate(fd, (off_t)s->limit) == -1)
		file_fail(s, f, errno);
	else
		f->size = s->limit;
}

/* The capture of a connection, if this stream is the last of it. */
static void
capture_finish(struct store *s, struct file *f, uint64_t stream)
{
	struct file *capture = frames_close(s, f);

	if (capture != NULL && (capture->flags & FILE_MADE) != 0)
		stored_emit(s, capture, stream);
	free(capture);
}

static void
entry_finish(struct store *s, struct file *f, uint64_t stream)
{
	capture_finish(s, f, stream);
	(void)front_fold(s, f);
	if (f->extra != NULL)
		limit_file(s, f);
	if ((f->flags & (FILE_WANTED | FILE_MADE)) == FILE_WANTED)
		(void)file_settle(s, f);
	index_finish(s, f);
	(void)file_finish(s, f);
	if ((f->flags & FILE_MADE) != 0)
		stored_emit(s, f, stream);
	entries_free(s, f);
}

struct file *
streams_stored(struct store *s, uint64_t stream)
{
	struct file *f = entries_get(s, stream);

	return f == NULL || (f->flags & FILE_UNSTORED) != 0 ? NULL : f;
}

void
streams_gap(struct store *s, const struct record *r)
{
	struct file *f = streams_stored(s, r->stream);
	struct gap g;

	if (f == NULL)
		return;
	if (gap_decode(&g, r) == -1)
		stage_bad(s->stage, "stream %" PRIu64 ": malformed GAP",
		    r->stream);
	else if (g.cause == GAP_LIMIT)
		f->flags |= FILE_WANTED;
}

void
streams_data(struct store *s, struct file *f, const struct record *r)
{
	struct data d;
	bool kept;

	if (data_decode(&d, r) == -1 ||
	    r->offset > INT64_MAX - (int64_t)d.ref.length ||
	    (r->offset < 0 && r->type == RECORD_DATA)) {
		stage_bad(s->stage, "stream %" PRIu64 ": malformed %s",
		    r->stream, record_type_name(r->type));
		return;
	}
	kept = data_cut(s, f, r->offset, &d.ref);
	if (kept && s->strip)
		data_strip(s, f, r->offset, &d);
	else if (kept)
		data_put(s, f, r->offset, &d.ref, d.bytes);
	if (s->index)
		index_add(s, f, r->offset, kept ? d.ref.length : 0,
		    r->time);
}

void
streams_frame(struct store *s, const struct record *r)
{
	struct file *f = entries_get(s, r->stream);

	if (f != NULL && (f->flags & FILE_CAPTURED) != 0)
		frames_add(s, f, r);
	else
		stage_pass(s->stage, r);
}

void
streams_close(struct store *s, const struct record *r)
{
	struct file *f;

	s->closed++;
	f = entries_take(s, r->stream);
	if (f != NULL)
		entry_finish(s, f, r->stream);
}

void
streams_end(struct store *s)
{
	struct file *f;
	size_t at = 0;

	s->pending.stream = s->last_id = 0;
	s->last = NULL;
	while ((f = idmap_each(&s->streams, &at)) != NULL)
		entry_finish(s, f, s->streams.slots[at - 1].id);
	idmap_free(&s->streams);
}
