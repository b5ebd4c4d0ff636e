/* SPDX-License-Identifier: ISC */
/* Where the data of a sparse file lies. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/ranges.h"
#include "formats/tar.h"

/*
 * A range of data.  GNU tar begins each one with a new block, bsdtar does
 * not: ranges of whole blocks are the same for both.
 */
static void
add(struct ranges *a, uint64_t offset, uint64_t length)
{
	struct range *last = a->n == 0 ? NULL :
	    &a->at[a->n - 1];
	uint64_t end = offset + length + tar_padding(offset + length);

	offset -= offset % TAR_BLOCK;
	if (last != NULL && offset <= last->offset + last->length) {
		if (end > last->offset + last->length)
			last->length = end - last->offset;
		return;
	}
	if (a->n == a->room) {
		a->room = a->room == 0 ? 16 : a->room * 2;
		a->at = realloc(a->at, a->room * sizeof(*a->at));
		if (a->at == NULL)
			err(1, NULL);
	}
	a->at[a->n].offset = offset;
	a->at[a->n++].length = end - offset;
}

/* The size is known: the last range ends there, one of 0 if in a hole. */
static void
finish(struct ranges *a, uint64_t size)
{
	struct range *last = a->n == 0 ? NULL :
	    &a->at[a->n - 1];

	if (last != NULL && last->offset + last->length > size)
		last->length = size - last->offset;
	else if (size > 0 && (last == NULL ||
	    last->offset + last->length < size)) {
		add(a, size + tar_padding(size), 0);
		a->at[a->n - 1].offset = size;
		a->at[a->n - 1].length = 0;
	}
}

bool
ranges_held(struct ranges *a, const struct held *h, uint64_t *size)
{
	const struct piece *p;
	uint64_t end = 0;
	uint32_t at = 0;

	a->n = 0;
	while (h != NULL && (p = held_next(h, &at)) != NULL) {
		if ((uint64_t)p->offset < end)
			return false;
		end = (uint64_t)p->offset + p->length;
		add(a, (uint64_t)p->offset, p->length);
	}
	finish(a, end);
	*size = end;
	return true;
}

void
ranges_file(struct ranges *a, int fd, uint64_t size)
{
	off_t data = 0, hole, end = (off_t)size;

	a->n = 0;
#ifdef SEEK_DATA
	while (data < end) {
		data = lseek(fd, data, SEEK_DATA);
		if (data == -1 && errno == ENXIO)
			break;
		hole = data == -1 ? -1 : lseek(fd, data, SEEK_HOLE);
		if (hole == -1) {	/* not known here: all is data */
			a->n = 0;
			data = 0;
			hole = end;
		}
		if (hole > end)
			hole = end;
		add(a, (uint64_t)data, (uint64_t)(hole - data));
		data = hole;
	}
#else
	if (end > data)
		add(a, 0, size);
	(void)hole;
#endif
	finish(a, size);
}

void
ranges_free(struct ranges *a)
{
	free(a->at);
	memset(a, 0, sizeof(*a));
}
