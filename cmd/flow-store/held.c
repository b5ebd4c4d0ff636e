/* SPDX-License-Identifier: ISC */
/* Bytes that wait to be written: holding them. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-store/archive.h"
#include "cmd/flow-store/file.h"
#include "cmd/flow-store/held.h"

enum {
	HELD_FIRST = 72,		/* data of the smallest, bytes */
	HELD_SPARE = STORE_HELD_FILE / 2 /* worth keeping for another */
};

static uint32_t
align8(uint32_t n)
{
	return (n + 7) & ~(uint32_t)7;
}

static void
list_unlink(struct held_list *l, struct held *h)
{
	if (h->older != NULL)
		h->older->newer = h->newer;
	else
		l->oldest = h->newer;
	if (h->newer != NULL)
		h->newer->older = h->older;
	else
		l->newest = h->older;
	l->bytes -= sizeof(*h) + h->size;
}

static void
list_link(struct held_list *l, struct held *h)
{
	h->older = l->newest;
	h->newer = NULL;
	if (l->newest != NULL)
		l->newest->newer = h;
	else
		l->oldest = h;
	l->newest = h;
	l->bytes += sizeof(*h) + h->size;
}

/* Room for n more bytes of data. */
static void
held_room(struct held **hp, uint32_t n)
{
	struct held *h = *hp;
	uint32_t need = n + (h == NULL ? 0 : align8(h->used));
	uint32_t size = h == NULL ? HELD_FIRST : h->size;

	if (h != NULL && need <= size)
		return;
	if (h != NULL)
		size *= 2;
	if (size < need)
		size = align8(need);
	*hp = realloc(h, sizeof(*h) + size);
	if (*hp == NULL)
		err(1, NULL);
	if (h == NULL)
		memset(*hp, 0, sizeof(*h));
	(*hp)->size = size;
}

/* Do these bytes go on where the last run, of bytes too, ends? */
static struct piece *
held_adjoins(struct held *h, int64_t offset, const uint8_t *bytes)
{
	struct piece *p;

	if (h == NULL || h->pieces == 0 || bytes == NULL)
		return NULL;
	p = (struct piece *)(void *)(h->data + h->last);
	return p->where == PIECE_HERE && p->offset + p->length == offset ?
	    p : NULL;
}

/* The first run, which the file's entry has kept, to the front of the rest. */
static void
first_move(struct file *f, struct held **h)
{
	struct reference ref = { .offset = f->first_where,
	    .source = f->first_source, .length = f->first_length };

	if (!held_first(f))
		return;
	held_append(h, 0, &ref, NULL);
	f->first_length = 0;
}

/* Is this the first of a stream, and can the entry keep it for itself? */
static bool
first_keep(struct file *f, int64_t offset, const struct reference *ref,
    const uint8_t *bytes)
{
	if (bytes != NULL || offset != 0 || f->held != NULL ||
	    f->first_length > 0 || (f->flags & (FILE_MADE | FILE_SPOOLED)) != 0)
		return false;
	f->first_where = ref->offset;
	f->first_source = ref->source;
	f->first_length = ref->length;
	return true;
}

/* The file's own, or the spare one if it has shown that it is large. */
static struct held *
held_take(struct held_list *l, struct file *f)
{
	struct held *h = f->held;

	if (h != NULL) {
		list_unlink(l, h);
	} else if ((f->flags & FILE_MADE) != 0) {
		h = l->spare;
		l->spare = NULL;
	}
	f->held = NULL;
	return h;
}

static void
held_give(struct held_list *l, struct held *h)
{
	if (l->spare != NULL || h->size < HELD_SPARE) {
		free(h);
		return;
	}
	h->used = h->pieces = h->last = 0;
	l->spare = h;
}

/* Is it time to write a file out, for its own sake? */
static bool
held_full(const struct store *s, const struct held *h)
{
	if (s->archive != NULL)		/* a temporary file costs more */
		return h->used >= STORE_HELD_MAX;
	return h->used >= STORE_HELD_FILE ||
	    h->pieces >= STORE_HELD_PIECES;
}

/* What is put aside ends where the next piece can begin. */
static void
held_pad(struct held *h)
{
	uint32_t end = align8(h->used);

	memset(h->data + h->used, 0, end - h->used);
	h->used = end;
}

