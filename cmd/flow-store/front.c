/* SPDX-License-Identifier: ISC */
/* Bytes before offset 0: kept aside, then put in front in one go. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/flow-store/file.h"
#include "cmd/flow-store/front.h"
#include "cmd/flow-store/held.h"
#include "cmd/flow-store/rewrite.h"

/*
 * Write the file anew with `add` bytes of hole in front, its holes left
 * holes.
 */
static int
move_up(struct store *s, struct file *f, uint64_t add)
{
	off_t end = (off_t)f->size, data = 0, hole = end;
	struct rewrite w;

	if (rewrite_begin(&w, s, f) == -1)
		return -1;
	while (data < end && !w.failed) {
#ifdef SEEK_DATA
		data = lseek(w.in, data, SEEK_DATA);
		if (data == -1 && errno == ENXIO)
			break;
		hole = data == -1 ? -1 : lseek(w.in, data, SEEK_HOLE);
		if (hole == -1) {	/* not known here: all is data */
			data = data == -1 ? 0 : data;
			hole = end;
		}
#endif
		if (hole > end)
			hole = end;
		rewrite_copy(&w, (uint64_t)data, (uint64_t)hole, add);
		data = hole;
	}
	w.size = f->size + add;		/* it may end in a hole */
	return rewrite_end(&w);
}

struct extra *
front_extra(struct file *f)
{
	if (f->extra == NULL)
		f->extra = calloc(1, sizeof(*f->extra));
	if (f->extra == NULL)
		err(1, NULL);
	return f->extra;
}

int
front_fold(struct store *s, struct file *f)
{
	struct extra *x = f->extra;
	struct held *front = x == NULL ? NULL : x->front;
	uint64_t add;
	int status = -1;

	if (front == NULL)
		return 0;
	add = x->span > x->shift ? x->span - x->shift : 0;
	if ((f->flags & FILE_FAILED) == 0 &&
	    (add == 0 || f->size == 0 || move_up(s, f, add) == 0)) {
		x->shift += add;
		status = held_write(s, f, front, x->shift);
	}
	s->front -= sizeof(*front) + front->size;
	x->front = NULL;
	free(front);
	return status;
}

void
front_add(struct store *s, struct file *f, int64_t offset,
    const struct reference *ref, const uint8_t *bytes)
{
	struct extra *x = front_extra(f);

	if ((f->flags & FILE_FAILED) != 0)
		return;
	if (offset < -(int64_t)STORE_FRONT_SPAN) {
		stage_bad(s->stage, "bytes more than %d before the start of "
		    "a stream", STORE_FRONT_SPAN);
		return;
	}
	if (x->span < (uint64_t)-offset)
		x->span = (uint64_t)-offset;
	s->front += held_append(&x->front, offset, ref, bytes);
	if (s->front > STORE_FRONT)
		(void)front_fold(s, f);
}
