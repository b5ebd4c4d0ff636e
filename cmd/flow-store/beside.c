/* SPDX-License-Identifier: ISC */
/* Files beside a stream's own. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-store/beside.h"
#include "cmd/flow-store/file.h"
#include "cmd/flow-store/front.h"
#include "cmd/flow-store/held.h"

struct file *
beside_new(struct store *s, struct file *f, const char *suffix, int64_t time)
{
	size_t n;

	if (file_settle(s, f) == -1)
		return NULL;
	n = file_path(s, f);
	if (n + strlen(suffix) > NAMES_PATTERN_MAX)
		return NULL;
	memcpy(s->path + n, suffix, strlen(suffix));
	return file_new(s, s->path, n + strlen(suffix), time);
}

void
beside_finish(struct store *s, struct file *f)
{
	(void)file_finish(s, f);
	held_drop(s, f);
	free(f);
}

void
beside_conflict(struct store *s, struct file *f, const struct record *r)
{
	struct conflict x;
	struct file *other;
	char suffix[32];

	if (conflict_decode(&x, r) == -1) {
		stage_bad(s->stage, "stream %" PRIu64
		    ": malformed CONFLICT", r->stream);
		return;
	}
	if (x.length == 0 || (x.bytes == NULL &&
	    x.other.length != x.length))
		return;
	snprintf(suffix, sizeof(suffix), ".conflict-%" PRIu32,
	    ++front_extra(f)->conflicts);
	other = beside_new(s, f, suffix, r->time);
	if (other == NULL)
		return;
	x.other.length = x.length;
	held_add(s, other, 0, &x.other, x.bytes);
	beside_finish(s, other);
}