/* What was put aside of a file, and behind it what is held now. */
static struct held *
held_rejoin(struct store *s, struct file *f, struct held *h)
{
	uint32_t n = f->chain.used, more = h == NULL ? 0 : h->used;
	struct held *all = malloc(sizeof(*all) + n + align8(more));

	if (all == NULL)
		err(1, NULL);
	memset(all, 0, sizeof(*all));
	all->file = f;
	all->size = n + align8(more);
	all->used = n + more;
	if (archive_take_back(s, f, all->data) == -1)
		all->used = 0;
	else if (h != NULL)
		memcpy(all->data + n, h->data, more);
	free(h);
	return all;
}

/* Over the bound: what is held of a file leaves the memory. */
static void
held_evict(struct store *s, struct file *f)
{
	struct held *h = f->held;

	if (s->archive == NULL || !archive_may_wait(f)) {
		(void)held_flush(s, f);
		return;
	}
	held_pad(h);
	archive_put_aside(s, f, h->data, h->used);
	list_unlink(&s->held, h);
	f->held = NULL;
	free(h);
}

bool
held_first(const struct file *f)
{
	return (f->flags & FILE_SPOOLED) == 0 && f->first_length > 0;
}

size_t
held_append(struct held **hp, int64_t offset, const struct reference *ref,
    const uint8_t *bytes)
{
	uint32_t copied = bytes == NULL ? 0 : ref->length;
	uint32_t before = *hp == NULL ? 0 : (*hp)->size + sizeof(**hp);
	struct held *h;
	struct piece *p;

	held_room(hp, (uint32_t)sizeof(*p) + copied);
	h = *hp;
	p = held_adjoins(h, offset, bytes);
	if (p != NULL) {
		p->length += copied;
	} else {
		h->last = h->used = align8(h->used);
		p = (struct piece *)(void *)(h->data + h->used);
		p->offset = offset;
		p->where = bytes != NULL ? PIECE_HERE :
		    ref->offset == PIECE_HERE ? PIECE_HERE - 1 : ref->offset;
		p->source = ref->source;
		p->length = ref->length;
		h->used += (uint32_t)sizeof(*p);
		h->pieces++;
	}
	if (copied > 0)
		memcpy(h->data + h->used, bytes, copied);
	h->used += copied;
	return sizeof(*h) + h->size - before;
}

void
held_add(struct store *s, struct file *f, int64_t offset,
    const struct reference *ref, const uint8_t *bytes)
{
	struct held_list *l = &s->held;
	struct held *h;

	if ((f->flags & FILE_FAILED) != 0)
		return;
	if (first_keep(f, offset, ref, bytes))
		return;
	h = held_take(l, f);
	first_move(f, &h);
	held_append(&h, offset, ref, bytes);
	h->file = f;
	f->held = h;
	list_link(l, h);
	if (held_full(s, h))
		(void)held_flush(s, f);
	while (l->bytes > l->max && l->oldest != NULL)
		held_evict(s, l->oldest->file);
}

struct held *
held_detach(struct store *s, struct file *f)
{
	struct held *h = f->held;

	if (h != NULL)
		list_unlink(&s->held, h);
	f->held = NULL;
	first_move(f, &h);
	if ((f->flags & FILE_SPOOLED) != 0)
		h = held_rejoin(s, f, h);
	return h;
}

void
held_release(struct store *s, struct held *h)
{
	held_give(&s->held, h);
}

const struct piece *
held_next(const struct held *h, uint32_t *at)
{
	const struct piece *p;

	if (*at >= h->used)
		return NULL;
	p = (const struct piece *)(const void *)(h->data + *at);
	*at += (uint32_t)sizeof(*p);
	if (p->where == PIECE_HERE)
		*at += align8(p->length);
	return p;
}

int
held_flush(struct store *s, struct file *f)
{
	struct held *h = held_detach(s, f);
	int status;

	if (h == NULL)
		return 0;
	status = held_write(s, f, h,
	    f->extra == NULL ? 0 : f->extra->shift);
	held_give(&s->held, h);
	return status;
}

void
held_flush_all(struct store *s)
{
	while (s->held.oldest != NULL)
		(void)held_flush(s, s->held.oldest->file);
}

void
held_drop(struct store *s, struct file *f)
{
	if ((f->flags & FILE_SPOOLED) != 0)
		archive_forget(s, f);
	f->first_length = 0;
	if (f->held == NULL)
		return;
	list_unlink(&s->held, f->held);
	free(f->held);
	f->held = NULL;
}
